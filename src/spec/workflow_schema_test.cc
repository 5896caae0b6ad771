#include "spec/workflow_schema.h"

#include <algorithm>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "schema/schema.h"
#include "spec/cron.h"
#include "spec/random_workflow.h"
#include "spec/test_problems.h"
#include "spec/workflow_yaml.h"
#include "value/json.h"
#include "yaml/parse.h"
#include "yaml/write.h"

namespace swamp::spec {
namespace {

// Every key of the format, with a good value.
constexpr std::string_view kEverything = R"(
id: 2f1f0f5e-7d0a-4a55-9c3e-0b1c2d3e4f50
name: tour
description: d
trigger: {schedule: 0 3 * * 1, inputs: {a: 1}}
tags: {team: infra}
inputs: {properties: {names: {type: array, items: {type: string}, default: [a]}, n: {type: integer}}, required: [n]}
version: 1
concurrency: 2
failFast: true
timeout: 5m
reports: {require: [a, {name: b, methods: [get]}], skip: [c]}
driver: docker
driverConfig: {image: a, timeout: 500, volumes: [a:b], env: {A: b}, mode: session, entrypoint: image, cpus: 2,
               workspaceMount: auto, memory: 1g, extraArgs: [-q], user: '1000'}
workspace: {enabled: true, persistent: true, name: ci}
affinity: false
target: t
labels: {a: b}
platform: p
queueTimeout: 5
jobs:
  - name: build
    description: d
    weight: -1.5
    concurrency: 0
    failFast: false
    timeout: 1.5h
    driver: raw
    driverConfig: {workdir: /tmp, env: '${{ x }}', timeout: 1}
    affinity: true
    target: t
    labels: {}
    platform: p
    queueTimeout: 0
    steps:
      - name: each-${{ self.n }}
        description: d
        forEach: {item: n, in: '${{ inputs.names }}'}
        task: {type: model_method, modelType: command/shell, modelName: m, methodName: execute, inputs: {run: a},
               globalArgs: '${{ x }}'}
        weight: 1
        concurrency: 3
        allowFailure: true
        guard: ${{ false }}
        dataOutputOverrides: [{specName: r, lifetime: 30d, garbageCollection: 3, tags: {a: b}, vary: [a], vaultName: v}]
        retry: {attempts: 3, delay: 0, backoff: 2, maxDelay: 10s, on: [failed, timeout]}
        timeout: 30
        driver: mine
        driverConfig: {anything: [1]}
        outputs: [{path: dist, makeAvailableTo: [b]}]
        caches: [{path: a, key: k, restoreKeys: [r]}]
        target: t
        labels: {a: b}
        platform: p
        queueTimeout: 1.5
      - name: b
        task: {type: model_method, modelIdOrName: greeter, methodName: execute, inputs: '${{ x }}'}
        dependsOn:
          - {step: a, condition: {type: or, conditions: [{type: failed}, {type: not, condition: {type: skipped}}]}}
          - {step: c, condition: {type: and, conditions: [{type: always}, {type: completed}, {type: succeeded}]}}
      - {name: c, task: {type: workflow, workflowIdOrName: w, inputs: {a: 1}}}
      - {name: d, task: {type: manual_approval, prompt: p, timeout: 60}}
      - {name: e, task: {type: assert, expr: e, message: m, severity: low}}
  - name: check
    dependsOn: [{job: build, condition: {type: succeeded}}]
    steps: [{name: s, task: {type: assert, expr: e, message: m}}]
)";

bool parser_accepts(const Value& document) {
  const auto parsed = yaml::parse(yaml::write(document), "w.yaml");
  return parsed && decode_workflow(*parsed);
}

/// Pointers to every place of a document.
void collect_pointers(const Value& value, const std::string& pointer,
                      std::vector<std::string>& out) {
  out.push_back(pointer);
  if (value.is_map()) {
    for (const auto& [key, item] : value.as_map())
      collect_pointers(item, pointer_to(pointer, key), out);
  }
  if (value.is_list()) {
    for (std::size_t i = 0; i < value.as_list().size(); ++i) {
      collect_pointers(value.as_list()[i], pointer_to(pointer, std::to_string(i)), out);
    }
  }
}

/// Whether an expression stands in the declaration of an input: the parser then leaves what it
/// means to the run.
bool declares_by_expression(const Value& document) {
  const auto inputs = Field::written(document["inputs"]);
  return std::any_of(inputs.expressions().begin(), inputs.expressions().end(),
                     [](const Field::Place& place) {
                       return place.pointer.find("/default") == std::string::npos;
                     });
}

/// What the parser may refuse although the schema does not: it knows which fields a schedule has,
/// and whether the references and patterns of inputs lead somewhere.
bool is_beyond_schemas(const Value& document) {
  const auto& schedule = document["trigger"]["schedule"];
  if (schedule.is_string() && !check_cron(schedule.as_string())) return true;
  return declares_by_expression(document);
}

/// Makes a document a little wrong, or only different.
class Mutator {
 public:
  explicit Mutator(unsigned seed) : random_(seed) {}

  Value mutated(Value document) {
    for (auto count = pick(3) + 1; count > 0; --count)
      mutate(document);
    return document;
  }

 private:
  std::size_t pick(std::size_t size) { return random_() % size; }

  Value junk() {
    static const Value values = *parse_json(
        R"([null, true, 0, -1, 1, 1.5, 5, 4000000000, "", "x", "5", "0", "5m", "0s", "30d",
        "0d", "${{ x }}", " ${{ x }}", "${{ x }} y", "failed", "succeeded", "raw", "docker", "session", "image", "a/b", "a..b",
        "@a/b", [], {}, [""], ["x"], [1], {"x": 1}, {"x": "y"}, {"type": "always"}, {"type": "assert"},
        {"type": "string"}, {"type": "strng"}, {"minimum": 1}, {"requird": ["a"]}, ["string", "null"], ["a", "a"], 1e300,
        "1.5.2", "5 m", "30d\n", "always", "integer", [null], [[]], [{}]])");
    return values.as_list()[pick(values.as_list().size())];
  }

  std::string any_key() {
    constexpr std::string_view kKeys[] = {
        "name",       "x",     "condition", "type",     "modelIdOrName", "modelType",  "driver",
        "timeout",    "step",  "job",       "inputs",   "driverConfig",  "methods",    "image",
        "properties", "items", "required",  "default",  "globalArgs",    "conditions", "x-y",
        "enum",       "in",    "on",        "workspace"};
    return std::string(kKeys[pick(std::size(kKeys))]);
  }

  void mutate(Value& document) {
    std::vector<std::string> pointers;
    collect_pointers(document, {}, pointers);
    const auto& pointer = pointers[pick(pointers.size())];
    const Value old = *find_at(document, pointer);
    const auto choice = pick(3);
    if (choice == 0 && old.is_map() && !old.as_map().empty()) {
      Map map = old.as_map();
      map.erase((map.begin() + static_cast<std::ptrdiff_t>(pick(map.size())))->first);
      set_at(document, pointer, std::move(map));
    } else if (choice == 1 && old.is_map()) {
      Map map = old.as_map();
      map.set(any_key(), junk());
      set_at(document, pointer, std::move(map));
    } else {
      set_at(document, pointer, junk());
    }
  }

  std::mt19937 random_;
};

TEST(WorkflowSchemaTest, TheSchemasHaveTheKeysOfTheFormat) {
  std::vector<std::string> keys;
  for (const auto& [key, schema] : workflow_schemas().as_map()) {
    keys.push_back(key);
    EXPECT_TRUE(schema::Schema::compile(schema)) << key;
    EXPECT_EQ(schema["$schema"], Value("https://json-schema.org/draft/2020-12/schema"));
  }
  EXPECT_THAT(keys, testing::ElementsAre("workflow", "job", "jobDependency", "step",
                                         "stepDependency", "stepTask", "triggerCondition"));
}

TEST(WorkflowSchemaTest, ADocumentWithEveryKeyIsFine) {
  const auto document = yaml::parse(std::string(kEverything), "w.yaml");
  ASSERT_TRUE(document) << document.error().message;
  const auto decoded = decode_workflow(*document);
  EXPECT_TRUE(decoded) << decoded.error().message;
  const auto schema = *schema::Schema::compile(workflow_schemas()["workflow"]);
  for (const auto& problem : schema.validate(document->to_value()))
    ADD_FAILURE() << problem.instance << problem.message;
}

TEST(WorkflowSchemaTest, PartsHaveSchemasOfTheirOwn) {
  const auto accepts = [](std::string_view key, std::string_view json) {
    return schema::Schema::compile(workflow_schemas()[key])->accepts(*parse_json(json));
  };
  EXPECT_TRUE(accepts("triggerCondition", R"({"type": "not", "condition": {"type": "failed"}})"));
  EXPECT_FALSE(
      accepts("triggerCondition", R"({"type": "and", "conditions": [{"type": "failed"}]})"));
  EXPECT_TRUE(accepts("stepTask", R"({"type": "assert", "expr": "true", "message": "m"})"));
  EXPECT_FALSE(accepts("stepTask", R"({"type": "shell", "run": "echo"})"));
  EXPECT_TRUE(accepts("jobDependency", R"({"job": "a", "condition": {"type": "always"}})"));
}

TEST(WorkflowSchemaTest, SchemaAndParserTakeEveryRightDocument) {
  const auto schema = *schema::Schema::compile(workflow_schemas()["workflow"]);
  for (unsigned seed = 1; seed <= 300; ++seed) {
    const auto document = test::RandomWorkflow(seed).document();
    const auto parsed = yaml::parse(yaml::write(document), "w.yaml");
    ASSERT_TRUE(parsed) << parsed.error().message;
    const auto decoded = decode_workflow(*parsed);
    for (const auto& problem : schema.validate(document))
      ADD_FAILURE() << "the schema: " << problem.instance << " " << problem.message;
    if (!decoded) ADD_FAILURE() << "the parser: " << problems_of(decoded.error()).front();
    if (HasFailure()) FAIL() << "seed " << seed << "\n" << yaml::write(document);
  }
}

TEST(WorkflowSchemaTest, SchemaAndParserAgreeOnDocumentsThatAreALittleWrong) {
  const auto everything = yaml::parse(std::string(kEverything), "w.yaml")->to_value();
  const auto schema = *schema::Schema::compile(workflow_schemas()["workflow"]);
  int accepted = 0;
  int exceptions = 0;
  for (unsigned seed = 1; seed <= 1000; ++seed) {
    const auto document =
        Mutator(seed).mutated(seed % 2 == 0 ? everything : test::RandomWorkflow(seed).document());
    const bool by_parser = parser_accepts(document);
    const bool by_schema = schema.accepts(document);
    accepted += by_parser ? 1 : 0;
    if (by_parser == by_schema) continue;
    if (is_beyond_schemas(document)) {
      ++exceptions;
      continue;
    }
    FAIL() << "seed " << seed << ": the parser " << (by_parser ? "accepts" : "refuses") << "\n"
           << yaml::write(document);
  }
  EXPECT_GT(accepted, 50);
  EXPECT_LT(exceptions, 50);
}

/// The keys that the parser names when it meets one that it does not know at `pointer`; empty where
/// every key is right.
std::vector<std::string> keys_of_parser(Value document, const std::string& pointer) {
  Map map = find_at(document, pointer)->as_map();
  map.set("zzz", Map{{"zzz", "zzz"}});
  set_at(document, pointer, std::move(map));
  const auto decoded = decode_workflow(*yaml::parse(yaml::write(document), "w.yaml"));
  if (decoded) return {};
  constexpr std::string_view kKeys = "its keys are ";
  for (const auto& problem : problems_of(decoded.error())) {
    const auto at = problem.find(kKeys);
    if (problem.find("no key 'zzz'") == std::string::npos || at == std::string::npos) continue;
    std::vector<std::string> keys;
    for (std::size_t from = at + kKeys.size(); from < problem.size();) {
      const auto end = std::min(problem.find(", ", from), problem.size());
      keys.push_back(problem.substr(from, end - from));
      from = end + 2;
    }
    return keys;
  }
  return {};
}

TEST(WorkflowSchemaTest, TheyKnowTheSameKeysEverywhere) {
  const auto everything = yaml::parse(std::string(kEverything), "w.yaml")->to_value();
  const auto schema = *schema::Schema::compile(workflow_schemas()["workflow"]);
  std::vector<std::string> pointers;
  collect_pointers(everything, {}, pointers);
  std::size_t maps = 0;
  for (const auto& pointer : pointers) {
    if (!find_at(everything, pointer)->is_map()) continue;
    const auto keys = keys_of_parser(everything, pointer);
    if (keys.empty()) continue;
    ++maps;
    for (const auto& key : keys) {
      // Without the key it would have to be unknown to be refused for standing here at all.
      auto document = everything;
      Map map = find_at(document, pointer)->as_map();
      if (!map.contains(key)) map.set(key, Value());
      set_at(document, pointer, std::move(map));
      for (const auto& problem : schema.validate(document)) {
        EXPECT_FALSE(problem.instance == pointer_to(pointer, key) &&
                     problem.schema.find("additionalProperties") != std::string::npos)
            << pointer << " has the key '" << key << "' that the schema does not know";
      }
    }
  }
  EXPECT_GT(maps, 20U);
}

}  // namespace
}  // namespace swamp::spec
