#pragma once

#include <memory>

#include "engine/plan.h"
#include "store/run_record.h"
#include "value/value.h"

namespace swamp::engine {

/// The plan of a run with these bound inputs: that of its workflow with the names of jobs, and of
/// steps that have no forEach, evaluated. Such a name sees `inputs` only, so that everybody who has
/// to do with the run gives a node the same name. A name that does not evaluate, or that holds a
/// secret, stays as it is written. Conditions name a node by its text as written.
///
/// Fails as Plan::make(): two names may have become one.
Result<Plan> plan_of_run(std::shared_ptr<const spec::Workflow> workflow, const Map& inputs);

/// The inputs of a recorded run that are no secrets: what names are made of.
Map plain_inputs(const store::RunRecord& record);

}  // namespace swamp::engine
