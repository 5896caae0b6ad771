#include "render/live_view.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "render/live_status.h"

namespace swamp::render {
namespace {

using namespace std::chrono_literals;

constexpr auto kDrawEvery = 100ms;
constexpr std::size_t kDrawAt = 64 * 1024;  // bytes of log that are not held back any longer

// While the lines below the log are drawn, a line that is too long is cut by the terminal rather
// than wrapped; a terminal that knows synchronized updates shows both parts at once.
constexpr std::string_view kBeginDrawing = "\x1b[?2026h";
constexpr std::string_view kEndDrawing = "\x1b[?2026l";
constexpr std::string_view kNoWrap = "\x1b[?7l";
constexpr std::string_view kWrap = "\x1b[?7h";
constexpr std::string_view kEraseBelow = "\r\x1b[J";

}  // namespace

LiveView::LiveView(Output& terminal, const Clock& clock, Style style, LogDetail detail,
                   std::function<os::TerminalSize()> size)
    : terminal_(terminal),
      clock_(clock),
      style_(style),
      size_(std::move(size)),
      log_(pending_, clock, style, detail),
      last_draw_(clock.steady()) {
  log_.set_heartbeat(false);
}

void LiveView::on_event(const engine::RunEvent& event) {
  log_.on_event(event);
  if (clock_.steady() - last_draw_ >= kDrawEvery || pending_.text().size() >= kDrawAt) draw();
}

void LiveView::tick() {
  if (clock_.steady() - last_draw_ >= kDrawEvery) draw();
}

void LiveView::finish() {
  terminal_.write(fmt::format("{}{}", kEraseBelow, pending_.take()));
  terminal_.flush();
}

void LiveView::draw() {
  last_draw_ = clock_.steady();
  const auto lines = live_status(log_.progress(), last_draw_, size_(), style_, ++frame_);
  const std::string up = lines.size() > 1 ? fmt::format("\x1b[{}A", lines.size() - 1) : "";
  terminal_.write(fmt::format("{}{}{}{}{}{}\r{}{}", kBeginDrawing, kEraseBelow, pending_.take(),
                              kNoWrap, fmt::join(lines, "\n"), up, kWrap, kEndDrawing));
  terminal_.flush();
}

}  // namespace swamp::render
