#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "async/task.h"
#include "engine/engine_services.h"
#include "engine/foresight.h"
#include "engine/run_options.h"
#include "spec/workflow.h"

// What a run would do, told without running anything.
namespace swamp::engine {

/// A field of a step by its key in the file.
struct DryField {
  std::string key;  // `guard`, `inputs`, `globalArgs`, …
  Foreseen seen;
};

struct DryRun;

/// What is foreseen of a step.
struct DryStep {
  enum class Course : std::uint8_t {
    runs,
    skipped,  // by its guard, or because its conditions do not hold when all goes as foreseen
    fails,    // it starts, and what is known of it already says that it cannot succeed
  };
  struct Need {
    std::string step;
    const spec::Condition* condition = nullptr;  // never null; lives as long as the DryRun
  };

  std::string job;
  std::string name;                    // of a round: expanded
  std::string for_each_template = {};  // of a round: the name as written
  std::string task;                    // `model_method`, …
  std::vector<Need> needs = {};        // in its job
  /// Steps of one wave may run side by side; those of the next need one of it. 0: it would not
  /// start.
  std::size_t wave = 0;
  Course course = Course::runs;
  std::string reason = {};                    // skipped: `guarded` or `dependency`
  std::optional<Error> error = std::nullopt;  // why it would fail
  bool allowed_failure = false;
  std::vector<DryField> fields = {};
  std::optional<model::Instance> instance = std::nullopt;  // whose method it calls, where known
  std::shared_ptr<const DryRun> nested = nullptr;          // what the workflow it runs would do
};

struct DryJob {
  std::string name;
  std::vector<DryStep::Need> needs = {};  // `step` is a job
};

struct DryRun {
  std::shared_ptr<const spec::Workflow> workflow;
  Foreseen inputs;  // bound; of a nested run some may be unknown
  std::vector<DryJob> jobs;
  std::vector<DryStep> steps;  // in the order in which they would start, then those that would not
  std::size_t waves = 0;
};

/// Foresees a run that goes well: every step of which nothing else is known succeeds, every gate is
/// approved. Refuses what run_workflow() refuses, with the same errors; nothing is written, no
/// method runs, no secret is fetched. Expressions are evaluated where they do not depend on what
/// the run does: inputs, variables, data that no earlier step may write.
Task<DryRun> foresee_run(EngineServices& services, std::shared_ptr<const spec::Workflow> workflow,
                         RunOptions options);

}  // namespace swamp::engine
