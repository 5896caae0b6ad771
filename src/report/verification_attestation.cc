#include <fmt/format.h>

#include "report/job_group.h"
#include "report/markdown.h"
#include "report/report.h"

namespace swamp::report {

namespace {

std::string_view mark(Ending ending) {
  switch (ending) {
    case Ending::succeeded:
      return "✓";
    case Ending::failed:
      return "✗";
    default:
      return "○";
  }
}

std::string input_or_unknown(const WorkflowRun& run, std::string_view name) {
  const Value& input = run.inputs[name];
  if (input.is_secret()) return input.secret_origin()->expression;
  return input.is_string() && !input.as_string().empty() ? input.as_string() : "unknown";
}

/// What a step ran: the model's type, or the kind of its task.
const std::string& what_ran(const StepRun& step) {
  return step.is_model_step() ? step.model_type : step.kind;
}

std::string checklist_of(const JobGroup& group) {
  std::string list = fmt::format("{} {}", mark(group.ending()), bold(group.job));
  for (const StepRun* step : group.steps) {
    list += fmt::format("\n  {} {}  —  {}  ({})", mark(step->ending), step->step, what_ran(*step),
                        to_string(step->ending));
  }
  return list;
}

Value step_entry(const StepRun& step) {
  Map entry{{"job", step.job}, {"step", step.step}, {"model", what_ran(step)}};
  if (step.is_model_step()) entry.set("method", step.method);
  entry.set("status", to_string(step.ending));
  if (step.ending == Ending::failed)
    entry.set("retrievalCommands", to_list(retrieval_commands(step)));
  return entry;
}

}  // namespace

Report verification_attestation(const WorkflowRun& run) {
  std::vector<const StepRun*> steps;
  List step_entries;
  for (const StepRun& step : run.steps) {
    steps.push_back(&step);
    step_entries.push_back(step_entry(step));
  }
  const Counts counts = count(steps);
  const std::string commit = input_or_unknown(run, "commit");
  const std::string branch = input_or_unknown(run, "branch");

  Markdown text;
  text.add("# Verification Attestation");
  text.add(
      fmt::format("**Commit:** `{}`  \n**Branch:** `{}`  \n**Status:** {}  \n"
                  "**Steps:** {} passed · {} failed · {} skipped",
                  commit, branch, run.status, counts.succeeded, counts.failed, counts.skipped));
  for (const JobGroup& group : by_job(steps))
    text.add(checklist_of(group));
  text.add(fmt::format("**Gate:** {}/{} passed, {} skipped", counts.succeeded, counts.total(),
                       counts.skipped));

  return {.markdown = std::move(text).take(),
          .json = Map{{"version", "1"},
                      {"type", "verification-attestation"},
                      {"workflowRunId", run.run_id},
                      {"workflowId", run.workflow_id},
                      {"workflowName", run.workflow_name},
                      {"subject", Map{{"commit", commit}, {"branch", branch}}},
                      {"steps", std::move(step_entries)},
                      {"gate", Map{// a failure that the workflow allows does not close the gate
                                   {"allPassed", run.status == "succeeded"},
                                   {"stepsCompleted", counts.succeeded},
                                   {"stepsTotal", counts.total()},
                                   {"stepsSkipped", counts.skipped},
                                   {"stepsFailed", counts.failed}}}}};
}

}  // namespace swamp::report
