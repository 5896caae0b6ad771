#include "engine/definition_inputs.h"

#include <fmt/format.h>

namespace swamp::engine {

Task<Map> bind_definition_inputs(std::shared_ptr<const spec::Definition> definition, Map declared,
                                 Map visible, spec::InputNeeds needs, Evaluation& evaluation) {
  spec::InputSchema schema = definition->inputs;
  if (schema.source().has_expressions()) {
    evaluation.scope().set("inputs", visible);
    SWAMP_CO_TRY(Value source, co_await evaluation.value_of(schema.source()));
    SWAMP_CO_TRY(schema, schema.evaluated(std::move(source)));
  }
  // An input of the workflow serves for one of the same name here.
  for (const std::string& name : schema.names()) {
    const Value* outer = visible.find(name);
    if (outer != nullptr && !declared.contains(name)) declared.set(name, *outer);
  }
  auto bound = spec::bind_inputs(declared, schema, needs);
  if (!bound) {
    Error error = std::move(bound).error();
    if (error.name.empty()) error.name = "validation_failed";
    co_return fail(std::move(error).while_doing(
        fmt::format("reading the inputs of model '{}'", definition->name)));
  }
  for (auto& [name, value] : *bound) {
    visible.set(name, value);
  }
  co_return visible;
}

}  // namespace swamp::engine
