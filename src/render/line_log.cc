#include "render/line_log.h"

#include <algorithm>
#include <variant>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/duration.h"
#include "render/run_text.h"
#include "render/text.h"

namespace swamp::render {
namespace {

using namespace std::chrono_literals;

constexpr auto kSilence = 10s;       // after which a heartbeat says that something still runs
constexpr auto kFlushEvery = 100ms;  // a line waits at most that long, given ticks

constexpr std::size_t kErrorLines = 40;
constexpr std::size_t kShownArtifacts = 10;
constexpr std::size_t kShownHeartbeats = 5;
constexpr std::size_t kShownSkipped = 10;

}  // namespace

LineLog::LineLog(Output& out, const Clock& clock, Style style, LogDetail detail)
    : out_(out),
      clock_(clock),
      style_(style),
      detail_(detail),
      last_line_(clock.steady()),
      last_flush_(last_line_) {}

void LineLog::on_event(const engine::RunEvent& event) {
  // The progress is brought up to date after the line was told, but before it for a start: a line
  // then knows its neighbours.
  if (std::holds_alternative<engine::StepEnded>(event)) {
    std::visit([&](const auto& e) { tell(e); }, event);
    progress_.apply(event, clock_.steady());
  } else {
    progress_.apply(event, clock_.steady());
    std::visit([&](const auto& e) { tell(e); }, event);
  }
  if (clock_.steady() - last_flush_ < kFlushEvery) return;
  last_flush_ = clock_.steady();
  out_.flush();
}

void LineLog::tick() {
  if (heartbeat_ && clock_.steady() - last_line_ >= kSilence) {
    std::size_t shown = 0;
    for (const RunProgress::Running* step : progress_.running()) {
      if (++shown > kShownHeartbeats) break;
      const auto elapsed =
          std::chrono::duration_cast<std::chrono::milliseconds>(clock_.steady() - step->since);
      line(outermost_job(step->path),
           style_.paint(Ink::dim, fmt::format("{} is still running [{} elapsed]",
                                              step_label(step->path), to_human(elapsed))));
    }
    if (shown > kShownHeartbeats) {
      system(style_.paint(
          Ink::dim, fmt::format("and {} more", progress_.running_count() - kShownHeartbeats)));
    }
    last_line_ = clock_.steady();
  }
  last_flush_ = clock_.steady();
  out_.flush();
}

void LineLog::finish() {
  out_.flush();
}

// --- lines ---

void LineLog::line(std::string_view lane, std::string_view text) {
  widen(lane);
  out_.write(fmt::format(
      "{} {}\n", style_.paint(Ink::dim, fmt::format("{} │", pad_left(lane, lane_width_))), text));
  last_line_ = clock_.steady();
}

void LineLog::system(std::string_view text) {
  line("system", text);
}

void LineLog::widen(std::string_view lane) {
  lane_width_ = std::max(lane_width_, display_width(lane) + 1);
}

std::string LineLog::now() const {
  return style_.paint(Ink::dim, time_of_day(clock_.now()));
}

std::string LineLog::property(std::string_view name, std::string_view value) const {
  if (!detail_.properties || value.empty()) return {};
  return " " + style_.paint(Ink::dim, fmt::format("{}={}", name, value));
}

// --- events ---

void LineLog::tell(const engine::RunStarted& event) {
  runs_[event.parents] = {.workflow = event.workflow_name, .id = event.run_id};
  if (!event.parents.empty()) return;
  workflow_ = event.workflow_name;
  run_id_ = event.run_id;
  for (const auto& job : event.jobs)
    widen(job.name);
  system(fmt::format("{} workflow {} · {}{}{}",
                     style_.paint(Ink::cyan, event.resumed ? "Resuming" : "Starting"),
                     style_.paint(Ink::bold, printable(workflow_)), now(), property("run", run_id_),
                     property("log", event.log_path)));
}

void LineLog::tell(const engine::JobStarted& event) {
  if (event.parents.empty())
    line(event.job, fmt::format("{} {}", style_.paint(Ink::cyan, "start"), now()));
}

void LineLog::tell(const engine::JobEnded& event) {
  if (!event.parents.empty()) return;
  const std::string took = to_human(event.duration);
  if (event.status == engine::NodeStatus::succeeded) {
    line(event.job,
         fmt::format("{} in {} · {}", style_.paint(Ink::green, "completed"), took, now()));
  } else if (event.status == engine::NodeStatus::failed) {
    line(event.job, fmt::format("{} in {} · {}", style_.paint(Ink::red, "failed"), took, now()));
  } else {
    line(event.job, style_.paint(Ink::dim, std::string(to_string(event.status))));
  }
}

void LineLog::tell(const engine::StepStarted& event) {
  if (event.attempt <= 1) return;
  line(outermost_job(event.path),
       fmt::format("{} {} · attempt {}", style_.paint(Ink::yellow, "retry"),
                   printable(step_label(event.path)), event.attempt));
}

void LineLog::tell(const engine::MethodResolved& event) {
  line(outermost_job(event.path),
       fmt::format("step {} · {} · {} · start {}{}{}",
                   style_.paint(Ink::bold, printable(step_label(event.path))),
                   printable(event.ephemeral ? event.model_type : event.model_name),
                   printable(event.method), now(), property("type", event.model_type),
                   property("model", event.model_id)));
}

void LineLog::tell(const engine::MethodOutput& event) {
  const std::string lane = outermost_job(event.path);
  std::string text = shown_line(event.line, detail_.terminal, style_.has_colour());
  if (!detail_.quiet) {
    const RunProgress::Running* step = progress_.find(event.path);
    if (step != nullptr && step->had_neighbours) {
      text = fmt::format(
          "{} {}", style_.paint(Ink::dim, fmt::format("{} │", printable(step_label(event.path)))),
          text);
    }
    line(lane, text);
    return;
  }
  held_[step_key(event.path)].add(std::move(text));
}

void LineLog::tell(const engine::StepNotice& event) {
  line(outermost_job(event.path),
       fmt::format("{} {}",
                   style_.paint(Ink::yellow, fmt::format("{}:", printable(step_label(event.path)))),
                   printable(event.message)));
}

void LineLog::tell(const engine::StepEnded& event) {
  const std::string lane = outermost_job(event.path);
  const std::string name = printable(step_label(event.path));
  const auto assertion = assertions_.find(step_key(event.path));
  const bool is_assert = assertion != assertions_.end();
  const std::string took = to_human(event.duration);
  if (event.status == engine::NodeStatus::succeeded) {
    line(lane, fmt::format("{} {}{} in {} · {}", style_.paint(Ink::green, "done"),
                           is_assert ? "✓ " : "", name, took, now()));
  } else if (event.status == engine::NodeStatus::failed) {
    replay(event, lane);
    line(lane, fmt::format("{} {}{} in {} · {}{}", style_.paint(Ink::red, "failed"),
                           is_assert ? "✗ " : "", name, took, now(),
                           event.allowed_failure ? " · allowed" : ""));
    tell_failure(event, lane);
  } else if (!event.guard_expression.empty()) {
    line(lane, fmt::format("{} {} (guarded) · guard: {}", style_.paint(Ink::dim, "skipped"), name,
                           printable(event.guard_expression)));
  } else if (detail_.verbose) {
    line(lane, fmt::format("{} {}{}", style_.paint(Ink::dim, "skipped"), name,
                           event.reason.empty() ? "" : fmt::format(" ({})", event.reason)));
  } else {
    note_skipped(event.path);
  }
  held_.erase(step_key(event.path));
  if (is_assert) assertions_.erase(assertion);
  for (const auto& artifact : event.artifacts) {
    if (artifact.kind == "report" || artifact.spec_name == "log") continue;
    ++produced_count_;
    if (produced_.size() < kShownArtifacts)
      produced_.push_back({name, artifact.name, artifact.version, artifact.model_name});
  }
}

void LineLog::tell_failure(const engine::StepEnded& event, const std::string& lane) {
  const auto assertion = assertions_.find(step_key(event.path));
  if (assertion != assertions_.end() && !assertion->second.message.empty()) {
    line(lane, "  " + printable(assertion->second.message));
  } else if (event.error) {
    for (const std::string& text : error_lines(*event.error, kErrorLines))
      line(lane, "  " + printable(text));
  }
  if (!event.allowed_failure && !first_failure_) {
    first_failure_ = fmt::format("{}: {}", step_label(event.path),
                                 event.error ? event.error->message : std::string("failed"));
  }
}

/// Steps that never came to run are told together, at the end: a failure may leave hundreds.
void LineLog::note_skipped(const engine::StepPath& path) {
  ++skipped_count_;
  if (skipped_.size() < kShownSkipped)
    skipped_.push_back(printable(fmt::format("{}/{}", outermost_job(path), step_label(path))));
}

/// In quiet mode: what the step printed before it failed.
void LineLog::replay(const engine::StepEnded& event, const std::string& lane) {
  const auto found = held_.find(step_key(event.path));
  if (found == held_.end()) return;
  const HeldOutput& held = found->second;
  line(lane, style_.paint(Ink::dim,
                          fmt::format("─── output of {} ───", printable(step_label(event.path)))));
  if (held.dropped() > 0)
    line(lane, style_.paint(Ink::dim, fmt::format("({} before these left out)",
                                                  count_of(held.dropped(), "line"))));
  for (const std::string& text : held.lines())
    line(lane, text);
  line(lane, style_.paint(Ink::dim, "───"));
}

void LineLog::tell(const engine::AssertChecked& event) {
  ++(event.error ? errored_ : event.passed ? passed_ : failed_);
  assertions_[step_key(event.path)] = {event.passed,
                                       event.error ? event.error->message : event.message};
}

void LineLog::tell(const engine::ApprovalRequested& event) {
  const std::string lane = outermost_job(event.path);
  line(lane, fmt::format("{} {}: \"{}\"", style_.paint(Ink::yellow, "waiting for approval"),
                         printable(step_label(event.path)), printable(event.prompt)));
  const std::string& workflow = run_within(event.path.parents).workflow;
  line(lane, "  To approve: " + approve_command(workflow, event.path.step, event.run_id));
  line(lane, "  To reject:  " + reject_command(workflow, event.path.step, event.run_id));
}

void LineLog::tell(const engine::ReportEnded& event) {
  if (!event.success) {
    system(fmt::format("{} {} failed: {}", style_.paint(Ink::yellow, "Report"),
                       printable(event.name), printable(event.error)));
    return;
  }
  if (detail_.quiet || (event.built_in && !detail_.verbose) || event.markdown.empty()) return;
  system(fmt::format("{} {}", style_.paint(Ink::cyan, "Report"), printable(event.name)));
  for (const std::string_view text : lines_of(event.markdown))
    system("  " + printable(text));
}

void LineLog::tell(const engine::RunNotice& event) {
  system(style_.paint(Ink::yellow, printable(event.message)));
}

const LineLog::Run& LineLog::run_within(const std::vector<std::string>& parents) const {
  static const Run kNone;
  const auto run = runs_.find(parents);
  return run == runs_.end() ? kNone : run->second;
}

/// A gate of a run within this one is decided there; what goes on afterwards is this one.
void LineLog::tell(const engine::RunSuspended& event) {
  const Run& run = run_within(event.parents);
  system(fmt::format("{} workflow {}, waiting for approval of step {} · {}",
                     style_.paint(Ink::yellow, "Suspended"), printable(workflow_),
                     printable(event.step), now()));
  system("  To approve:     " + approve_command(run.workflow, event.step, run.id));
  system("  After approval: " + resume_command(workflow_, run_id_));
}

void LineLog::tell(const engine::RunEnded& event) {
  if (!event.parents.empty()) return;
  if (passed_ + failed_ + errored_ > 0) {
    system(fmt::format("Assertions: {} passed, {} failed, {} errored", passed_, failed_, errored_));
  }
  if (skipped_count_ > 0) {
    system(fmt::format("Skipped: {}{}", fmt::join(skipped_, ", "),
                       skipped_count_ > skipped_.size()
                           ? fmt::format(" and {} more", skipped_count_ - skipped_.size())
                           : ""));
  }
  if (event.status == engine::RunStatus::succeeded) tell_artifacts();
  if (event.status == engine::RunStatus::suspended) return;  // told already
  const std::string name = style_.paint(Ink::bold, printable(event.workflow_name));
  const std::string took = to_human(event.duration);
  if (event.status == engine::RunStatus::succeeded) {
    system(fmt::format("{} workflow {} in {} · {}", style_.paint(Ink::green, "Completed"), name,
                       took, now()));
  } else if (event.status == engine::RunStatus::cancelled) {
    system(fmt::format(
        "{} workflow {} after {}{} · {}", style_.paint(Ink::yellow, "Cancelled"), name, took,
        event.reason.empty() ? "" : fmt::format(" ({})", printable(event.reason)), now()));
  } else {
    system(fmt::format("{} workflow {} in {} · {}", style_.paint(Ink::red, "Failed"), name, took,
                       now()));
    if (event.error) {
      for (const std::string& text : error_lines(*event.error, kErrorLines))
        system("  " + printable(text));
    } else if (first_failure_) {
      system("  " + printable(*first_failure_));
      if (progress_.failed() > 1)
        system(fmt::format("  and {}", count_of(progress_.failed() - 1, "more failed step")));
    }
  }
}

void LineLog::tell_artifacts() {
  if (produced_.empty() || detail_.quiet) return;
  system("Data produced:");
  for (const Produced& data : produced_) {
    system(fmt::format("  {}: {} v{} · swamp data get {} {} --version {}", data.step,
                       printable(data.name), data.version, shell_word(data.model),
                       shell_word(data.name), data.version));
  }
  if (produced_count_ > produced_.size()) {
    system(fmt::format("  and {} more · swamp data list --workflow {} --run {}",
                       produced_count_ - produced_.size(), shell_word(workflow_), run_id_));
  }
}

}  // namespace swamp::render
