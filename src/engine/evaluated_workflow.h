#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "async/task.h"
#include "cel/program.h"
#include "engine/names/name_context.h"
#include "spec/workflow.h"
#include "value/value.h"

namespace swamp::engine {

/// A workflow as far as it is known before it runs: what `.swamp/workflows-evaluated` keeps, and
/// `--last-evaluated` runs.
struct EvaluatedWorkflow {
  Value document;  // of the layout of a workflow's file
  /// The same with the iterations in the place of every forEach whose list is known: for people to
  /// look at. Nothing depends on iterations, so this cannot be run.
  Value expanded;
  bool had_expressions = false;    // before
  bool for_each_expanded = false;  // any
  std::vector<Error> warnings;     // expressions that should be known and are not; they stay
  std::vector<cel::Ask> asks;      // what else has to be known, of `answers`
};

/// Fills in every expression that only inputs and definitions (by `answers`) decide. All others
/// stay and are evaluated when they are used, so that a run of the result does what a run of the
/// workflow would have done: nothing that a step may change, no variable of the process and no
/// secret is in it. What has to be an expression (a guard, an assert, the list of a forEach) stays
/// one; for it `inputs` become the defaults of the inputs. So what depends on a forEach still sees
/// what became of all its iterations.
///
/// Text that holds `${{` without being an expression is written as an expression that gives that
/// text: whoever reads the file, it is data. Pure; may run on any thread.
EvaluatedWorkflow evaluate_workflow(const spec::Workflow& workflow, const Map& inputs,
                                    const cel::Answers& answers);

/// The same with everything that definitions say.
Task<EvaluatedWorkflow> evaluate_workflow(std::shared_ptr<const spec::Workflow> workflow,
                                          Map inputs, const NameContext& context);

/// Whether an expression is decided by `inputs`, definitions and, where `item` is not empty, by
/// `self.<item>` alone.
bool is_known_beforehand(const cel::References& references, std::string_view item);

}  // namespace swamp::engine
