#include "spec/decode_workflow.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "spec/cron.h"
#include "spec/decode_settings.h"
#include "spec/input_keywords.h"
#include "spec/workflow_yaml.h"
#include "yaml/parse.h"
#include "yaml/write.h"

namespace swamp::spec {
namespace {

constexpr std::array kWorkflowHints{
    KeyHint{"steps", "steps belong to a job, as in 'jobs: [{name: main, steps: […]}]'"},
    KeyHint{"webhook", "a webhook is declared by the server that listens for it"},
    KeyHint{"schedule", "write it under 'trigger'"},
    KeyHint{"on", "what starts a workflow is under 'trigger'"},
    KeyHint{"retry", "only steps are retried"},
    KeyHint{"outputs", "only steps have outputs"},
    KeyHint{"caches", "only steps have caches"},
};

constexpr std::array kJobHints{
    KeyHint{"needs", "write 'dependsOn: [{job: build, condition: {type: succeeded}}]'"},
    KeyHint{"workspace", "a workspace belongs to the whole workflow"},
    KeyHint{"retry", "only steps are retried"},
    KeyHint{"outputs", "only steps have outputs"},
    KeyHint{"caches", "only steps have caches"},
    KeyHint{"forEach", "only steps are repeated"},
    KeyHint{"guard", "only steps have a guard"},
    KeyHint{"allowFailure", "only steps may fail without harm"},
};

Job decode_job(const yaml::Node& node, Problems& problems) {
  MapReader reader(node, label("job", node), problems);
  Job job;
  job.name = reader.required_text("name");
  job.name_where = node.find("name") ? node.find("name")->where() : node.where();
  job.description = reader.text_field("description");
  const auto steps = reader.required_items("steps", "a job has one step or more");
  job.steps.reserve(steps.size());
  for (const auto& step : steps) {
    job.steps.push_back(decode_step(step, problems));
  }
  job.depends_on = decode_dependencies(reader, "job");
  job.weight = reader.number("weight").value_or(0);
  job.concurrency = decode_concurrency(reader);
  job.fail_fast = reader.flag("failFast").value_or(false);
  job.timeout = reader.time_limit("timeout");
  job.driver = decode_driver(reader);
  job.affinity = reader.flag("affinity").value_or(false);
  if (const auto* affinity = node.find("affinity")) job.affinity_where = affinity->where();
  job.placement = decode_placement(reader);
  reader.finish(kJobHints);
  return job;
}

std::optional<Trigger> decode_trigger(MapReader& workflow) {
  const auto* node = workflow.find("trigger");
  if (!node) return std::nullopt;
  MapReader reader(*node, fmt::format("trigger of {}", workflow.what()), workflow.problems());
  Trigger trigger{.schedule = reader.text("schedule"), .inputs = reader.map_field("inputs")};
  if (trigger.schedule && !trigger.schedule->empty()) {
    if (auto checked = check_cron(*trigger.schedule); !checked) {
      reader.problems().add(node->find("schedule")->where(), checked.error());
    }
  }
  reader.finish();
  return trigger;
}

std::optional<Workspace> decode_workspace(MapReader& workflow) {
  const auto* node = workflow.find("workspace");
  if (!node) return std::nullopt;
  Workspace workspace{.where = node->where()};
  if (node->value().is_bool()) {
    workspace.enabled = node->value().as_bool();
    return workspace;
  }
  if (!node->is_mapping()) {
    workflow.wrong("workspace", *node, "true, false or a map",
                   "write 'workspace: true' for a directory of the run");
    return std::nullopt;
  }
  MapReader reader(*node, fmt::format("workspace of {}", workflow.what()), workflow.problems());
  workspace.enabled = reader.flag("enabled").value_or(true);
  workspace.persistent = reader.flag("persistent").value_or(false);
  workspace.name = reader.filled_text_field("name");
  if (workspace.name && !workspace.persistent) {
    reader.problems().add(workspace.name.where(), "only a persistent workspace has a name",
                          "add 'persistent: true', or leave 'name' out");
  }
  reader.finish();
  return workspace;
}

InputSchema decode_inputs(MapReader& reader) {
  auto schema = reader.map_field("inputs");
  if (!schema) return {};
  for (auto& unknown : unknown_input_keywords(schema))
    reader.problems().add(std::move(unknown));
  auto made = InputSchema::make(std::move(schema));
  if (made) return *std::move(made);
  reader.problems().add_all(std::move(made).error());
  return {};
}

Workflow decode_root(const yaml::Node& root, Problems& problems) {
  MapReader reader(root, label("workflow", root), problems);
  Workflow workflow;
  workflow.id = decode_id(reader);
  workflow.name = decode_name(reader, "workflow name");
  workflow.name_where = root.find("name") ? root.find("name")->where() : root.where();
  workflow.description = reader.text_field("description");
  workflow.trigger = decode_trigger(reader);
  workflow.tags = reader.text_map_field("tags");
  workflow.inputs = decode_inputs(reader);
  for (const auto& job : reader.required_items("jobs", "a workflow has one job or more")) {
    workflow.jobs.push_back(decode_job(job, problems));
  }
  workflow.version = decode_version(reader);
  workflow.concurrency = decode_concurrency(reader);
  workflow.fail_fast = reader.flag("failFast").value_or(false);
  workflow.timeout = reader.time_limit("timeout");
  workflow.reports = decode_reports(reader, problems);
  workflow.driver = decode_driver(reader);
  workflow.workspace = decode_workspace(reader);
  workflow.affinity = reader.flag("affinity").value_or(false);
  if (const auto* affinity = root.find("affinity")) workflow.affinity_where = affinity->where();
  workflow.placement = decode_placement(reader);
  reader.finish(kWorkflowHints);
  return workflow;
}

}  // namespace

std::optional<int> decode_concurrency(MapReader& reader) {
  const auto cap = reader.integer("concurrency", 0);
  return cap && *cap > 0 ? cap : std::nullopt;
}

Result<Workflow> decode_workflow(const yaml::Document& document) {
  Problems problems;
  auto workflow = decode_root(document.root(), problems);
  if (!problems.empty()) return fail(combine(problems.take()));
  workflow.document = document.to_value();
  workflow.source = document.source();
  return workflow;
}

Result<Workflow> make_workflow(const Value& document) {
  SWAMP_TRY(auto parsed, yaml::parse(yaml::write(document), "<new workflow>"));
  return decode_workflow(parsed);
}

const Job* find_job(const Workflow& workflow, std::string_view name) {
  const auto found = std::find_if(workflow.jobs.begin(), workflow.jobs.end(),
                                  [name](const Job& job) { return job.name == name; });
  return found == workflow.jobs.end() ? nullptr : &*found;
}

const Step* find_step(const Job& job, std::string_view name) {
  const auto found = std::find_if(job.steps.begin(), job.steps.end(),
                                  [name](const Step& step) { return step.name.text() == name; });
  return found == job.steps.end() ? nullptr : &*found;
}

}  // namespace swamp::spec
