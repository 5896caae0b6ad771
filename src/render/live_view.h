#pragma once

#include <functional>
#include <string>
#include <vector>

#include "render/line_log.h"
#include "render/terminal.h"

namespace swamp::render {

/// A run on a terminal: its log scrolls by, and below it stands what runs now.
///
///     ⠹ build/compile  web.execute   12s  cc main.c
///     ⠹ build/docs     site.execute   3s
///       and 2 more
///     12/50 steps · 4 running · 1 failed · 1m2s
///
/// The lower part is drawn over at most ten times a second. Between two drawings the terminal is in
/// its ordinary state, with the cursor below the last line, so there is nothing to restore however
/// the program ends.
class LiveView final : public RunView {
 public:
  LiveView(Output& terminal, const Clock& clock, Style style, LogDetail detail,
           std::function<TerminalSize()> size);

  void on_event(const engine::RunEvent& event) override;
  void tick() override;
  void finish() override;

 private:
  void draw();
  std::string erased() const;
  std::vector<std::string> status_lines(TerminalSize size) const;
  std::string progress_line() const;

  Output& terminal_;
  const Clock& clock_;
  Style style_;
  std::function<TerminalSize()> size_;
  StringOutput pending_;  // log lines since the last drawing
  LineLog log_;
  std::vector<std::size_t> drawn_widths_;  // of the lines that stand below the log now
  std::chrono::steady_clock::time_point last_draw_{};
  std::size_t frame_ = 0;
};

}  // namespace swamp::render
