#include "engine/names/workflow.h"

#include <fmt/format.h>

#include "base/suggest.h"

namespace swamp::engine {
namespace {

Value definition_of(const spec::Workflow& workflow) {
  return Map{{"id", workflow.id},
             {"name", workflow.name},
             {"description", workflow.description.text()},
             {"version", workflow.version},
             {"tags", workflow.tags.value().is_map() ? workflow.tags.value() : Value(Map{})},
             {"inputs", workflow.inputs.schema()}};
}

Task<Value> execution_of(const NameContext& context, const spec::Workflow& workflow) {
  store::RunStore& runs = context.services.runs;
  auto look = [&runs, id = workflow.id]() { return runs.latest(id); };
  SWAMP_CO_TRY(const auto run,
               co_await context.services.pool.run<std::optional<store::RunSummary>>(look));
  if (!run)
    co_return fail(ErrorCode::not_found, fmt::format("workflow '{}' was never run", workflow.name));
  Map execution{
      {"id", run->id},         {"status", to_string(run->status)}, {"tags", run->tags.to_value()},
      {"inputs", run->inputs}, {"failedStep", run->failed_step},   {"error", run->failure_reason}};
  if (run->started_at) execution.set("startedAt", to_iso8601(*run->started_at));
  if (run->completed_at) execution.set("completedAt", to_iso8601(*run->completed_at));
  if (run->started_at && run->completed_at) {
    execution.set("durationMs", std::int64_t{(*run->completed_at - *run->started_at).count()});
  }
  co_return execution;
}

}  // namespace

Task<Value> workflow_member(const NameContext& context, cel::Ask ask) {
  SWAMP_CO_TRY(const std::string name, text_argument(ask, 0));
  SWAMP_CO_TRY(const std::string kind, text_argument(ask, 1));
  auto workflow = context.services.directory.find_workflow(name);
  if (!workflow) co_return fail(workflow.error());
  const std::shared_ptr<const spec::Workflow> kept = *workflow;
  if (kind == "definition") co_return definition_of(*kept);
  if (kind == "execution") co_return co_await execution_of(context, *kept);
  const std::vector<std::string> kinds = {"definition", "execution"};
  co_return fail(ErrorCode::not_found, fmt::format("a workflow has no '{}'", kind),
                 did_you_mean(kind, kinds));
}

}  // namespace swamp::engine
