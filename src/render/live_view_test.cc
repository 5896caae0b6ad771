#include "render/live_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "render/run_story.h"
#include "render/text.h"

namespace swamp::render {
namespace {

using namespace test;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

/// Just enough of a terminal: lines that scroll up and stay, a cursor that moves within what is
/// visible.
class Screen final : public Output {
 public:
  explicit Screen(os::TerminalSize size) : size_(size), lines_(1) {}

  void write(std::string_view text) override {
    ++writes_;
    while (!text.empty())
      text.remove_prefix(take(text));
  }

  std::vector<std::string> lines() const {
    std::vector<std::string> lines = lines_;
    if (lines.back().empty()) lines.pop_back();
    return lines;
  }
  os::TerminalSize size() const { return size_; }

  /// Breaks lines that are too long by now, as most terminals do (or leaves them, as some). The
  /// cursor stays with its line.
  void resize(os::TerminalSize size, bool breaks = true) {
    size_ = size;
    if (!breaks) return;
    std::vector<std::string> broken;
    std::size_t row = 0;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      if (i == row_) row = broken.size();
      std::string rest = lines_[i];
      do {
        broken.push_back(rest.substr(0, size.columns));
        rest.erase(0, size.columns);
      } while (!rest.empty());
    }
    lines_ = std::move(broken);
    row_ = row;
  }

  int writes() const { return writes_; }
  bool wraps() const { return wraps_; }

 private:
  std::size_t take(std::string_view text) {
    if (text[0] == '\n') {
      if (++row_ == lines_.size()) lines_.emplace_back();
      column_ = 0;
      return 1;
    }
    if (text[0] == '\r') {
      column_ = 0;
      return 1;
    }
    if (text.starts_with("\x1b[")) return control(text);
    const std::size_t length = (text[0] & 0xE0) == 0xC0 ? 2 : (text[0] & 0xF0) == 0xE0 ? 3 : 1;
    if (column_ == size_.columns && wraps_) take("\n");
    if (column_ < size_.columns) {
      lines_[row_] += text.substr(0, length);
      ++column_;
    }
    return length;
  }

  std::size_t control(std::string_view text) {
    const std::size_t end = text.find_first_of("ABCDHJKhlm");
    const std::string argument(text.substr(2, end - 2));
    if (text[end] == 'A') {
      const std::size_t top = lines_.size() > size_.rows ? lines_.size() - size_.rows : 0;
      row_ = std::max(top, row_ - std::min<std::size_t>(row_, std::stoul(argument)));
    } else if (text[end] == 'J') {
      lines_.resize(row_ + 1);
      lines_[row_].clear();
    } else if (argument == "?7") {
      wraps_ = text[end] == 'h';
    }
    return end + 1;
  }

  os::TerminalSize size_;
  std::vector<std::string> lines_;
  std::size_t row_ = 0;
  std::size_t column_ = 0;
  bool wraps_ = true;
  int writes_ = 0;
};

struct Live {
  explicit Live(os::TerminalSize size = {.columns = 60, .rows = 12}) : screen(size) {}

  void pass(std::chrono::milliseconds time) {
    clock.advance(time);
    view.tick();
  }

  Screen screen;
  StoryClock clock;
  LiveView view{screen, clock, Style(), {.terminal = true}, [this] { return screen.size(); }};
};

TEST(LiveViewTest, ShowsWhatRunsBelowTheLog) {
  Live live;
  tell(live.view,
       {started({{"build", 3}}), engine::StepStarted{at("build", "compile")},
        resolved(at("build", "compile"), "web"), engine::StepStarted{at("build", "docs")},
        output(at("build", "compile"), "cc main.c")});
  live.pass(12s);
  EXPECT_THAT(live.screen.lines(),
              ElementsAre(" system │ Starting workflow ship · 03:04:05 UTC",
                          "  build │ step compile · web · execute · start 03:04:05 UTC",
                          "  build │ compile │ cc main.c", "⠙ compile    12s  cc main.c",
                          "⠙ docs       12s", "0/3 steps · 2 running · 12s"));
}

TEST(LiveViewTest, LeavesOnlyTheLogBehind) {
  Live live;
  tell(live.view, {started({{"a", 1}}), engine::StepStarted{at("a", "x")}});
  for (int i = 0; i < 40; ++i) {
    live.view.on_event(output(at("a", "x"), "line " + std::to_string(i)));
    live.pass(70ms);
  }
  tell(live.view, {succeeded(at("a", "x"), 5s), ended(engine::RunStatus::succeeded, 5s)});
  live.view.finish();
  const auto lines = live.screen.lines();
  ASSERT_EQ(lines.size(), 43U);
  for (int i = 0; i < 40; ++i)
    EXPECT_EQ(lines[static_cast<std::size_t>(i) + 1], "      a │ line " + std::to_string(i));
  EXPECT_EQ(lines.back(), " system │ Completed workflow ship in 5.0s · 03:04:07 UTC");
  EXPECT_TRUE(live.screen.wraps());
}

TEST(LiveViewTest, DrawsAtMostTenTimesASecond) {
  Live live;
  tell(live.view, {started({{"a", 1}}), engine::StepStarted{at("a", "x")}});
  for (int i = 0; i < 1000; ++i) {
    live.view.on_event(output(at("a", "x"), "tick"));
    live.pass(1ms);
  }
  EXPECT_LE(live.screen.writes(), 10);
  live.view.finish();
  EXPECT_EQ(live.screen.lines().size(), 1001U);
}

TEST(LiveViewTest, ABurstOfOutputIsNotHeldBack) {
  Live live;
  for (int i = 0; i < 3000; ++i)
    live.view.on_event(output(at("a", "x"), std::string(50, 'x')));
  EXPECT_GE(live.screen.writes(), 2);
}

TEST(LiveViewTest, ManyStepsAreCutToTheScreen) {
  Live live({.columns = 60, .rows = 8});
  live.view.on_event(started({{"a", 50}}));
  for (int i = 0; i < 50; ++i)
    live.view.on_event(engine::StepStarted{at("a", "s" + std::to_string(i))});
  live.pass(1s);
  const auto lines = live.screen.lines();
  EXPECT_THAT(lines, ElementsAre(" system │ Starting workflow ship · 03:04:05 UTC", "⠙ s0     1s",
                                 "⠙ s1     1s", "and 48 more", "0/50 steps · 50 running · 1s"));
}

TEST(LiveViewTest, StepsStandBelowTheirJobsAndNoJobHidesAnother) {
  Live live({.columns = 100, .rows = 16});
  live.view.on_event(started({{"build", 4}, {"docs", 1}, {"later", 1}}));
  live.view.on_event(engine::JobStarted{"build"});
  for (const char* step : {"a", "b", "c", "d"})
    live.view.on_event(engine::StepStarted{at("build", step)});
  tell(live.view, {resolved(at("build", "a"), "web"), failed(at("build", "d"), 1s, "no")});
  live.pass(3s);
  tell(live.view, {engine::JobStarted{"docs"}, engine::StepStarted{at("docs", "site")}});
  live.pass(61s);
  const auto lines = live.screen.lines();
  EXPECT_THAT(std::vector(lines.end() - 7, lines.end()),
              ElementsAre("build  1/4  1m4s  1 failed", "  ⠹ a     web.execute   1m4s",
                          "  ⠹ b                   1m4s", "  ⠹ c                   1m4s",
                          "docs  0/1  1m1s", "  ⠹ site                1m1s",
                          "━━━─────────────────  1/6 steps · 4 running · 1 failed · 1m4s"));
  live.screen.resize({.columns = 50, .rows = 12});
  live.pass(1s);
  const auto fewer = live.screen.lines();
  EXPECT_THAT(
      std::vector(fewer.end() - 6, fewer.end()),
      ElementsAre("build  1/4  1m5s  1 failed", "  ⠸ a      1m5s", "docs  0/1  1m2s",
                  "  ⠸ site   1m2s", "  and 2 more", "1/6 steps · 4 running · 1 failed · 1m5s"));
}

TEST(LiveViewTest, OfALineThatOverwritesItselfTheLastStateIsShown) {
  Live live;
  tell(live.view, {started({{"a", 1}}), engine::StepStarted{at("a", "x")},
                   output(at("a", "x"), "10%\r60%\r100%\r")});
  live.pass(1s);
  EXPECT_THAT(live.screen.lines(),
              ElementsAre(" system │ Starting workflow ship · 03:04:05 UTC", "      a │ 100%",
                          "⠙ x     1s  100%", "0/1 steps · 1 running · 1s"));
}

TEST(LiveViewTest, OutputCannotMoveTheCursor) {
  Live live;
  tell(live.view, {started({{"a", 1}}), engine::StepStarted{at("a", "x")},
                   output(at("a", "x"), "\x1b[2J\x1b[5Aup\x07\x1b]0;title\x07 \x1b[31mred")});
  live.pass(1s);
  EXPECT_THAT(live.screen.lines(),
              ElementsAre(" system │ Starting workflow ship · 03:04:05 UTC", "      a │ up red",
                          "⠙ x     1s  up red", "0/1 steps · 1 running · 1s"));
}

TEST(LiveViewTest, LongNamesAndLinesNeverWrap) {
  Live live({.columns = 30, .rows = 8});
  live.view.on_event(started({{"a", 1}}));
  live.view.on_event(engine::StepStarted{at("a", std::string(100, 'n'))});
  live.pass(1s);
  live.view.on_event(output(at("a", std::string(100, 'n')), std::string(500, 'o')));
  live.pass(1s);
  for (const auto& line : live.screen.lines())
    EXPECT_LE(display_width(line), 30U) << line;
  EXPECT_EQ(live.screen.lines().back(), "0/1 steps · 1 running · 2s");
}

TEST(LiveViewTest, ATerminalThatGetsNarrowerKeepsTheLogAndNothingElse) {
  Live live({.columns = 90, .rows = 20});
  tell(live.view, {started({{"a", 1}}), engine::StepStarted{at("a", "x")},
                   output(at("a", "x"), std::string(70, 'o'))});
  live.pass(1s);
  live.screen.resize({.columns = 50, .rows = 20});
  live.pass(1s);
  live.screen.resize({.columns = 20, .rows = 5}, /*breaks=*/false);
  live.pass(1s);
  live.screen.resize({.columns = 50, .rows = 20});
  live.view.finish();
  EXPECT_THAT(live.screen.lines(),
              ElementsAre(" system │ Starting workflow ship · 03:04:05 UTC",
                          "      a │ " + std::string(38, 'o'), std::string(32, 'o')));
}

}  // namespace
}  // namespace swamp::render
