#include "engine/run_start.h"

#include <array>

#include <fmt/format.h>

#include "engine/evaluation.h"
#include "engine/run_history.h"
#include "engine/run_plan.h"
#include "engine/secret_places.h"
#include "os/process_info.h"
#include "spec/inputs.h"

namespace swamp::engine {
namespace {

Evaluation evaluation_of_run(RunFamily& family, const Map& inputs) {
  Scope scope;
  scope.set("inputs", inputs).set("env", family.services().process_environment);
  return Evaluation(std::move(scope), family.context(nullptr, "", nullptr));
}

List to_list(const std::vector<std::string>& texts) {
  return List(texts.begin(), texts.end());
}

std::vector<std::string> to_texts(const Value& list) {
  std::vector<std::string> texts;
  if (!list.is_list()) return texts;
  for (const Value& text : list.as_list()) {
    if (text.is_string()) texts.push_back(text.as_string());
  }
  return texts;
}

/// The lists of a selection by the keys under which they are kept.
struct SelectionList {
  std::string_view key;
  std::vector<std::string> Selection::*list;
};

constexpr std::array kSelectionLists{
    SelectionList{"skipCheck", &Selection::skip_check},
    SelectionList{"skipCheckLabel", &Selection::skip_check_label},
    SelectionList{"skipReport", &Selection::skip_report},
    SelectionList{"skipReportLabel", &Selection::skip_report_label},
    SelectionList{"report", &Selection::report},
    SelectionList{"reportLabel", &Selection::report_label},
};

Value to_value(const Selection& selection) {
  Map value;
  if (selection.skip_checks) value.set("skipChecks", true);
  if (selection.skip_reports) value.set("skipReports", true);
  for (const SelectionList& one : kSelectionLists) {
    const auto& list = selection.*one.list;
    if (!list.empty()) value.set(std::string(one.key), to_list(list));
  }
  return value;
}

Selection selection_of(const Value& value) {
  Selection selection;
  selection.skip_checks = value["skipChecks"] == Value(true);
  selection.skip_reports = value["skipReports"] == Value(true);
  for (const SelectionList& one : kSelectionLists) {
    selection.*one.list = to_texts(value[one.key]);
  }
  return selection;
}

}  // namespace

Value options_to_value(const RunOptions& options) {
  Map value;
  if (options.fail_on) value.set("failOn", spec::to_string(*options.fail_on));
  if (options.last_evaluated) value.set("lastEvaluated", true);
  if (options.timeout) value.set("timeoutMs", std::int64_t{options.timeout->count()});
  Value selection = to_value(options.selection);
  if (!selection.as_map().empty()) value.set("selection", std::move(selection));
  Map tags;
  for (const auto& [name, text] : options.runtime_tags) {
    tags.set(name, text);
  }
  if (!tags.empty()) value.set("runtimeTags", std::move(tags));
  return value;
}

RunOptions options_of(const store::RunRecord& record) {
  RunOptions options{.initiated_by = record.initiated_by,
                     .trigger_source = record.trigger_source,
                     .instance_id = record.instance_id};
  if (record.inputs.is_map()) options.inputs = record.inputs.as_map();
  const Value& kept = record.extra["options"];
  if (kept["failOn"].is_string())
    options.fail_on = spec::parse_severity(kept["failOn"].as_string());
  options.last_evaluated = kept["lastEvaluated"] == Value(true);
  if (kept["timeoutMs"].is_integer())
    options.timeout = std::chrono::milliseconds(kept["timeoutMs"].as_int());
  options.selection = selection_of(kept["selection"]);
  if (kept["runtimeTags"].is_map()) {
    for (const auto& [name, text] : kept["runtimeTags"].as_map()) {
      if (text.is_string()) options.runtime_tags.emplace_back(name, text.as_string());
    }
  }
  return options;
}

Value run_value(const store::RunRecord& record) {
  return Map{{"id", record.id},
             {"workflowId", record.workflow_id},
             {"workflowName", record.workflow_name},
             {"startedAt", record.started_at ? to_iso8601(*record.started_at) : std::string()},
             {"tags", record.tags.to_value()}};
}

Task<Map> bind_run_inputs(std::shared_ptr<const spec::Workflow> workflow, Map given,
                          RunFamily& family, spec::InputNeeds needs) {
  if (!workflow->inputs.is_declared()) co_return given;
  spec::InputSchema schema = workflow->inputs;
  if (schema.source().has_expressions()) {
    Evaluation evaluation = evaluation_of_run(family, given);
    SWAMP_CO_TRY(Value source, co_await evaluation.value_of(schema.source()));
    SWAMP_CO_TRY(schema, schema.evaluated(std::move(source)));
  }
  co_return bind_run_inputs(*workflow, schema, given, needs);
}

Result<Map> bind_run_inputs(const spec::Workflow& workflow, const spec::InputSchema& schema,
                            const Map& given, const spec::InputNeeds& needs) {
  auto bound = spec::bind_inputs(given, schema, needs);
  if (bound) return bound;
  Error error = std::move(bound).error();
  if (error.name.empty()) error.name = "input_validation_failed";
  return fail(std::move(error).while_doing(
      fmt::format("reading the inputs of workflow '{}'", workflow.name)));
}

Task<std::vector<std::pair<std::string, std::string>>> evaluate_run_tags(
    std::shared_ptr<const spec::Workflow> workflow, Map inputs, RunFamily& family) {
  Evaluation evaluation = evaluation_of_run(family, inputs);
  SWAMP_CO_TRY(const Map texts, co_await evaluation.texts_of(workflow->tags, "'tags'"));
  std::vector<std::pair<std::string, std::string>> tags;
  for (const auto& [name, text] : texts) {
    tags.emplace_back(name, text.as_string());
  }
  co_return tags;
}

Task<Map> recall_inputs(store::RunRecord record, RunFamily& family) {
  if (!record.inputs.is_map()) co_return Map{};
  std::vector<std::string> pointers;
  for (const std::string& pointer : record.expressions.value_or(std::vector<std::string>())) {
    constexpr std::string_view kInputs = "/inputs";
    if (pointer.starts_with(kInputs)) pointers.push_back(pointer.substr(kInputs.size()));
  }
  if (pointers.empty()) co_return record.inputs.as_map();
  std::vector<spec::Field::Place> places{{.pointer = ""}};
  for (const std::string& pointer : pointers) {
    places.push_back({.pointer = pointer});
  }
  const auto field = spec::Field::written_only_at(record.inputs, std::move(places), pointers);
  Evaluation evaluation = evaluation_of_run(family, Map{});
  co_return co_await evaluation.map_of(field, "'inputs'");
}

Task<RunStart> prepare_run(std::shared_ptr<const spec::Workflow> workflow, RunOptions options,
                           std::string run_id, RunFamily& family) {
  EngineServices& services = family.services();
  RunStart start;
  SWAMP_CO_TRY(start.inputs, co_await bind_run_inputs(workflow, options.inputs, family));
  SWAMP_CO_TRY(start.workflow_tags, co_await evaluate_run_tags(workflow, start.inputs, family));
  SWAMP_CO_TRY(Plan plan, plan_of_run(workflow, start.inputs));
  start.plan = std::make_shared<const Plan>(std::move(plan));

  store::RunRecord record;
  record.id = std::move(run_id);
  record.workflow_id = workflow->id;
  record.workflow_name = workflow->name;
  record.status = store::RunStatus::running;
  record.started_at = services.clock.now();
  for (const auto& [name, text] : start.workflow_tags) {
    record.tags.set(name, text);
  }
  for (const auto& [name, text] : options.runtime_tags) {
    record.tags.set(name, text);
  }
  record.pid = os::process_id();
  record.log_file = services.layout.relative(services.layout.run_log(workflow->id, record.id));
  if (!start.inputs.empty()) record.inputs = family.redactor().mask_leaves(start.inputs);
  record.expressions = secret_places(start.inputs, "/inputs");
  record.initiated_by = options.initiated_by;
  record.instance_id = options.instance_id;
  record.trigger_source = options.trigger_source;
  record.extra = Map{{"options", options_to_value(options)}};
  RunHistory history(std::move(record));
  history.adopt(*start.plan);
  start.record = std::move(history.mutable_record());
  co_return start;
}

}  // namespace swamp::engine
