#include "engine/workflow_graph.h"

#include <algorithm>
#include <map>
#include <unordered_map>

#include <fmt/format.h>

#include "engine/critical_path.h"
#include "engine/run_history.h"
#include "value/json.h"

namespace swamp::engine {
namespace {

using Recorded = store::RunStatus;

std::string text_of(const spec::Field& field) {
  if (!field.is_set()) return {};
  return field.value().is_string() ? field.text() : write_json(field.value());
}

std::string what_of(const spec::StepTask& task) {
  if (const auto* call = std::get_if<spec::ModelMethodTask>(&task)) {
    std::string whose = text_of(call->model ? call->model : call->model_type);
    if (call->model_name) whose += " as " + text_of(call->model_name);
    return fmt::format("{} {}", whose, text_of(call->method));
  }
  if (const auto* nested = std::get_if<spec::WorkflowTask>(&task)) return text_of(nested->workflow);
  if (const auto* gate = std::get_if<spec::ApprovalTask>(&task)) return text_of(gate->prompt);
  return std::get<spec::AssertTask>(task).expr.text();
}

GraphStep step_of(const spec::Step& written, std::size_t job) {
  GraphStep step{.name = written.name.text(),
                 .job = job,
                 .task = std::string(spec::type_name(written.task)),
                 .what = what_of(written.task),
                 .guard = text_of(written.guard),
                 .allow_failure = written.allow_failure,
                 .attempts = written.retry.attempts,
                 .concurrency = written.concurrency};
  if (written.for_each) {
    step.item = written.for_each->item;
    step.for_each = text_of(written.for_each->in);
  }
  return step;
}

template <class Id>
void add_edges(std::span<const Need<Id>> needs, std::size_t to, std::vector<GraphEdge>& edges) {
  for (const Need<Id>& need : needs) {
    edges.push_back({.from = need.upstream.index(), .to = to, .condition = *need.condition});
  }
}

// What a run made of it.

GraphState state_of(const store::StepRecord& step) {
  return {.status = step.status,
          .started_at = step.started_at,
          .ended_at = step.completed_at,
          .reason = step.reason,
          .attempts = step.attempts,
          .allowed_failure = step.allowed_failure};
}

/// What became of all rounds, as those see it who depend on the step.
GraphState state_of_all(const std::vector<GraphIteration>& iterations) {
  GraphState all{.status = iterations.empty() ? Recorded::succeeded : Recorded::skipped};
  bool any_open = false;
  bool any_begun = false;
  bool any_failed = false;
  bool all_allowed = true;
  for (const GraphIteration& iteration : iterations) {
    const GraphState& state = iteration.state;
    any_open = any_open || !store::is_terminal(state.status);
    any_begun = any_begun || state.started_at;
    if (state.status == Recorded::failed) {
      any_failed = true;
      all_allowed = all_allowed && state.allowed_failure;
    } else if (state.status == Recorded::succeeded) {
      all.status = Recorded::succeeded;
    }
    if (state.started_at && (!all.started_at || *state.started_at < *all.started_at))
      all.started_at = state.started_at;
    if (state.ended_at && (!all.ended_at || *state.ended_at > *all.ended_at))
      all.ended_at = state.ended_at;
  }
  if (any_failed) all.status = Recorded::failed;
  all.allowed_failure = any_failed && all_allowed;
  if (any_open) {
    all.status = any_begun ? Recorded::running : Recorded::pending;
    all.ended_at.reset();
  }
  return all;
}

/// Puts the steps of a record in their places in a graph.
class RecordPlacer {
 public:
  RecordPlacer(WorkflowGraph& graph, const store::RunRecord& record)
      : graph_(graph), record_(record) {
    for (const RecordedExpansion& expansion : expansions_of(record)) {
      auto& template_of = expansions_[expansion.job];
      expanded_[expansion.job].push_back(expansion.step);
      for (const std::string& name : expansion.names)
        template_of.emplace(name, expansion.step);
    }
  }

  void place_all() {
    for (const store::JobRecord& job : record_.jobs)
      place(job);
    for (GraphJob& job : graph_.jobs) {
      if (!job.state) job.state.emplace();
    }
    for (GraphStep& step : graph_.steps) {
      if (step.is_expanded) {
        step.state = state_of_all(step.iterations);
      } else if (!step.state) {
        step.state.emplace();
      }
    }
  }

 private:
  void place(const store::JobRecord& recorded) {
    const std::size_t job = job_of(recorded.name);
    graph_.jobs[job].state = GraphState{.status = recorded.status,
                                        .started_at = recorded.started_at,
                                        .ended_at = recorded.completed_at,
                                        .reason = recorded.reason};
    std::unordered_map<std::string_view, std::size_t> known;
    for (const std::size_t step : graph_.jobs[job].steps)
      known.emplace(graph_.steps[step].name, step);
    for (const std::string& name : expanded_[recorded.name]) {
      if (const auto step = known.find(name); step != known.end())
        graph_.steps[step->second].is_expanded = true;
    }
    std::vector<const store::StepRecord*> unknown;
    for (const store::StepRecord& step : recorded.steps) {
      if (const auto found = known.find(name_of_template(recorded.name, step.name));
          found != known.end()) {
        place(step, graph_.steps[found->second]);
      } else {
        unknown.push_back(&step);
      }
    }
    for (const store::StepRecord* step : unknown)
      place_unknown(*step, job);
  }

  std::string_view name_of_template(const std::string& job, const std::string& step) const {
    const auto of_job = expansions_.find(job);
    if (of_job == expansions_.end()) return step;
    const auto found = of_job->second.find(step);
    return found == of_job->second.end() ? std::string_view(step) : found->second;
  }

  static void place(const store::StepRecord& recorded, GraphStep& step) {
    if (recorded.name == step.name && !step.is_expanded) {
      step.state = state_of(recorded);
      return;
    }
    step.is_expanded = true;
    step.iterations.push_back({.name = recorded.name, .state = state_of(recorded)});
  }

  /// A round of a forEach in a record that does not say so, or a step that the file has no more.
  void place_unknown(const store::StepRecord& recorded, std::size_t job) {
    for (const std::size_t index : graph_.jobs[job].steps) {
      GraphStep& step = graph_.steps[index];
      const std::string fixed = step.name.substr(0, step.name.find("${{"));
      if (step.item.empty() || step.state || !recorded.name.starts_with(fixed)) continue;
      place(recorded, step);
      return;
    }
    graph_.jobs[job].steps.push_back(graph_.steps.size());
    GraphStep gone{.name = recorded.name, .job = job};
    gone.state = state_of(recorded);
    graph_.steps.push_back(std::move(gone));
  }

  std::size_t job_of(const std::string& name) {
    for (std::size_t i = 0; i < graph_.jobs.size(); ++i) {
      if (graph_.jobs[i].name == name) return i;
    }
    graph_.jobs.push_back({.name = name, .is_in_file = false});
    return graph_.jobs.size() - 1;
  }

  WorkflowGraph& graph_;
  const store::RunRecord& record_;
  std::map<std::string, std::unordered_map<std::string, std::string>>
      expansions_;                                            // job -> round -> template
  std::map<std::string, std::vector<std::string>> expanded_;  // job -> templates
};

}  // namespace

std::optional<std::chrono::milliseconds> GraphState::duration() const {
  if (!started_at || !ended_at) return std::nullopt;
  return std::max(*ended_at - *started_at, std::chrono::milliseconds(0));
}

WorkflowGraph graph_of(const Plan& plan) {
  WorkflowGraph graph{.workflow_id = plan.workflow().id,
                      .workflow_name = plan.workflow().name,
                      .concurrency = plan.workflow().concurrency};
  for (std::size_t i = 0; i < plan.jobs().size(); ++i) {
    const PlannedJob& planned = plan.jobs()[i];
    GraphJob& job = graph.jobs.emplace_back(
        GraphJob{.name = planned.job->name, .concurrency = planned.job->concurrency});
    for (std::size_t k = 0; k < planned.step_count; ++k)
      job.steps.push_back(planned.first_step.index() + k);
    add_edges<JobId>(planned.needs, i, graph.job_edges);
  }
  for (std::size_t i = 0; i < plan.steps().size(); ++i) {
    const PlannedStep& planned = plan.steps()[i];
    graph.steps.push_back(step_of(*planned.step, planned.job.index()));
    add_edges<StepId>(planned.needs, i, graph.step_edges);
  }
  return graph;
}

WorkflowGraph graph_of_run(const Plan* plan, const store::RunRecord& record,
                           std::optional<Timestamp> now) {
  WorkflowGraph graph;
  if (plan != nullptr) graph = graph_of(*plan);
  graph.workflow_id = record.workflow_id;
  graph.workflow_name = record.workflow_name;
  graph.run = GraphRun{.id = record.id,
                       .status = record.status,
                       .started_at = record.started_at,
                       .ended_at = record.completed_at};
  RecordPlacer(graph, record).place_all();
  mark_critical_path(graph, now);
  return graph;
}

}  // namespace swamp::engine
