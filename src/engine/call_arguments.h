#pragma once

#include <string>

#include "async/task.h"
#include "engine/call_target.h"
#include "engine/evaluation.h"
#include "value/value.h"

namespace swamp::engine {

/// The arguments of a call, evaluated; values may hold secret strings.
struct CallArguments {
  CallTarget target;  // with the definition, when it had to be made
  Value global_arguments = Map{};
  Value arguments = Map{};
};

/// What inputs do for the target: those that its definition declares are `inputs` of its
/// expressions, the others are arguments of the method; of a direct call that gives no global
/// arguments, inputs that only those know go there.
///
/// `evaluation` knows what the expressions of the definition may reach; `inputs` and `self` are set
/// here. `visible` is what `inputs` holds besides: those of the workflow. A global argument that
/// does not evaluate stays as it is written, unless the type requires it or the method takes it. A
/// definition that the call names and that does not exist is made.
///
/// Fails with invalid_input (code name `validation_failed`) for inputs that nobody knows.
Task<CallArguments> bind_call(CallTarget target, Map inputs, Map visible, Evaluation& evaluation);

}  // namespace swamp::engine
