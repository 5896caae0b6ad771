#pragma once

#include <memory>
#include <string>
#include <vector>

#include "async/task.h"
#include "engine/plan.h"
#include "engine/run_family.h"
#include "engine/run_options.h"
#include "store/run_record.h"

namespace swamp::engine {

/// What a run is before its first step.
struct RunStart {
  std::shared_ptr<const Plan> plan;
  store::RunRecord record;  // pending, with all jobs and steps
  Map inputs;               // bound; may hold secrets, the record has their expressions
  std::vector<std::pair<std::string, std::string>> workflow_tags;
};

/// Binds the inputs, evaluates the workflow's tags, plans the run and draws up the record.
/// Fails with invalid_input: inputs that do not fit (code name `input_validation_failed`), tags
/// that do not evaluate, names that have become one.
Task<RunStart> prepare_run(std::shared_ptr<const spec::Workflow> workflow, RunOptions options,
                           std::string run_id, RunFamily& family);

/// Inputs as the workflow declares them. `given` may hold secrets.
Task<Map> bind_run_inputs(std::shared_ptr<const spec::Workflow> workflow, Map given,
                          RunFamily& family, spec::InputNeeds needs = {});

/// The same under a schema whose expressions have been evaluated.
Result<Map> bind_run_inputs(const spec::Workflow& workflow, const spec::InputSchema& schema,
                            const Map& given, const spec::InputNeeds& needs = {});

/// The texts of `tags`, evaluated.
Task<std::vector<std::pair<std::string, std::string>>> evaluate_run_tags(
    std::shared_ptr<const spec::Workflow> workflow, Map inputs, RunFamily& family);

/// The inputs of a recorded run; those that were secrets are fetched again.
Task<Map> recall_inputs(store::RunRecord record, RunFamily& family);

/// The options that a record keeps, and the way back. Inputs are not in them.
Value options_to_value(const RunOptions& options);
RunOptions options_of(const store::RunRecord& record);

/// What `run` is in expressions.
Value run_value(const store::RunRecord& record);

}  // namespace swamp::engine
