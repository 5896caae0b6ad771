#pragma once

#include <memory>

#include "engine/evaluation.h"
#include "spec/definition.h"
#include "spec/inputs.h"

namespace swamp::engine {

/// The value of `inputs` in a definition's expressions: those that were given for it (`declared`),
/// coerced and checked, with its defaults, over `visible`. `evaluation` may be asked what the
/// schema itself mentions; its `inputs` are set.
Task<Map> bind_definition_inputs(std::shared_ptr<const spec::Definition> definition, Map declared,
                                 Map visible, spec::InputNeeds needs, Evaluation& evaluation);

}  // namespace swamp::engine
