#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/suggest.h"
#include "spec/decode_workflow.h"

namespace swamp::spec {
namespace {

constexpr std::array<std::string_view, 4> kTaskTypes{"model_method", "workflow", "manual_approval",
                                                     "assert"};

constexpr std::array kModelMethodHints{
    KeyHint{"arguments", "the arguments of the method are its 'inputs'"},
    KeyHint{"args", "the arguments of the method are its 'inputs'"},
    KeyHint{"with", "the arguments of the method are its 'inputs'"},
    KeyHint{"run", "write 'inputs: {run: …}'"},
    KeyHint{"model", "did you mean 'modelIdOrName'?"},
    KeyHint{"method", "did you mean 'methodName'?"},
    KeyHint{"globalArguments", "did you mean 'globalArgs'?"},
};
constexpr std::array kWorkflowHints{
    KeyHint{"workflow", "did you mean 'workflowIdOrName'?"},
    KeyHint{"arguments", "what the workflow is given are its 'inputs'"},
    KeyHint{"with", "what the workflow is given are its 'inputs'"},
};
constexpr std::array kAssertHints{
    KeyHint{"condition", "did you mean 'expr'?"},
    KeyHint{"expression", "did you mean 'expr'?"},
};

constexpr std::string_view kTaskExample =
    "write 'modelIdOrName: <definition>', or 'modelType: <type>' to run on the type itself";

/// Exactly one of the two ways to say on what a method runs.
void check_model_forms(MapReader& reader, const ModelMethodTask& task) {
  const auto* model = reader.node().find("modelIdOrName");
  const auto* type = reader.node().find("modelType");
  if (model && type) {
    reader.problems().add(
        model->where(), fmt::format("{} has both 'modelIdOrName' and 'modelType'", reader.what()),
        "keep 'modelIdOrName' for a definition, or 'modelType' to run on the type itself");
  } else if (!model && !type && reader.node().is_mapping()) {
    reader.problems().add(
        reader.where(),
        fmt::format("{} says neither 'modelIdOrName' nor 'modelType'", reader.what()),
        std::string(kTaskExample));
  }
  if (type) return;
  for (const auto& [key, field] :
       {std::pair("modelName", &task.model_name), std::pair("globalArgs", &task.global_args)}) {
    if (!*field) continue;
    reader.problems().add(field->where(),
                          fmt::format("'{}' of {} needs 'modelType'", key, reader.what()),
                          "a definition named by 'modelIdOrName' has its own");
  }
}

StepTask decode_model_method(MapReader& reader) {
  ModelMethodTask task{.model = reader.filled_text_field("modelIdOrName"),
                       .model_type = reader.filled_text_field("modelType"),
                       .model_name = reader.filled_text_field("modelName"),
                       .method = reader.required_text_field("methodName"),
                       .inputs = reader.map_or_expression("inputs"),
                       .global_args = reader.map_or_expression("globalArgs")};
  check_model_forms(reader, task);
  reader.finish(kModelMethodHints);
  return task;
}

StepTask decode_workflow_task(MapReader& reader) {
  WorkflowTask task{.workflow = reader.required_text_field("workflowIdOrName"),
                    .inputs = reader.map_or_expression("inputs")};
  reader.finish(kWorkflowHints);
  return task;
}

StepTask decode_approval(MapReader& reader) {
  ApprovalTask task{.prompt = reader.required_text_field("prompt"),
                    .timeout = reader.seconds("timeout", MapReader::Zero::refused)};
  reader.finish();
  return task;
}

StepTask decode_assert(MapReader& reader) {
  AssertTask task;
  if (const auto field =
          reader.required_text_field("expr", "write for example 'expr: inputs.count > 0'")) {
    task.expr = Expression(field.text(), field.where());
  }
  task.message = reader.required_text_field("message", "say what is wrong when it is false");
  task.severity = static_cast<Severity>(reader.choice("severity", kSeverityWords).value_or(2));
  reader.finish(kAssertHints);
  return task;
}

constexpr std::string_view kShellHint =
    "write 'type: model_method, modelType: command/shell, methodName: execute, inputs: {run: echo "
    "hello}'";

std::optional<std::size_t> decode_type(MapReader& reader) {
  const auto* type = reader.require(
      "type", "write 'type: model_method', 'workflow', 'manual_approval' or 'assert'");
  if (type && (type->text() == "shell" || type->text() == "command" || type->text() == "script")) {
    reader.problems().add(type->where(),
                          fmt::format("{} has no type '{}'", reader.what(), type->text()),
                          std::string(kShellHint));
    return std::nullopt;
  }
  return reader.choice("type", kTaskTypes);
}

constexpr std::array<std::string_view, 8> kConditions{"always",  "succeeded", "failed", "completed",
                                                      "skipped", "and",       "or",     "not"};

/// What other tools call a condition; empty when none of them has this word.
std::string_view condition_elsewhere(std::string_view word) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kWords{
      {{"success", "succeeded"},
       {"ok", "succeeded"},
       {"passed", "succeeded"},
       {"failure", "failed"},
       {"error", "failed"},
       {"done", "completed"},
       {"finished", "completed"},
       {"any", "always"}}};
  const auto found = std::find_if(kWords.begin(), kWords.end(),
                                  [word](const auto& each) { return each.first == word; });
  return found == kWords.end() ? std::string_view() : found->second;
}

/// The condition that a plain word most likely means.
std::string condition_meant(const std::string& word) {
  if (const auto ours = condition_elsewhere(word); !ours.empty()) return std::string(ours);
  const std::vector<std::string> names(kConditions.begin(), kConditions.end());
  return nearest(word, names).value_or("succeeded");
}

/// The `type` of a condition; nothing when it is not there or none of them, which is reported.
std::optional<std::size_t> decode_condition_type(MapReader& reader) {
  const auto* type = reader.require("type", "write for example '{type: succeeded}'");
  const auto ours = type ? condition_elsewhere(type->text()) : std::string_view();
  if (ours.empty()) return reader.choice("type", kConditions);
  reader.problems().add(type->where(),
                        fmt::format("{} has no type '{}'", reader.what(), type->text()),
                        fmt::format("did you mean '{}'?", ours));
  return std::nullopt;
}

Condition decode_condition(const yaml::Node& node, const std::string& what, Problems& problems);

std::vector<Condition> decode_parts(MapReader& reader) {
  std::vector<Condition> parts;
  const auto* list = reader.require("conditions", "write two conditions or more");
  if (list && list->is_sequence() && list->items().size() < 2) {
    reader.problems().add(list->where(),
                          fmt::format("'conditions' of {} must hold two or more", reader.what()),
                          "a single condition needs no 'and' or 'or'");
  }
  for (const auto& item : reader.items("conditions")) {
    parts.push_back(decode_condition(item, reader.what(), reader.problems()));
  }
  return parts;
}

Condition decode_condition(const yaml::Node& node, const std::string& what, Problems& problems) {
  Condition condition{.where = node.where()};
  if (node.is_string()) {
    problems.add(node.where(), fmt::format("{} must be a map, not a string", what),
                 fmt::format("write '{{type: {}}}'", condition_meant(node.text())));
    return condition;
  }
  MapReader reader(node, what, problems);
  const auto type = decode_condition_type(reader);
  if (!type) return condition;
  condition.kind = static_cast<Condition::Kind>(*type);
  if (condition.kind == Condition::Kind::all_of || condition.kind == Condition::Kind::any_of) {
    condition.parts = decode_parts(reader);
  } else if (condition.kind == Condition::Kind::negation) {
    const auto* part =
        reader.require("condition", "write for example '{type: not, condition: {type: failed}}'");
    condition.parts.push_back(part ? decode_condition(*part, what, problems) : Condition{});
  }
  reader.finish();
  return condition;
}

Dependency decode_dependency(const yaml::Node& node, const std::string& owner,
                             std::string_view upstream, Problems& problems) {
  if (node.is_string()) {
    problems.add(
        node.where(), fmt::format("a dependency of {} must be a map, not a string", owner),
        fmt::format("write '{{{}: {}, condition: {{type: succeeded}}}}'", upstream, node.text()));
    return {};
  }
  MapReader reader(node, fmt::format("a dependency of {}", owner), problems);
  Dependency dependency{.target = reader.required_text(upstream)};
  dependency.where = node.find(upstream) ? node.find(upstream)->where() : node.where();
  if (const auto* condition = reader.require("condition", "write 'condition: {type: succeeded}'")) {
    dependency.condition = decode_condition(
        *condition, fmt::format("the condition of {} on '{}'", owner, dependency.target), problems);
  }
  const std::array hints{
      KeyHint{"job", "a step waits for steps of its own job; the job itself waits for other jobs"},
      KeyHint{"step", "a job waits for whole jobs"},
  };
  reader.finish(hints);
  return dependency;
}

}  // namespace

StepTask decode_task(const yaml::Node& node, const std::string& owner, Problems& problems) {
  if (node.is_string()) {
    problems.add(node.where(), fmt::format("task of {} must be a map, not a string", owner),
                 std::string(kShellHint));
    return {};
  }
  MapReader reader(node, fmt::format("task of {}", owner), problems);
  const auto type = decode_type(reader);
  if (!type) return {};
  switch (*type) {
    case 0:
      return decode_model_method(reader);
    case 1:
      return decode_workflow_task(reader);
    case 2:
      return decode_approval(reader);
    default:
      return decode_assert(reader);
  }
}

std::string_view to_string(Severity severity) {
  return kSeverityWords[static_cast<std::size_t>(severity)];
}

std::optional<Severity> parse_severity(std::string_view word) {
  const auto found = std::find(kSeverityWords.begin(), kSeverityWords.end(), word);
  if (found == kSeverityWords.end()) return std::nullopt;
  return static_cast<Severity>(found - kSeverityWords.begin());
}

std::string_view type_name(const StepTask& task) {
  return kTaskTypes[task.index()];
}

std::vector<Dependency> decode_dependencies(MapReader& reader, std::string_view upstream) {
  std::vector<Dependency> dependencies;
  const auto* node = reader.find("dependsOn");
  if (!node) return dependencies;
  if (!node->is_sequence()) {
    reader.wrong("dependsOn", *node, "a list",
                 fmt::format("write 'dependsOn: [{{{}: {}, condition: {{type: succeeded}}}}]'",
                             upstream, node->is_string() ? node->text() : "build"));
    return dependencies;
  }
  for (const auto& item : node->items()) {
    dependencies.push_back(decode_dependency(item, reader.what(), upstream, reader.problems()));
  }
  return dependencies;
}

}  // namespace swamp::spec
