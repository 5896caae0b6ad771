#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "spec/test_catalogue.h"
#include "spec/test_problems.h"
#include "spec/validate.h"

namespace swamp::spec {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;

constexpr std::string_view kGreeter = R"(type: command/shell
id: bc6cd9c0-d905-46d4-b0a3-31ec487c400c
name: greeter
inputs: {properties: {who: {type: string}}}
methods: {execute: {arguments: {run: "echo ${{ inputs.who }}"}}}
)";

Workflow workflow_of(std::string_view body) {
  auto document = yaml::parse(
      fmt::format("id: 2f1f0f5e-7d0a-4a55-9c3e-0b1c2d3e4f50\nname: w\n{}", body), "w.yaml");
  EXPECT_TRUE(document) << document.error().message;
  auto workflow = decode_workflow(*document);
  EXPECT_TRUE(workflow) << problems_of(workflow.error()).front();
  return workflow ? *std::move(workflow) : Workflow{};
}

/// Every row that has something to say: `FAIL <check>: <problems>` or `WARN …`.
std::vector<std::string> told(std::string_view body, const TestCatalogue& catalogue = {}) {
  std::vector<std::string> lines;
  for (const auto& row : validate_workflow(workflow_of(body), catalogue)) {
    if (!row.error) continue;
    EXPECT_EQ(row.passed, row.warning) << row.check;
    for (const auto& problem : problems_of(*row.error)) {
      lines.push_back(fmt::format("{} {}: {}", row.passed ? "WARN" : "FAIL", row.check, problem));
    }
  }
  return lines;
}

/// One job `j` with these steps, each on a line from 6 on.
std::string job(std::string_view steps) {
  return fmt::format("jobs:\n- name: j\n  steps:\n{}", steps);
}

constexpr std::string_view kOk = "task: {type: assert, expr: 'true', message: m}";

TEST(ValidateWorkflowTest, RowsComeInAFixedOrder) {
  std::vector<std::string> rows;
  const auto workflow = workflow_of(fmt::format(
      "jobs:\n- name: a\n  steps: [{{name: s, {0}}}]\n- name: b\n  steps: [{{name: t, {0}}}]\n",
      kOk));
  for (const auto& row : validate_workflow(workflow, TestCatalogue())) {
    EXPECT_TRUE(row.passed);
    EXPECT_FALSE(row.error);
    rows.push_back(row.check);
  }
  EXPECT_THAT(
      rows,
      ElementsAre(
          "Schema validation", "Unique job names", "Unique step names in job 'a'",
          "Unique step names in job 'b'", "Valid job dependency references",
          "Valid step dependency references in job 'a'",
          "Valid step dependency references in job 'b'", "No cyclic job dependencies",
          "No cyclic step dependencies in job 'a'", "No cyclic step dependencies in job 'b'",
          "Assert expr in job 'a' step 's'", "Assert expr in job 'b' step 't'", "Expression syntax",
          "Names in expressions", "Declared inputs", "Defaults of inputs", "Models in expressions",
          "Types in expressions", "No cyclic nested workflows", "Known drivers", "Lists of forEach",
          "Unique forEach names in job 'a'", "Unique forEach names in job 'b'",
          "Settings that have an effect", "Reachable jobs", "Reachable steps in job 'a'",
          "Reachable steps in job 'b'", "Data of upstream steps", "Step outputs",
          "Working directories beside step outputs"));
}

TEST(ValidateWorkflowTest, NamesMustBeUnique) {
  EXPECT_THAT(told(job(fmt::format(
                  "  - {{name: s, {0}}}\n  - {{name: t, {0}}}\n  - {{name: s, {0}}}\n", kOk))),
              ElementsAre("FAIL Unique step names in job 'j': 8:12 two steps of job 'j' have the "
                          "name 's' | help: the first "
                          "is in line 6"));
  EXPECT_THAT(
      told(fmt::format("jobs:\n- {{name: a, steps: [{{name: s, {0}}}]}}\n- {{name: a, steps: "
                       "[{{name: s, {0}}}]}}\n",
                       kOk)),
      ElementsAre(
          "FAIL Unique job names: 5:10 two jobs have the name 'a' | help: the first is in line 4"));
}

TEST(ValidateWorkflowTest, DependenciesMustExist) {
  EXPECT_THAT(
      told(job(fmt::format(
          "  - {{name: build, {0}}}\n"
          "  - {{name: t, dependsOn: [{{step: biuld, condition: {{type: succeeded}}}}], {0}}}\n",
          kOk))),
      ElementsAre("FAIL Valid step dependency references in job 'j': 7:34 step 't' of job 'j' "
                  "depends on 'biuld', "
                  "which does not exist | help: did you mean 'build'?"));
}

TEST(ValidateWorkflowTest, AMissingDependencySaysWhatWasMeant) {
  const auto hint = [](std::string_view target) {
    const auto lines = told(fmt::format(
        "jobs:\n- name: a\n  steps:\n"
        "  - {{name: 'each-${{{{ self.n }}}}', forEach: {{item: n, in: '${{{{ [1] }}}}'}}, {0}}}\n"
        "  - {{name: t, dependsOn: [{{step: {1}, condition: {{type: failed}}}}], {0}}}\n"
        "- {{name: b, steps: [{{name: publish, {0}}}]}}\n",
        kOk, target));
    return lines.size() == 1 ? lines.front().substr(lines.front().find("| help: ") + 8)
                             : fmt::to_string(fmt::join(lines, "\n"));
  };
  EXPECT_EQ(hint("each-1"),
            "a forEach is waited for as a whole, by its own name: 'each-${{ self.n }}'");
  EXPECT_EQ(hint("publish"),
            "a step waits for steps of its own job; let the job depend on job 'b' instead");
  EXPECT_EQ(hint("somewhere"), "the steps of job 'a' are each-${{ self.n }}, t");
}

TEST(ValidateWorkflowTest, ACycleIsSpelledAsAPath) {
  const auto step = [](std::string_view name, std::string_view on) {
    return fmt::format(
        "  - {{name: {}, dependsOn: [{{step: {}, condition: {{type: always}}}}], {}}}\n", name, on,
        kOk);
  };
  EXPECT_THAT(told(job(step("a", "b") + step("b", "c") + step("c", "a"))),
              ElementsAre("FAIL No cyclic step dependencies in job 'j': 8:34 steps of job 'j' wait "
                          "for each other: a -> b -> "
                          "c -> a | help: take one of these dependencies away"));
  EXPECT_THAT(told(job(step("a", "a"))),
              ElementsAre("FAIL No cyclic step dependencies in job 'j': 6:34 steps of job 'j' wait "
                          "for each other: a -> a | "
                          "help: take one of these dependencies away"));
}

TEST(ValidateWorkflowTest, ALongChainIsNoProblem) {
  std::string steps;
  for (int i = 0; i < 3000; ++i) {
    steps += fmt::format(
        "  - {{name: s{}, dependsOn: [{{step: s{}, condition: {{type: succeeded}}}}], {}}}\n", i,
        i + 1, kOk);
  }
  steps += fmt::format("  - {{name: s3000, {}}}\n", kOk);
  EXPECT_THAT(told(job(steps)), IsEmpty());
}

TEST(ValidateWorkflowTest, ConditionsThatCanNeverHoldAreWarnedOf) {
  const auto steps = [](std::string_view conditions) {
    return job(
        fmt::format("  - {{name: a, {0}}}\n  - {{name: b, dependsOn: [{{step: a, condition: "
                    "{{type: failed}}}}], {0}}}\n"
                    "  - {{name: c, dependsOn: [{1}], {0}}}\n",
                    kOk, conditions));
  };
  EXPECT_THAT(
      told(steps("{step: a, condition: {type: succeeded}}, {step: a, condition: {type: failed}}")),
      ElementsAre("WARN Reachable steps in job 'j': 8:75 step 'c' of job 'j' can never run: 'a' "
                  "never ends as it must "
                  "(failed)"));
  EXPECT_THAT(told(steps("{step: a, condition: {type: skipped}}")),
              ElementsAre("WARN Reachable steps in job 'j': 8:34 step 'c' of job 'j' can never "
                          "run: 'a' never ends as it must "
                          "(skipped)"));
  // b runs only after a has failed.
  EXPECT_THAT(
      told(steps(
          "{step: a, condition: {type: succeeded}}, {step: b, condition: {type: succeeded}}")),
      ElementsAre("WARN Reachable steps in job 'j': 8:75 step 'c' of job 'j' can never run: its "
                  "conditions exclude "
                  "each other"));
  EXPECT_THAT(
      told(steps("{step: a, condition: {type: succeeded}}, {step: b, condition: {type: skipped}}")),
      IsEmpty());
  EXPECT_THAT(told(steps("{step: b, condition: {type: skipped}}")), IsEmpty());
}

TEST(ValidateWorkflowTest, AModelThatIsNotThereIsAWarning) {
  TestCatalogue catalogue;
  catalogue.add_definition(std::string(kGreeter));
  EXPECT_THAT(told(job("  - {name: s, task: {type: model_method, modelIdOrName: greter, "
                       "methodName: execute}}\n"),
                   catalogue),
              ElementsAre("WARN Step inputs for 's' in job 'j' (greter.execute) (model not found): "
                          "6:57 there is no model "
                          "'greter' | help: did you mean 'greeter'?"));
}

TEST(ValidateWorkflowTest, MethodsAndArgumentsOfADefinitionAreChecked) {
  TestCatalogue catalogue;
  catalogue.add_definition(std::string(kGreeter));
  const auto call = [&](std::string_view rest) {
    return told(
        job(fmt::format(
            "  - {{name: s, task: {{type: model_method, modelIdOrName: greeter, {}}}}}\n", rest)),
        catalogue);
  };
  EXPECT_THAT(call("methodName: execute, inputs: {who: world}"), IsEmpty());
  EXPECT_THAT(call("methodName: execute, inputs: '${{ {} }}'"), IsEmpty());
  EXPECT_THAT(call("methodName: '${{ inputs.m }}', inputs: {who: x}"), IsEmpty());
  EXPECT_THAT(call("methodName: exec, inputs: {who: world}"),
              ElementsAre("FAIL Step inputs for 's' in job 'j' (greeter.exec): 6:78 type "
                          "'command/shell' has no method 'exec' | help: its methods are execute"));
  EXPECT_THAT(call("methodName: execute, inputs: {who: 5, tiemout: 1}"),
              ElementsAre("FAIL Step inputs for 's' in job 'j' (greeter.execute): 6:101 input "
                          "'who' must be a string"));
  EXPECT_THAT(call("methodName: execute, inputs: {who: x, tiemout: 1}"),
              ElementsAre("WARN Step inputs for 's' in job 'j' (greeter.execute): 6:113 neither "
                          "model 'greeter' nor method "
                          "'execute' of type 'command/shell' has an input 'tiemout' | help: did "
                          "you mean 'timeout'?"));
  EXPECT_THAT(
      call("methodName: execute"),
      ElementsAre("FAIL GlobalArgument input references for 's' in job 'j' (greeter): 6:57 model "
                  "'greeter' uses "
                  "inputs.who, which this step does not give it | help: write 'inputs: {who: …}'"));
}

TEST(ValidateWorkflowTest, StepsOnATypeAreChecked) {
  const auto call = [&](std::string_view rest) {
    return told(job(fmt::format(
        "  - {{name: s, task: {{type: model_method, modelType: '@john/pod', {}}}}}\n", rest)));
  };
  EXPECT_THAT(call("globalArgs: {namespace: x}, methodName: list"), IsEmpty());
  EXPECT_THAT(call("globalArgs: {namespace: '${{ inputs.ns }}'}, methodName: list"), IsEmpty());
  EXPECT_THAT(call("globalArgs: '${{ inputs.g }}', methodName: list"), IsEmpty());
  EXPECT_THAT(call("methodName: list"),
              ElementsAre("FAIL Step inputs for 's' in job 'j' (@john/pod.list): 6:54 type "
                          "'@john/pod' needs the global "
                          "argument 'namespace' | help: write 'globalArgs: {namespace: …}'"));
  EXPECT_THAT(call("globalArgs: {namespace: x}, methodName: list, inputs: {namespace: y}"),
              ElementsAre("FAIL Step inputs for 's' in job 'j' (@john/pod.list): 6:132 method "
                          "'list' of type '@john/pod' has "
                          "no argument 'namespace' | help: it is a global argument: write "
                          "'globalArgs: {namespace: …}'"));
  EXPECT_THAT(call("globalArgs: {namespace: x, contxt: y}, methodName: get"),
              ElementsAre("FAIL Step inputs for 's' in job 'j' (@john/pod.get): 6:101 type "
                          "'@john/pod' has no global argument "
                          "'contxt' | help: did you mean 'context'?",
                          "FAIL Step inputs for 's' in job 'j' (@john/pod.get): 6:117 method 'get' "
                          "of type '@john/pod' needs "
                          "the argument 'name' | help: write 'inputs: {name: …}'"));
  EXPECT_THAT(call("modelName: p, methodName: get, inputs: {name: a, namespace: b}"), IsEmpty());
  EXPECT_THAT(call("modelName: p, methodName: get, inputs: {name: a, x: b}"),
              ElementsAre("FAIL Step inputs for 's' in job 'j' (p.get): 6:118 method 'get' of type "
                          "'@john/pod' has no input 'x' "
                          "| help: it has name, namespace, context"));
}

TEST(ValidateWorkflowTest, ATypeThatIsNotThereIsAnError) {
  EXPECT_THAT(
      told(job("  - {name: s, task: {type: model_method, modelType: no/such, methodName: x}}\n")),
      ElementsAre(
          "FAIL Step inputs for 's' in job 'j' (no/such.x): 6:53 there is no type 'no/such'"));
}

TEST(ValidateWorkflowTest, ANameOfAnotherTypeIsAnError) {
  TestCatalogue catalogue;
  catalogue.add_definition(std::string(kGreeter));
  EXPECT_THAT(
      told(job("  - {name: s, task: {type: model_method, modelType: '@john/pod', modelName: "
               "greeter, methodName: "
               "list}}\n"),
           catalogue),
      ElementsAre(
          "FAIL Step inputs for 's' in job 'j' (greeter.list): 6:77 model 'greeter' is of type "
          "'command/shell', not '@john/pod' | help: choose another name, or leave 'modelName' "
          "out"));
}

TEST(ValidateWorkflowTest, ChildWorkflowsAreChecked) {
  TestCatalogue catalogue;
  catalogue.add_workflow(fmt::format(
      "id: 3f1f0f5e-7d0a-4a55-9c3e-0b1c2d3e4f51\nname: child\n"
      "inputs: {{properties: {{a: {{type: integer}}, b: {{type: string, default: x}}}}, "
      "required: [a, b], additionalProperties: false}}\n{}",
      job(fmt::format("  - {{name: s, {}}}\n", kOk))));
  const auto call = [&](std::string_view name, std::string_view inputs) {
    return told(job(fmt::format(
                    "  - {{name: s, task: {{type: workflow, workflowIdOrName: {}, inputs: {}}}}}\n",
                    name, inputs)),
                catalogue);
  };
  EXPECT_THAT(call("child", "{a: 1}"), IsEmpty());
  EXPECT_THAT(call("3f1f0f5e-7d0a-4a55-9c3e-0b1c2d3e4f51", "{a: '${{ 1 }}'}"), IsEmpty());
  EXPECT_THAT(call("child", "{}"),
              ElementsAre("FAIL Step inputs for 's' in job 'j' (workflow: child): 6:71 workflow "
                          "'child' needs the input 'a' | "
                          "help: write 'inputs: {a: …}'"));
  EXPECT_THAT(call("child", "{a: x, c: 1}"),
              ElementsAre("FAIL Step inputs for 's' in job 'j' (workflow: child): 6:75 input 'a' "
                          "must be an integer",
                          "FAIL Step inputs for 's' in job 'j' (workflow: child): 6:81 workflow "
                          "'child' has no input 'c' | "
                          "help: did you mean 'a'?"));
  EXPECT_THAT(call("chidl", "{}"),
              ElementsAre("FAIL Step inputs for 's' in job 'j' (workflow: chidl): 6:56 there is no "
                          "workflow 'chidl' | help: did "
                          "you mean 'child'?"));
}

TEST(ValidateWorkflowTest, WorkflowsThatCallEachOtherAreFoundByNameAndById) {
  TestCatalogue catalogue;
  catalogue.add_workflow("id: 3f1f0f5e-7d0a-4a55-9c3e-0b1c2d3e4f51\nname: other\n" +
                         job("  - {name: s, task: {type: workflow, workflowIdOrName: "
                             "2f1f0f5e-7d0a-4a55-9c3e-0b1c2d3e4f50}}\n"));
  const auto body = job("  - {name: s, task: {type: workflow, workflowIdOrName: other}}\n");
  catalogue.add_workflow("id: 2f1f0f5e-7d0a-4a55-9c3e-0b1c2d3e4f50\nname: w\n" + body);
  EXPECT_THAT(
      told(body, catalogue),
      ElementsAre(
          "FAIL No cyclic nested workflows: 6:56 workflows call each other: w -> other -> w"));
}

TEST(ValidateWorkflowTest, WorkflowsNestTenDeep) {
  TestCatalogue catalogue;
  const auto add = [&](int i, const std::string& body) {
    catalogue.add_workflow(
        fmt::format("id: 3f1f0f5e-7d0a-4a55-9c3e-0b1c2d3e4f{:02}\nname: n{}\n{}", i, i, body));
  };
  for (int i = 1; i < 11; ++i) {
    add(i, job(fmt::format("  - {{name: s, task: {{type: workflow, workflowIdOrName: n{}}}}}\n",
                           i + 1)));
  }
  add(11, job(fmt::format("  - {{name: s, {}}}\n", kOk)));
  EXPECT_THAT(told(job("  - {name: s, task: {type: workflow, workflowIdOrName: n2}}\n"), catalogue),
              IsEmpty());
  EXPECT_THAT(
      told(job("  - {name: s, task: {type: workflow, workflowIdOrName: n1}}\n"), catalogue),
      ElementsAre(
          "FAIL No cyclic nested workflows: 6:56 workflows are nested 11 deep, more than 10"));
}

TEST(ValidateWorkflowTest, SyntaxAndNamesOfAllExpressionsAreChecked) {
  const auto lines = told(R"(description: ${{ 1 + }}
trigger: {inputs: {a: "${{ webhook.body }}", b: "${{ inputs.x }}"}}
jobs:
- name: j
  steps:
  - name: s-${{ self.n }}
    forEach: {item: n, in: "${{ intputs.list }}"}
    guard: ${{ data.lates('a', 'b') }}
    task: {type: assert, expr: sefl.n > 1, message: "${{ self.m }}"}
)");
  EXPECT_THAT(lines, ElementsAre(testing::StartsWith("FAIL Expression syntax: 3:2"),
                                 testing::StartsWith("FAIL Names in expressions: 4:54 "),
                                 testing::StartsWith("FAIL Names in expressions: 9:33 "),
                                 testing::StartsWith("FAIL Names in expressions: 10:21 "),
                                 testing::StartsWith("FAIL Names in expressions: 11:32 "),
                                 "FAIL Names in expressions: 11:58 self has no 'm' in step 's-${{ "
                                 "self.n }}' | help: did you mean "
                                 "'n'?"));
}

TEST(ValidateWorkflowTest, ShellVariablesAndTemplatesAreNobodysBusiness) {
  EXPECT_THAT(told(job("  - {name: s, task: {type: model_method, modelType: command/shell, "
                       "methodName: execute, inputs: {run: "
                       "'echo ${HOME} {{.Names}} $(date)'}}}\n")),
              IsEmpty());
}

TEST(ValidateWorkflowTest, TwoExpressionsAreNotOne) {
  EXPECT_THAT(
      told(job(fmt::format("  - {{name: s, guard: '${{{{ 1 }}}}-${{{{ 2 }}}}', {}}}\n", kOk))),
      ElementsAre("FAIL Expression syntax: 6:23 'guard' must be one ${{ … }} expression, not a "
                  "text with some in it"));
}

TEST(ValidateWorkflowTest, InputsMustBeDeclaredWhereAnyAre) {
  const auto body =
      job("  - {name: s, task: {type: assert, expr: inputs.regoin == 'a', message: \"é ${{ "
          "inputs.none }}\"}}\n");
  EXPECT_THAT(told("inputs: {properties: {region: {type: string}}}\n" + body),
              ElementsAre("FAIL Declared inputs: 7:42 workflow 'w' declares no input 'regoin' | "
                          "help: did you mean 'region'?",
                          "FAIL Declared inputs: 7:80 workflow 'w' declares no input 'none' | "
                          "help: declare it under 'inputs: "
                          "{properties: {none: …}}'"));
  EXPECT_THAT(told(body), IsEmpty());
  EXPECT_THAT(
      told("inputs: {properties: {region: {type: string}}, additionalProperties: true}\n" + body),
      IsEmpty());
}

TEST(ValidateWorkflowTest, AWrappedAssertIsAnError) {
  EXPECT_THAT(told(job("  - {name: s, task: {type: assert, expr: '${{ 1 == 1 }}', message: m}}\n")),
              ElementsAre("FAIL Assert expr in job 'j' step 's': 6:43 'expr' of an assert is an "
                          "expression without '${{ }}' | "
                          "help: take '${{' and '}}' away"));
}

TEST(ValidateWorkflowTest, QueuesAndAffinityWithoutPlacementAreWarnedOf) {
  EXPECT_THAT(
      told(fmt::format("affinity: true\n{}",
                       job(fmt::format("  - {{name: s, queueTimeout: 5, {}}}\n", kOk)))),
      ElementsAre("WARN queueTimeout without placement in job 'j' step 's': 7:29 a step that runs "
                  "here waits in no "
                  "queue | help: add 'target', 'labels' or 'platform', or take 'queueTimeout' away",
                  "WARN affinity without placement: 3:11 affinity keeps steps on one worker, and "
                  "no step here is "
                  "placed on any"));
  EXPECT_THAT(told(fmt::format("affinity: true\nlabels: {{a: b}}\n{}",
                               job(fmt::format("  - {{name: s, queueTimeout: 5, {}}}\n", kOk)))),
              IsEmpty());
}

TEST(ValidateWorkflowTest, NamesOfIterationsMustDiffer) {
  const auto loop = [](std::string_view name, std::string_view in) {
    return told(
        job(fmt::format("  - {{name: 'each-p', {0}}}\n  - {{name: '{1}', forEach: {{item: n, in: "
                        "\"{2}\"}}, {0}}}\n",
                        kOk, name, in)));
  };
  EXPECT_THAT(loop("x-${{ self.n }}", "${{ ['p', 'q'] }}"), IsEmpty());
  EXPECT_THAT(loop("each-${{ self.n }}", "${{ ['p', 'q'] }}"),
              ElementsAre("FAIL Unique forEach names in job 'j': 7:13 an iteration of step "
                          "'each-${{ self.n }}' gets the name "
                          "'each-p', which is that of another step"));
  EXPECT_THAT(loop("each", "${{ ['p'] }}"),
              ElementsAre("FAIL Unique forEach names in job 'j': 7:13 an iteration of step 'each' "
                          "gets the name 'each-p', which "
                          "is that of another step"));
  EXPECT_THAT(loop("x", "${{ [1, 1.5, true, null, 1] }}"),
              ElementsAre("FAIL Unique forEach names in job 'j': 7:13 two iterations of step 'x' "
                          "get the name 'x-1'"));
  EXPECT_THAT(loop("x-${{ run.id }}", "${{ inputs.list }}"),
              ElementsAre("FAIL Unique forEach names in job 'j': 7:13 all iterations of step "
                          "'x-${{ run.id }}' get the same "
                          "name | help: use self.n in it"));
}

TEST(ValidateWorkflowTest, AForEachGoesThroughListsAndMaps) {
  const auto loop = [](std::string_view in) {
    return told(
        "inputs: {names: {type: array}, n: {type: integer}, any: {}}\n" +
        job(fmt::format("  - {{name: s, forEach: {{item: i, in: \"{}\"}}, {}}}\n", in, kOk)));
  };
  EXPECT_THAT(loop("${{ inputs.names }}"), IsEmpty());
  EXPECT_THAT(loop("${{ inputs.any }}"), IsEmpty());
  EXPECT_THAT(loop("${{ inputs.n == 1 ? [1] : [] }}"), IsEmpty());
  EXPECT_THAT(
      loop("${{ inputs.n }}"),
      ElementsAre("FAIL Lists of forEach: 7:39 forEach needs a list or a map, and the input "
                  "'n' is of type integer | help: declare 'n: {type: array}'"));
  EXPECT_THAT(loop("${{ 'a,b' }}"),
              ElementsAre("FAIL Lists of forEach: 7:39 forEach needs a list or a map, not a string "
                          "| help: write for example 'in: ${{ inputs.regions }}'"));
}

TEST(ValidateWorkflowTest, WhatHasNoEffectIsWarnedOf) {
  EXPECT_THAT(
      told(job(fmt::format(
          "  - {{name: 's-${{{{ env.USER }}}}', concurrency: 2, retry: {{delay: 5s}}, {}}}\n"
          "  - {{name: g, retry: {{attempts: 2}}, dataOutputOverrides: [{{specName: r}}], "
          "task: {{type: manual_approval, prompt: p}}}}\n",
          kOk))),
      ElementsAre(
          "WARN Settings that have an effect: 6:13 the name of a step without forEach sees only "
          "'inputs': it stays 's-${{ env.USER }}' | help: give it a name that needs nothing else",
          "WARN Settings that have an effect: 6:13 'concurrency' of step 's-${{ env.USER }}' caps "
          "iterations, and it has no forEach | help: write it on the job to cap its steps",
          "WARN Settings that have an effect: 6:13 step 's-${{ env.USER }}' is tried once only, "
          "'retry' or not | help: say how often, as in 'retry: {attempts: 3}'",
          "WARN Settings that have an effect: 7:12 step 'g' is not retried: a gate is asked once | "
          "help: take 'retry' away",
          "WARN Settings that have an effect: 7:59 step 'g' calls no method, so it writes no data "
          "to override | help: take 'dataOutputOverrides' away"));
}

TEST(ValidateWorkflowTest, ExpressionsThatAreNoneAreWarnedOf) {
  const auto check = [](std::string_view expr, std::string_view message) {
    return told(job(fmt::format(
        "  - {{name: 'e-${{{{ self.i }}}}', forEach: {{item: i, in: '${{{{ [1] }}}}'}}, {}}}\n"
        "  - {{name: s, dependsOn: [{{step: 'e-${{{{ self.i }}}}', condition: {{type: always}}}}], "
        "task: {{type: assert, expr: \"{}\", message: '{}'}}}}\n",
        kOk, expr, message)));
  };
  EXPECT_THAT(check("size(data.step('e-${{ self.i }}')) > 0", "m"), IsEmpty());
  EXPECT_THAT(check("'${{ inputs.a }}' == 'x'", "m"),
              ElementsAre(testing::EndsWith(
                  "'${{ }}' within 'expr' of step 's' is text, not what it yields | help: write "
                  "the expression itself, as in 'inputs.env == \"prod\"'")));
  EXPECT_THAT(check("true", "it is ${{ inputs.a"),
              ElementsAre(testing::EndsWith(
                  "'${{' has no '}}', so it stays as it is | help: close it with '}}'")));
}

TEST(ValidateWorkflowTest, ADefaultFitsItsInput) {
  EXPECT_THAT(told("inputs: {a: {type: integer, default: '5'}, b: {type: integer, default: '${{ "
                   "env.B }}'}}\n" +
                   job(fmt::format("  - {{name: s, {}}}\n", kOk))),
              IsEmpty());
  EXPECT_THAT(
      told("inputs: {properties: {a: {enum: [red], default: blue}, b: {type: integer, default: "
           "z}}}\n" +
           job(fmt::format("  - {{name: s, {}}}\n", kOk))),
      ElementsAre("FAIL Defaults of inputs: 3:49 the default of input 'a' must be one of: red",
                  "FAIL Defaults of inputs: 3:84 the default of input 'b' must be an integer"));
}

TEST(ValidateWorkflowTest, OverridesAreOfOutputsThatTheTypeHas) {
  const auto call = [](std::string_view overrides) {
    return told("inputs: {region: {type: string}}\n" +
                job(fmt::format("  - {{name: s, dataOutputOverrides: {}, task: {{type: "
                                "model_method, modelType: command/shell, methodName: execute, "
                                "inputs: {{run: make}}}}}}\n",
                                overrides)));
  };
  EXPECT_THAT(call("[{specName: result, vary: [run, region]}, {specName: log}]"), IsEmpty());
  EXPECT_THAT(call("[{specName: reslt}]"),
              ElementsAre("FAIL Data outputs of step 's' in job 'j': 7:37 type 'command/shell' has "
                          "no output 'reslt' | help: did you mean 'result'?"));
  EXPECT_THAT(
      call("[{specName: log, vary: [regoin, '${{ 1 }}']}, {specName: log}]"),
      ElementsAre("FAIL Data outputs of step 's' in job 'j': 7:37 'log' is varied by 'regoin', "
                  "which is no input of the step | help: did you mean 'region'?",
                  "FAIL Data outputs of step 's' in job 'j': 7:37 'vary' names inputs, and "
                  "'${{ 1 }}' is an expression | help: give the step an input with that value, and "
                  "name it here",
                  "FAIL Data outputs of step 's' in job 'j': 7:82 step 's' overrides the output "
                  "'log' twice"));
}

TEST(ValidateWorkflowTest, TriggersGiveWhatIsRequired) {
  const auto trigger = [](std::string_view text) {
    return told(
        fmt::format("trigger: {}\ninputs: {{properties: {{n: {{type: integer}}, d: "
                    "{{default: 1}}}}, required: [n, d]}}\n{}",
                    text, job(fmt::format("  - {{name: s, {}}}\n", kOk))));
  };
  EXPECT_THAT(trigger("{inputs: {n: 1}}"), IsEmpty());
  EXPECT_THAT(trigger("{inputs: {n: '${{ webhook.body.n }}'}}"), IsEmpty());
  EXPECT_THAT(trigger("{inputs: {n: many}}"),
              ElementsAre("FAIL Trigger inputs: 3:23 input 'n' must be an integer"));
  EXPECT_THAT(
      trigger("{inputs: {}}"),
      ElementsAre("FAIL Trigger inputs: 3:19 a run that is not started by hand has no input 'n', "
                  "which is required | help: write 'trigger: {inputs: {n: …}}'"));
}

TEST(ValidateWorkflowTest, TagsAndDefaultsAreEvaluatedBeforeThereIsARun) {
  EXPECT_THAT(told("tags: {t: '${{ inputs.a + env.USER }}'}\ninputs: {a: {default: '${{ "
                   "env.HOME }}'}}\n" +
                   job(fmt::format("  - {{name: s, {}}}\n", kOk))),
              IsEmpty());
  EXPECT_THAT(
      told("tags: {t: '${{ run.id }}'}\ninputs: {a: {default: '${{ self.name }}'}}\n" +
           job(fmt::format("  - {{name: s, {}}}\n", kOk))),
      ElementsAre(testing::StartsWith("FAIL Names in expressions: 3:16 there is no 'run'"),
                  testing::StartsWith("FAIL Names in expressions: 4:28 there is no 'self'")));
}

TEST(ValidateWorkflowTest, WhatAWebhookSentIsSeenOnlyByTheInputsOfATrigger) {
  const auto step = [](std::string_view expression) {
    return told(job(fmt::format("  - {{name: s, task: {{type: assert, expr: '{}', message: m}}}}\n",
                                expression)));
  };
  EXPECT_THAT(
      step("webhook.body.n == 1"),
      ElementsAre(testing::StartsWith(
          "FAIL Names in expressions: 6:43 there is no 'webhook' here | help: there are ")));
  EXPECT_THAT(step("workspace.path != run.id"), IsEmpty());
  EXPECT_THAT(
      told("trigger: {inputs: {a: '${{ workspace.path + webhook.body + inputs.b }}'}}\n" +
           job(fmt::format("  - {{name: s, {}}}\n", kOk))),
      ElementsAre(
          "FAIL Names in expressions: 3:28 there is no 'workspace' here | help: there are "
          "env, webhook",
          "FAIL Names in expressions: 3:60 there is no 'inputs' here | help: there are env, "
          "webhook"));
}

TEST(ValidateWorkflowTest, DriversMustExist) {
  EXPECT_THAT(
      told(fmt::format("driver: dokcer\n{}", job(fmt::format("  - {{name: s, {}}}\n", kOk)))),
      ElementsAre(
          "FAIL Known drivers: 3:9 there is no driver 'dokcer' | help: did you mean 'docker'?"));
}

TEST(ValidateWorkflowTest, DataOfAStepIsReadOnlyDownstream) {
  const auto body = [](std::string_view depends, std::string_view name) {
    return job(
        fmt::format("  - {{name: a, {}}}\n  - {{name: b, {}task: {{type: assert, expr: "
                    "\"size(data.step('{}')) > 0\", "
                    "message: m}}}}\n",
                    kOk, depends, name));
  };
  EXPECT_THAT(told(body("dependsOn: [{step: a, condition: {type: always}}], ", "a")), IsEmpty());
  EXPECT_THAT(told(body("dependsOn: [{step: a, condition: {type: always}}], ", "j/a")), IsEmpty());
  EXPECT_THAT(told(body("", "a")),
              ElementsAre("FAIL Data of upstream steps: 7:59 step 'b' reads data of step 'a' but "
                          "does not depend on it | help: add "
                          "it to 'dependsOn'"));
  EXPECT_THAT(told(body("", "other")),
              ElementsAre("FAIL Data of upstream steps: 7:59 there is no step 'other' | help: a "
                          "step of another job is written "
                          "'job/step'"));
}

TEST(ValidateWorkflowTest, AReferenceIsFoundEvenWhereTheSameTextStandsBeforeIt) {
  EXPECT_THAT(told(job("  - {name: a, task: {type: assert, message: m, "
                       "expr: \"'gone' != 'x' && size(data.step( 'gone' )) > 0\"}}\n")),
              ElementsAre("FAIL Data of upstream steps: 6:89 there is no step 'gone' | help: a "
                          "step of another job is written 'job/step'"));
}

TEST(ValidateWorkflowTest, NamesOfJobsSeeInputs) {
  EXPECT_THAT(
      told(fmt::format("inputs: {{properties: {{env: {{type: string}}}}}}\n"
                       "jobs: [{{name: 'to-${{{{ inputs.env }}}}', steps: [{{name: a, {}}}]}},"
                       " {{name: 'to-${{{{ inputs.evn }}}}', steps: [{{name: a, {}}}]}}]\n",
                       kOk, kOk)),
      ElementsAre(StartsWith("FAIL Declared inputs: 4:")));
}

TEST(ValidateWorkflowTest, OutputsReachOnlyWhatWaitsForThem) {
  const auto body = [](std::string_view outputs, std::string_view depends) {
    return fmt::format("{}- {{name: k, steps: [{{name: t, {}}}]}}\n",
                       job(fmt::format("  - {{name: a, outputs: {}, {}}}\n  - {{name: b, {}{}}}\n",
                                       outputs, kOk, depends, kOk)),
                       kOk);
  };
  constexpr std::string_view kWaits = "dependsOn: [{step: a, condition: {type: succeeded}}], ";
  EXPECT_THAT(told(body("[{path: dist, makeAvailableTo: [b]}]", kWaits)), IsEmpty());
  EXPECT_THAT(told(body("[{path: dist}]", kWaits)), IsEmpty());
  EXPECT_THAT(told(body("[{path: dist, makeAvailableTo: [b, k, j/x]}]", "")),
              ElementsAre("FAIL Step outputs: 6:25 'b' gets the output 'dist' of step 'a' but does "
                          "not depend on it | help: let "
                          "'b' depend on it",
                          "FAIL Step outputs: 6:25 'k' gets the output 'dist' of step 'a' but does "
                          "not depend on it | help: let "
                          "'k' depend on it",
                          "FAIL Step outputs: 6:25 the output 'dist' of step 'a' goes to 'j/x', "
                          "which does not exist | help: "
                          "name a step of this job, another job, or 'job/step'"));
}

TEST(ValidateWorkflowTest, ARelativeFolderBesideOutputsIsWarnedOf) {
  const auto body = [](std::string_view directory) {
    return job(
        fmt::format("  - {{name: a, outputs: [{{path: dist}}], task: {{type: model_method, "
                    "modelType: command/shell, "
                    "methodName: execute, inputs: {{run: make, workingDir: {}}}}}}}\n",
                    directory));
  };
  EXPECT_THAT(
      told(body("src")),
      ElementsAre(
          "WARN Working directories beside step outputs: 6:12 step 'a' runs in a private folder, "
          "in which 'src' "
          "is looked for | help: write an absolute path, or give the workflow a workspace"));
  EXPECT_THAT(told(body("/src")), IsEmpty());
  EXPECT_THAT(told("workspace: true\n" + body("src")), IsEmpty());
}

TEST(ValidateWorkflowTest, ATypeHiddenByAModelIsWarnedOf) {
  TestCatalogue catalogue;
  const auto body =
      job("  - {name: s, task: {type: assert, expr: \"data.findBySpec('@john/pod', 'pods') != "
          "[]\", message: m}}\n");
  EXPECT_THAT(told(body, catalogue), IsEmpty());
  catalogue.add_definition(
      "type: '@john/pod'\nid: bc6cd9c0-d905-46d4-b0a3-31ec487c400d\nname: '@john/pod'\n");
  EXPECT_THAT(told(body, catalogue),
              ElementsAre("WARN Types in expressions: 6:60 '@john/pod' is both a type and a model, "
                          "and means the model here | "
                          "help: rename the model to mean the type"));
}

TEST(ValidateWorkflowTest, ModelsInExpressionsAreLookedFor) {
  TestCatalogue catalogue;
  catalogue.add_definition(std::string(kGreeter));
  const auto body = [](std::string_view model) {
    return job(
        fmt::format("  - {{name: s, task: {{type: assert, expr: model.{}.definition.name == '', "
                    "message: m}}}}\n",
                    model));
  };
  EXPECT_THAT(told(body("greeter"), catalogue), IsEmpty());
  EXPECT_THAT(told(body("greetr"), catalogue),
              ElementsAre("WARN Models in expressions: 6:48 there is no model 'greetr' | help: did "
                          "you mean 'greeter'?"));
  const auto check = [&](std::string_view expr) {
    return told(job(fmt::format(
                    "  - {{name: s, task: {{type: assert, expr: \"{}\", message: m}}}}\n", expr)),
                catalogue);
  };
  for (const auto* good :
       {"data.latest('greeter', 'r') != null", "data.latest('command/shell', 'r') != null",
        "data.latest('shell-a738261be7ef', 'r') != null", "data.latest(inputs.m, 'r') != null",
        "model.greeter.resource.result.result.attributes.exitCode == 0"}) {
    EXPECT_THAT(check(good), IsEmpty()) << good;
  }
  EXPECT_THAT(check("data.findBySpec('greetr', 'r') != []"),
              ElementsAre("WARN Models in expressions: 6:60 there is no model and no type 'greetr' "
                          "| help: did you mean 'greeter'?"));
  EXPECT_THAT(check("model.greeter.resource.reslt.reslt.attributes.exitCode == 0"),
              ElementsAre("WARN Models in expressions: 6:66 type 'command/shell' has no resource "
                          "'reslt' | help: did you mean 'result'?"));
  EXPECT_THAT(check("workflow.nightly.execution.status == 'failed'"),
              ElementsAre("WARN Models in expressions: 6:52 there is no workflow 'nightly'"));
}

TEST(CheckRunnableTest, OnlyWhatMustHoldRefusesARun) {
  TestCatalogue catalogue;
  const auto runnable = [&](std::string_view body) {
    return check_runnable(workflow_of(body), catalogue);
  };
  EXPECT_TRUE(runnable(job(fmt::format("  - {{name: s, queueTimeout: 5, {}}}\n", kOk))));
  EXPECT_TRUE(runnable(
      job("  - {name: s, task: {type: model_method, modelIdOrName: none, methodName: x}}\n")));
  const auto refused = runnable(
      job("  - {name: s, task: {type: assert, expr: '1 +', message: \"${{ nosuch }}\"}}\n"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().also.size(), 1U);
  EXPECT_EQ(refused.error().where->line, 6U);
}

}  // namespace
}  // namespace swamp::spec
