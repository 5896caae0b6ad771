#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "async/event.h"
#include "async/task_group.h"
#include "engine/announcer.h"
#include "engine/recorder.h"
#include "engine/recovery.h"
#include "engine/run_family.h"
#include "engine/run_options.h"
#include "engine/run_reports.h"
#include "engine/run_state.h"
#include "engine/run_teller.h"
#include "engine/step_runner.h"

namespace swamp::engine {

/// How long a run may take, and what it is told when it took longer.
struct RunLimit {
  std::chrono::milliseconds left;
  StopCause cause;
};

/// Where a run takes place.
struct RunFrame {
  RunFamily& family;
  Announcer& announcer;
  std::vector<std::string> parents = {};    // `job/step` of each enclosing run, outermost first
  std::vector<std::string> ancestors = {};  // ids of the workflows of the enclosing runs
  RunData* parent_data = nullptr;
  std::optional<RunLimit> limit = std::nullopt;  // of the step that it runs within
};

/// What clean-up may still take after a run or job was stopped.
inline constexpr std::chrono::seconds kCleanUpTime(60);

/// One run of a workflow: starts what RunState says, waits, tells RunState how it went, and passes
/// on what follows.
///
/// Decides nothing itself. Used from the event loop's thread.
class Runner final : private NestedRuns {
 public:
  /// Puts a new run on record. Fails before there is a record when inputs do not fit.
  static Task<std::unique_ptr<Runner>> begin(RunFrame frame,
                                             std::shared_ptr<const spec::Workflow> workflow,
                                             RunOptions options, std::string run_id);

  /// Goes on with what an earlier process left. `options.inputs` are bound already. Failures that
  /// are on record do not stop anything when `failures_stop` is false.
  static Task<std::unique_ptr<Runner>> resume(RunFrame frame, std::shared_ptr<const Plan> plan,
                                              RunOptions options, LeftRun left, bool failures_stop);
  ~Runner() override;

  const std::string& run_id() const { return facts_.run_id; }

  /// Runs until nothing is left to do, or only approvals can bring the run on. A cancelled task
  /// stops the run as stop() does and still ends with its outcome. Fails only when the run could
  /// not be kept on record.
  Task<RunOutcome> run();

  /// Stops the run: what runs is ended, only clean-up still starts and has kCleanUpTime. A second
  /// call ends that too.
  void stop(StopCause cause);

  /// Ends a step that runs, `job/step`, of this run or of one within it. False when there is none.
  bool cancel_step(std::string_view run_id, std::string_view step, const StopCause& cause);

 private:
  struct Running;

  Runner(RunFrame frame, std::shared_ptr<const Plan> plan, RunOptions options, const Past& past);
  Result<> open(RunHistory history, std::unique_ptr<store::Journal> journal);

  void recall(const store::RunRecord& record);
  void recall_step(const store::JobRecord& job, const store::StepRecord& step);
  Task<NestedOutcome> run_nested(NestedRun nested) override;
  Task<std::unique_ptr<Runner>> open_nested(NestedRun nested, std::string run_id, bool goes_on);
  Task<std::unique_ptr<Runner>> resume_nested(RunFrame frame,
                                              std::shared_ptr<const spec::Workflow> workflow,
                                              RunOptions options, std::string run_id);
  RunOutcome outcome_of(store::RunRecord record) const;
  bool has_failed_assert(const store::RunRecord& record) const;

  void start_ready();
  Task<> run_step(StepToStart next, Running& running);
  Task<> do_step(StepToStart next, Running& running);
  void finish_step(StepToStart next, Running& running);
  void finish_expansion(StepId step, Result<StepRunner::Iterations> iterations,
                        const std::optional<StopCause>& cause);
  void open_gate(StepId step, const StepReport& report);
  void end_step(StepId step, StepReport report, const std::optional<StopCause>& cause);
  void give_back_slot(Running& running);
  std::optional<Value> item_of(StepId step) const;
  int next_attempt(StepId step) const;
  std::string address_of(StepId step) const;  // `job/step`

  void end_running(Running& running, const StopCause& cause);
  void follow_effects();
  void follow(const Effect& effect);
  void end_gate(StepId step, const StopCause& cause);

  void arm_limits();
  std::optional<RunLimit> limit() const;
  void arm_gates();
  Task<> limit_run(RunLimit limit);
  std::chrono::milliseconds left_of(JobId job) const;
  Task<> limit_job(JobId job, std::chrono::milliseconds left);
  Task<> limit_gate(StepId step, std::chrono::milliseconds limit);
  Task<> halt_later();

  Task<> keep_evaluated();
  RunReports make_reports(RunStatus& status);
  Task<RunOutcome> conclude();

  RunFrame frame_;
  EngineServices& services_;
  std::shared_ptr<const Plan> plan_;
  RunOptions options_;
  RunState state_;
  RunData data_;
  RunFacts facts_;
  std::unique_ptr<Recorder> recorder_;
  std::unique_ptr<RunLog> log_;
  std::unique_ptr<RunTeller> teller_;
  bool is_resumed_ = false;
  std::chrono::steady_clock::time_point began_at_;

  std::unordered_map<StepId, List> items_;  // of forEach steps
  std::unordered_map<StepId, std::unique_ptr<Running>> running_;
  std::unordered_map<StepId, StepReport> gates_;    // that wait
  std::unordered_map<StepId, Timestamp> asked_at_;  // of gates of an earlier process
  std::map<std::string, std::string>
      left_runs_;                        // runs of steps that did not end: `job/step` -> run id
  std::map<std::string, int> attempts_;  // of those steps, by an earlier process
  std::set<std::string> checked_;        // ids of workflows that may run within this one
  std::optional<TaskGroup> steps_;
  std::optional<TaskGroup> timers_;
  std::unique_ptr<Event> wake_;
};

}  // namespace swamp::engine
