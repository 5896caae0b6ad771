#include "engine/run_teller.h"

#include <fmt/format.h>

namespace swamp::engine {
namespace {

using Clock_point = std::chrono::steady_clock::time_point;

Clock_point& slot(std::vector<Clock_point>& times, std::size_t index) {
  if (times.size() <= index) times.resize(index + 1);
  return times[index];
}

std::chrono::milliseconds since(const std::vector<Clock_point>& times, std::size_t index,
                                Clock_point now) {
  if (times.size() <= index || times[index] == Clock_point()) return std::chrono::milliseconds(0);
  return std::chrono::duration_cast<std::chrono::milliseconds>(now - times[index]);
}

std::optional<std::chrono::seconds> in_seconds(std::optional<std::chrono::milliseconds> time) {
  if (!time) return std::nullopt;
  return std::chrono::ceil<std::chrono::seconds>(*time);
}

}  // namespace

Error masked(Error error, const vault::Redactor& redactor) {
  if (redactor.empty()) return error;
  error.message = redactor.mask(error.message);
  error.hint = redactor.mask(error.hint);
  for (std::string& note : error.notes) {
    note = redactor.mask(note);
  }
  for (Error& more : error.also) {
    more = masked(std::move(more), redactor);
  }
  return error;
}

StepPath RunTeller::path_of(StepId step) const {
  StepPath path{.parents = setup_.parents, .job = job_name(step), .step = setup_.state.name(step)};
  if (setup_.state.is_iteration(step)) {
    path.for_each_template = setup_.state.name(setup_.state.template_of(step));
    path.for_each_index = static_cast<int>(setup_.state.iteration_index(step));
  }
  return path;
}

const std::string& RunTeller::job_name(StepId step) const {
  return setup_.state.plan()[setup_.state.planned(step).job].job->name;
}

void RunTeller::log(LogLevel level, StepId step, std::string_view text) {
  const std::string category =
      fmt::format("workflow·run·{}·{}·{}", setup_.recorder.record().workflow_name, job_name(step),
                  setup_.state.name(step));
  setup_.log.line(level, category, text);
}

void RunTeller::log(LogLevel level, std::string_view text) {
  setup_.log.line(level, fmt::format("workflow·run·{}", setup_.recorder.record().workflow_name),
                  text);
}

// The run and its jobs.

void RunTeller::run_started(bool resumed) {
  const store::RunRecord& record = setup_.recorder.record();
  RunStarted event{.run_id = record.id,
                   .workflow_id = record.workflow_id,
                   .workflow_name = record.workflow_name,
                   .log_path = record.log_file,
                   .resumed = resumed,
                   .parents = setup_.parents};
  for (const PlannedJob& planned : setup_.state.plan().jobs()) {
    RunStarted::Job job{.name = planned.job->name, .step_count = planned.step_count};
    for (const spec::Dependency& need : planned.job->depends_on) {
      job.depends_on.push_back(need.target);
    }
    event.jobs.push_back(std::move(job));
  }
  log(LogLevel::info, fmt::format("run {} {}", record.id, resumed ? "goes on" : "starts"));
  tell(std::move(event));
}

void RunTeller::run_suspended(StepId gate, std::string_view prompt,
                              std::optional<std::chrono::milliseconds> timeout) {
  log(LogLevel::info, fmt::format("suspended until '{}' is approved", setup_.state.name(gate)));
  tell(RunSuspended{.job = job_name(gate),
                    .step = setup_.state.name(gate),
                    .prompt = mask(prompt),
                    .timeout = in_seconds(timeout),
                    .parents = setup_.parents});
}

void RunTeller::run_ended(RunStatus status, std::string_view reason,
                          std::chrono::milliseconds duration) {
  const store::RunRecord& record = setup_.recorder.record();
  log(status == RunStatus::succeeded || status == RunStatus::suspended ? LogLevel::info
                                                                       : LogLevel::error,
      fmt::format("run {}", to_string(status)));
  setup_.log.flush();
  tell(RunEnded{.run_id = record.id,
                .workflow_name = record.workflow_name,
                .status = status,
                .duration = duration,
                .reason = std::string(reason),
                .parents = setup_.parents});
}

void RunTeller::run_notice(std::string_view kind, std::string_view message) {
  log(LogLevel::warning, mask(message));
  tell(RunNotice{.kind = std::string(kind), .message = mask(message)});
}

void RunTeller::job_began(JobId job) {
  slot(job_began_, job.index()) = setup_.clock.steady();
  const spec::Job& written = *setup_.state.plan()[job].job;
  const std::string& name = written.name;
  setup_.recorder.job_began(name, written.timeout.has_value());
  tell(JobStarted{.job = name, .parents = setup_.parents});
}

void RunTeller::job_ended(JobId job, NodeStatus status) {
  const std::string& name = setup_.state.plan()[job].job->name;
  setup_.recorder.job_changed(name, status);
  tell(JobEnded{.job = name,
                .status = status,
                .duration = since(job_began_, job.index(), setup_.clock.steady()),
                .parents = setup_.parents});
}

// Steps.

void RunTeller::step_began(StepId step, int attempt) {
  slot(began_, step.index()) = setup_.clock.steady();
  setup_.recorder.step_began(job_name(step), setup_.state.name(step), attempt);
  tell(StepStarted{.path = path_of(step), .attempt = attempt});
}

void RunTeller::step_uses(StepId step, const MethodCall& call) {
  setup_.recorder.uses(job_name(step), setup_.state.name(step), call.instance, call.method);
}

void RunTeller::step_resolved(StepId step, const MethodCall& call) {
  tell(MethodResolved{.path = path_of(step),
                      .model_name = call.instance.name,
                      .model_type = call.instance.type,
                      .model_id = call.instance.id,
                      .method = call.method,
                      .ephemeral = call.instance.ephemeral,
                      .global_arguments = setup_.redactor.mask_leaves(call.global_arguments)});
}

void RunTeller::step_output(StepId step, driver::Chunk::Stream stream, std::string_view line,
                            std::string_view category) {
  const std::string text = mask(line);
  setup_.log.line(stream == driver::Chunk::Stream::out ? LogLevel::info : LogLevel::warning,
                  category, text);
  tell(MethodOutput{.path = path_of(step), .stream = stream, .line = text});
}

void RunTeller::step_notice(StepId step, std::string_view kind, std::string_view message,
                            Value details) {
  log(LogLevel::info, step, mask(message));
  tell(StepNotice{.path = path_of(step),
                  .kind = std::string(kind),
                  .message = mask(message),
                  .details = setup_.redactor.mask_leaves(details)});
}

void RunTeller::step_report(StepId step, ReportEnded report) {
  report.path = path_of(step);
  tell(std::move(report));
}

void RunTeller::step_expanded(StepId step, const std::vector<std::string>& names,
                              const List& items) {
  setup_.recorder.expanded(job_name(step), setup_.state.name(step), names, items);
}

void RunTeller::step_skipped(StepId step, std::string_view reason) {
  StepReport report{.status = NodeStatus::skipped, .reason = std::string(reason), .attempt = 0};
  step_ended(step, report);
}

void RunTeller::gate_opened(StepId step, const StepReport& report) {
  setup_.recorder.gate_opened(job_name(step), setup_.state.name(step), mask(report.prompt));
  log(LogLevel::info, step, fmt::format("waits for an approval: {}", mask(report.prompt)));
  tell(ApprovalRequested{.path = path_of(step),
                         .run_id = setup_.recorder.record().id,
                         .prompt = mask(report.prompt),
                         .timeout = in_seconds(report.gate_timeout)});
}

void RunTeller::nested_suspended(StepId step, std::string_view workflow) {
  setup_.recorder.gate_opened(job_name(step), setup_.state.name(step), "");
  log(LogLevel::info, step, fmt::format("waits for approvals of workflow '{}'", workflow));
}

Task<> RunTeller::nested_begins(StepId step, std::string_view workflow, std::string_view run_id) {
  return setup_.recorder.nested_begins(job_name(step), setup_.state.name(step), workflow, run_id);
}

void RunTeller::step_ended(StepId step, const StepReport& report) {
  StepResult result{.status = report.status,
                    .reason = report.reason,
                    .allowed = report.allowed,
                    .output = setup_.redactor.mask_leaves(report.output),
                    .written = report.written,
                    .reports = report.reports};
  StepEnded event{.path = path_of(step),
                  .status = report.status,
                  .duration = since(began_, step.index(), setup_.clock.steady()),
                  .reason = report.reason,
                  .allowed_failure = report.allowed,
                  .guard_expression = report.guard_expression,
                  .guard_result = setup_.redactor.mask_leaves(report.guard_result),
                  .model_name = report.model_name,
                  .method = report.method,
                  .artifacts = report.infos};
  if (report.error) {
    event.error = masked(*report.error, setup_.redactor);
    result.error = event.error->message;
    log(LogLevel::error, step, result.error);
  }
  if (report.assertion) {
    AssertChecked checked = *report.assertion;
    checked.path = event.path;
    checked.message = mask(checked.message);
    if (checked.error) checked.error = masked(std::move(*checked.error), setup_.redactor);
    Map assertion{{"passed", checked.passed},
                  {"expr", checked.expression},
                  {"message", checked.message},
                  {"severity", checked.severity}};
    if (checked.error) assertion.set("error", checked.error->message);
    result.assertion = std::move(assertion);
    tell(std::move(checked));
  }
  const auto recorded = setup_.recorder.step_ended(job_name(step), setup_.state.name(step),
                                                   report.attempt, std::move(result));
  setup_.announcer.tell_once_durable(std::move(event), setup_.recorder.journal(), recorded);
}

}  // namespace swamp::engine
