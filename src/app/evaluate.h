#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/session.h"
#include "app/workflows.h"

// `model evaluate` and `workflow evaluate`: what is kept below `.swamp/*-evaluated`.
namespace swamp::app {

struct EvaluatedModel {
  std::shared_ptr<const spec::Definition> definition;  // as written
  bool had_expressions = false;
  std::string path;        // absolute
  Value global_arguments;  // evaluated; secrets as their expressions
  std::vector<Error> warnings;
};

/// Evaluates a definition with inputs that were given for it and keeps the result.
Result<EvaluatedModel> evaluate_model(Session& session, std::string_view model, Map inputs);

/// All definitions; each gets those inputs that it declares. One that reads another
/// (`model.other.definition`) sees what that evaluated to. Fails when they read each other in a
/// circle.
Result<std::vector<EvaluatedModel>> evaluate_all_models(Session& session, Map inputs);

struct EvaluatedWorkflow {
  FoundWorkflow workflow;  // as written
  bool had_expressions = false;
  bool for_each_expanded = false;
  std::string path;  // absolute
  Value expanded;    // the evaluated document with iterations in the place of forEach steps
  std::vector<Error> warnings;
};

/// Evaluates what inputs and definitions decide of a workflow and keeps the result. Inputs that are
/// not given may be missing.
Result<EvaluatedWorkflow> evaluate_workflow(Session& session, std::string_view workflow,
                                            Map inputs);

/// All workflows; each gets those inputs that it declares.
Result<std::vector<EvaluatedWorkflow>> evaluate_all_workflows(Session& session, Map inputs);

}  // namespace swamp::app
