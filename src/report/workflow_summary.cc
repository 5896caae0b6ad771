#include <fmt/format.h>

#include "report/job_group.h"
#include "report/markdown.h"
#include "report/report.h"

namespace swamp::report {

namespace {

std::vector<const StepRun*> model_steps(const WorkflowRun& run) {
  std::vector<const StepRun*> steps;
  for (const StepRun& step : run.steps) {
    if (step.is_model_step()) steps.push_back(&step);
  }
  return steps;
}

std::vector<const StepRun*> failed_steps(const std::vector<const StepRun*>& steps) {
  std::vector<const StepRun*> failed;
  for (const StepRun* step : steps) {
    if (step->ending == Ending::failed) failed.push_back(step);
  }
  return failed;
}

std::string call_of(const StepRun& step) {
  return fmt::format("{} → {}", step.model_name, step.method);
}

std::string commands_cell(const StepRun& step) {
  std::vector<std::string> commands;
  for (const std::string& command : retrieval_commands(step))
    commands.push_back(code(command));
  return commands.empty() ? "No data output." : fmt::format("{}", fmt::join(commands, "<br>"));
}

void add_failures(Markdown& text, const std::vector<const StepRun*>& failed) {
  if (failed.empty()) return;
  text.add("## Failures");
  std::vector<std::vector<std::string>> rows = {{"Job", "Step", "Model", "Retrieval Commands"}};
  for (const StepRun* step : failed) {
    rows.push_back({step->job, bold(step->step), call_of(*step), commands_cell(*step)});
  }
  text.add_table(rows);
}

void add_job(Markdown& text, const JobGroup& group) {
  text.add(fmt::format("## Job: {} ({})", group.job, to_string(group.ending())));
  std::vector<std::vector<std::string>> rows = {{"Step", "Model", "Status"}};
  for (const StepRun* step : group.steps) {
    std::vector<std::string> cells = {step->step, call_of(*step),
                                      std::string(to_string(step->ending))};
    if (step->ending == Ending::failed) {
      for (std::string& cell : cells)
        cell = bold(cell);
    }
    rows.push_back(std::move(cells));
  }
  text.add_table(rows);
}

Value failure_entry(const StepRun& step) {
  return Map{{"jobName", step.job},
             {"stepName", step.step},
             {"modelName", step.model_name},
             {"methodName", step.method},
             {"retrievalCommands", to_list(retrieval_commands(step))}};
}

Value step_entry(const StepRun& step) {
  return Map{{"jobName", step.job},
             {"stepName", step.step},
             {"modelName", step.model_name},
             {"modelType", step.model_type},
             {"methodName", step.method},
             {"status", to_string(step.ending)},
             {"retrievalCommands", to_list(retrieval_commands(step))}};
}

}  // namespace

Report workflow_summary(const WorkflowRun& run) {
  const std::vector<const StepRun*> steps = model_steps(run);
  const std::vector<const StepRun*> failed = failed_steps(steps);
  const Counts counts = count(steps);

  Markdown text;
  text.add(fmt::format("# {}: {}", run.workflow_name, run.status));
  text.add(fmt::format("{} succeeded · {} failed · {} skipped", counts.succeeded, counts.failed,
                       counts.skipped));
  add_failures(text, failed);
  for (const JobGroup& group : by_job(steps))
    add_job(text, group);

  List failure_entries;
  for (const StepRun* step : failed)
    failure_entries.push_back(failure_entry(*step));
  List step_entries;
  for (const StepRun* step : steps)
    step_entries.push_back(step_entry(*step));
  return {.markdown = std::move(text).take(),
          .json = Map{{"status", run.status},
                      {"workflowId", run.workflow_id},
                      {"workflowRunId", run.run_id},
                      {"workflowName", run.workflow_name},
                      {"totalSteps", counts.total()},
                      {"succeeded", counts.succeeded},
                      {"failed", counts.failed},
                      {"skipped", counts.skipped},
                      {"failures", std::move(failure_entries)},
                      {"steps", std::move(step_entries)}}};
}

}  // namespace swamp::report
