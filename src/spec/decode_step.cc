#include <array>

#include <fmt/format.h>

#include "spec/decode_settings.h"
#include "spec/decode_workflow.h"

namespace swamp::spec {
namespace {

constexpr std::string_view kShellExample =
    "a command is a task, as in 'task: {type: model_method, modelType: command/shell, methodName: "
    "execute, "
    "inputs: {run: echo hello}}'";

constexpr std::array kStepHints{
    KeyHint{"run", kShellExample},
    KeyHint{"uses", kShellExample},
    KeyHint{"inputs", "inputs belong to the step's task"},
    KeyHint{"with", "inputs belong to the step's task, as in 'task: {…, inputs: {…}}'"},
    KeyHint{"if", "write 'guard: ${{ … }}'; the step is skipped when it is true"},
    KeyHint{"when", "write 'guard: ${{ … }}'; the step is skipped when it is true"},
    KeyHint{"needs", "write 'dependsOn: [{step: build, condition: {type: succeeded}}]'"},
    KeyHint{"affinity", "only jobs and workflows have it"},
    KeyHint{"failFast", "only jobs and workflows have it"},
    KeyHint{"workspace", "a workspace belongs to the whole workflow"},
};

std::optional<ForEach> decode_for_each(MapReader& step) {
  const auto* node = step.find("forEach");
  if (!node) return std::nullopt;
  if (!node->is_mapping()) {
    step.wrong("forEach", *node, "a map",
               "write 'forEach: {item: region, in: ${{ inputs.regions }}}'");
    return std::nullopt;
  }
  MapReader reader(*node, fmt::format("forEach of {}", step.what()), step.problems());
  ForEach for_each{.item = reader.required_text("item", "name the element, as in 'item: region'")};
  const auto* in =
      reader.require("in", "say what to go through, as in 'in: ${{ inputs.regions }}'");
  if (in && in->is_string() && looks_like_expression(in->text())) {
    for_each.in = field_of(*in);
  } else if (in) {
    reader.wrong("in", *in, "one ${{ … }} expression",
                 in->is_sequence()
                     ? "write a list as an expression too: 'in: ${{ [\"eu\", \"us\"] }}'"
                     : "write for example 'in: ${{ inputs.regions }}'");
  }
  reader.finish();
  return for_each;
}

/// A time limit that may also be 0.
std::chrono::milliseconds decode_delay(MapReader& reader, std::string_view key,
                                       std::chrono::milliseconds otherwise) {
  const auto* node = reader.find(key);
  if (node && (node->text() == "0" || node->value() == Value(0)))
    return std::chrono::milliseconds(0);
  return reader.time_limit(key).value_or(otherwise);
}

void decode_retry_on(MapReader& reader, Retry& retry) {
  const auto* node = reader.find("on");
  if (!node) return;
  retry.on_failed = retry.on_timeout = false;
  for (const auto& item : reader.required_items("on", "write 'failed', 'timeout' or both")) {
    if (item.text() == "failed") {
      retry.on_failed = true;
    } else if (item.text() == "timeout") {
      retry.on_timeout = true;
    } else {
      reader.problems().add(
          item.where(),
          fmt::format("'on' of {} may hold 'failed' and 'timeout' only", reader.what()));
    }
  }
}

Retry decode_retry(MapReader& step) {
  Retry retry;
  const auto* node = step.find("retry");
  if (!node) return retry;
  if (!node->is_mapping()) {
    step.wrong("retry", *node, "a map",
               node->value().is_integer()
                   ? fmt::format("write 'retry: {{attempts: {}}}'", node->text())
                   : std::string("write for example 'retry: {attempts: 3, delay: 5s}'"));
    return retry;
  }
  MapReader reader(*node, fmt::format("retry of {}", step.what()), step.problems());
  retry.attempts = reader.integer("attempts", 1).value_or(retry.attempts);
  retry.delay = decode_delay(reader, "delay", retry.delay);
  retry.backoff = reader.number("backoff", 1).value_or(retry.backoff);
  retry.max_delay = decode_delay(reader, "maxDelay", retry.max_delay);
  decode_retry_on(reader, retry);
  reader.finish();
  return retry;
}

DataOutputOverride decode_override(const yaml::Node& node, const std::string& owner,
                                   Problems& problems) {
  MapReader reader(node, fmt::format("a data output override of {}", owner), problems);
  DataOutputOverride result{.spec_name = reader.required_text("specName"),
                            .policy = decode_output_policy(reader),
                            .tags = reader.text_map_field("tags"),
                            .vary = reader.texts("vary"),
                            .where = node.where()};
  reader.finish();
  return result;
}

StepOutput decode_output(const yaml::Node& node, const std::string& owner, Problems& problems) {
  MapReader reader(node, fmt::format("an output of {}", owner), problems);
  StepOutput output{.path = reader.required_text_field("path"),
                    .for_all_dependents = node.find("makeAvailableTo") == nullptr,
                    .make_available_to = reader.texts("makeAvailableTo"),
                    .where = node.where()};
  if (const auto* to = node.find("makeAvailableTo");
      to && to->is_sequence() && to->items().empty()) {
    problems.add(to->where(),
                 fmt::format("'makeAvailableTo' of {} must not be empty", reader.what()),
                 "leave it out for everything that depends on the step");
  }
  reader.finish();
  return output;
}

Cache decode_cache(const yaml::Node& node, const std::string& owner, Problems& problems) {
  MapReader reader(node, fmt::format("a cache of {}", owner), problems);
  Cache cache{.path = reader.required_text_field("path"),
              .key = reader.required_text_field(
                  "key", "write for example \"key: deps-${{ hashFiles('**/lock') }}\""),
              .restore_keys = reader.text_list_field("restoreKeys"),
              .where = node.where()};
  reader.finish();
  return cache;
}

Field decode_guard(MapReader& step) {
  const auto* node = step.find("guard");
  if (!node) return {};
  if (node->is_string() && looks_like_expression(node->text())) return field_of(*node);
  step.wrong(
      "guard", *node, "one ${{ … }} expression",
      "write for example 'guard: ${{ inputs.dryRun }}'; the step is skipped when it is true");
  return {};
}

void decode_lists(MapReader& reader, Step& step, Problems& problems) {
  for (const auto& item : reader.items("dataOutputOverrides")) {
    step.data_output_overrides.push_back(decode_override(item, reader.what(), problems));
  }
  for (const auto& item : reader.items("outputs")) {
    step.outputs.push_back(decode_output(item, reader.what(), problems));
  }
  for (const auto& item : reader.items("caches")) {
    step.caches.push_back(decode_cache(item, reader.what(), problems));
  }
}

}  // namespace

Step decode_step(const yaml::Node& node, Problems& problems) {
  MapReader reader(node, label("step", node), problems);
  Step step{.name = reader.required_text_field("name"), .where = node.where()};
  step.description = reader.text_field("description");
  if (const auto* task = reader.require(
          "task", "say what to do, as in 'task: {type: assert, expr: true, message: ok}'")) {
    step.task = decode_task(*task, reader.what(), problems);
  }
  step.for_each = decode_for_each(reader);
  step.depends_on = decode_dependencies(reader, "step");
  step.weight = reader.number("weight").value_or(0);
  step.concurrency = decode_concurrency(reader);
  step.allow_failure = reader.flag("allowFailure").value_or(false);
  step.guard = decode_guard(reader);
  step.retry = decode_retry(reader);
  step.timeout = reader.time_limit("timeout");
  step.driver = decode_driver(reader);
  decode_lists(reader, step, problems);
  step.placement = decode_placement(reader);
  reader.finish(kStepHints);
  return step;
}

}  // namespace swamp::spec
