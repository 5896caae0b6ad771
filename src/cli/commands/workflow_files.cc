#include <fmt/format.h>

#include "app/workflow_graph.h"
#include "app/workflows.h"
#include "cli/answer.h"
#include "cli/editor.h"
#include "cli/findings.h"
#include "cli/graph_view.h"
#include "cli/open_session.h"
#include "cli/usage_error.h"
#include "render/table.h"
#include "render/text.h"
#include "spec/workflow_schema.h"
#include "value/json.h"

namespace swamp::cli {
namespace {

constexpr Argument kName[] = {{"name", "name of the workflow"}};
constexpr Argument kWorkflow[] = {{"workflow_id_or_name", "name or id of the workflow"}};
constexpr Argument kEdited[] = {
    {"workflow_id_or_name", "name or id of the workflow", Argument::Need::optional}};
constexpr Argument kSome[] = {{"workflow_id_or_name",
                               "name or id of the workflow; none: all of them",
                               Argument::Need::optional}};
constexpr Argument kQuery[] = {
    {"query", "part of a name, id, tag or description", Argument::Need::optional}};
constexpr Example kCreateExamples[] = {
    {"swamp workflow create release", "workflows/workflow-release.yaml, to begin with"}};
constexpr Option kGetOptions[] = {
    {.name = "graph",
     .doc = "a drawing of its jobs and steps, with what waits for what, instead of the document "
            "(see 'swamp workflow graph')"},
};
constexpr Example kGetExamples[] = {{"swamp workflow get release", "the workflow as a document"},
                                    {"swamp workflow get release --graph", "what waits for what"}};
constexpr Example kSearchExamples[] = {{"swamp workflow search", "all workflows"}};
constexpr Example kEditExamples[] = {
    {"swamp workflow edit release", "opens the file in $EDITOR"},
    {"swamp workflow edit release < new.yaml", "replaces it, if the new one is valid"}};
constexpr Example kDeleteExamples[] = {
    {"swamp workflow delete release", "the file and the records of its runs"}};
constexpr Example kValidateExamples[] = {{"swamp workflow validate", "all workflows"},
                                         {"swamp workflow validate release --json", "one"}};
constexpr Example kSchemaExamples[] = {
    {"swamp workflow schema get > workflow.schema.json", "for an editor"}};

Value steps_overview(const spec::Job& job) {
  List steps;
  for (const spec::Step& step : job.steps) {
    Map one{{"name", step.name.text()}};
    if (step.description.is_set()) one.set("description", step.description.value());
    one.set("taskType", spec::type_name(step.task));
    steps.push_back(std::move(one));
  }
  return steps;
}

Result<ExitCode> run_create(const Invocation& invocation, Io& io) {
  SWAMP_TRY(auto session, open_session(invocation, io));
  SWAMP_TRY(auto created, app::create_workflow(*session, invocation.argument("name")));
  List jobs;
  for (const spec::Job& job : created.workflow->jobs) {
    Map one{{"name", job.name}};
    if (job.description.is_set()) one.set("description", job.description.value());
    one.set("steps", steps_overview(job));
    jobs.push_back(std::move(one));
  }
  const std::string& name = created.workflow->name;
  return answer(invocation, io,
                Map{{"id", created.workflow->id},
                    {"name", name},
                    {"path", created.path},
                    {"jobs", std::move(jobs)}},
                fmt::format("Created workflow {} in {}\nEdit it, then: swamp workflow validate {} "
                            "&& swamp workflow run {}\n",
                            name, created.path, name, name));
}

/// `written` with `dependsOn` even where it was left out, and the keys that readers expect in
/// front.
Map with_defaults(const Value& written, std::initializer_list<std::string_view> front) {
  Map document;
  for (const std::string_view key : front) {
    if (const Value* value = written.as_map().find(key)) {
      document.set(std::string(key), *value);
    } else if (key == "dependsOn") {
      document.set("dependsOn", List{});
    } else if (key == "tags") {
      document.set("tags", Map{});
    } else if (key == "version") {
      document.set("version", 1);
    }
  }
  for (const auto& [key, value] : written.as_map()) {
    if (!document.contains(key)) document.set(key, value);
  }
  return document;
}

Value workflow_document(const app::FoundWorkflow& found) {
  Map document = with_defaults(found.workflow->document, {"id", "name", "description", "version",
                                                          "inputs", "trigger", "tags", "reports"});
  List jobs;
  for (const Value& written : found.workflow->document["jobs"].as_list()) {
    Map job = with_defaults(written, {"name", "description", "dependsOn"});
    List steps;
    for (const Value& step : written["steps"].as_list()) {
      steps.push_back(with_defaults(step, {"name", "description", "dependsOn", "task"}));
    }
    job.set("steps", std::move(steps));
    jobs.push_back(std::move(job));
  }
  document.set("jobs", std::move(jobs));
  document.set("path", found.path);
  return document;
}

Result<ExitCode> run_get(const Invocation& invocation, Io& io) {
  SWAMP_TRY(auto session, open_session(invocation, io));
  const std::string name(invocation.argument("workflow_id_or_name"));
  SWAMP_TRY(auto found, app::find_workflow(*session, name));
  if (invocation.has("graph") && !invocation.has("json")) {
    SWAMP_TRY(const auto graph, app::find_graph(*session, {.name = name}));
    io.out().write(render::graph::graph_text(graph, graph_options(invocation, io)));
    return ExitCode::success;
  }
  return answer(invocation, io, workflow_document(found), "");
}

Result<ExitCode> run_search(const Invocation& invocation, Io& io) {
  SWAMP_TRY(auto session, open_session(invocation, io));
  const auto query = invocation.find_argument("query").value_or("");
  SWAMP_TRY(auto found, app::search_workflows(*session, query));
  List results;
  render::Table table({{"NAME"}, {"JOBS", render::Table::Align::right}, {"DESCRIPTION"}});
  for (const repo::DocumentEntry* entry : found) {
    Map one{{"id", entry->id}, {"name", entry->name}};
    if (!entry->description.empty()) one.set("description", entry->description);
    one.set("jobCount", std::int64_t{entry->job_count});
    one.set("hasInputs", entry->has_inputs);
    if (!entry->schedule.empty()) one.set("trigger", Map{{"schedule", entry->schedule}});
    results.push_back(std::move(one));
    table.add({entry->name, std::to_string(entry->job_count), render::fit(entry->description, 60)});
  }
  SWAMP_TRY(const auto* documents, session->documents());
  return answer(invocation, io,
                with_warnings(Map{{"query", query}, {"results", std::move(results)}},
                              documents->index().warnings()),
                table.empty() ? "No workflows found.\n" : table_text(invocation, io, table));
}

Result<ExitCode> answer_edit(const Invocation& invocation, Io& io, const app::FoundWorkflow& edited,
                             const std::string& editor) {
  Map document = edit_document(edited.path, editor);
  document.set("name", edited.workflow->name);
  document.set("id", edited.workflow->id);
  return answer(invocation, io, document, fmt::format("Updated {}.\n", edited.path));
}

Result<ExitCode> run_edit(const Invocation& invocation, Io& io) {
  const auto name = invocation.find_argument("workflow_id_or_name").value_or("");
  if (name.empty()) return usage_error("which workflow?", "'swamp workflow search' lists them");
  SWAMP_TRY(auto session, open_session(invocation, io));
  SWAMP_TRY(auto text, piped_text(invocation, io, name));
  if (text) {
    SWAMP_TRY(auto edited, app::replace_workflow(*session, name, *std::move(text)));
    return answer_edit(invocation, io, edited, "");
  }
  SWAMP_TRY(auto found, app::find_workflow(*session, name));
  SWAMP_TRY(auto editor, edit_file(io, found.path));
  SWAMP_TRY(auto edited, app::recheck_workflow(*session, found.workflow->id));
  return answer_edit(invocation, io, edited, editor);
}

Result<ExitCode> run_delete(const Invocation& invocation, Io& io) {
  SWAMP_TRY(auto session, open_session(invocation, io));
  const auto name = invocation.argument("workflow_id_or_name");
  SWAMP_TRY(auto found, app::find_workflow(*session, name));
  SWAMP_TRY(const bool yes,
            confirm(invocation, io,
                    fmt::format("Delete workflow '{}' and its runs?", found.workflow->name)));
  if (!yes) return answer_cancelled(invocation, io);
  SWAMP_TRY(auto deleted, app::delete_workflow(*session, name));
  const spec::Workflow& workflow = *deleted.workflow.workflow;
  return answer(invocation, io,
                Map{{"deleted", Map{{"id", workflow.id},
                                    {"name", workflow.name},
                                    {"workflowPath", deleted.workflow.path}}},
                    {"runsDeleted", static_cast<std::int64_t>(deleted.runs_deleted)}},
                fmt::format("Deleted workflow {} and {}.\n", workflow.name,
                            render::count_of(deleted.runs_deleted, "run")));
}

Value validated_document(const app::ValidatedWorkflow& workflow) {
  return Map{{"workflowId", workflow.id},
             {"workflowName", workflow.name},
             {"validations", findings_document(workflow.findings)},
             {"totalWarnings", count_warnings(workflow.findings)},
             {"passed", workflow.passed()}};
}

std::string validated_text(const app::ValidatedWorkflow& workflow, render::Style style) {
  const auto failed = count_failed(workflow.findings);
  const auto warnings = count_warnings(workflow.findings);
  const std::string also =
      warnings > 0 ? ", " + render::count_of(static_cast<std::size_t>(warnings), "warning") : "";
  return fmt::format("Validating: {}\n{}Summary: {} passed, {} failed{}\nResult: {}\n",
                     workflow.name, findings_text(workflow.findings, style),
                     static_cast<std::int64_t>(workflow.findings.size()) - failed - warnings,
                     failed, also,
                     failed == 0 ? style.paint(render::Ink::green, "PASSED")
                                 : style.paint(render::Ink::red, "FAILED"));
}

Result<ExitCode> run_validate(const Invocation& invocation, Io& io) {
  SWAMP_TRY(auto session, open_session(invocation, io));
  const auto style = style_of(invocation, io, Io::Stream::out);
  if (auto name = invocation.find_argument("workflow_id_or_name")) {
    SWAMP_TRY(auto one, app::validate_workflow(*session, *name));
    SWAMP_TRY(auto code,
              answer(invocation, io, validated_document(one), validated_text(one, style)));
    return one.passed() ? code : ExitCode::failure;
  }
  SWAMP_TRY(auto all, app::validate_all_workflows(*session));
  List documents;
  std::string text;
  std::int64_t failed = 0;
  std::int64_t warnings = 0;
  for (const app::ValidatedWorkflow& one : all) {
    documents.push_back(validated_document(one));
    text += validated_text(one, style) + "\n";
    failed += one.passed() ? 0 : 1;
    warnings += count_warnings(one.findings);
  }
  const auto passed = static_cast<std::int64_t>(all.size()) - failed;
  text +=
      all.empty() ? "No workflows found.\n" : fmt::format("{} passed, {} failed\n", passed, failed);
  SWAMP_TRY(auto code, answer(invocation, io,
                              Map{{"workflows", std::move(documents)},
                                  {"totalPassed", passed},
                                  {"totalFailed", failed},
                                  {"totalWarnings", warnings},
                                  {"passed", failed == 0}},
                              text));
  return failed == 0 ? code : ExitCode::failure;
}

Result<ExitCode> run_schema(const Invocation& invocation, Io& io) {
  return answer(invocation, io, spec::workflow_schemas(), "");
}

}  // namespace

extern constexpr Command kWorkflowCreateCommand = {.path = "workflow create",
                                                   .summary = "Write a workflow to begin with",
                                                   .arguments = kName,
                                                   .shared = kInRepository,
                                                   .examples = kCreateExamples,
                                                   .run = run_create};
extern constexpr Command kWorkflowGetCommand = {.path = "workflow get",
                                                .summary = "Show a workflow",
                                                .arguments = kWorkflow,
                                                .options = kGetOptions,
                                                .shared = kInRepository,
                                                .examples = kGetExamples,
                                                .always_json = true,
                                                .run = run_get};
extern constexpr Command kWorkflowSearchCommand = {.path = "workflow search",
                                                   .summary = "List workflows",
                                                   .arguments = kQuery,
                                                   .shared = kInRepository,
                                                   .examples = kSearchExamples,
                                                   .hidden_aliases = "list",
                                                   .json_to_programs = true,
                                                   .run = run_search};
extern constexpr Command kWorkflowEditCommand = {.path = "workflow edit",
                                                 .summary = "Edit a workflow",
                                                 .arguments = kEdited,
                                                 .shared = kInRepository,
                                                 .examples = kEditExamples,
                                                 .run = run_edit};
extern constexpr Command kWorkflowDeleteCommand = {.path = "workflow delete",
                                                   .summary = "Delete a workflow and its runs",
                                                   .arguments = kWorkflow,
                                                   .shared = kInRepository | Shared::yes,
                                                   .examples = kDeleteExamples,
                                                   .run = run_delete};
extern constexpr Command kWorkflowValidateCommand = {.path = "workflow validate",
                                                     .summary = "Check workflows",
                                                     .arguments = kSome,
                                                     .shared = kInRepository,
                                                     .examples = kValidateExamples,
                                                     .run = run_validate};
extern constexpr Command kWorkflowSchemaGetCommand = {
    .path = "workflow schema get",
    .summary = "Print the format of workflow files as JSON Schema",
    .shared = Shared::server | Shared::ca_cert,
    .examples = kSchemaExamples,
    .always_json = true,
    .run = run_schema};

}  // namespace swamp::cli
