#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "engine/plan.h"
#include "engine/recovery.h"
#include "engine/run_history.h"

namespace swamp::engine {

/// The steps that run again when `from` does: itself, what depends on it in its job, and every job
/// that depends on that, as `job/step` pairs of the record.
struct StepName {
  std::string job;
  std::string step;
};

/// Fails with not_found when the plan has no such step, with invalid_input when several jobs have
/// it.
Result<std::vector<StepName>> steps_to_run_again(const Plan& plan, const store::RunRecord& record,
                                                 const std::string& from);

}  // namespace swamp::engine
