#include "engine/call_arguments.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/suggest.h"
#include "engine/definition_inputs.h"
#include "engine/evaluated_definition.h"
#include "engine/method_sensitive.h"
#include "engine/secret_places.h"
#include "spec/definition_yaml.h"
#include "spec/inputs.h"

namespace swamp::engine {
namespace {

bool declares(const Value& schema, std::string_view key) {
  const Value& properties = schema["properties"];
  return properties.is_map() && properties.as_map().contains(key);
}

/// Whether a schema takes any key.
bool is_open(const Value& schema) {
  const Value& additional = schema["additionalProperties"];
  if (!additional.is_null()) return !(additional.is_bool() && !additional.as_bool());
  return !schema["properties"].is_map();
}

void add_names(const Value& schema, std::vector<std::string>& names) {
  const Value& properties = schema["properties"];
  if (!properties.is_map()) return;
  for (const auto& [name, schema_of_name] : properties.as_map()) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
}

/// Everything that an input of the call may be named.
std::vector<std::string> valid_names(const CallTarget& target, bool with_globals) {
  std::vector<std::string> names;
  if (target.definition != nullptr) names = target.definition->inputs.names();
  add_names(target.method->arguments_schema, names);
  if (with_globals) add_names(target.type->global_arguments_schema, names);
  return names;
}

Error unknown_input(const CallTarget& target, const std::string& name, bool with_globals) {
  const std::vector<std::string> names = valid_names(target, with_globals);
  std::string hint = did_you_mean(name, names);
  const bool is_global = !with_globals && declares(target.type->global_arguments_schema, name);
  if (is_global && target.by_type) {
    hint = fmt::format("it is a global argument: write 'globalArgs: {{{}: …}}'", name);
  } else if (hint.empty()) {
    hint = names.empty() ? "it takes no inputs"
                         : fmt::format("its inputs are: {}", fmt::join(names, ", "));
  }
  return Error{.code = ErrorCode::invalid_input,
               .message = fmt::format("method '{}' of '{}' has no input '{}'", target.method->name,
                                      target.instance.name, name),
               .hint = std::move(hint),
               .name = "validation_failed"};
}

/// Inputs by what they are for.
struct Routed {
  Map declared;   // by the definition
  Map arguments;  // of the method
  Map globals;
};

Result<Routed> route(const CallTarget& target, const Map& inputs) {
  Routed routed;
  const bool with_globals = target.is_direct() && !target.global_args;
  for (const auto& [name, value] : inputs) {
    const bool is_declared =
        target.definition != nullptr && target.definition->inputs.declares(name);
    if (is_declared) {
      routed.declared.set(name, value);
    } else if (declares(target.method->arguments_schema, name)) {
      routed.arguments.set(name, value);
    } else if (with_globals && declares(target.type->global_arguments_schema, name)) {
      routed.globals.set(name, value);
    } else if (is_open(target.method->arguments_schema)) {
      routed.arguments.set(name, value);
    } else {
      return fail(unknown_input(target, name, with_globals));
    }
  }
  if (target.global_args) routed.globals = *target.global_args;
  return routed;
}

void overlay(Map& base, const Map& over) {
  for (const auto& [key, value] : over) {
    base.set(key, value);
  }
}

/// Declared inputs that the expressions of the method's arguments mention: only those are missed
/// when they are missing.
spec::InputNeeds needs_of(const spec::Definition& definition, const std::string& method) {
  spec::InputNeeds needs{.all = false};
  for (const auto& path : definition.arguments_of(method).references().paths) {
    if (path.size() >= 2 && path[0] == "inputs") needs.names.push_back(path[1]);
  }
  return needs;
}

bool is_needed(const CallTarget& target, const std::string& key) {
  const Value& required = target.type->global_arguments_schema["required"];
  if (declares(target.method->arguments_schema, key)) return true;
  return required.is_list() && std::find(required.as_list().begin(), required.as_list().end(),
                                         Value(key)) != required.as_list().end();
}

Task<Map> evaluate_globals(const CallTarget& target, Evaluation& evaluation) {
  Map globals;
  const spec::Field& written = target.definition->global_arguments;
  if (!written.value().is_map()) co_return globals;
  for (const auto& [key, raw] : written.value().as_map()) {
    Result<Value> value = co_await evaluation.value_of(written.member(key));
    if (!value && (value.error().code == ErrorCode::cancelled || is_needed(target, key))) {
      Error error = std::move(value).error();
      co_return fail(std::move(error).while_doing(
          fmt::format("evaluating global argument '{}' of model '{}'", key, target.instance.name)));
    }
    globals.set(key, value ? *std::move(value) : raw);
  }
  co_return globals;
}

/// What `--last-evaluated` will use.
Task<> keep_evaluated(std::shared_ptr<const spec::Definition> definition, Map inputs,
                      Evaluation& evaluation) {
  SWAMP_CO_TRY(EvaluatedDefinition evaluated,
               co_await evaluate_definition(definition, std::move(inputs), evaluation));
  spec::Definition copy = *definition;
  copy.document = std::move(evaluated.document);
  co_return evaluation.context().services.directory.save_evaluated_definition(copy);
}

/// Makes the definition that the call names. What is kept of a secret is its expression, and only
/// that is one.
Result<CallTarget> make_definition(CallTarget target, const Map& globals,
                                   EngineServices& services) {
  for (const SensitiveSpot& spot :
       sensitive_fields(target.type->global_arguments_schema, globals)) {
    if (spec::find_at(globals, spot.pointer)->holds_secret()) continue;
    return fail(Error{
        .code = ErrorCode::invalid_input,
        .message = fmt::format("'{}' of model '{}' is secret and may not be kept as plain text",
                               spot.path, target.instance.name),
        .hint = "put it into a vault and give '${{ vault.get(…) }}'",
        .name = "literal_sensitive_global_arg"});
  }
  Value document = spec::new_definition_document(target.type->normalized, target.type->version,
                                                 services.ids.uuid(), target.instance.name);
  const auto places = secret_places(globals, "/globalArguments");
  document.mutable_map().set("globalArguments", redacted(globals));
  document.mutable_map().set("expressions", List(places.begin(), places.end()));
  SWAMP_TRY(spec::Definition definition, spec::make_definition(document));
  SWAMP_TRY(target.definition, services.directory.add_auto_definition(std::move(definition)));
  if (target.definition->type != spec::TypeName{.normalized = target.type->normalized}) {
    return fail(ErrorCode::conflict, fmt::format("model '{}' was made with another type meanwhile",
                                                 target.instance.name));
  }
  target.instance.id = target.definition->id;
  return target;
}

}  // namespace

Task<CallArguments> bind_call(CallTarget target, Map inputs, Map visible, Evaluation& evaluation) {
  SWAMP_CO_TRY(Routed routed, route(target, inputs));
  if (target.definition == nullptr && !target.is_ephemeral()) {
    SWAMP_CO_TRY(target,
                 make_definition(std::move(target), routed.globals, evaluation.context().services));
  }
  CallArguments call{.target = std::move(target)};
  if (call.target.is_ephemeral()) {
    call.global_arguments = std::move(routed.globals);
    call.arguments = std::move(routed.arguments);
    co_return call;
  }
  overlay(visible, inputs);
  spec::InputNeeds needs = needs_of(*call.target.definition, call.target.method->name);
  SWAMP_CO_TRY(Map bound,
               co_await bind_definition_inputs(call.target.definition, std::move(routed.declared),
                                               std::move(visible), std::move(needs), evaluation));
  evaluation.scope().set("inputs", bound);
  // What a direct call gives replaces the same keys of the definition, for this call.
  SWAMP_CO_TRY(Map globals, co_await evaluate_globals(call.target, evaluation));
  overlay(globals, routed.globals);
  const spec::Field& written = call.target.definition->arguments_of(call.target.method->name);
  SWAMP_CO_TRY(Map arguments,
               co_await evaluation.map_of(
                   written, fmt::format("arguments of '{}'", call.target.method->name)));
  overlay(arguments, routed.arguments);
  SWAMP_CO_CHECK(co_await keep_evaluated(call.target.definition, std::move(bound), evaluation));
  call.global_arguments = std::move(globals);
  call.arguments = std::move(arguments);
  co_return call;
}

}  // namespace swamp::engine
