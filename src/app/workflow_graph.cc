#include "app/workflow_graph.h"

#include <optional>

#include <fmt/format.h>

#include "app/runs.h"
#include "app/workflows.h"
#include "engine/run_plan.h"
#include "store/record_file.h"

namespace swamp::app {
namespace {

Result<store::RunSummary> find_last(Session& session, const spec::Workflow& workflow) {
  SWAMP_TRY(auto latest, session.runs().latest(workflow.id));
  if (latest) return *std::move(latest);
  return fail(ErrorCode::not_found, fmt::format("workflow '{}' has not run yet", workflow.name),
              fmt::format("run it with 'swamp workflow run {}'", workflow.name));
}

/// The run that is meant; nothing when a workflow is.
Result<std::optional<store::RunSummary>> find_meant(Session& session, const FindGraph& request) {
  if (!request.run.empty()) {
    SWAMP_TRY(auto summary, session.runs().find(request.run));
    if (request.name.empty() || request.name == summary.workflow_id) return summary;
    SWAMP_TRY(const auto found, find_workflow(session, request.name));
    if (found.workflow->id == summary.workflow_id) return summary;
    return fail(ErrorCode::not_found,
                fmt::format("run {} is one of workflow '{}', not of '{}'", summary.id,
                            summary.workflow_name, found.workflow->name));
  }
  const auto found = find_workflow(session, request.name);
  if (found) {
    if (!request.last) return std::optional<store::RunSummary>();
    return find_last(session, *found->workflow);
  }
  if (found.error().code == ErrorCode::not_found && store::may_be_id(request.name)) {
    SWAMP_TRY(auto summary, session.runs().find(request.name));
    return summary;
  }
  return fail(found.error());
}

Result<engine::Plan> plan_of(Session& session, const store::RunRecord& run) {
  SWAMP_TRY(auto found, find_workflow(session, run.workflow_id));
  return engine::plan_of_run(std::move(found.workflow), engine::plain_inputs(run));
}

}  // namespace

Result<engine::WorkflowGraph> find_graph(Session& session, const FindGraph& request) {
  SWAMP_TRY(const auto meant, find_meant(session, request));
  if (!meant) {
    SWAMP_TRY(auto found, find_workflow(session, request.name));
    SWAMP_TRY(const auto plan, engine::Plan::make(std::move(found.workflow)));
    return engine::graph_of(plan);
  }
  SWAMP_TRY(const FoundRun run, load_run(session, *meant));
  const auto plan = plan_of(session, run.record);
  if (!plan && plan.error().code != ErrorCode::not_found) session.warn(plan.error());
  std::optional<Timestamp> now;
  if (run.alive) now = session.clock().now();
  engine::WorkflowGraph graph = engine::graph_of_run(plan ? &*plan : nullptr, run.record, now);
  graph.run->interrupted = run.interrupted;
  return graph;
}

}  // namespace swamp::app
