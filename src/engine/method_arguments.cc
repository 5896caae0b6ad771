#include "engine/method_arguments.h"

#include <fmt/format.h>

#include "cel/template.h"
#include "schema/arguments.h"
#include "schema/schema.h"

namespace swamp::engine {
namespace {

/// A global argument that could not be evaluated stays as written, and is an error only for a
/// method that needs it.
bool is_unresolved(const Value& value) {
  return value.is_string() && !value.is_secret() &&
         cel::Template::has_expression(value.as_string());
}

/// `arguments` coerced, with defaults, checked. `what` names them in messages.
Result<Value> fitted(const Value& arguments, const KnownSchema& known, const std::string& what) {
  if (!known.checks) return fail(known.checks.error());
  Value fitted = schema::apply_defaults(schema::coerce(arguments, known.schema), known.schema);
  if (known.checks->accepts(fitted)) return fitted;
  const auto problems = known.checks->validate(fitted);
  if (problems.empty()) return fitted;
  Error error = schema::to_error(problems, what);
  error.name = "validation_failed";
  return fail(std::move(error));
}

/// Splits off what could not be evaluated, checks the rest, and puts it back.
Result<Value> fitted_globals(const std::shared_ptr<const model::Type>& type, const Value& given,
                             TypeSchemas& schemas) {
  if (type->global_arguments_schema.is_null()) return given;
  Map resolved;
  Map unresolved;
  for (const auto& [key, value] : given.as_map()) {
    (is_unresolved(value) ? unresolved : resolved).set(key, value);
  }
  SWAMP_TRY(auto globals, fitted(resolved, schemas.lenient_globals_of(type),
                                 fmt::format("global arguments of type '{}'", type->normalized)));
  for (const auto& [key, value] : unresolved) {
    globals.mutable_map().set(key, value);
  }
  return globals;
}

}  // namespace

Result<CheckedArguments> check_arguments(const std::shared_ptr<const model::Type>& type,
                                         const model::Method& method, const Value& global_arguments,
                                         const Value& given, TypeSchemas& schemas) {
  CheckedArguments checked;
  SWAMP_TRY(
      checked.global_arguments,
      fitted_globals(type, global_arguments.is_null() ? Value(Map{}) : global_arguments, schemas));

  Map arguments = given.is_map() ? given.as_map() : Map{};
  const Value& declared = method.arguments_schema["properties"];
  if (declared.is_map()) {
    for (const auto& [key, value] : checked.global_arguments.as_map()) {
      if (declared.as_map().contains(key) && !arguments.contains(key)) arguments.set(key, value);
    }
  }
  if (method.arguments_schema.is_null()) {
    checked.arguments = std::move(arguments);
    return checked;
  }
  SWAMP_TRY(checked.arguments,
            fitted(std::move(arguments), schemas.of(type, method.arguments_schema),
                   fmt::format("arguments of '{}'", method.name)));
  return checked;
}

}  // namespace swamp::engine
