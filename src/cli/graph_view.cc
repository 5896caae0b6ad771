#include "cli/graph_view.h"

#include <algorithm>

#include "cli/answer.h"

namespace swamp::cli {
namespace {

constexpr std::size_t kWidthElsewhere = 100;

/// Whether the locale's characters are those of UTF-8. Where none is set they are: everything that
/// swamp prints is.
bool is_utf8(const Io& io) {
  for (const std::string_view name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    std::string locale = io.env(name).value_or("");
    if (locale.empty()) continue;
    std::transform(locale.begin(), locale.end(), locale.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return locale.find("utf-8") != std::string::npos || locale.find("utf8") != std::string::npos;
  }
  return true;
}

}  // namespace

render::graph::TextOptions graph_options(const Invocation& invocation, const Io& io) {
  render::graph::TextOptions options;
  options.width = io.is_terminal(Io::Stream::out) ? io.terminal_size().columns : kWidthElsewhere;
  options.glyphs = is_utf8(io) ? render::graph::Glyphs::unicode : render::graph::Glyphs::ascii;
  options.style = style_of(invocation, io, Io::Stream::out);
  options.all_rounds = invocation.globals().verbose;
  return options;
}

}  // namespace swamp::cli
