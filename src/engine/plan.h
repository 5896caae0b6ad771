#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/strong_id.h"
#include "spec/workflow.h"

namespace swamp::engine {

using JobId = StrongId<struct JobTag>;

/// A step of the plan, or, within a RunState, also an iteration of a forEach: those get the ids
/// behind the plan's.
using StepId = StrongId<struct StepTag>;

/// An arrow of the graph: what must have ended first, and what must hold of it then.
template <class Id>
struct Need {
  Id upstream;
  const spec::Condition* condition = nullptr;  // never null
};

/// A job and its neighbours in the graph.
struct PlannedJob {
  const spec::Job* job = nullptr;  // never null; lives as long as the Plan
  std::vector<Need<JobId>> needs = {};
  std::vector<JobId> unlocks = {};  // one entry for each need that names this job
  std::uint32_t rank = 0;           // among all jobs by weight, then by position in the file
  StepId first_step = {};
  std::size_t step_count = 0;
};

/// A step and its neighbours, all of the same job.
struct PlannedStep {
  const spec::Step* step = nullptr;
  JobId job = {};
  std::vector<Need<StepId>> needs = {};
  std::vector<StepId> unlocks = {};
  std::uint32_t rank = 0;  // among the steps of its job by weight, then by position in the file
};

/// The order of work of one workflow: two acyclic graphs, of its jobs and of the steps within each.
///
/// A Plan is pure structure, fixed once made. It knows no values, drivers or clock, so it can be
/// made, printed and tested without running anything. RunState walks it; Runner carries out what
/// RunState decides.
class Plan {
 public:
  /// Builds the plan of `workflow`, which must not be null, and keeps it alive.
  /// Fails with invalid_input and all problems: two jobs or two steps of a job with one name, a
  /// need that names nothing, needs that form a cycle. The message of a cycle spells the path, so
  /// that one sees which arrow to cut.
  static Result<Plan> make(std::shared_ptr<const spec::Workflow> workflow);

  const spec::Workflow& workflow() const { return *workflow_; }
  std::shared_ptr<const spec::Workflow> shared_workflow() const { return workflow_; }

  /// In file order; an id is an index into these. The steps of one job lie side by side.
  std::span<const PlannedJob> jobs() const { return jobs_; }
  std::span<const PlannedStep> steps() const { return steps_; }
  std::span<const PlannedStep> steps_of(JobId job) const;
  const PlannedJob& operator[](JobId id) const { return jobs_[id.index()]; }
  const PlannedStep& operator[](StepId id) const { return steps_[id.index()]; }

  /// By names as written.
  std::optional<JobId> find_job(std::string_view name) const;
  std::optional<StepId> find_step(JobId job, std::string_view name) const;

 private:
  Plan() = default;

  std::shared_ptr<const spec::Workflow> workflow_;
  std::vector<PlannedJob> jobs_;
  std::vector<PlannedStep> steps_;
};

}  // namespace swamp::engine
