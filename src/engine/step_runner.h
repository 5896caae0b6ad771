#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "async/task.h"
#include "engine/evaluation.h"
#include "engine/plan.h"
#include "engine/resolve.h"
#include "engine/run_data.h"
#include "engine/run_family.h"
#include "engine/run_options.h"
#include "engine/run_state.h"
#include "engine/run_teller.h"

namespace swamp::engine {

/// A run that a step starts, seen from the step.
struct NestedRun {
  std::shared_ptr<const spec::Workflow> workflow;
  Map inputs;
  StepId step;
  int attempt = 1;
  std::optional<std::chrono::milliseconds> limit = std::nullopt;  // the step's `timeout`
};

/// How it ended, and whether a time limit ended it, its own or one from outside.
struct NestedOutcome {
  RunOutcome run;
  bool timed_out = false;
};

/// In the output of a step that runs a workflow: an assert in there failed that `--fail-on` is
/// about.
inline constexpr std::string_view kFailedAsserts = "failedAsserts";

/// Starts runs within a run: implemented by the Runner, which knows how to run one.
class NestedRuns {
 public:
  virtual ~NestedRuns() = default;
  virtual Task<NestedOutcome> run_nested(NestedRun nested) = 0;
};

/// What the steps of one run have in common. Everything outlives the steps.
struct RunFacts {
  RunFamily& family;
  const RunOptions& options;
  const Plan& plan;
  Map inputs;  // bound
  Value run;   // what `run` is in expressions
  std::string run_id;
  std::string started_at;
  std::string log_file;  // relative to the repository
  std::vector<std::pair<std::string, std::string>> workflow_tags = {};
  std::vector<std::string> ancestors =
      {};  // ids of the workflows around this one, outermost first, and its own
  RunData* data = nullptr;
  NestedRuns* nested = nullptr;
};

/// Does one step: guard, evaluation, attempts. Tells what happens meanwhile; how it ended is
/// returned, and told by whoever called.
class StepRunner final : private MethodCaller {
 public:
  /// All outlive the runner. `item` is the element of an iteration, `first_attempt` the number of
  /// the next try.
  StepRunner(const RunFacts& facts, RunState& state, RunTeller& teller, StepId step,
             std::optional<Value> item, int first_attempt);

  /// Does the step. Never fails: what goes wrong is in the report.
  asio::awaitable<StepReport> run();

  /// The iterations of a forEach: their names, and their elements.
  struct Iterations {
    std::vector<std::string> names;
    List items;
  };
  Task<Iterations> iterations();

 private:
  Task<Value> call_method(std::string model, std::string method, Value inputs) override;

  asio::awaitable<StepReport> guarded();
  asio::awaitable<StepReport> attempts();
  bool is_retried(const StepReport& report, int tried) const;
  Task<StepReport> attempt(int number, Evaluation& evaluation);
  Task<StepReport> call_model(const spec::ModelMethodTask& task, int number,
                              Evaluation& evaluation);
  Task<StepReport> run_workflow(const spec::WorkflowTask& task, int number, Evaluation& evaluation);
  Task<StepReport> ask_approval(const spec::ApprovalTask& task, Evaluation& evaluation);
  Task<StepReport> check_assert(const spec::AssertTask& task, Evaluation& evaluation);

  Evaluation new_evaluation(MethodCaller* methods) const;
  StepView view() const;
  Provenance provenance(int attempt) const;
  std::string iteration_suffix() const;
  void complete(MethodCall& call, int attempt) const;
  StepReport failed(Error error) const;

  const RunFacts& facts_;
  RunState& state_;
  RunTeller& teller_;
  StepId id_;
  const spec::Step& step_;
  std::string job_;
  std::optional<Value> item_;
  int first_attempt_;  // above 1 when an earlier process had tried
};

}  // namespace swamp::engine
