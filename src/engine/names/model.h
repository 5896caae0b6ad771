#pragma once

#include "engine/names/name_context.h"

// `model.<name>.…`: a definition, its data, and how it was last run.
namespace swamp::engine {

/// `model.<name>.<kind>`, kind one of `definition`, `input`, `inputs`, `resource`, `file`,
/// `execution`. Fails with not_found when there is no such model, no such kind, or nothing under
/// it.
Task<Value> model_member(const NameContext& context, cel::Ask ask);

/// `model.method(model, method[, inputs])`
Task<Value> model_method(const NameContext& context, cel::Ask ask);

}  // namespace swamp::engine
