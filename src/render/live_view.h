#pragma once

#include <functional>
#include <string>

#include "os/terminal.h"
#include "render/line_log.h"

namespace swamp::render {

/// A run on a terminal: its log scrolls by, and below it stands what runs now (live_status.h).
///
/// The lower part is drawn over at most ten times a second. Between two drawings the terminal is in
/// its ordinary state, with the cursor where the lower part begins: however the program ends there
/// is nothing to restore, and however the terminal is resized the cursor moves with its line, so
/// that only what was drawn is drawn over, never the log.
class LiveView final : public RunView {
 public:
  LiveView(Output& terminal, const Clock& clock, Style style, LogDetail detail,
           std::function<os::TerminalSize()> size);

  void on_event(const engine::RunEvent& event) override;
  void tick() override;
  void finish() override;

 private:
  void draw();

  Output& terminal_;
  const Clock& clock_;
  Style style_;
  std::function<os::TerminalSize()> size_;
  StringOutput pending_;  // log lines since the last drawing
  LineLog log_;
  std::chrono::steady_clock::time_point last_draw_{};
  std::size_t frame_ = 0;
};

}  // namespace swamp::render
