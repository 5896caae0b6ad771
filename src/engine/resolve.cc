#include "engine/resolve.h"

#include <fmt/format.h>

#include "engine/vary.h"

namespace swamp::engine {
namespace {

/// An error of a step without a place of its own points at the field that led to it.
Error placed(Error error, const spec::Field& field) {
  if (!error.where && field.is_set() && field.where().source) error.where = field.where();
  return error;
}

Task<CallNames> evaluate_names(const spec::ModelMethodTask& task, Evaluation& evaluation) {
  CallNames names;
  if (task.model) {
    SWAMP_CO_TRY(names.model, co_await evaluation.name_of(task.model, "'modelIdOrName'"));
  } else {
    SWAMP_CO_TRY(names.type, co_await evaluation.name_of(task.model_type, "'modelType'"));
    if (task.model_name) {
      SWAMP_CO_TRY(names.model_name, co_await evaluation.name_of(task.model_name, "'modelName'"));
    }
    if (task.global_args) {
      SWAMP_CO_TRY(names.global_args, co_await evaluation.map_of(task.global_args, "'globalArgs'"));
    }
  }
  SWAMP_CO_TRY(names.method, co_await evaluation.name_of(task.method, "'methodName'"));
  co_return names;
}

/// The override with everything in it evaluated. `inputs` are those of the step over those of the
/// workflow.
Task<spec::DataOutputOverride> evaluate_override(spec::DataOutputOverride one, const Map& inputs,
                                                 Evaluation& evaluation) {
  SWAMP_CO_TRY(Map tags,
               co_await evaluation.texts_of(one.tags, fmt::format("tags of '{}'", one.spec_name)));
  if (one.tags) one.tags = spec::Field::data(std::move(tags), one.tags.where());
  List values;
  for (const std::string& key : one.vary) {
    const Value* value = inputs.find(key);
    values.push_back(value == nullptr ? Value() : *value);
  }
  auto suffix = vary_suffix(values);
  if (!suffix) {
    Error error = std::move(suffix).error();
    error.where = one.where;
    co_return fail(std::move(error).while_doing(
        fmt::format("varying '{}' by the inputs {}", one.spec_name, fmt::join(one.vary, ", "))));
  }
  one.vary.clear();
  if (!suffix->empty()) one.vary.push_back(*std::move(suffix));
  co_return one;
}

Task<MethodCall> make_call(CallTarget target, Map inputs, const StepView& view,
                           Evaluation& evaluation) {
  evaluation.scope().set("self", self_with_item(self_of(target), view));
  SWAMP_CO_TRY(CallArguments bound,
               co_await bind_call(std::move(target), std::move(inputs), view.inputs, evaluation));
  MethodCall call;
  call.type = bound.target.type;
  call.method = bound.target.method->name;
  call.instance = std::move(bound.target.instance);
  call.definition = std::move(bound.target.definition);
  call.global_arguments = std::move(bound.global_arguments);
  call.arguments = std::move(bound.arguments);
  call.environment = &evaluation.context().services.environment;
  co_return call;
}

}  // namespace

Value self_with_item(Map self, const StepView& view) {
  if (view.item) self.set(view.item->first, view.item->second);
  return self;
}

Task<MethodCall> resolve_call(const spec::Step& step, const spec::ModelMethodTask& task,
                              StepView view, Evaluation& evaluation) {
  evaluation.scope().set("self", self_with_item(empty_self(), view)).set("inputs", view.inputs);
  SWAMP_CO_TRY(CallNames names, co_await evaluate_names(task, evaluation));
  auto target = find_target(evaluation.context().services, std::move(names), view.identity);
  if (!target)
    co_return fail(placed(std::move(target).error(), task.model ? task.model : task.model_type));

  evaluation.scope().set("self", self_with_item(self_of(*target), view));
  SWAMP_CO_TRY(const Map inputs, co_await evaluation.map_of(task.inputs, "'inputs'"));
  auto call = co_await make_call(*std::move(target), inputs, view, evaluation);
  if (!call)
    co_return fail(placed(std::move(call).error(), task.inputs ? task.inputs : task.method));

  Map merged = view.inputs;
  for (const auto& [key, value] : inputs) {
    merged.set(key, value);
  }
  for (const spec::DataOutputOverride& written : step.data_output_overrides) {
    SWAMP_CO_TRY(auto one, co_await evaluate_override(written, merged, evaluation));
    if (call->report_suffix.empty() && !one.vary.empty()) call->report_suffix = one.vary.front();
    call->overrides.push_back(std::move(one));
  }
  co_return call;
}

Task<MethodCall> resolve_plain_call(CallNames names, Map inputs, StepView view,
                                    Evaluation& evaluation) {
  SWAMP_CO_TRY(CallTarget target,
               find_target(evaluation.context().services, std::move(names), view.identity));
  co_return co_await make_call(std::move(target), std::move(inputs), view, evaluation);
}

}  // namespace swamp::engine
