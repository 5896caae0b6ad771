#include "spec/workflow_yaml.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "spec/test_problems.h"
#include "value/json.h"
#include "yaml/parse.h"

namespace swamp::spec {
namespace {

using testing::ElementsAre;
using namespace std::chrono_literals;

Result<Workflow> decode(std::string text) {
  auto document = yaml::parse(std::move(text), "w.yaml");
  if (!document) return fail(document.error());
  return decode_workflow(*document);
}

constexpr std::string_view kHead = "id: 2f1f0f5e-7d0a-4a55-9c3e-0b1c2d3e4f50\nname: w\n";

/// A workflow whose one job `j` has one step `s` with these lines (indented by nobody) besides a
/// task.
std::string with_step(std::string_view lines) {
  std::string text(kHead);
  text +=
      "jobs:\n- name: j\n  steps:\n  - name: s\n    task: {type: assert, expr: 'true', message: "
      "m}\n";
  while (!lines.empty()) {
    const auto line = lines.substr(0, lines.find('\n'));
    text += fmt::format("    {}\n", line);
    lines.remove_prefix(std::min(lines.size(), line.size() + 1));
  }
  return text;
}

/// The same with this task, on line 7.
std::string with_task(std::string_view task) {
  return fmt::format("{}jobs:\n- name: j\n  steps:\n  - name: s\n    task: {}\n", kHead, task);
}

std::vector<std::string> problems(std::string text) {
  auto workflow = decode(std::move(text));
  if (workflow) return {};
  return problems_of(workflow.error());
}

TEST(WorkflowYamlTest, TheSmallestWorkflowHasAllDefaults) {
  const auto workflow = *decode(with_step(""));
  EXPECT_EQ(workflow.id, "2f1f0f5e-7d0a-4a55-9c3e-0b1c2d3e4f50");
  EXPECT_EQ(workflow.name, "w");
  EXPECT_EQ(workflow.version, 1);
  EXPECT_FALSE(workflow.inputs.is_declared());
  EXPECT_EQ(workflow.concurrency, std::nullopt);
  ASSERT_EQ(workflow.jobs.size(), 1U);
  const auto& step = workflow.jobs[0].steps.at(0);
  EXPECT_EQ(step.name.text(), "s");
  EXPECT_EQ(step.weight, 0);
  EXPECT_EQ(step.retry.attempts, 1);
  EXPECT_EQ(step.retry.max_delay, 5min);
  EXPECT_FALSE(step.allow_failure);
  EXPECT_EQ(std::get<AssertTask>(step.task).severity, Severity::high);
}

TEST(WorkflowYamlTest, EveryKeyOfAWorkflowIsRead) {
  const auto workflow = decode(R"(
id: 2f1f0f5e-7d0a-4a55-9c3e-0b1c2d3e4f50
name: "@team/nightly"
description: all of it
version: 3
trigger: {schedule: 0 3 * * MON-FRI, inputs: {who: world}}
tags: {team: infra}
inputs: {properties: {who: {type: string}}, required: [who]}
concurrency: 4
failFast: true
timeout: 2h
reports: {require: [a, {name: b, methods: [get]}], skip: [c]}
driver: docker
driverConfig: {image: "alpine:3", mode: session}
workspace: {persistent: true, name: ci}
affinity: true
target: big
labels: {gpu: "yes"}
platform: linux/arm64
queueTimeout: 90
jobs: [{name: j, steps: [{name: s, task: {type: manual_approval, prompt: Go?, timeout: 60}}]}]
)");
  ASSERT_TRUE(workflow) << problems_of(workflow.error()).front();
  EXPECT_EQ(workflow->name, "@team/nightly");
  EXPECT_EQ(workflow->version, 3);
  EXPECT_EQ(workflow->trigger->schedule, "0 3 * * MON-FRI");
  EXPECT_EQ(workflow->trigger->inputs.value()["who"], Value("world"));
  EXPECT_EQ(workflow->inputs.required(), std::vector<std::string>{"who"});
  EXPECT_EQ(workflow->concurrency, 4);
  EXPECT_TRUE(workflow->fail_fast);
  EXPECT_EQ(workflow->timeout, 2h);
  EXPECT_EQ(workflow->reports.require.at(1).methods, std::vector<std::string>{"get"});
  EXPECT_EQ(workflow->reports.skip, std::vector<std::string>{"c"});
  EXPECT_EQ(workflow->driver.name, "docker");
  EXPECT_EQ(workflow->driver.config.value()["mode"], Value("session"));
  EXPECT_TRUE(workflow->workspace->persistent);
  EXPECT_EQ(workflow->workspace->name.text(), "ci");
  EXPECT_EQ(workflow->placement.queue_timeout, 90s);
  EXPECT_EQ(std::get<ApprovalTask>(workflow->jobs[0].steps[0].task).timeout, 60s);
}

TEST(WorkflowYamlTest, EveryKeyOfAStepIsRead) {
  const auto workflow = decode(with_step(R"(description: d
forEach: {item: n, in: "${{ inputs.names }}"}
dependsOn: [{step: "a-${{ self.n }}", condition: {type: not, condition: {type: failed}}}]
weight: -1.5
concurrency: 0
allowFailure: true
guard: ${{ inputs.dry }}
dataOutputOverrides: [{specName: result, lifetime: 0d, garbageCollection: 3, tags: {a: b}, vary: [env], vaultName: v}]
retry: {attempts: 3, delay: 0, backoff: 1.5, maxDelay: 90, on: [timeout]}
timeout: 500ms
driver: raw
driverConfig: {env: {A: b}, workdir: /tmp}
outputs: [{path: dist, makeAvailableTo: [t]}, {path: log.txt}]
caches: [{path: node_modules, key: "k-${{ hashFiles('**/lock') }}", restoreKeys: [k-]}])"));
  ASSERT_TRUE(workflow) << problems_of(workflow.error()).front();
  const auto& step = workflow->jobs[0].steps[0];
  EXPECT_EQ(step.for_each->item, "n");
  EXPECT_EQ(step.for_each->in.text(), "${{ inputs.names }}");
  EXPECT_EQ(step.depends_on.at(0).target, "a-${{ self.n }}");
  EXPECT_EQ(to_string(step.depends_on[0].condition), "not failed");
  EXPECT_EQ(step.weight, -1.5);
  EXPECT_EQ(step.concurrency, std::nullopt);
  EXPECT_TRUE(step.allow_failure);
  EXPECT_EQ(step.guard.text(), "${{ inputs.dry }}");
  const auto& over = step.data_output_overrides.at(0);
  EXPECT_EQ(over.policy.lifetime, "workflow");  // what an age of zero always meant
  EXPECT_EQ(over.policy.garbage_collection, Value(3));
  EXPECT_EQ(over.policy.vault_name, "v");
  EXPECT_EQ(over.vary, std::vector<std::string>{"env"});
  EXPECT_EQ(step.retry.attempts, 3);
  EXPECT_EQ(step.retry.delay, 0ms);
  EXPECT_EQ(step.retry.backoff, 1.5);
  EXPECT_EQ(step.retry.max_delay, 90s);
  EXPECT_FALSE(step.retry.on_failed);
  EXPECT_TRUE(step.retry.on_timeout);
  EXPECT_EQ(step.timeout, 500ms);
  EXPECT_FALSE(step.outputs.at(0).for_all_dependents);
  EXPECT_TRUE(step.outputs.at(1).for_all_dependents);
  EXPECT_EQ(step.caches.at(0).restore_keys.value(), Value(List{"k-"}));
}

TEST(WorkflowYamlTest, EveryKindOfTaskIsRead) {
  const auto task = [](std::string_view text) {
    return decode(with_task(text))->jobs[0].steps[0].task;
  };
  const auto ephemeral =
      std::get<ModelMethodTask>(task("{type: model_method, modelType: '@a/pod', globalArgs: {ns: "
                                     "x}, methodName: list, inputs: '${{ inputs }}'}"));
  EXPECT_EQ(ephemeral.model_type.text(), "@a/pod");
  EXPECT_FALSE(ephemeral.model);
  EXPECT_FALSE(ephemeral.model_name);
  EXPECT_EQ(ephemeral.global_args.value()["ns"], Value("x"));
  EXPECT_TRUE(ephemeral.inputs.has_expressions());
  const auto child =
      std::get<WorkflowTask>(task("{type: workflow, workflowIdOrName: tour, inputs: {a: 1}}"));
  EXPECT_EQ(child.workflow.text(), "tour");
  EXPECT_EQ(
      std::get<AssertTask>(task("{type: assert, expr: a > 1, message: m, severity: low}")).severity,
      Severity::low);
  EXPECT_EQ(type_name(task("{type: manual_approval, prompt: Go?}")), "manual_approval");
}

TEST(WorkflowYamlTest, AWorkspaceMayBeABareTrue) {
  EXPECT_TRUE(decode(with_step("") + "workspace: true\n")->workspace->enabled);
  EXPECT_FALSE(decode(with_step("") + "workspace: false\n")->workspace->enabled);
  EXPECT_TRUE(decode(with_step("") + "workspace: {}\n")->workspace->enabled);
}

TEST(WorkflowYamlTest, AllProblemsAreToldAtOnceInOrderOfPlace) {
  EXPECT_THAT(
      problems(R"(id: 7
name: w
jobs:
- name: a
  step: []
- name: b
  steps:
  - nam: s
    task: {type: asert}
    weight: heavy
verson: 1
)"),
      ElementsAre(
          "1:5 'id' of workflow 'w' must be a string, not a number | help: write it in quotes: '7'",
          "4:3 job 'a' has no 'steps' | help: a job has one step or more",
          testing::StartsWith(
              "5:3 job 'a' has no key 'step' | help: did you mean 'steps'?; its keys are "),
          "8:5 step has no 'name'",
          testing::StartsWith(
              "8:5 step has no key 'nam' | help: did you mean 'name'?; its keys are name, "),
          "9:18 'type' of task of step must be model_method, workflow, manual_approval or assert, "
          "not "
          "'asert' | help: did you mean 'assert'?",
          "10:13 'weight' of step must be a number, not a string",
          testing::StartsWith(
              "11:1 workflow 'w' has no key 'verson' | help: did you mean 'version'?")));
}

TEST(WorkflowYamlTest, APlainTextInDependsOnIsToldHowToWriteIt) {
  EXPECT_THAT(problems(with_step("dependsOn: [a]")),
              ElementsAre("8:17 a dependency of step 's' must be a map, not a string | help: write "
                          "'{step: a, condition: "
                          "{type: succeeded}}'"));
  EXPECT_THAT(problems(with_step("dependsOn: a")),
              ElementsAre("8:16 'dependsOn' of step 's' must be a list, not a string | help: write "
                          "'dependsOn: [{step: a, "
                          "condition: {type: succeeded}}]'"));
  EXPECT_THAT(
      problems(with_step("dependsOn: [{step: a, condition: failed}]")),
      ElementsAre("8:38 the condition of step 's' on 'a' must be a map, not a string | help: "
                  "write '{type: failed}'"));
  EXPECT_THAT(problems(with_step("dependsOn: [{step: a}]")),
              ElementsAre("8:17 a dependency of step 's' has no 'condition' | help: write "
                          "'condition: {type: succeeded}'"));
}

TEST(WorkflowYamlTest, AStepCannotWaitForAJob) {
  EXPECT_THAT(problems(with_step("dependsOn: [{job: a, condition: {type: succeeded}}]")),
              ElementsAre("8:17 a dependency of step 's' has no 'step'",
                          "8:18 a dependency of step 's' has no key 'job' | help: a step waits for "
                          "steps of its own job; "
                          "the job itself waits for other jobs; its keys are step, condition"));
}

TEST(WorkflowYamlTest, ConditionsAreCheckedToTheirLeaves) {
  EXPECT_THAT(problems(with_step(
                  "dependsOn: [{step: a, condition: {type: and, conditions: [{type: always}]}}]")),
              ElementsAre("8:62 'conditions' of the condition of step 's' on 'a' must hold two or "
                          "more | help: a single "
                          "condition needs no 'and' or 'or'"));
  EXPECT_THAT(
      problems(
          with_step("dependsOn: [{step: a, condition: {type: not, condition: {type: suceeded}}}]")),
      ElementsAre("8:68 'type' of the condition of step 's' on 'a' must be always, succeeded, "
                  "failed, completed, "
                  "skipped, and, or or not, not 'suceeded' | help: did you mean 'succeeded'?"));
}

TEST(WorkflowYamlTest, AShellTaskIsToldWhatToWrite) {
  EXPECT_THAT(
      problems(with_task("{type: shell, run: echo}")),
      ElementsAre(
          "7:18 task of step 's' has no type 'shell' | help: write 'type: model_method, modelType: "
          "command/shell, methodName: execute, inputs: {run: echo hello}'"));
  EXPECT_THAT(
      problems(with_step("run: echo")).front(),
      testing::StartsWith("8:5 step 's' has no key 'run' | help: a command is a task, as in "));
}

TEST(WorkflowYamlTest, AModelIsNamedInOneWayOnly) {
  EXPECT_THAT(
      problems(with_task("{type: model_method, modelIdOrName: a, modelType: b, methodName: m}")),
      ElementsAre("7:47 task of step 's' has both 'modelIdOrName' and 'modelType' | help: keep "
                  "'modelIdOrName' for a "
                  "definition, or 'modelType' to run on the type itself"));
  EXPECT_THAT(
      problems(with_task("{type: model_method, methodName: m}")),
      ElementsAre(
          "7:11 task of step 's' says neither 'modelIdOrName' nor 'modelType' | help: write "
          "'modelIdOrName: <definition>', or 'modelType: <type>' to run on the type itself"));
  EXPECT_THAT(
      problems(with_task("{type: model_method, modelIdOrName: a, globalArgs: {}, methodName: m}")),
      ElementsAre(
          "7:62 'globalArgs' of task of step 's' needs 'modelType' | help: a definition named by "
          "'modelIdOrName' has its own"));
}

TEST(WorkflowYamlTest, UnknownKeysOfATaskAreErrorsToo) {
  EXPECT_THAT(
      problems(with_task("{type: model_method, modelIdOrName: a, methodName: m, arguments: {}}")),
      ElementsAre(
          "7:65 task of step 's' has no key 'arguments' | help: the arguments of the method are "
          "its "
          "'inputs'; its keys are type, modelIdOrName, modelType, modelName, methodName, inputs, "
          "globalArgs"));
  EXPECT_THAT(problems(with_task("{type: workflow, workflowIdOrName: a, methodName: m}")),
              ElementsAre("7:49 task of step 's' has no key 'methodName' | help: its keys are "
                          "type, workflowIdOrName, "
                          "inputs"));
}

TEST(WorkflowYamlTest, UnknownKeysAreErrorsInEverySmallMap) {
  for (const auto* line :
       {"forEach: {item: n, in: '${{ [] }}', x: 1}", "retry: {x: 1}",
        "dataOutputOverrides: [{specName: a, x: 1}]", "outputs: [{path: a, x: 1}]",
        "caches: [{path: a, key: k, x: 1}]", "driverConfig: {x: 1}",
        "dependsOn: [{step: a, condition: {type: always, x: 1}}]"}) {
    const auto found = problems(with_step(line));
    ASSERT_EQ(found.size(), 1U) << line;
    EXPECT_THAT(found.front(), testing::HasSubstr(" has no key 'x'")) << line;
  }
  for (const auto* line : {"trigger: {x: 1}", "reports: {x: 1}",
                           "reports: {require: [{name: a, x: 1}]}", "workspace: {x: 1}"}) {
    const auto found = problems(with_step("") + line + "\n");
    ASSERT_EQ(found.size(), 1U) << line;
    EXPECT_THAT(found.front(), testing::HasSubstr(" has no key 'x'")) << line;
  }
}

TEST(WorkflowYamlTest, ValuesOutOfRangeAreRefused) {
  EXPECT_THAT(problems(with_step("weight: .nan")),
              ElementsAre("8:13 'weight' of step 's' must be a finite number"));
  EXPECT_THAT(problems(with_step("concurrency: -1")),
              ElementsAre("8:18 'concurrency' of step 's' must be at least 0, not -1"));
  EXPECT_THAT(problems(with_step("concurrency: 1.5")),
              ElementsAre("8:18 'concurrency' of step 's' must be a whole number, not a number"));
  EXPECT_THAT(problems(with_step("timeout: 5 minutes")),
              ElementsAre("8:14 'timeout' of step 's': '5 minutes' is not a time limit | help: "
                          "write a number above zero "
                          "with ms, s, m, h or d, such as 30s or 5m"));
  EXPECT_THAT(problems(with_step("retry: {attempts: 0}")),
              ElementsAre("8:23 'attempts' of retry of step 's' must be at least 1, not 0"));
  EXPECT_THAT(problems(with_step("retry: {on: [error]}")),
              ElementsAre("8:18 'on' of retry of step 's' may hold 'failed' and 'timeout' only"));
  EXPECT_THAT(problems(with_task("{type: manual_approval, prompt: p, timeout: 0}")),
              ElementsAre("7:55 'timeout' of task of step 's' must be more than 0 and at most 100 "
                          "years, not 0 seconds"));
  EXPECT_THAT(problems(with_step("dataOutputOverrides: [{specName: a, lifetime: 5s}]")),
              ElementsAre("8:51 'lifetime' of a data output override of step 's' must not be '5s' "
                          "| help: write ephemeral, "
                          "infinite, job, workflow, or a whole number with m, h, d, w, mo or y"));
  EXPECT_THAT(
      problems(with_step("dataOutputOverrides: [{specName: a, garbageCollection: 0d}]")).size(),
      1U);
}

TEST(WorkflowYamlTest, AGuardAndALoopAreOneExpression) {
  EXPECT_THAT(
      problems(with_step("guard: 'true'")),
      ElementsAre("8:12 'guard' of step 's' must be one ${{ … }} expression, not a string | "
                  "help: write for example "
                  "'guard: ${{ inputs.dryRun }}'; the step is skipped when it is true"));
  EXPECT_THAT(problems(with_step("forEach: {item: n, in: [a, b]}")),
              ElementsAre("8:28 'in' of forEach of step 's' must be one ${{ … }} expression, not a "
                          "list | help: write a list as an expression too: 'in: ${{ [\"eu\", "
                          "\"us\"] }}'"));
  EXPECT_THAT(problems(with_task("{type: workflow, workflowIdOrName: a, inputs: text}")),
              ElementsAre("7:57 'inputs' of task of step 's' must be a map or one ${{ … }} "
                          "expression, not a string"));
}

TEST(WorkflowYamlTest, DriverConfigurationsAreChecked) {
  EXPECT_THAT(
      problems(with_step(
          "driver: docker\ndriverConfig: {image: a, mode: sesion, volumes: x, timeout: -1}")),
      ElementsAre(
          "9:36 'mode' of driverConfig of step 's' must be per-step or session, not "
          "'sesion' | help: did you "
          "mean 'session'?",
          "9:53 'volumes' of driverConfig of step 's' must be a list of strings, not a string",
          "9:65 'timeout' of driverConfig of step 's' must be more than 0"));
  EXPECT_THAT(problems(with_step("driver: raw\ndriverConfig: {image: a}")),
              ElementsAre("9:20 driverConfig of step 's' has no key 'image' | help: its keys are "
                          "timeout, env, workdir"));
  EXPECT_THAT(
      problems(with_step(
          "driver: docker\ndriverConfig: {image: '${{ inputs.i }}', timeout: '${{ inputs.t }}'}")),
      ElementsAre());
  EXPECT_THAT(problems(with_step("driver: mine\ndriverConfig: {anything: 1}")), ElementsAre());
}

TEST(WorkflowYamlTest, AScheduleIsChecked) {
  EXPECT_THAT(problems(with_step("") + "trigger: {schedule: 0 25 * * *}\n"),
              ElementsAre("8:21 schedule '0 25 * * *' has '25' as hour | help: hour is a number "
                          "from 0 to 23, a range, '*' or "
                          "'*/n'"));
}

TEST(WorkflowYamlTest, InputsAreChecked) {
  EXPECT_THAT(
      problems(with_step("") + "inputs: {who: string, n: {type: intger}}\n"),
      ElementsAre(
          "8:15 input 'who' must be a map, not a string | help: write 'who: {type: string}'",
          "8:33 input 'n' has an unknown type 'intger' | help: did you mean 'integer'?"));
}

TEST(WorkflowYamlTest, TheSchemaOfInputsHasOnlyWordsOfJsonSchema) {
  EXPECT_THAT(problems(with_step("") + "inputs: {n: {type: integer, minimum: 1, x-shown: yes}}\n"),
              testing::IsEmpty());
  EXPECT_THAT(
      problems(with_step("") +
               "inputs:\n"
               "  properties: {n: {type: object, properties: {m: {defualt: 1}}, optional: true}}\n"
               "  requird: [n]\n"),
      ElementsAre("9:60 input 'n' has no keyword 'defualt' | help: did you mean 'default'?",
                  "9:75 input 'n' has no keyword 'optional' | help: an input is optional unless "
                  "'required' names it",
                  "10:12 inputs has no keyword 'requird' | help: did you mean 'required'?"));
}

TEST(WorkflowYamlTest, AWrongKeywordOfAnInputIsShownWhereItStands) {
  EXPECT_THAT(problems(with_step("") + "inputs: {d: {type: string, required: true}}\n"),
              ElementsAre("8:38 schema keyword '/properties/d/required' must be made of strings | "
                          "help: whether an input is required is said for all of them: 'inputs: "
                          "{required: [name], properties: {…}}'"));
  EXPECT_THAT(problems(with_step("") + "inputs: {properties: {e: {enum: x}}}\n"),
              ElementsAre("8:33 schema keyword '/properties/e/enum' must be a list of values"));
  EXPECT_THAT(problems(with_step("") + "inputs: {propertis: {n: {type: integer}}}\n"),
              ElementsAre("8:25 input 'propertis' has no keyword 'n' | help: did you mean "
                          "'properties' instead of 'propertis'?"));
}

TEST(WorkflowYamlTest, WhatPeopleWriteFirstIsAnswered) {
  const auto first = [](std::string text) { return problems(std::move(text)).at(0); };
  EXPECT_THAT(
      first(with_step("retry: 3")),
      testing::EndsWith("must be a map, not a number | help: write 'retry: {attempts: 3}'"));
  EXPECT_THAT(first(with_step("forEach: [1, 2]")),
              testing::EndsWith("'forEach: {item: region, in: ${{ inputs.regions }}}'"));
  EXPECT_THAT(
      first(with_step("forEach: {item: i, in: [1, 2]}")),
      testing::EndsWith("write a list as an expression too: 'in: ${{ [\"eu\", \"us\"] }}'"));
  EXPECT_THAT(first(with_step("allowFailure: yes")),
              testing::EndsWith("true or false, not a string | help: write 'true'"));
  EXPECT_THAT(first(with_task("echo hello")),
              testing::HasSubstr("| help: write 'type: model_method"));
  EXPECT_THAT(first(with_step("dependsOn: [{step: a, condition: success}]")),
              testing::EndsWith("must be a map, not a string | help: write '{type: succeeded}'"));
  EXPECT_THAT(first(with_step("dependsOn: [{step: a, condition: {type: failure}}]")),
              testing::EndsWith("has no type 'failure' | help: did you mean 'failed'?"));
}

TEST(WorkflowYamlTest, AnEmptyValueSaysSo) {
  EXPECT_THAT(problems(with_step("description:")),
              ElementsAre("8:17 'description' of step 's' must be a string, not empty | help: give "
                          "'description' a value, or "
                          "leave it out"));
}

TEST(WorkflowYamlTest, SomethingThatIsNoWorkflowIsRefused) {
  EXPECT_THAT(problems("[]"), ElementsAre("1:1 workflow must be a map, not a list"));
  EXPECT_THAT(problems(""), ElementsAre("1:1 workflow must be a map, not empty"));
  EXPECT_THAT(problems("id: 2f1f0f5e-7d0a-4a55-9c3e-0b1c2d3e4f50\nname: a/../b\njobs: []\n"),
              ElementsAre("2:7 workflow name 'a/../b' must not hold '..'",
                          "3:7 'jobs' of workflow 'a/../b' must not be empty | help: a workflow "
                          "has one job or more"));
}

TEST(WorkflowYamlTest, PlacesOfExpressionsPointIntoTheFile) {
  const auto workflow =
      *decode(with_task("{type: workflow, workflowIdOrName: a, inputs: {k: \"é ${{ x }}\"}}"));
  const auto& inputs = std::get<WorkflowTask>(workflow.jobs[0].steps[0].task).inputs;
  ASSERT_EQ(inputs.expressions().size(), 1U);
  EXPECT_EQ(inputs.expressions()[0].pointer, "/k");
  EXPECT_EQ(inputs.expressions()[0].where.to_string(), "w.yaml:7:62");  // behind the quote
}

TEST(WorkflowYamlTest, AWorkflowIsWrittenInTheOriginalsOrder) {
  const auto workflow = *decode(
      R"(jobs: [{steps: [{task: {type: assert, expr: 'true', message: m}, name: s, weight: 1}], name: j}]
tags: {b: "1", a: "2"}
version: 1
name: w
id: 2f1f0f5e-7d0a-4a55-9c3e-0b1c2d3e4f50
)");
  EXPECT_EQ(encode_workflow(workflow), R"(id: 2f1f0f5e-7d0a-4a55-9c3e-0b1c2d3e4f50
name: w
tags:
  b: '1'
  a: '2'
jobs:
  - name: j
    steps:
      - name: s
        task:
          type: assert
          expr: 'true'
          message: m
        weight: 1
version: 1
)");
}

TEST(WorkflowYamlTest, ANewWorkflowSpellsItsDefaultsOut) {
  const auto document = new_workflow_document("2f1f0f5e-7d0a-4a55-9c3e-0b1c2d3e4f50", "w");
  const auto workflow = make_workflow(document);
  ASSERT_TRUE(workflow) << workflow.error().message;
  EXPECT_EQ(encode_workflow(*workflow), R"(id: 2f1f0f5e-7d0a-4a55-9c3e-0b1c2d3e4f50
name: w
tags: {}
jobs:
  - name: main
    description: What this job does
    steps:
      - name: example
        description: What this step does
        task:
          type: model_method
          modelType: command/shell
          methodName: execute
          inputs:
            run: echo hello
        dependsOn: []
        weight: 0
        allowFailure: false
    dependsOn: []
    weight: 0
version: 1
)");
}

TEST(WorkflowYamlTest, TheExampleOfTheDocumentationIsAWorkflow) {
  std::ifstream file("docs/workflow-yaml.md");
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  constexpr std::string_view kFence = "```yaml\n";
  const auto begin = text.find(kFence);
  ASSERT_NE(begin, std::string::npos);
  const auto from = begin + kFence.size();
  EXPECT_THAT(problems(text.substr(from, text.find("```", from) - from)), ElementsAre());
}

}  // namespace
}  // namespace swamp::spec
