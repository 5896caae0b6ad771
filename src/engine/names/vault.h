#pragma once

#include "engine/names/name_context.h"

// `vault.get(vault, key)`
namespace swamp::engine {

/// The secret, as a string that is shown as the reference to it; the run's redactor knows it from
/// now on.
Task<Value> vault_get(const NameContext& context, cel::Ask ask);

}  // namespace swamp::engine
