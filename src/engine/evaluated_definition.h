#pragma once

#include <memory>
#include <vector>

#include "engine/evaluation.h"
#include "spec/definition.h"

namespace swamp::engine {

/// A definition as its methods see it: what `.swamp/definitions-evaluated` keeps, and
/// `--last-evaluated` uses.
struct EvaluatedDefinition {
  Value document;                // of the layout of a definition's file, with the key `expressions`
  bool had_expressions = false;  // before
  std::vector<Error> warnings;   // expressions that could not be evaluated; they stay
};

/// Evaluates every expression of a definition but those that read a vault or a variable of the
/// process, and those whose result is a secret: these stay as they are written, and only they are
/// expressions to whoever reads the document. `inputs`, as bound, become the defaults of its
/// inputs. `evaluation` knows everything that the expressions may reach, `self` and `inputs`
/// included.
Task<EvaluatedDefinition> evaluate_definition(std::shared_ptr<const spec::Definition> definition,
                                              Map inputs, Evaluation& evaluation);

/// The same outside a run: with inputs that were given for the definition, none of which has to be.
/// Fails with invalid_input (code name `validation_failed`) for one that it does not declare or
/// that does not fit.
Task<EvaluatedDefinition> evaluate_alone(std::shared_ptr<const spec::Definition> definition,
                                         Map given, const NameContext& context);

}  // namespace swamp::engine
