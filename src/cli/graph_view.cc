#include "cli/graph_view.h"

#include "cli/answer.h"
#include "cli/locale.h"

namespace swamp::cli {
namespace {

constexpr std::size_t kWidthElsewhere = 100;

}  // namespace

render::graph::TextOptions graph_options(const Invocation& invocation, const Io& io) {
  render::graph::TextOptions options;
  options.width = io.is_terminal(Io::Stream::out) ? io.terminal_size().columns : kWidthElsewhere;
  const bool is_utf8 = is_utf8_locale([&](std::string_view name) { return io.env(name); });
  options.glyphs = is_utf8 ? render::graph::Glyphs::unicode : render::graph::Glyphs::ascii;
  options.style = style_of(invocation, io, Io::Stream::out);
  options.all_rounds = invocation.globals().verbose;
  return options;
}

}  // namespace swamp::cli
