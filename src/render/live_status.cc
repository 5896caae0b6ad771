#include "render/live_status.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/duration.h"
#include "render/text.h"

namespace swamp::render {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMostRows = 24;
constexpr std::size_t kBarWidth = 20;
constexpr std::size_t kWideEnoughForABar = 70;
constexpr std::size_t kWideEnoughForMethods = 60;
constexpr const char* kFrames[] = {"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"};

std::string elapsed_text(std::chrono::steady_clock::duration elapsed) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(elapsed);
  return seconds < 1min ? fmt::format("{}s", seconds.count()) : to_human(seconds);
}

/// A job with the running steps of it that are shown.
struct Branch {
  const RunProgress::Job* job;
  std::vector<const RunProgress::Running*> steps;
};

class Layout {
 public:
  Layout(const RunProgress& progress, RunProgress::Time now, os::TerminalSize size, Style style,
         std::size_t frame)
      : progress_(progress),
        now_(now),
        width_(size.columns > 1 ? size.columns - 1 : 1),
        rows_(std::clamp<std::size_t>(size.rows / 2, 2, kMostRows)),
        style_(style),
        spinner_(style.paint(Ink::cyan, kFrames[frame % std::size(kFrames)])) {}

  std::vector<std::string> lines() {
    choose();
    measure();
    for (const Branch& branch : branches_) {
      if (has_job_lines()) add(job_line(*branch.job));
      for (const RunProgress::Running* step : branch.steps)
        add(step_line(*step));
    }
    const std::size_t left = progress_.running_count() - shown_;
    if (left > 0) add(fmt::format("{}and {} more", indent(), left));
    add(progress_line());
    return std::move(lines_);
  }

 private:
  bool has_job_lines() const { return progress_.jobs().size() > 1; }
  std::string indent() const { return has_job_lines() ? "  " : ""; }
  void add(const std::string& line) { lines_.push_back(fit(line, width_)); }

  void choose();
  bool take(Branch& branch, const std::vector<const RunProgress::Running*>& running,
            std::size_t& room);
  void measure();
  std::string name_of(const RunProgress::Running& step) const;
  std::string job_line(const RunProgress::Job& job) const;
  std::string step_line(const RunProgress::Running& step) const;
  std::string progress_line() const;
  std::string bar() const;

  const RunProgress& progress_;
  RunProgress::Time now_;
  std::size_t width_;
  std::size_t rows_;
  Style style_;
  std::string spinner_;

  std::vector<Branch> branches_;
  std::size_t shown_ = 0;
  std::size_t name_width_ = 0;
  std::size_t what_width_ = 0;
  std::vector<std::string> lines_;
};

/// Each job in turn gets one more of its steps, until the room is used: no job hides another.
void Layout::choose() {
  std::map<std::string, std::vector<const RunProgress::Running*>> running;
  for (const RunProgress::Running* step : progress_.running())
    running[outermost_job(step->path)].push_back(step);
  std::vector<Branch> all;
  for (const RunProgress::Job& job : progress_.jobs()) {
    if (running.contains(job.name)) all.push_back({.job = &job, .steps = {}});
  }
  const std::size_t everything =
      progress_.running_count() + (has_job_lines() ? all.size() : std::size_t{0});
  // One row is for the progress, and one for what is left out.
  std::size_t room = everything < rows_ ? everything : rows_ - 2;
  for (bool took = true; took && room > 0;) {
    took = false;
    for (Branch& branch : all)
      took = take(branch, running[branch.job->name], room) || took;
  }
  std::copy_if(all.begin(), all.end(), std::back_inserter(branches_),
               [](const Branch& branch) { return !branch.steps.empty(); });
}

bool Layout::take(Branch& branch, const std::vector<const RunProgress::Running*>& running,
                  std::size_t& room) {
  const std::size_t cost = branch.steps.empty() && has_job_lines() ? 2 : 1;
  if (branch.steps.size() == running.size() || cost > room) return false;
  branch.steps.push_back(running[branch.steps.size()]);
  room -= cost;
  ++shown_;
  return true;
}

void Layout::measure() {
  for (const Branch& branch : branches_) {
    for (const RunProgress::Running* step : branch.steps) {
      name_width_ = std::max(name_width_, display_width(name_of(*step)));
      what_width_ = std::max(what_width_, display_width(printable(step->what)));
    }
  }
  what_width_ = width_ < kWideEnoughForMethods ? 0 : std::min(what_width_, width_ / 4);
}

std::string Layout::name_of(const RunProgress::Running& step) const {
  return fit(printable(step_label(step.path)), width_ / 3);
}

std::string Layout::job_line(const RunProgress::Job& job) const {
  const std::string failed =
      job.failed > 0 ? style_.paint(Ink::red, fmt::format("  {} failed", job.failed)) : "";
  return fmt::format("{}  {}/{}  {}{}", style_.paint(Ink::bold, printable(job.name)), job.ended,
                     std::max(job.planned, job.ended), elapsed_text(now_ - job.since), failed);
}

std::string Layout::step_line(const RunProgress::Running& step) const {
  std::string line =
      fmt::format("{}{} {}  ", indent(), spinner_, pad_right(name_of(step), name_width_));
  if (what_width_ > 0) {
    const std::string what = fit(printable(step.what), what_width_);
    line += style_.paint(Ink::dim, pad_right(what, what_width_)) + "  ";
  }
  line += pad_left(elapsed_text(now_ - step.since), 5);
  if (step.attempt > 1) line += fmt::format(" (attempt {})", step.attempt);
  if (!step.last_line.empty())
    line += "  " + style_.paint(Ink::dim, shown_line(step.last_line, true, false));
  return line;
}

std::string Layout::progress_line() const {
  std::vector<std::string> parts = {
      fmt::format("{}/{} steps", progress_.ended(), progress_.total())};
  if (progress_.running_count() > 0)
    parts.push_back(fmt::format("{} running", progress_.running_count()));
  if (progress_.failed() > 0)
    parts.push_back(style_.paint(Ink::red, fmt::format("{} failed", progress_.failed())));
  if (progress_.skipped() > 0) parts.push_back(fmt::format("{} skipped", progress_.skipped()));
  parts.push_back(elapsed_text(now_ - progress_.started()));
  return fmt::format("{}{}", bar(), fmt::join(parts, " · "));
}

std::string Layout::bar() const {
  if (width_ < kWideEnoughForABar || progress_.total() == 0) return {};
  const std::size_t done = progress_.ended() * kBarWidth / progress_.total();
  std::string full;
  std::string rest;
  for (std::size_t i = 0; i < kBarWidth; ++i)
    (i < done ? full : rest) += i < done ? "━" : "─";
  const Ink ink = progress_.failed() > 0 ? Ink::red : Ink::green;
  return fmt::format("{}{}  ", style_.paint(ink, full), style_.paint(Ink::dim, rest));
}

}  // namespace

std::vector<std::string> live_status(const RunProgress& progress, RunProgress::Time now,
                                     os::TerminalSize size, Style style, std::size_t frame) {
  return Layout(progress, now, size, style, frame).lines();
}

}  // namespace swamp::render
