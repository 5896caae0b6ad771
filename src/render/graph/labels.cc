#include "render/graph/labels.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "base/duration.h"
#include "render/text.h"

namespace swamp::render::graph {
namespace {

using Status = store::RunStatus;

std::string_view kind_of(const engine::GraphStep& step) {
  if (step.task == "workflow") return "workflow ";
  if (step.task == "manual_approval") return "approval: ";
  if (step.task == "assert") return "assert: ";
  return "";
}

std::vector<std::string> remarks_of(const engine::GraphStep& step) {
  std::vector<std::string> remarks;
  if (step.task.empty()) remarks.emplace_back("no longer in the file");
  if (!step.for_each.empty()) remarks.push_back("each of " + printable(step.for_each));
  if (step.concurrency && !step.for_each.empty())
    remarks.push_back(fmt::format("at most {} at once", *step.concurrency));
  if (!step.guard.empty()) remarks.push_back("skip if " + printable(step.guard));
  if (step.allow_failure) remarks.emplace_back("may fail");
  if (step.attempts > 1) remarks.push_back(fmt::format("up to {} tries", step.attempts));
  if (step.is_expanded && step.iterations.empty()) remarks.emplace_back("the list is empty");
  return remarks;
}

/// Which rounds to show, in their order.
std::vector<bool> shown_rounds(const std::vector<engine::GraphIteration>& rounds,
                               std::size_t most) {
  std::vector<bool> shown(rounds.size(), most == 0 || rounds.size() <= most);
  std::size_t left = most;
  const auto show = [&](auto wanted) {
    for (std::size_t i = 0; i < rounds.size() && left > 0; ++i) {
      if (shown[i] || !wanted(rounds[i].state)) continue;
      shown[i] = true;
      --left;
    }
  };
  if (most == 0 || rounds.size() <= most) return shown;
  show([](const engine::GraphState& state) { return state.critical; });
  show([](const engine::GraphState& state) { return state.status == Status::failed; });
  show([](const engine::GraphState&) { return true; });
  return shown;
}

}  // namespace

Mark mark_of(const engine::GraphState* state) {
  if (state == nullptr) return {};
  switch (state->status) {
    case Status::succeeded:
      return {"✓", "+", Ink::green, "succeeded"};
    case Status::failed:
      if (state->allowed_failure) return {"!", "!", Ink::yellow, "failed, which is allowed"};
      return {"✗", "x", Ink::red, "failed"};
    case Status::cancelled:
      return {"✗", "x", Ink::red, "cancelled"};
    case Status::skipped:
      return {"○", "-", Ink::dim, "skipped"};
    case Status::running:
      return {"●", "*", Ink::cyan, "running"};
    case Status::waiting_approval:
    case Status::suspended:
      return {"◆", "?", Ink::yellow, "waiting for approval"};
    case Status::pending:
      return {"·", ".", Ink::dim, "pending"};
  }
  return {};
}

std::string with_sign(const Mark& mark, std::string text) {
  return mark.sign.empty() ? text : fmt::format("{} {}", mark.sign, text);
}

std::string title_of(const engine::GraphJob& job, std::string_view gap) {
  const std::string name =
      with_sign(mark_of(job.state ? &*job.state : nullptr), printable(job.name));
  const std::string outcome = job.state ? outcome_of(*job.state) : std::string();
  return outcome.empty() ? name : fmt::format("{}{}{}", name, gap, outcome);
}

std::string outcome_of(const engine::GraphState& state) {
  std::string outcome;
  if (state.status == Status::skipped) {
    outcome = state.reason == "dependency" || state.reason.empty() ? "skipped" : state.reason;
  } else if (const auto took = state.duration()) {
    outcome = to_human(*took);
  } else if (state.status == Status::running) {
    outcome = "running";
  } else if (state.status == Status::waiting_approval) {
    outcome = "waiting";
  }
  if (state.status == Status::failed && !state.reason.empty())
    outcome += (outcome.empty() ? "" : ", ") + state.reason;
  if (state.attempts > 1) outcome += fmt::format(", try {}", state.attempts);
  return outcome;
}

StepLabel label_of(const engine::GraphStep& step, std::size_t most_rounds) {
  StepLabel label{.mark = mark_of(step.state ? &*step.state : nullptr),
                  .name = printable(step.name),
                  .outcome = step.state ? outcome_of(*step.state) : std::string(),
                  .task = printable(std::string(kind_of(step)) + step.what),
                  .remarks = remarks_of(step)};
  const std::vector<bool> shown = shown_rounds(step.iterations, most_rounds);
  std::map<std::string_view, std::size_t> others;
  std::size_t other_count = 0;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const engine::GraphIteration& round = step.iterations[i];
    if (shown[i]) {
      label.rounds.push_back({.mark = mark_of(&round.state),
                              .name = printable(round.name),
                              .outcome = outcome_of(round.state),
                              .state = round.state});
    } else {
      ++others[mark_of(&round.state).name];
      ++other_count;
    }
  }
  if (other_count == 0) return label;
  std::string counts;
  for (const auto& [name, count] : others)
    counts += fmt::format("{} {} {}", counts.empty() ? ":" : ",", count, name);
  label.other_rounds = fmt::format("{} more{}", other_count, counts);
  return label;
}

std::vector<std::string> lines_below(const StepLabel& label, std::string_view gap) {
  std::vector<std::string> lines{label.task};
  lines.insert(lines.end(), label.remarks.begin(), label.remarks.end());
  for (const RoundLabel& round : label.rounds) {
    lines.push_back(with_sign(
        round.mark, round.outcome.empty() ? round.name
                                          : fmt::format("{}{}{}", round.name, gap, round.outcome)));
  }
  if (!label.other_rounds.empty()) lines.push_back(label.other_rounds);
  return lines;
}

std::string label_of(const engine::GraphEdge& edge) {
  if (edge.condition.kind == spec::Condition::Kind::succeeded) return {};
  std::string text = spec::to_string(edge.condition);
  const bool wrapped = text.starts_with('(') && text.find(')') == text.size() - 1;
  return wrapped ? text.substr(1, text.size() - 2) : text;
}

std::vector<std::string> remarks_of(const engine::GraphJob& job) {
  std::vector<std::string> remarks;
  if (!job.is_in_file) remarks.emplace_back("no longer in the file");
  if (job.concurrency)
    remarks.push_back(fmt::format("at most {} at once", count_of(*job.concurrency, "step")));
  return remarks;
}

std::string address_of(const engine::WorkflowGraph& graph, const engine::CriticalLink& link) {
  const engine::GraphStep& step = graph.steps[link.step];
  const std::string& name = link.iteration ? step.iterations[*link.iteration].name : step.name;
  return printable(graph.jobs[step.job].name + "/" + name);
}

std::chrono::milliseconds length_of(const std::vector<engine::CriticalLink>& path) {
  std::chrono::milliseconds length(0);
  for (const engine::CriticalLink& link : path)
    length += link.waited + link.duration;
  return length;
}

std::string run_line(const engine::WorkflowGraph& graph, std::string_view dot) {
  if (!graph.run) return {};
  const engine::GraphRun& run = *graph.run;
  std::string line =
      fmt::format("run {} {} {}", run.id.substr(0, 8), dot,
                  run.interrupted ? "interrupted" : std::string(store::to_string(run.status)));
  if (run.started_at && run.ended_at)
    line += fmt::format(
        " {} {}", dot,
        to_human(std::max(*run.ended_at - *run.started_at, std::chrono::milliseconds(0))));
  return line;
}

}  // namespace swamp::render::graph
