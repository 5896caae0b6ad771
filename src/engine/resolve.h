#pragma once

#include <optional>
#include <string>
#include <utility>

#include "async/task.h"
#include "engine/call_arguments.h"
#include "engine/evaluation.h"
#include "engine/method_runner.h"
#include "model/identity.h"
#include "spec/workflow.h"

namespace swamp::engine {

/// What the expressions of one step see besides what they ask for.
struct StepView {
  Map inputs = {};  // of the workflow
  std::optional<std::pair<std::string, Value>> item =
      std::nullopt;  // of an iteration: `self.<item>`
  model::IdentityContext identity = {};
};

/// `self` with the item of an iteration in it.
Value self_with_item(Map self, const StepView& view);

/// A method call as a step means it. Everything is evaluated here, each field once, by its path:
/// names first, then global arguments, then inputs, whose `self` is the model that is called.
/// Provenance, environment and limits are for the caller to fill in. `evaluation` has every
/// variable but `self` and, for definitions, `inputs`.
///
/// Fails with the place of the field in the workflow's file where it has one.
Task<MethodCall> resolve_call(const spec::Step& step, const spec::ModelMethodTask& task,
                              StepView view, Evaluation& evaluation);

/// The same for a call that names everything by plain values: from the command line, or of a method
/// by another.
Task<MethodCall> resolve_plain_call(CallNames names, Map inputs, StepView view,
                                    Evaluation& evaluation);

}  // namespace swamp::engine
