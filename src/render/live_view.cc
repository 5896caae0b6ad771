#include "render/live_view.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/duration.h"
#include "render/run_text.h"
#include "render/text.h"

namespace swamp::render {
namespace {

using namespace std::chrono_literals;

constexpr auto kDrawEvery = 100ms;
constexpr std::size_t kDrawAt = 64 * 1024;  // bytes of log that are not held back any longer
constexpr std::size_t kMostSteps = 15;
constexpr const char* kFrames[] = {"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"};

// While the lines below the log are drawn, a line that is too long is cut by the terminal rather
// than wrapped; a terminal that knows synchronized updates shows both parts at once.
constexpr std::string_view kBeginDrawing = "\x1b[?2026h";
constexpr std::string_view kEndDrawing = "\x1b[?2026l";
constexpr std::string_view kNoWrap = "\x1b[?7l";
constexpr std::string_view kWrap = "\x1b[?7h";

std::string elapsed_text(std::chrono::steady_clock::duration elapsed) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(elapsed);
  return seconds < 1min ? fmt::format("{}s", seconds.count()) : to_human(seconds);
}

}  // namespace

LiveView::LiveView(Output& terminal, const Clock& clock, Style style, LogDetail detail,
                   std::function<TerminalSize()> size)
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
  terminal_.write(erased() + pending_.take());
  drawn_widths_.clear();
  terminal_.flush();
}

/// What takes the lines below the log away. A terminal that became narrower has broken them in
/// several.
std::string LiveView::erased() const {
  if (drawn_widths_.empty()) return {};
  const std::size_t columns = std::max<std::size_t>(1, size_().columns);
  std::size_t rows = 0;
  for (const std::size_t width : drawn_widths_)
    rows += std::max<std::size_t>(1, (width + columns - 1) / columns);
  return fmt::format("\x1b[{}A\r\x1b[J", rows);
}

void LiveView::draw() {
  last_draw_ = clock_.steady();
  ++frame_;
  std::string text = fmt::format("{}{}{}{}", kBeginDrawing, erased(), pending_.take(), kNoWrap);
  drawn_widths_.clear();
  for (const std::string& line : status_lines(size_())) {
    drawn_widths_.push_back(display_width(line));
    text += line + "\n";
  }
  terminal_.write(fmt::format("{}{}{}", text, kWrap, kEndDrawing));
  terminal_.flush();
}

std::vector<std::string> LiveView::status_lines(TerminalSize size) const {
  const auto running = log_.progress().running();
  const std::size_t width = size.columns > 1 ? size.columns - 1 : 1;
  const std::size_t most = std::clamp<std::size_t>(size.rows / 2, 1, kMostSteps);
  const std::size_t shown = std::min(running.size(), most);
  std::size_t name_width = 0;
  std::size_t what_width = 0;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < shown; ++i) {
    names.push_back(fit(printable(fmt::format("{}/{}", outermost_job(running[i]->path),
                                              step_label(running[i]->path))),
                        width / 2));
    name_width = std::max(name_width, display_width(names.back()));
    what_width = std::max(what_width, display_width(running[i]->what));
  }
  what_width = std::min(what_width, width / 4);
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < shown; ++i) {
    const RunProgress::Running& step = *running[i];
    const std::string attempt = step.attempt > 1 ? fmt::format(" (attempt {})", step.attempt) : "";
    lines.push_back(fit(
        fmt::format(
            "{} {}  {}  {}{}  {}", style_.paint(Ink::cyan, kFrames[frame_ % std::size(kFrames)]),
            pad_right(names[i], name_width),
            style_.paint(Ink::dim, pad_right(fit(printable(step.what), what_width), what_width)),
            pad_left(elapsed_text(clock_.steady() - step.since), 5), attempt,
            style_.paint(Ink::dim, printable(step.last_line))),
        width));
  }
  if (running.size() > shown)
    lines.push_back(fit(fmt::format("  and {} more", running.size() - shown), width));
  lines.push_back(fit(progress_line(), width));
  return lines;
}

std::string LiveView::progress_line() const {
  const RunProgress& progress = log_.progress();
  std::vector<std::string> parts = {fmt::format("{}/{} steps", progress.ended(), progress.total())};
  if (progress.running_count() > 0)
    parts.push_back(fmt::format("{} running", progress.running_count()));
  if (progress.failed() > 0)
    parts.push_back(style_.paint(Ink::red, fmt::format("{} failed", progress.failed())));
  if (progress.skipped() > 0) parts.push_back(fmt::format("{} skipped", progress.skipped()));
  parts.push_back(elapsed_text(clock_.steady() - progress.started()));
  return fmt::format("{}", fmt::join(parts, " · "));
}

}  // namespace swamp::render
