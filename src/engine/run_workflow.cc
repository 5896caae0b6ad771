#include "engine/run_workflow.h"

#include "engine/checks.h"
#include "engine/runner.h"

namespace swamp::engine {

/// Connects a control with a runner for as long as the run lasts.
class ControlledRun {
 public:
  ControlledRun(RunControl& control, Runner& runner) : control_(control) {
    control_.runner_ = &runner;
  }
  ~ControlledRun() { control_.runner_ = nullptr; }
  ControlledRun(const ControlledRun&) = delete;
  ControlledRun& operator=(const ControlledRun&) = delete;

 private:
  RunControl& control_;
};

void RunControl::stop(StopCause cause) {
  if (runner_ != nullptr) runner_->stop(std::move(cause));
}

Task<RunOutcome> run_workflow(EngineServices& services,
                              std::shared_ptr<const spec::Workflow> workflow, RunOptions options,
                              RunListener& listener, RunControl& control) {
  SWAMP_CO_CHECK(check_before_run(*workflow, services.directory));
  SWAMP_CO_TRY(Plan plan, Plan::make(std::move(workflow)));
  std::string run_id = services.ids.uuid();
  RunFamily family(services, run_id);
  RunFrame frame{.family = family, .listener = listener};
  SWAMP_CO_TRY(auto runner, co_await Runner::begin(std::move(frame),
                                                   std::make_shared<const Plan>(std::move(plan)),
                                                   std::move(options), std::move(run_id)));
  const ControlledRun controlled(control, *runner);
  SWAMP_CO_TRY(RunOutcome outcome, co_await runner->run());
  // What ends with the run goes with it; a suspended one will want it again.
  if (outcome.status != RunStatus::suspended) SWAMP_CO_CHECK(family.ephemeral().remove());
  co_return outcome;
}

}  // namespace swamp::engine
