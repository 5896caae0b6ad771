#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "base/result.h"
#include "engine/admission.h"
#include "engine/plan.h"
#include "engine/ready_queue.h"
#include "engine/run_event.h"

namespace swamp::engine {

/// How a step ended: succeeded, failed or skipped.
struct StepEnding {
  NodeStatus status = NodeStatus::succeeded;
  std::string reason = {};  // as StepEnded::reason
  bool allowed = false;     // of a failure: it does not make the job fail
};

/// Why nodes are ended or skipped before their time.
struct StopCause {
  std::string reason = "cancelled";  // `cancelled`, `timeout`
  std::string message = {};          // for the error of steps that it ends
};

/// What RunState wants done: evaluate the list of a forEach and tell expand(), or do the step and
/// tell end().
struct StepToStart {
  enum class Action : std::uint8_t { expand, run };
  StepId step;
  Action action = Action::run;
};

// What followed from what RunState was told, in order.
struct JobBegan {
  JobId job;
};
struct JobFinished {
  JobId job;
  NodeStatus status =
      NodeStatus::succeeded;  // succeeded, failed or skipped; skipped: so are all its steps
};
struct StepSkipped {
  StepId step;
  std::string reason;  // `dependency`, or that of a StopCause
};
/// All iterations of a forEach have ended.
struct TemplateFinished {
  StepId step;
  StepEnding ending;
};
/// A step that was taken, or a gate that waits, has to be ended; end() is still to be told.
struct StepMustEnd {
  StepId step;
  StopCause cause;
};
using Effect = std::variant<JobBegan, JobFinished, StepSkipped, TemplateFinished, StepMustEnd>;

/// What an earlier process left of a run. Names that the plan does not have any more are passed
/// over.
struct Past {
  struct Step {
    std::string name;                           // expanded
    NodeStatus status = NodeStatus::succeeded;  // terminal, or waiting_approval
    std::string reason = {};
    bool allowed = false;
  };
  struct Expansion {
    std::string step;  // the template's name as written
    std::vector<std::string> names;
  };
  struct Job {
    std::string name;
    NodeStatus status = NodeStatus::pending;
    std::vector<Expansion> expansions = {};
    std::vector<Step> steps = {};
  };
  std::vector<Job> jobs = {};
  /// A failure in it counts for `failFast`, as in a run that was interrupted; not when somebody
  /// asked for steps to run again in spite of the failure.
  bool failures_stop = true;
};

/// Which job or step may start now, and what has become of each: the only place where states
/// change.
///
/// A plain state machine without clock, I/O or values; every call costs about as much as it
/// changes. The Runner asks take_ready(), does what it gets, tells how it went, and passes on the
/// effects.
///
/// Jobs and steps start as soon as all they need has ended and their conditions hold. Of what could
/// start, jobs and then steps of less weight come first, then those that stand first in the file.
class RunState {
 public:
  explicit RunState(std::shared_ptr<const Plan> plan, const Past& past = {});

  // What the Runner asks.

  /// Takes at most `most` steps; they count as taken until end(), expand() or await_approval().
  std::vector<StepToStart> take_ready(std::size_t most);
  bool has_ready() const { return !runnable_jobs_.empty(); }
  std::vector<Effect> take_effects();
  /// Nothing is pending, running or waiting any more.
  bool is_done() const { return open_jobs_ == 0; }
  /// Gates wait, and nothing else can be done.
  bool is_suspended() const { return !is_done() && taken_ == 0 && runnable_jobs_.empty(); }
  /// Of the run as a whole: running until is_done() or is_suspended().
  RunStatus status() const;

  // What the Runner tells. `step` must be taken (end(): or wait for approval).

  /// The step has really begun: from now on it is `running`.
  void begin(StepId step);
  void end(StepId step, StepEnding ending);
  /// The forEach `step` has these iterations. Fails with invalid_input when two have one name, or
  /// one has that of another step of the job; nothing is changed then.
  Result<> expand(StepId step, std::vector<std::string> names);
  /// The gate `step` holds back what depends on it, and nothing else.
  void await_approval(StepId step);

  /// Ends what runs and starts nothing more, except nodes that have conditions, all of them
  /// `always` or `completed`, and that no failure before it has ruled out (`failFast`).
  void stop(StopCause cause);
  void stop_job(JobId job, StopCause cause);
  /// Ends those too. To be called after stop().
  void halt();
  void halt_job(JobId job);

  // What is known. Ids of iterations come after those of the plan.

  const Plan& plan() const { return *plan_; }
  std::size_t step_count() const { return steps_.size(); }
  NodeStatus status(JobId job) const { return jobs_[job.index()].status; }
  NodeStatus status(StepId step) const { return steps_[step.index()].status; }
  bool is_allowed_failure(StepId step) const { return steps_[step.index()].allowed; }
  const std::string& reason(StepId step) const { return steps_[step.index()].reason; }
  bool is_taken(StepId step) const { return steps_[step.index()].phase == Phase::taken; }
  const std::optional<StopCause>& stop_cause() const { return stopped_; }

  /// The plan's step: the template, for an iteration.
  const PlannedStep& planned(StepId step) const { return (*plan_)[template_of(step)]; }
  /// The expanded name.
  const std::string& name(StepId step) const;
  bool is_iteration(StepId step) const { return step.index() >= plan_->steps().size(); }
  /// The template of an iteration; any other step itself.
  StepId template_of(StepId step) const;
  std::size_t iteration_index(StepId step) const { return steps_[step.index()].index; }
  /// Whether the list of this forEach is known, and the iterations it gave.
  bool is_expanded(StepId step) const { return expansions_.count(step) != 0; }
  const std::vector<StepId>& iterations(StepId step) const;
  /// By expanded name, or that of a template that has not been expanded.
  std::optional<StepId> find_step(JobId job, std::string_view name) const;

 private:
  enum class Phase : std::uint8_t {
    blocked,  // something it needs has not ended, or its job has not begun
    held,     // an iteration that waits for the cap of its forEach
    ready,
    taken,
    waiting,   // for an approval
    expanded,  // a forEach whose iterations are under way
    done
  };

  struct StepNode {
    Phase phase = Phase::blocked;
    NodeStatus status = NodeStatus::pending;
    bool allowed = false;
    std::uint32_t open_needs = 0;
    std::uint32_t index = 0;  // of an iteration
    StepId home = {};         // the template of an iteration; else itself
    std::string reason = {};
  };

  enum class JobPhase : std::uint8_t {
    blocked,
    queued,  // for one of the places that the workflow's cap leaves
    active,
    parked,  // only approvals can bring it on: it takes no place
    done
  };

  struct JobNode {
    JobPhase phase = JobPhase::blocked;
    NodeStatus status = NodeStatus::pending;
    Admission mode = Admission::normal;
    Admission spared = Admission::normal;  // the run's mode when the job began in spite of it
    bool has_begun = false;                // also by an earlier process
    bool failed = false;
    std::uint32_t open_needs = 0;
    std::size_t open_steps = 0;  // of the plan
    ReadyQueue queue = ReadyQueue();
    std::optional<StopCause> stopped = std::nullopt;
  };

  struct Expansion {
    std::vector<StepId> iterations = {};
    bool is_started = false;
    std::size_t next = 0;       // the first that may still be held
    std::size_t in_flight = 0;  // ready or taken
    std::size_t open = 0;
    bool any_failed = false;
    bool any_unallowed = false;
    bool all_skipped = true;
  };

  JobNode& at(JobId job) { return jobs_[job.index()]; }
  StepNode& at(StepId step) { return steps_[step.index()]; }
  const StepNode& at(StepId step) const { return steps_[step.index()]; }
  JobId job_of(StepId step) const { return planned(step).job; }
  Admission mode_of(const JobNode& job) const;
  bool is_admitted(JobId job) const;
  bool is_admitted(StepId step) const;

  // run_state_past.cc
  void recall(const Past& past);
  void recall_job(JobId job, const Past::Job& past);
  void recall_step(StepId step, const Past::Step& past);
  void recall_failures();
  void drop_known_effects(const Past& past);

  // run_state_jobs.cc
  void decide_job(JobId job);
  void queue_job(JobId job);
  bool admit_jobs();
  void begin_job(JobId job);
  void park_if_idle(JobId job);
  bool park_idle_jobs();
  void finish_job(JobId job, NodeStatus status);
  void skip_job(JobId job);
  void settle_job(JobId job);
  void update_runnable(JobId job);
  void fail_fast(StepId cause);
  void restrict_job(JobId job, Admission mode, const StopCause& cause);
  void restrict_all(Admission mode, const StopCause& cause);
  void apply_mode(JobId job, const StopCause& cause);

  void decide_step(StepId step);
  void make_ready(StepId step);
  void enqueue(StepId step);
  void leave_queue(StepId step);
  void skip_step(StepId step);
  void release(StepId step);
  void settle(StepId step, StepEnding ending);
  void settle_iteration(StepId step);
  void settle_planned(StepId step);
  void feed(StepId template_step);
  bool drain_settled();
  void drain();
  ReadyQueue::Counting counting_of(StepId step) const;
  std::string skip_reason(StepId step) const;

  Result<> check_names(StepId step, const std::vector<std::string>& names);
  void add_iterations(StepId step, std::vector<std::string> names);
  const std::unordered_map<std::string_view, StepId>& names_of(JobId job) const;
  std::vector<StepId> all_steps(JobId job) const;

  std::shared_ptr<const Plan> plan_;
  std::vector<JobNode> jobs_;
  std::vector<StepNode> steps_;              // those of the plan, then iterations
  std::deque<std::string> iteration_names_;  // keeps its texts in place
  std::unordered_map<StepId, Expansion> expansions_;
  mutable std::unordered_map<JobId, std::unordered_map<std::string_view, StepId>>
      names_;  // made at first need
  std::vector<JobId> by_rank_;
  std::set<std::uint32_t> queued_jobs_;    // ranks
  std::set<std::uint32_t> runnable_jobs_;  // ranks of active jobs with a step that can be taken now
  std::size_t active_jobs_ = 0;
  std::size_t open_jobs_ = 0;
  std::size_t taken_ = 0;
  bool any_failed_ = false;
  Admission mode_ = Admission::normal;
  std::optional<StopCause> stopped_;
  std::deque<StepId> settled_;  // ended, and not yet told to what depends on them
  std::deque<JobId> settled_jobs_;
  std::vector<JobId> maybe_idle_;
  std::vector<Effect> effects_;
};

}  // namespace swamp::engine
