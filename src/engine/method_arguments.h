#pragma once

#include "base/result.h"
#include "engine/type_schemas.h"
#include "model/type.h"
#include "value/value.h"

namespace swamp::engine {

/// The arguments of one call, as the method gets them.
struct CheckedArguments {
  Value global_arguments;
  Value arguments;
};

/// Checks global and method arguments against the type's schemas: texts are coerced to the declared
/// types, globals that the method declares count as arguments unless those are given, defaults are
/// filled in. `given` may hold only what the method declares. Values may hold secret strings; no
/// message shows a value of one.
///
/// Fails with invalid_input (code name `validation_failed`) and all problems.
Result<CheckedArguments> check_arguments(const std::shared_ptr<const model::Type>& type,
                                         const model::Method& method, const Value& global_arguments,
                                         const Value& given, TypeSchemas& schemas);

}  // namespace swamp::engine
