#pragma once

#include <vector>

#include "base/result.h"
#include "spec/catalogue.h"
#include "spec/graph_checks.h"
#include "spec/workflow.h"

// Checks that look at steps and at how they hang together. Not for other rooms.
namespace swamp::spec {

/// A workflow and its graphs, made once for all checks.
struct GraphView {
  explicit GraphView(const Workflow& workflow);

  const Workflow& workflow;
  NameGraph jobs;
  std::vector<NameGraph> steps;  // one for each job
};

/// Steps that get an output without waiting for its step, and outputs given to nobody there is.
std::vector<Error> output_errors(const GraphView& view);
/// A relative working directory where steps run in a private folder.
std::vector<Error> output_warnings(const GraphView& view);

/// `data.step('s')` where `s` is not upstream, or not there.
std::vector<Error> data_step_errors(const GraphView& view);

/// Iterations of a forEach over constants that get the name of each other or of another step, and
/// names with an expression that is the same for every iteration.
std::vector<Error> name_collisions(const Job& job);

/// The value of a field for which nothing has to be known; nothing when something has.
std::optional<Value> constant_value(const Field& field);

/// forEach over what can be told to be neither a list nor a map.
std::vector<Error> loop_errors(const Workflow& workflow);

/// What is written and has no effect where it stands.
std::vector<Error> idle_settings(const Workflow& workflow);

/// Drivers that do not exist.
std::vector<Error> unknown_drivers(const Workflow& workflow, const Catalogue& catalogue);

/// Data functions that are given a type where a definition has that very name, which then wins.
std::vector<Error> shadowed_types(const Workflow& workflow, const Catalogue& catalogue);

/// Expressions about models, or parts of them, and about workflows that are not there; what steps
/// of the workflow itself make counts as there.
std::vector<Error> unknown_models(const Workflow& workflow, const Catalogue& catalogue);

}  // namespace swamp::spec
