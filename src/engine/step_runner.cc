#include "engine/step_runner.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "async/timeout.h"
#include "base/duration.h"
#include "engine/approval_limit.h"
#include "engine/truth.h"
#include "engine/vary.h"
#include "spec/iteration_names.h"
#include "value/json.h"

namespace swamp::engine {
namespace {

constexpr std::size_t kDeepestNesting = 10;

/// The wait before the try after `tried` of them.
std::chrono::milliseconds delay_of(const spec::Retry& retry, int tried) {
  const double delay =
      static_cast<double>(retry.delay.count()) * std::pow(retry.backoff, tried - 1);
  const auto most = static_cast<double>(retry.max_delay.count());
  return std::chrono::milliseconds(static_cast<std::int64_t>(std::min(delay, most)));
}

/// Hears a method and passes it on as what its step says.
class StepListener final : public MethodListener {
 public:
  StepListener(RunTeller& teller, StepId step, const MethodCall& call)
      : teller_(teller),
        step_(step),
        category_(fmt::format("model·method·run·{}·{}", call.instance.name, call.method)) {}

  void on_start() override {}
  void on_output(driver::Chunk::Stream stream, std::string_view line) override {
    teller_.step_output(step_, stream, line, category_);
  }
  void on_notice(std::string_view kind, std::string_view message, Value details) override {
    teller_.step_notice(step_, kind, message, std::move(details));
  }
  void on_report(const ReportEnded& report) override { teller_.step_report(step_, report); }

 private:
  RunTeller& teller_;
  StepId step_;
  std::string category_;
};

/// Runs `task` under the step's time limit.
template <class T>
Task<T> limited(std::optional<std::chrono::milliseconds> limit, Task<T> task) {
  if (!limit) co_return co_await std::move(task);
  auto result = co_await within(*limit, std::move(task));
  if (!result && result.error().code == ErrorCode::timed_out && result.error().name.empty()) {
    co_return fail(Error{.code = ErrorCode::timed_out,
                         .message = fmt::format("ended by its 'timeout' of {}", to_human(*limit))});
  }
  co_return result;
}

Value output_of(const MethodCall& call, const MethodOutcome& outcome) {
  return Map{{"type", "model_method"},      {"model", call.instance.name},
             {"method", call.method},       {"modelType", call.instance.type},
             {"modelId", call.instance.id}, {"outputId", outcome.output_id}};
}

}  // namespace

StepRunner::StepRunner(const RunFacts& facts, RunState& state, RunTeller& teller, StepId step,
                       std::optional<Value> item, int first_attempt)
    : facts_(facts),
      state_(state),
      teller_(teller),
      id_(step),
      step_(*state.planned(step).step),
      job_(teller.job_name(step)),
      item_(std::move(item)),
      first_attempt_(first_attempt) {}

StepReport StepRunner::failed(Error error) const {
  StepReport report{.status = NodeStatus::failed, .allowed = step_.allow_failure};
  if (error.code == ErrorCode::timed_out) report.reason = "timeout";
  if (error.code == ErrorCode::cancelled) report.reason = "cancelled";
  report.error = std::move(error);
  return report;
}

StepView StepRunner::view() const {
  StepView view{.inputs = facts_.inputs};
  if (item_) view.item.emplace(step_.for_each->item, *item_);
  view.identity.run_id = facts_.run_id;
  view.identity.run_started_at = facts_.started_at;
  return view;
}

Evaluation StepRunner::new_evaluation(MethodCaller* methods) const {
  Scope scope;
  scope.set("inputs", facts_.inputs)
      .set("self", self_with_item(empty_self(), view()))
      .set("env", facts_.family.services().process_environment)
      .set("run", facts_.run)
      .set("workflowRunId", facts_.run_id);
  return Evaluation(std::move(scope), facts_.family.context(facts_.data, job_, methods));
}

asio::awaitable<StepReport> StepRunner::run() {
  if (step_.guard) {
    StepReport report = co_await guarded();
    if (report.status != NodeStatus::running) co_return report;
  }
  state_.begin(id_);
  co_return co_await attempts();
}

/// The report of a step that its guard ends; `running` when the guard lets it pass.
asio::awaitable<StepReport> StepRunner::guarded() {
  Evaluation evaluation = new_evaluation(this);
  Result<Value> value = co_await evaluation.value_of(step_.guard);
  if (!value) {
    Error error = std::move(value).error();
    co_return failed(std::move(error).while_doing("evaluating its guard"));
  }
  StepReport report{.status = NodeStatus::running, .guard_expression = step_.guard.text()};
  if (!is_truthy(*value)) co_return report;
  report.status = NodeStatus::skipped;
  report.reason = "guarded";
  report.guard_result = *std::move(value);
  report.attempt = 0;
  co_return report;
}

bool StepRunner::is_retried(const StepReport& report, int tried) const {
  if (report.status != NodeStatus::failed || tried >= step_.retry.attempts) return false;
  if (report.reason == "cancelled") return false;
  return report.reason == "timeout" ? step_.retry.on_timeout : step_.retry.on_failed;
}

asio::awaitable<StepReport> StepRunner::attempts() {
  const bool is_assert = std::holds_alternative<spec::AssertTask>(step_.task);
  auto evaluation = std::make_unique<Evaluation>(new_evaluation(is_assert ? this : nullptr));
  for (int number = first_attempt_;; ++number) {
    const int tried = number - first_attempt_ + 1;
    teller_.step_began(id_, number);
    Result<StepReport> ended = co_await attempt(number, *evaluation);
    StepReport report = ended ? *std::move(ended) : failed(std::move(ended).error());
    report.attempt = number;
    if (!is_retried(report, tried)) co_return report;

    const auto delay = delay_of(step_.retry, tried);
    const std::string why = report.error ? report.error->message : std::string("it failed");
    teller_.step_notice(
        id_, "retry", fmt::format("attempt {} of {} failed: {}", tried, step_.retry.attempts, why),
        Map{{"attempt", number}, {"delayMs", std::int64_t{delay.count()}}});
    if (delay.count() > 0) {
      if (auto slept = co_await sleep_for(delay); !slept)
        co_return failed(std::move(slept).error());
    }
    if (is_assert) {
      // It has no inputs to keep: what it asks is whether things are now as they should be.
      evaluation = std::make_unique<Evaluation>(new_evaluation(this));
    } else {
      // What a token is worth may have ended meanwhile; everything else stays as it was.
      evaluation->forget_secrets();
    }
  }
}

Task<StepReport> StepRunner::attempt(int number, Evaluation& evaluation) {
  if (const auto* task = std::get_if<spec::ModelMethodTask>(&step_.task)) {
    co_return co_await call_model(*task, number, evaluation);
  }
  if (const auto* task = std::get_if<spec::WorkflowTask>(&step_.task)) {
    co_return co_await run_workflow(*task, number, evaluation);
  }
  if (const auto* task = std::get_if<spec::ApprovalTask>(&step_.task)) {
    co_return co_await ask_approval(*task, evaluation);
  }
  co_return co_await limited(step_.timeout,
                             check_assert(std::get<spec::AssertTask>(step_.task), evaluation));
}

// A method of a model.

Provenance StepRunner::provenance(int attempt) const {
  const spec::Workflow& workflow = facts_.plan.workflow();
  return {.triggered_by = "workflow",
          .initiated_by = facts_.options.initiated_by,
          .workflow_id = workflow.id,
          .workflow_name = workflow.name,
          .run_id = facts_.run_id,
          .job = job_,
          .step = state_.name(id_),
          .attempt = attempt,
          .workflow_tags = facts_.workflow_tags,
          .runtime_tags = facts_.options.runtime_tags};
}

void StepRunner::complete(MethodCall& call, int attempt) const {
  call.provenance = provenance(attempt);
  call.selection = facts_.options.selection;
  call.timeout = step_.timeout;
  call.process_input = facts_.options.process_input;
  call.process_variables = facts_.family.services().repository_marks;
  call.process_variables["SWAMP_RUN"] = facts_.run_id;
  call.process_variables["SWAMP_STEP"] = job_ + "/" + state_.name(id_);
  call.log_file = facts_.log_file;
}

/// What tells the reports of an iteration from those of its siblings: its item, or its place where
/// that has no text of its own or is secret.
std::string StepRunner::iteration_suffix() const {
  auto suffix = vary_suffix({*item_});
  return suffix ? *std::move(suffix) : std::to_string(state_.iteration_index(id_));
}

Task<StepReport> StepRunner::call_model(const spec::ModelMethodTask& task, int number,
                                        Evaluation& evaluation) {
  SWAMP_CO_TRY(MethodCall call, co_await resolve_call(step_, task, view(), evaluation));
  complete(call, number);
  if (item_) call.report_suffix = iteration_suffix();
  facts_.data->use(call.instance);
  teller_.step_uses(id_, call);
  teller_.step_resolved(id_, call);

  StepReport report{
      .allowed = step_.allow_failure, .model_name = call.instance.name, .method = call.method};
  const Provenance from = call.provenance;
  const MethodCall told{.method = call.method, .instance = call.instance};
  StepListener listener(teller_, id_, call);
  auto outcome = co_await facts_.family.methods().run(std::move(call), listener);
  report.written = facts_.family.calls().take_written(from);
  if (!outcome) {
    StepReport without = failed(std::move(outcome).error());
    report.status = without.status;
    report.reason = std::move(without.reason);
    report.error = std::move(without.error);
    co_return report;
  }
  report.status = outcome->succeeded ? NodeStatus::succeeded : NodeStatus::failed;
  report.allowed = !outcome->succeeded && step_.allow_failure;
  report.reason = outcome->reason;
  report.error = outcome->error;
  report.output = output_of(told, *outcome);
  report.written.insert(report.written.end(), std::make_move_iterator(outcome->written.begin()),
                        std::make_move_iterator(outcome->written.end()));
  report.reports = std::move(outcome->report_artifacts);
  report.infos = std::move(outcome->infos);
  co_return report;
}

/// `model.method(…)` in a guard or assert: runs the method as a call of this step, without reports.
Task<Value> StepRunner::call_method(std::string model, std::string method, Value inputs) {
  Evaluation evaluation = new_evaluation(nullptr);
  CallNames names{.model = std::move(model), .method = std::move(method)};
  SWAMP_CO_TRY(MethodCall call,
               co_await resolve_plain_call(std::move(names), inputs.as_map(), view(), evaluation));
  complete(call, 1);
  call.selection.skip_reports = true;
  facts_.data->use(call.instance);
  teller_.step_uses(id_, call);
  StepListener listener(teller_, id_, call);
  SWAMP_CO_TRY(const MethodOutcome outcome,
               co_await facts_.family.methods().run(std::move(call), listener));
  if (!outcome.succeeded) {
    if (outcome.error) co_return fail(*outcome.error);
    co_return fail(ErrorCode::internal, "the method failed without a reason");
  }
  for (const WrittenArtifact& written : outcome.written) {
    if (written.artifact.metadata.tags.get("type") != "resource") continue;
    SWAMP_CO_TRY(const std::string content, facts_.family.artifacts().content(written.artifact));
    co_return parse_json(content, written.artifact.metadata.name);
  }
  co_return Value();
}

// Another workflow.

Task<StepReport> StepRunner::run_workflow(const spec::WorkflowTask& task, int number,
                                          Evaluation& evaluation) {
  SWAMP_CO_TRY(const std::string name,
               co_await evaluation.name_of(task.workflow, "'workflowIdOrName'"));
  SWAMP_CO_TRY(Map inputs, co_await evaluation.map_of(task.inputs, "'inputs'"));
  SWAMP_CO_TRY(auto workflow, facts_.family.services().directory.find_workflow(name));
  const auto& around = facts_.ancestors;
  if (std::find(around.begin(), around.end(), workflow->id) != around.end()) {
    co_return fail(
        Error{.code = ErrorCode::invalid_input,
              .message = fmt::format("workflow '{}' would run within itself", workflow->name),
              .where = task.workflow.where()});
  }
  if (around.size() > kDeepestNesting) {
    co_return fail(ErrorCode::invalid_input,
                   fmt::format("workflows are nested more than {} deep", kDeepestNesting));
  }
  NestedRun nested{.workflow = std::move(workflow),
                   .inputs = std::move(inputs),
                   .step = id_,
                   .attempt = number,
                   .limit = step_.timeout};
  const std::string workflow_name = nested.workflow->name;
  SWAMP_CO_TRY(const NestedOutcome ended, co_await facts_.nested->run_nested(std::move(nested)));
  const RunOutcome& outcome = ended.run;

  StepReport report{.output = Map{{"type", "workflow"},
                                  {"workflow", workflow_name},
                                  {"runId", outcome.run_id},
                                  {"status", std::string(to_string(outcome.status))}}};
  if (outcome.failed_asserts) report.output.mutable_map().set(std::string(kFailedAsserts), true);
  if (outcome.status == RunStatus::succeeded) co_return report;
  if (outcome.status == RunStatus::suspended) {
    report.status = NodeStatus::waiting_approval;
    co_return report;
  }
  report.status = NodeStatus::failed;
  report.allowed = step_.allow_failure;
  const std::string& step = outcome.record.failed_step;
  if (outcome.status == RunStatus::cancelled) {
    report.reason = ended.timed_out ? "timeout" : "cancelled";
    report.error =
        Error{.code = ended.timed_out ? ErrorCode::timed_out : ErrorCode::cancelled,
              .message = fmt::format("workflow '{}' was ended: {}", workflow_name, outcome.reason)};
  } else if (step.empty()) {
    report.error = Error{.code = ErrorCode::unavailable,
                         .message = fmt::format("workflow '{}' failed", workflow_name)};
  } else {
    report.error =
        Error{.code = ErrorCode::unavailable,
              .message = fmt::format("workflow '{}' failed at step '{}': {}", workflow_name, step,
                                     outcome.record.failure_reason)};
  }
  co_return report;
}

// Gates and asserts.

Task<StepReport> StepRunner::ask_approval(const spec::ApprovalTask& task, Evaluation& evaluation) {
  SWAMP_CO_TRY(std::string prompt, co_await evaluation.name_of(task.prompt, "'prompt'"));
  StepReport report{.status = NodeStatus::waiting_approval,
                    .prompt = std::move(prompt),
                    .gate_timeout = approval_limit(step_)};
  co_return report;
}

Task<StepReport> StepRunner::check_assert(const spec::AssertTask& task, Evaluation& evaluation) {
  AssertChecked checked{.expression = task.expr.text(),
                        .severity = std::string(spec::to_string(task.severity))};
  Result<Value> value = co_await evaluation.value_of(task.expr);
  if (!value && value.error().code == ErrorCode::cancelled) co_return fail(value.error());
  checked.passed = value && is_truthy(*value);
  const Result<Value> message = co_await evaluation.value_of(task.message);
  checked.message = message && message->is_string() ? message->as_string() : task.message.text();
  if (message && message->is_secret()) checked.message = message->secret_origin()->expression;

  StepReport report;
  if (!value) {
    checked.error = value.error();
    report = failed(std::move(value).error());
  } else if (!checked.passed) {
    report = failed(Error{.code = ErrorCode::invalid_input,
                          .message = fmt::format("assertion failed: {}", checked.message),
                          .where = task.expr.where(),
                          .name = "assertion_failed"});
    const auto& fail_on = facts_.options.fail_on;
    report.allowed = step_.allow_failure || (fail_on && task.severity < *fail_on);
  }
  report.assertion = std::move(checked);
  co_return report;
}

// Iterations.

Task<StepRunner::Iterations> StepRunner::iterations() {
  Evaluation evaluation = new_evaluation(nullptr);
  SWAMP_CO_TRY(const Value in, co_await evaluation.value_of(step_.for_each->in));
  auto rounds = spec::iterations_of(in);
  if (!rounds) {
    Error error = std::move(rounds).error();
    error.where = step_.for_each->in.where();
    co_return fail(std::move(error));
  }
  Iterations result;
  for (spec::Iteration& round : *rounds) {
    std::string name = spec::iteration_name(step_.name.text(), round);
    if (step_.name.has_expressions()) {
      Map self = empty_self();
      self.set(step_.for_each->item, round.element);
      evaluation.scope().set("self", std::move(self));
      // A name that cannot be evaluated stays as it is written, with what tells it from the others;
      // one that would tell a secret is refused.
      auto evaluated = co_await evaluation.name_of(step_.name, "'name'");
      if (!evaluated && evaluated.error().code == ErrorCode::denied)
        co_return fail(std::move(evaluated).error());
      if (evaluated) name = *std::move(evaluated);
    }
    result.names.push_back(std::move(name));
    result.items.push_back(std::move(round.element));
  }
  co_return result;
}

}  // namespace swamp::engine
