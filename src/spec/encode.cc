#include "spec/encode.h"

#include <algorithm>
#include <array>

#include "spec/definition_yaml.h"
#include "spec/workflow_yaml.h"
#include "yaml/write.h"

namespace swamp::spec {
namespace {

using Keys = std::string_view;

constexpr std::array<Keys, 20> kWorkflowOrder{
    "id",       "name",    "description", "trigger",      "tags",
    "inputs",   "jobs",    "version",     "concurrency",  "reports",
    "affinity", "target",  "labels",      "platform",     "queueTimeout",
    "failFast", "timeout", "driver",      "driverConfig", "workspace"};
constexpr std::array<Keys, 5> kJobOrder{"name", "description", "steps", "dependsOn", "weight"};
constexpr std::array<Keys, 6> kStepOrder{"name",    "description", "task",
                                         "forEach", "dependsOn",   "weight"};
constexpr std::array<Keys, 15> kDefinitionOrder{
    "type",    "typeVersion",     "id",      "name",         "version",
    "tags",    "globalArguments", "methods", "inputs",       "checks",
    "reports", "resources",       "driver",  "driverConfig", "expressions"};

/// Every map of a list that lies under `key`, put in order.
template <class Order>
void order_items(Map& map, std::string_view key, const Order& order_item) {
  auto* list = map.find(key);
  if (!list || !list->is_list()) return;
  for (auto& item : list->mutable_list()) {
    if (item.is_map()) item = order_item(item.as_map());
  }
}

Map ordered_job(const Map& job) {
  auto result = ordered(job, kJobOrder);
  order_items(result, "steps", [](const Map& step) { return ordered(step, kStepOrder); });
  return result;
}

}  // namespace

Map ordered(const Map& map, std::span<const std::string_view> order) {
  Map result;
  result.reserve(map.size());
  for (const auto key : order) {
    if (const auto* value = map.find(key)) result.set(std::string(key), *value);
  }
  for (const auto& [key, value] : map) {
    if (!result.contains(key)) result.set(key, value);
  }
  return result;
}

std::string encode_workflow(const Workflow& workflow) {
  auto document = ordered(workflow.document.as_map(), kWorkflowOrder);
  order_items(document, "jobs", ordered_job);
  return yaml::write(document);
}

Value new_workflow_document(std::string_view id, std::string_view name) {
  // It runs as it stands: a shell command needs no model made by hand.
  Map task{{"type", "model_method"},
           {"modelType", "command/shell"},
           {"methodName", "execute"},
           {"inputs", Map{{"run", "echo hello"}}}};
  Map step{{"name", "example"},
           {"description", "What this step does"},
           {"task", std::move(task)},
           {"dependsOn", List{}},
           {"weight", 0},
           {"allowFailure", false}};
  Map job{{"name", "main"},
          {"description", "What this job does"},
          {"steps", List{std::move(step)}},
          {"dependsOn", List{}},
          {"weight", 0}};
  return Map{
      {"id", id}, {"name", name}, {"tags", Map{}}, {"jobs", List{std::move(job)}}, {"version", 1}};
}

std::string encode_definition(const Definition& definition) {
  return yaml::write(ordered(definition.document.as_map(), kDefinitionOrder));
}

Value new_definition_document(std::string_view type, std::string_view type_version,
                              std::string_view id, std::string_view name) {
  Map document{{"type", type}};
  if (!type_version.empty()) document.set("typeVersion", type_version);
  document.set("id", id);
  document.set("name", name);
  document.set("version", 1);
  for (const auto* key : {"tags", "globalArguments", "methods"})
    document.set(key, Map{});
  return document;
}

}  // namespace swamp::spec
