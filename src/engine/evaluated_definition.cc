#include "engine/evaluated_definition.h"

#include <fmt/format.h>

#include "base/suggest.h"
#include "engine/call_target.h"
#include "engine/definition_inputs.h"
#include "engine/secret_places.h"
#include "spec/definition_fields.h"
#include "spec/iteration_names.h"

namespace swamp::engine {
namespace {

/// A part of a definition in which expressions may stand, and where it lies in the document.
struct Part {
  std::string pointer;
  spec::Field field;
};

std::vector<Part> parts_of(const spec::Definition& definition) {
  std::vector<Part> parts;
  spec::visit_fields(definition, [&](const auto& keys, const spec::Field& field) {
    std::string pointer;
    for (const std::string& key : keys)
      pointer = spec::pointer_to(pointer, key);
    parts.push_back({std::move(pointer), field});
  });
  return parts;
}

bool stays(const cel::References& references) {
  return references.mentions("vault") || references.mentions("env") ||
         references.functions.contains("vault.get");
}

/// The value of one text of a field; nothing when it is to stay an expression.
Task<std::optional<Value>> evaluate_text(spec::Field field, std::size_t index,
                                         Evaluation& evaluation, std::vector<Error>& warnings) {
  const Result<cel::Template>& compiled = field.compiled(index);
  if (compiled && stays(compiled->references())) co_return std::nullopt;
  const spec::Field::Place& place = field.expressions()[index];
  const auto text = spec::Field::written(*spec::find_at(field.value(), place.pointer), place.where);
  Result<Value> value = co_await evaluation.value_of(text);
  if (!value && value.error().code == ErrorCode::cancelled) co_return fail(value.error());
  if (!value) {
    warnings.push_back(std::move(value).error());
    co_return std::nullopt;
  }
  if (value->holds_secret()) co_return std::nullopt;
  co_return std::optional(*std::move(value));
}

/// The inputs as defaults of the declared ones; adds the places of those that are expressions.
void set_defaults(Value& document, const spec::InputSchema& declared, const Map& inputs,
                  std::vector<std::string>& expressions) {
  const bool nested = document["inputs"]["properties"].is_map();
  const std::string below = nested ? "/inputs/properties" : "/inputs";
  for (const auto& [name, value] : inputs) {
    if (!declared.declares(name)) continue;
    const std::string pointer = spec::pointer_to(below, name);
    const Value* property = spec::find_at(document, pointer);
    if (property == nullptr || !property->is_map()) continue;
    Map with_default = property->as_map();
    with_default.set("default", redacted(value));
    spec::set_at(document, pointer, std::move(with_default));
    const std::string place = pointer + "/default";
    std::erase(expressions, place);
    for (std::string& secret : secret_places(value, place))
      expressions.push_back(std::move(secret));
  }
}

}  // namespace

Task<EvaluatedDefinition> evaluate_definition(std::shared_ptr<const spec::Definition> definition,
                                              Map inputs, Evaluation& evaluation) {
  EvaluatedDefinition evaluated{.document = definition->document};
  std::vector<std::string> expressions;
  for (const Part& part : parts_of(*definition)) {
    for (std::size_t i = 0; i < part.field.expressions().size(); ++i) {
      evaluated.had_expressions = true;
      const std::string pointer = part.pointer + part.field.expressions()[i].pointer;
      SWAMP_CO_TRY(auto value,
                   co_await evaluate_text(part.field, i, evaluation, evaluated.warnings));
      // A tag is a text, whatever it was computed from.
      if (value && part.pointer == "/tags" && !value->is_list() && !value->is_map())
        value = Value(spec::iteration_label(*value));
      if (value) {
        spec::set_at(evaluated.document, pointer, *std::move(value));
      } else {
        expressions.push_back(pointer);
      }
    }
  }
  if (definition->inputs.is_declared())
    set_defaults(evaluated.document, definition->inputs, inputs, expressions);
  evaluated.document.mutable_map().set("expressions", List(expressions.begin(), expressions.end()));
  co_return evaluated;
}

Task<EvaluatedDefinition> evaluate_alone(std::shared_ptr<const spec::Definition> definition,
                                         Map given, const NameContext& context) {
  for (const auto& [name, value] : given) {
    if (definition->inputs.declares(name)) continue;
    co_return fail(
        Error{.code = ErrorCode::invalid_input,
              .message = fmt::format("model '{}' has no input '{}'", definition->name, name),
              .hint = did_you_mean(name, definition->inputs.names()),
              .name = "validation_failed"});
  }
  CallTarget target{
      .definition = definition,
      .instance = {
          .id = definition->id, .name = definition->name, .type = definition->type.normalized}};
  Scope scope;
  scope.set("env", context.services.process_environment).set("self", self_of(target));
  Evaluation evaluation(std::move(scope), context);
  spec::InputNeeds needs{.all = false};
  Map nothing;
  SWAMP_CO_TRY(Map inputs,
               co_await bind_definition_inputs(definition, std::move(given), std::move(nothing),
                                               std::move(needs), evaluation));
  evaluation.scope().set("inputs", inputs);
  co_return co_await evaluate_definition(definition, std::move(inputs), evaluation);
}

}  // namespace swamp::engine
