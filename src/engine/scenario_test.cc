// What users see of whole workflows: order, conditions, lists, guards, data, nesting, limits.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/run_world.h"

namespace swamp::engine {
namespace {

using test::World;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

/// A workflow of one job `main`; `$sh(text)` is a shell step's task, `$ok` one that succeeds,
/// `$bad` one that fails.
std::string job(std::string steps, std::string_view extra = "") {
  const auto replace = [&](std::string_view what, std::string_view by) {
    for (std::size_t at = steps.find(what); at != std::string::npos;
         at = steps.find(what, at + by.size())) {
      steps.replace(at, what.size(), by);
    }
  };
  replace("$ok", "{type: assert, expr: 'true', message: fine}");
  replace("$bad", "{type: assert, expr: 'false', message: broken}");
  for (std::size_t at = steps.find("$sh("); at != std::string::npos; at = steps.find("$sh(", at)) {
    const std::size_t end = steps.find(")$", at);
    const std::string run = steps.substr(at + 4, end - at - 4);
    steps.replace(
        at, end + 2 - at,
        "{type: model_method, modelType: command/shell, methodName: execute, inputs: {run: " + run +
            "}}");
  }
  return fmt::format("{}jobs:\n  - name: main\n    steps:\n{}", extra, steps);
}

RunOutcome must(Result<RunOutcome> outcome) {
  EXPECT_TRUE(outcome) << (outcome ? "" : outcome.error().message);
  return outcome ? *std::move(outcome) : RunOutcome();
}

TEST(ScenarioTest, AStepDoesNotWaitForWhatItDoesNotNeed) {
  World world;
  const auto outcome = must(world.run(job(R"yaml(
      - {name: slow, task: $sh("sleep 0.3")$}
      - {name: fast, task: $sh("true")$}
      - {name: after, dependsOn: [{step: fast, condition: {type: succeeded}}], task: $sh("true")$}
)yaml")));
  const auto& lines = world.heard().lines;
  const auto place = [&](std::string_view line) {
    return std::find(lines.begin(), lines.end(), line) - lines.begin();
  };
  EXPECT_LT(place("step_ended main/after succeeded"), place("step_ended main/slow succeeded"));
  EXPECT_EQ(outcome.status, RunStatus::succeeded);
}

TEST(ScenarioTest, ANameThatThisRunDoesNotHaveIsMissedOnlyWhereItIsUsed) {
  World world;
  const auto outcome = must(world.run(job(R"yaml(
      - {name: lazy, task: {type: assert, expr: "true || workspace.path != ''", message: fine}}
      - {name: asks, task: $sh("echo ${{ workspace.path }}")$}
)yaml")));
  EXPECT_EQ(World::steps(outcome), "lazy succeeded, asks failed");
  EXPECT_EQ(world.heard().errors.at("main/asks").message, "there is no 'workspace' here");
  EXPECT_THAT(world.heard().errors.at("main/asks").hint, HasSubstr("run, self, vault"));
  const auto refused = world.run(job(R"yaml(
      - {name: asks, task: {type: assert, expr: "webhook.body == ''", message: no}}
)yaml"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "there is no 'webhook' here");
}

TEST(ScenarioTest, CleanUpRunsAfterAFailureInItsJob) {
  World world;
  const auto outcome = must(world.run(job(R"yaml(
      - {name: bad, task: $sh("exit 3")$}
      - {name: ok, task: $ok}
      - {name: cleanup, dependsOn: [{step: bad, condition: {type: failed}}], task: $ok}
      - {name: after, dependsOn: [{step: ok, condition: {type: succeeded}}], task: $ok}
)yaml")));
  EXPECT_EQ(World::steps(outcome), "bad failed, ok succeeded, cleanup succeeded, after succeeded");
  EXPECT_EQ(outcome.status, RunStatus::failed);
  EXPECT_THAT(outcome.record.failure_reason, HasSubstr("3"));
  EXPECT_EQ(world.saved(outcome).failed_step, "bad");
}

TEST(ScenarioTest, AJobThatHandlesAFailureDoesNotMakeTheRunSucceed) {
  World world;
  const auto outcome = must(world.run(R"yaml(
jobs:
  - {name: main, steps: [{name: a, task: {type: assert, expr: 'false', message: broken}}]}
  - name: handle
    dependsOn: [{job: main, condition: {type: failed}}]
    steps: [{name: b, task: {type: assert, expr: 'true', message: fine}}]
  - name: next
    dependsOn: [{job: main, condition: {type: succeeded}}]
    steps: [{name: c, task: {type: assert, expr: 'true', message: fine}}]
  - name: instead
    dependsOn: [{job: next, condition: {type: skipped}}]
    steps: [{name: d, task: {type: assert, expr: 'true', message: fine}}]
)yaml"));
  EXPECT_EQ(World::steps(outcome),
            "a failed, handle/b succeeded, next/c skipped, instead/d succeeded");
  EXPECT_EQ(outcome.status, RunStatus::failed);
}

/// The order in which jobs began.
std::vector<std::string> jobs_begun(World& world) {
  std::vector<std::string> jobs;
  for (const std::string& line : world.heard().lines) {
    if (line.starts_with("job_started ")) jobs.push_back(line.substr(12));
  }
  return jobs;
}

TEST(ScenarioTest, LighterJobsTakeThePlacesFirst) {
  World world;
  must(world.run(R"yaml(
concurrency: 2
jobs:
  - {name: jz, weight: 1, steps: [{name: a, task: {type: assert, expr: 'true', message: fine}}]}
  - {name: ja, weight: 5, steps: [{name: a, task: {type: assert, expr: 'true', message: fine}}]}
  - {name: jb, weight: -1, steps: [{name: a, task: {type: assert, expr: 'true', message: fine}}]}
)yaml"));
  EXPECT_THAT(jobs_begun(world), ElementsAre("jb", "jz", "ja"));
}

TEST(ScenarioTest, JobsOfOneWeightStartInTheOrderOfTheFile) {
  World world;
  std::string text = "concurrency: 1\njobs:\n";
  for (const auto* name : {"b", "B", "a10", "a2", "_a", "a-b", "ab"}) {
    text += fmt::format(
        "  - {{name: {}, steps: [{{name: s, task: {{type: assert, expr: 'true', message: "
        "m}}}}]}}\n",
        name);
  }
  must(world.run(text));
  EXPECT_THAT(jobs_begun(world), ElementsAre("b", "B", "a10", "a2", "_a", "a-b", "ab"));
}

TEST(ScenarioTest, DependentsOfAForEachSeeItAsAWholeAndItsOwnConditionsHold) {
  World world;
  const auto outcome = must(world.run(job(R"yaml(
      - {name: a, forEach: {item: it, in: "${{ ['p', 'q'] }}"}, task: $ok}
      - {name: b, dependsOn: [{step: a, condition: {type: succeeded}}], task: $ok}
      - {name: c, dependsOn: [{step: a, condition: {type: completed}}], task: $ok}
      - {name: d, dependsOn: [{step: a, condition: {type: always}}], task: $ok}
      - {name: e, dependsOn: [{step: a, condition: {type: not, condition: {type: failed}}}], task: $ok}
      - {name: up, allowFailure: true, task: $bad}
      - {name: f, forEach: {item: it, in: "${{ ['p'] }}"}, dependsOn: [{step: up, condition: {type: succeeded}}], task: $ok}
      - {name: g, dependsOn: [{step: f, condition: {type: skipped}}], task: $ok}
)yaml")));
  EXPECT_EQ(World::steps(outcome),
            "a-p succeeded, a-q succeeded, b succeeded, c succeeded, d succeeded, e succeeded, "
            "up failed, f skipped, g succeeded");
}

TEST(ScenarioTest, TheCapOfAForEachLeavesOtherStepsAlone) {
  World world;
  std::vector<std::string> running;
  bool together = false;
  world.heard().on_line = [&](const std::string& line) {
    if (line.starts_with("step_started main/")) running.push_back(line.substr(18));
    if (line.starts_with("step_ended main/"))
      std::erase(running, line.substr(16, line.find(' ', 16) - 16));
    EXPECT_LE(std::count_if(running.begin(), running.end(),
                            [](const std::string& name) { return name.starts_with("each"); }),
              1);
    together |= running.size() == 2;
  };
  const auto outcome = must(world.run(job(R"yaml(
      - {name: each, forEach: {item: it, in: '${{ [1, 2, 3] }}'}, concurrency: 1, task: $sh("touch here")$}
      - {name: other, task: $sh("until test -e here; do sleep 0.01; done")$}
)yaml")));
  EXPECT_EQ(outcome.status, RunStatus::succeeded);
  EXPECT_TRUE(together);
}

TEST(ScenarioTest, AllowedFailuresLeaveTheRunWhole) {
  World world;
  const auto outcome = must(world.run(job(R"yaml(
      - {name: bad, allowFailure: true, task: $bad}
      - {name: x, dependsOn: [{step: bad, condition: {type: succeeded}}], task: $ok}
      - {name: y, dependsOn: [{step: x, condition: {type: completed}}], task: $ok}
      - {name: z, dependsOn: [{step: x, condition: {type: skipped}}], task: $ok}
)yaml")));
  EXPECT_EQ(World::steps(outcome), "bad failed, x skipped, y skipped, z succeeded");
  EXPECT_EQ(outcome.status, RunStatus::succeeded);
  EXPECT_THAT(world.heard().lines, Contains("step_ended main/bad failed allowed"));
}

TEST(ScenarioTest, AForEachSeesWhatEarlierStepsOfItsJobWrote) {
  World world;
  const auto outcome = must(world.run(job(R"yaml(
      - {name: list, task: $sh("echo '[\"p\",\"q\"]'")$}
      - name: each-${{ self.it }}
        forEach: {item: it, in: "${{ data.step('list').filter(d, d.specName == 'result')[0].attributes.stdout == '' ? [] : ['p','q'] }}"}
        dependsOn: [{step: list, condition: {type: succeeded}}]
        task: $sh("echo item ${{ self.it }}")$
      - name: after
        dependsOn: [{step: 'each-${{ self.it }}', condition: {type: succeeded}}]
        task: $ok
)yaml")));
  EXPECT_EQ(World::steps(outcome),
            "list succeeded, each-p succeeded, each-q succeeded, after succeeded");
  EXPECT_THAT(world.heard().output, Contains("main/each-p: item p"));
  EXPECT_THAT(world.heard().output, Contains("main/each-q: item q"));
}

TEST(ScenarioTest, IterationsAreNamedAfterTheirItems) {
  World world;
  const auto outcome = must(world.run(job(R"yaml(
      - {name: o, forEach: {item: it, in: '${{ {"k1": 1, "k2": 2} }}'}, task: $ok}
      - {name: arr, forEach: {item: it, in: '${{ [{"a": 1}, {"a": 2}] }}'}, task: $ok}
      - {name: mix, forEach: {item: it, in: '${{ [1, 1.5, true, null] }}'}, task: $ok}
      - {name: 'bad-${{ self.it.b.c }}', forEach: {item: it, in: '${{ [{"a": 1}, {"a": 2}] }}'}, task: $ok}
)yaml")));
  EXPECT_EQ(World::steps(outcome),
            "o-k1 succeeded, o-k2 succeeded, arr-0 succeeded, arr-1 succeeded, mix-1 succeeded, "
            "mix-1.5 succeeded, "
            "mix-true succeeded, mix-null succeeded, "
            "bad-${{ self.it.b.c }}-0 succeeded, bad-${{ self.it.b.c }}-1 succeeded");
}

TEST(ScenarioTest, NamesOfJobsAndStepsAreMadeOfInputs) {
  World world;
  const auto outcome = must(world.run(R"yaml(
inputs: {properties: {env: {default: prod}, missing: {type: string}}}
jobs:
  - name: to-${{ inputs.env }}
    steps:
      - {name: 'build-${{ inputs.env }}', task: {type: assert, expr: 'true', message: fine}}
      - name: test
        dependsOn: [{step: 'build-${{ inputs.env }}', condition: {type: succeeded}}]
        task: {type: assert, expr: 'true', message: fine}
  - name: after
    dependsOn: [{job: 'to-${{ inputs.env }}', condition: {type: succeeded}}]
    steps:
      - {name: '${{ inputs.missing }}', task: {type: assert, expr: 'true', message: fine}}
)yaml"));
  EXPECT_EQ(outcome.record.jobs[0].name, "to-prod");
  EXPECT_EQ(World::steps(outcome),
            "to-prod/build-prod succeeded, to-prod/test succeeded, "
            "after/${{ inputs.missing }} succeeded");
}

TEST(ScenarioTest, NamesThatBecomeOneAreRefusedWithoutARecord) {
  World world;
  const auto outcome = world.run(job(R"yaml(
      - {name: prod, task: $ok}
      - {name: '${{ inputs.env }}', task: $ok}
)yaml",
                                     "inputs: {properties: {env: {default: prod}}}\n"));
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().message, "job 'main' has two steps named 'prod'");
  EXPECT_THAT(store::RunStore(world.layout()).list().runs, ::testing::IsEmpty());
}

TEST(ScenarioTest, ABadListFailsItsStepAndNothingElse) {
  World world;
  const auto outcome = must(world.run(job(R"yaml(
      - {name: twice, forEach: {item: it, in: "${{ ['p', 'p'] }}"}, task: $ok}
      - {name: text, forEach: {item: it, in: "${{ 'text' }}"}, task: $ok}
      - {name: none, forEach: {item: it, in: '${{ [] }}'}, task: $ok}
      - {name: after, dependsOn: [{step: none, condition: {type: succeeded}}], task: $ok}
      - {name: always, dependsOn: [{step: none, condition: {type: always}}], task: $ok}
  - {name: beside, steps: [{name: x, task: {type: assert, expr: 'true', message: fine}}]}
)yaml")));
  EXPECT_EQ(World::steps(outcome),
            "twice failed, text failed, after succeeded, always succeeded, beside/x succeeded");
  EXPECT_EQ(world.heard().errors.at("main/twice").message,
            "items 0 and 1 of step 'twice' both make a step 'twice-p'");
}

TEST(ScenarioTest, GuardsSkipAndTheirErrorsAreFailuresThatCanBeAllowed) {
  World world;
  const auto outcome =
      must(world.run(job(R"yaml(
      - {name: yes, guard: '${{ 1 }}', task: $ok}
      - {name: empty, guard: '${{ "" }}', task: $ok}
      - {name: broken, guard: '${{ inputs.a.b }}', allowFailure: true, task: $ok}
)yaml",
                         "inputs: {properties: {a: {type: string, default: x}}}\n")));
  EXPECT_EQ(World::steps(outcome), "yes skipped, empty succeeded, broken failed");
  EXPECT_EQ(outcome.status, RunStatus::succeeded);
  EXPECT_THAT(world.heard().lines, Contains("step_ended main/yes skipped (guarded)"));
}

TEST(ScenarioTest, AnAssertBelowTheThresholdIsAnAllowedFailure) {
  World world;
  const auto outcome = must(world.run(job(R"yaml(
      - {name: a, task: {type: assert, expr: 'false', message: low, severity: low}}
      - {name: b, dependsOn: [{step: a, condition: {type: succeeded}}], task: $ok}
)yaml"),
                                      RunOptions{.fail_on = spec::Severity::high}));
  EXPECT_EQ(World::steps(outcome), "a failed, b skipped");
  EXPECT_EQ(outcome.status, RunStatus::succeeded);
  EXPECT_TRUE(world.saved(outcome).jobs[0].steps[0].allowed_failure);
}

/// Whether the command fails for an assert that its step allows to fail.
bool fails(std::string_view severity, std::optional<spec::Severity> fail_on) {
  World world;
  const auto outcome = must(world.run(
      job(fmt::format("      - {{name: a, allowFailure: true, task: {{type: assert, expr: 'false', "
                      "message: no, severity: {}}}}}\n",
                      severity)),
      RunOptions{.fail_on = fail_on}));
  EXPECT_EQ(outcome.status, RunStatus::succeeded);
  return outcome.failed_asserts;
}

TEST(ScenarioTest, AnAllowedFailureOfAnAssertCountsOnlyForWhoAsks) {
  EXPECT_FALSE(fails("high", std::nullopt));
  EXPECT_TRUE(fails("high", spec::Severity::low));
  EXPECT_TRUE(fails("medium", spec::Severity::medium));
  EXPECT_FALSE(fails("low", spec::Severity::medium));
}

TEST(ScenarioTest, OfANestedRunThatIsTriedAgainTheLastAttemptCounts) {
  World world;
  world.directory().add_workflow("id: " + test::id_of("child") + "\nname: child\n" + job(R"yaml(
      - name: look
        task: $sh("test -e there && echo yes || (touch there; echo no)")$
      - name: is
        dependsOn: [{step: look, condition: {type: succeeded}}]
        task: {type: assert, message: no, expr: "data.step('look').exists(d, d.specName == 'result' && d.attributes.stdout == 'yes')"}
)yaml"));
  const auto outcome = must(world.run(job("      - {name: a, retry: {attempts: 2}, task: {type: "
                                          "workflow, workflowIdOrName: child}}\n"),
                                      RunOptions{.fail_on = spec::Severity::low}));
  EXPECT_EQ(outcome.status, RunStatus::succeeded);
  EXPECT_FALSE(outcome.failed_asserts);
}

TEST(ScenarioTest, AnAssertThatCannotBeEvaluatedIsAnAllowedFailureToo) {
  World world;
  const auto outcome =
      must(world.run(job(R"yaml(
      - {name: a, allowFailure: true, task: {type: assert, expr: '1 / 0 == 1', message: 'is ${{ 1 / 0 }}'}}
)yaml",
                         "inputs: {properties: {a: {type: string, default: x}}}\n")));
  EXPECT_EQ(outcome.status, RunStatus::succeeded);
  const auto record = world.saved(outcome);
  ASSERT_EQ(record.jobs.size(), 1U);
  ASSERT_TRUE(record.jobs[0].steps[0].assertion);
  EXPECT_EQ(record.jobs[0].steps[0].assertion->message, "is ${{ 1 / 0 }}");
  EXPECT_NE(record.jobs[0].steps[0].assertion->error, "");
}

TEST(ScenarioTest, EphemeralInstancesAreSharedByEqualGlobalsAndLeaveNoDefinition) {
  World world;
  const auto outcome = must(world.run(job(R"yaml(
      - {name: a, task: $sh("echo one")$}
      - name: b
        dependsOn: [{step: a, condition: {type: succeeded}}]
        task:
          type: assert
          expr: data.latest('command/shell', 'result').attributes.stdout == 'one'
          message: type names the one instance
)yaml")));
  EXPECT_EQ(World::steps(outcome), "a succeeded, b succeeded")
      << (world.heard().errors.empty() ? "" : world.heard().errors.begin()->second.message);
  EXPECT_EQ(world.directory().made(), 0U);
}

constexpr const char* kGreeter = R"yaml(
type: command/shell
id: 11111111-1111-4111-8111-111111111111
name: greeter
version: 1
tags: {}
globalArguments: {}
inputs: {properties: {who: {type: string, default: world}}}
methods: {execute: {arguments: {run: 'echo hello ${{ inputs.who }} from ${{ self.name }}'}}}
)yaml";

TEST(ScenarioTest, ADefinitionIsEvaluatedWithTheInputsOfTheStep) {
  World world;
  world.directory().add_definition(kGreeter);
  const auto outcome = must(world.run(job(R"yaml(
      - {name: a, task: {type: model_method, modelIdOrName: greeter, methodName: execute}}
      - {name: b, dependsOn: [{step: a, condition: {type: succeeded}}], task: {type: model_method, modelIdOrName: greeter, methodName: execute, inputs: {who: you}}}
      - {name: c, dependsOn: [{step: b, condition: {type: succeeded}}], task: {type: model_method, modelIdOrName: greeter, methodName: execute, inputs: {run: 'echo over'}}}
)yaml")));
  EXPECT_EQ(outcome.status, RunStatus::succeeded);
  EXPECT_THAT(world.heard().output, ElementsAre("main/a: hello world from greeter",
                                                "main/b: hello you from greeter", "main/c: over"));
}

TEST(ScenarioTest, AnInputThatNobodyKnowsFailsTheStep) {
  World world;
  world.directory().add_definition(kGreeter);
  const auto outcome = world.run(job(R"yaml(
      - {name: a, task: {type: model_method, modelIdOrName: greeter, methodName: execute, inputs: {'${{ 1 }}': x, whom: you}}}
)yaml"));
  ASSERT_TRUE(outcome) << "only the step knows, since the name of another input is an expression";
  EXPECT_EQ(World::steps(*outcome), "a failed");
  EXPECT_THAT(world.heard().errors.at("main/a").message, HasSubstr("has no input"));
}

TEST(ScenarioTest, ANamedDirectCallMakesItsDefinitionOnce) {
  World world;
  const auto outcome = must(world.run(job(R"yaml(
      - {name: a, task: {type: model_method, modelType: command/shell, modelName: hut, methodName: execute, inputs: {run: 'echo a'}}}
      - {name: b, dependsOn: [{step: a, condition: {type: succeeded}}], task: {type: model_method, modelIdOrName: hut, methodName: execute, inputs: {run: 'echo b'}}}
)yaml")));
  EXPECT_EQ(World::steps(outcome), "a succeeded, b succeeded")
      << (world.heard().errors.empty() ? "" : world.heard().errors.begin()->second.message);
  EXPECT_EQ(world.directory().made(), 1U);
}

/// A step on the model `hut` that says which region it was given.
std::string named_call(std::string_view globals) {
  return fmt::format(
      "      - {{name: s, task: {{type: model_method, modelType: command/shell, modelName: hut, "
      "{}methodName: execute, inputs: {{run: 'echo ${{{{ self.globalArguments.region }}}}'}}}}}}\n",
      globals);
}

TEST(ScenarioTest, GlobalArgumentsOfANamedCallAreStoredByTheFirstAndGivenByTheOthers) {
  World world;
  must(world.run(job(named_call("globalArgs: {region: us, zone: a}, "))));
  EXPECT_THAT(world.heard().output, ElementsAre("main/s: us"));
  must(world.run(job(named_call("globalArgs: {region: eu}, "))));
  EXPECT_THAT(world.heard().output, ElementsAre("main/s: eu"));
  must(world.run(job(named_call(""))));
  EXPECT_THAT(world.heard().output, ElementsAre("main/s: us"));
  EXPECT_EQ(world.directory().made(), 1U);
  const auto kept = *world.directory().find_definition("hut");
  EXPECT_EQ(kept->global_arguments.value(), Value(Map{{"region", "us"}, {"zone", "a"}}));
}

TEST(ScenarioTest, ANamedModelOfAnotherTypeIsRefused) {
  World world;
  world.directory().add_definition("id: " + test::id_of("hut") + "\nname: hut\ntype: acme/hut\n");
  must(world.run(job(R"yaml(
      - {name: s, task: {type: model_method, modelType: command/shell, modelName: "${{ 'hut' }}", methodName: execute, inputs: {run: 'true'}}}
)yaml")));
  EXPECT_EQ(world.heard().errors.at("main/s").message,
            "model 'hut' is of type 'acme/hut', not 'command/shell'");
}

TEST(ScenarioTest, ParallelNamedCallsEachHaveTheirOwnGlobalArguments) {
  World world;
  const auto outcome = must(world.run(job(R"yaml(
      - name: each
        forEach: {item: r, in: "${{ ['r1', 'r2', 'r3', 'r4'] }}"}
        task: {type: model_method, modelType: command/shell, modelName: hut, globalArgs: {region: '${{ self.r }}'}, methodName: execute, inputs: {run: 'echo ${{ self.globalArguments.region }}'}}
)yaml")));
  EXPECT_EQ(outcome.status, RunStatus::succeeded);
  EXPECT_THAT(world.heard().output,
              ::testing::UnorderedElementsAre("main/each-r1: r1", "main/each-r2: r2",
                                              "main/each-r3: r3", "main/each-r4: r4"));
  EXPECT_EQ(world.directory().made(), 1U);
}

TEST(ScenarioTest, GlobalArgumentsAreThereAfterAGate) {
  World world;
  const auto run = must(world.run(job(R"yaml(
      - {name: gate, task: {type: manual_approval, prompt: go}}
      - name: s
        dependsOn: [{step: gate, condition: {type: succeeded}}]
        task: {type: model_method, modelType: command/shell, modelName: hut, globalArgs: {region: us}, methodName: execute, inputs: {run: 'echo ${{ self.globalArguments.region }}'}}
)yaml")));
  ASSERT_TRUE(world.decide(run, "gate", true));
  must(world.resume(run));
  EXPECT_THAT(world.heard().output, ElementsAre("main/s: us"));
  EXPECT_EQ((*world.directory().find_definition("hut"))->global_arguments.value(),
            Value(Map{{"region", "us"}}));
}

TEST(ScenarioTest, DataIsReadWhenItsStepStartsAndNotBefore) {
  World world;
  const std::string flow = job(R"yaml(
      - {name: make, task: {type: model_method, modelType: command/shell, modelName: hut, methodName: execute, inputs: {run: 'echo ${{ inputs.n }}'}}}
      - name: use
        description: "${{ data.latest('hut', 'result').attributes.stdout }}"
        dependsOn: [{step: make, condition: {type: succeeded}}]
        task: $sh("echo got ${{ data.latest('hut', 'result').attributes.stdout }}")$
)yaml",
                               "inputs: {properties: {n: {type: integer}}}\n");
  must(world.run(flow, RunOptions{.inputs = Map{{"n", "1"}}}));
  EXPECT_THAT(world.heard().output, Contains("main/use: got 1"));
  must(world.run(flow, RunOptions{.inputs = Map{{"n", "2"}}}));
  EXPECT_THAT(world.heard().output, Contains("main/use: got 2"));
}

TEST(ScenarioTest, VariedDataKeepsItsIterationsApart) {
  World world;
  const auto outcome = must(world.run(job(R"yaml(
      - name: each
        forEach: {item: word, in: "${{ ['prod', 'dev'] }}"}
        dataOutputOverrides: [{specName: result, vary: [run]}]
        task: {type: model_method, modelType: command/shell, modelName: hut, methodName: execute, inputs: {run: 'echo ${{ self.word }}'}}
      - name: read
        dependsOn: [{step: each, condition: {type: succeeded}}]
        task:
          type: assert
          expr: data.latest('hut', 'result', ['echo prod']).attributes.stdout == 'prod' && data.latest('hut', 'result', ['echo dev']).attributes.stdout == 'dev'
          message: both are there
)yaml")));
  EXPECT_EQ(World::steps(outcome), "each-prod succeeded, each-dev succeeded, read succeeded");
}

TEST(ScenarioTest, ReportsOfIterationsAreNamedAfterTheirItems) {
  World world;
  const auto outcome = must(world.run(job(R"yaml(
      - name: each-${{ self.at }}
        forEach: {item: at, in: "${{ ['eu', 'us', {'name': 'asia'}, [1]] }}"}
        task: {type: model_method, modelType: command/shell, modelName: hut, methodName: execute, inputs: {run: 'true'}}
)yaml")));
  std::vector<std::string> reports;
  for (const store::StepRecord& step : outcome.record.jobs[0].steps) {
    for (const store::ArtifactRef& artifact : step.artifacts) {
      if (artifact.tags.get("type") == "report") reports.push_back(artifact.name);
    }
  }
  EXPECT_THAT(
      reports,
      ElementsAre("report-swamp-method-summary-eu", "report-swamp-method-summary-eu-json",
                  "report-swamp-method-summary-us", "report-swamp-method-summary-us-json",
                  "report-swamp-method-summary-asia", "report-swamp-method-summary-asia-json",
                  "report-swamp-method-summary-[1]", "report-swamp-method-summary-[1]-json"));
}

/// The newest version of a name that a run wrote, by its metadata.
store::Metadata metadata_of(const World& world, const RunOutcome& outcome, std::string_view name) {
  const store::StepRecord& step = outcome.record.jobs[0].steps[0];
  const store::ArtifactStore store({.root = world.layout().data});
  const auto found = store.latest({step.output["modelType"].as_string(),
                                   step.output["modelId"].as_string(), std::string(name)});
  EXPECT_TRUE(found && *found) << name;
  return found && *found ? (*found)->metadata : store::Metadata();
}

TEST(ScenarioTest, EachOutputHasItsOwnOverride) {
  World world;
  const auto outcome = must(world.run(job(R"yaml(
      - name: a
        dataOutputOverrides:
          - {specName: result, vary: [env], lifetime: 3d, garbageCollection: 2, tags: {team: 'of-${{ inputs.who }}'}}
        task: {type: model_method, modelType: command/shell, methodName: execute, inputs: {run: 'echo a', env: {name: prod}}}
)yaml",
                                          "inputs: {properties: {who: {default: ann}}}\n")));
  const auto result = metadata_of(world, outcome, "result-prod");
  EXPECT_EQ(result.lifetime, "3d");
  EXPECT_EQ(result.retention, store::Retention(std::int64_t{2}));
  EXPECT_EQ(result.tags.get("team"), "of-ann");
  const auto log = metadata_of(world, outcome, "log");  // of which the step says nothing
  EXPECT_NE(log.lifetime, "3d");
  EXPECT_EQ(log.tags.get("team"), "");
}

TEST(ScenarioTest, OutputsVaryByDifferentInputs) {
  World world;
  const auto outcome = must(world.run(job(R"yaml(
      - name: a
        dataOutputOverrides: [{specName: result, vary: [run]}, {specName: log, vary: [stage]}]
        task: {type: model_method, modelType: command/shell, methodName: execute, inputs: {run: 'echo a'}}
)yaml",
                                          "inputs: {properties: {stage: {default: eu}}}\n")));
  EXPECT_EQ(outcome.status, RunStatus::succeeded);
  EXPECT_EQ(metadata_of(world, outcome, "result-echo a").name, "result-echo a");
  EXPECT_EQ(metadata_of(world, outcome, "log-eu").name, "log-eu");
}

TEST(ScenarioTest, DataCannotBeVariedByWhatIsNotThere) {
  World world;
  const auto outcome = must(world.run(job(R"yaml(
      - name: a
        dataOutputOverrides: [{specName: result, vary: [stdin]}]
        task: $sh("true")$
)yaml")));
  EXPECT_EQ(outcome.status, RunStatus::failed);
  EXPECT_EQ(world.heard().errors["main/a"].message, "a data name may not be varied by null");
}

TEST(ScenarioTest, SecretsReachTheStepAndNothingElse) {
  World world;
  world.put_secret("pw", "s3cret-harbour");
  const auto outcome = must(world.run(job(R"yaml(
      - name: a
        task: {type: model_method, modelType: command/shell, methodName: execute, inputs: {run: 'printf %s "${{ vault.get("main", "pw") }}" | wc -c; echo "it is ${{ vault.get("main", "pw") }}"'}}
)yaml")));
  EXPECT_EQ(outcome.status, RunStatus::succeeded)
      << (world.heard().errors.empty() ? "" : world.heard().errors.begin()->second.message);
  EXPECT_THAT(world.heard().output, Contains("main/a: 14"));
  EXPECT_THAT(world.heard().output, Contains("main/a: it is ***"));
  const auto log = world.folder().read(outcome.record.log_file);
  EXPECT_THAT(log, Not(HasSubstr("s3cret")));
}

TEST(ScenarioTest, IterationsOverSecretsAreNumberedAndNeverNamedAfterThem) {
  World world;
  world.put_secret("pw", "s3cret-harbour");
  const auto outcome = must(world.run(job(R"yaml(
      - {name: each, forEach: {item: it, in: "${{ [vault.get('main', 'pw'), 'b'] }}"}, task: $sh("printf '%s' \"${{ self.it }}\" | wc -c")$}
      - {name: "by-${{ self.it }}", forEach: {item: it, in: "${{ [vault.get('main', 'pw')] }}"}, task: $ok}
)yaml")));
  EXPECT_EQ(World::steps(outcome), "each-0 succeeded, each-b succeeded, by-${{ self.it }} failed");
  EXPECT_THAT(world.heard().output, Contains("main/each-0: 14"));
  EXPECT_EQ(world.heard().errors.at("main/by-${{ self.it }}").message,
            "'name' may not be a secret");
}

TEST(ScenarioTest, AStepIsTriedAgain) {
  World world;
  const auto outcome = must(world.run(job(R"yaml(
      - name: a
        retry: {attempts: 3}
        task: $sh("test -e tried && exit 0; touch tried; exit 1")$
)yaml")));
  EXPECT_EQ(outcome.status, RunStatus::succeeded);
  EXPECT_THAT(world.heard().lines, Contains("notice main/a retry"));
  EXPECT_THAT(world.heard().lines, Contains("step_started main/a #2"));
  EXPECT_EQ(world.saved(outcome).jobs[0].steps[0].attempts, 2U);
}

TEST(ScenarioTest, AnAssertThatIsTriedAgainLooksAgain) {
  World world;
  const auto outcome = must(world.run(job(R"yaml(
      - name: a
        retry: {attempts: 3}
        task:
          type: assert
          expr: model.method('probe', 'execute').stdout == 'up'
          message: it is up
)yaml")));
  EXPECT_EQ(outcome.status, RunStatus::failed);
  world.directory().add_definition(R"yaml(
type: command/shell
id: 11111111-1111-4111-8111-111111111112
name: probe
methods: {execute: {arguments: {run: 'test -e seen && echo up; touch seen'}}}
)yaml");
  const auto second = must(world.run_named("flow"));
  EXPECT_EQ(second.status, RunStatus::succeeded)
      << (world.heard().errors.empty() ? "" : world.heard().errors.begin()->second.message);
  EXPECT_EQ(world.saved(second).jobs[0].steps[0].attempts, 2U);
}

TEST(ScenarioTest, AStepIsEndedByItsTimeLimit) {
  World world;
  const auto outcome = must(world.run(job(R"yaml(
      - {name: a, timeout: 200ms, task: $sh("sleep 30 & sleep 30")$}
      - {name: tidy, dependsOn: [{step: a, condition: {type: failed}}], task: $ok}
)yaml")));
  EXPECT_EQ(World::steps(outcome), "a failed, tidy succeeded");
  EXPECT_EQ(outcome.record.jobs[0].steps[0].reason, "timeout");
  EXPECT_EQ(world.heard().errors.at("main/a").message,
            "'execute' took longer than its step's 'timeout' of 200ms");
}

TEST(ScenarioTest, ATimeLimitOfTheRunCancelsItAndCleansUp) {
  World world;
  const auto outcome = must(world.run(job(R"yaml(
      - {name: a, task: $sh("sleep 30")$}
      - {name: tidy, dependsOn: [{step: a, condition: {type: always}}], task: $sh("echo tidy")$}
      - {name: more, dependsOn: [{step: a, condition: {type: succeeded}}], task: $ok}
)yaml"),
                                      RunOptions{.timeout = std::chrono::milliseconds(200)}));
  EXPECT_EQ(World::steps(outcome), "a failed, tidy succeeded, more skipped");
  EXPECT_EQ(outcome.status, RunStatus::cancelled);
  EXPECT_EQ(world.heard().errors.at("main/a").message,
            "the run took longer than '--timeout' of 200ms");
  EXPECT_EQ(world.saved(outcome).tags.get("cancel_reason"),
            "the run took longer than '--timeout' of 200ms");
}

TEST(ScenarioTest, ATimeLimitOfAJobFailsItsSteps) {
  World world;
  const auto outcome = must(world.run(R"yaml(
jobs:
  - name: main
    timeout: 200ms
    steps: [{name: a, task: {type: model_method, modelType: command/shell, methodName: execute, inputs: {run: sleep 30}}}]
  - name: next
    dependsOn: [{job: main, condition: {type: failed}}]
    steps: [{name: b, task: {type: assert, expr: 'true', message: fine}}]
)yaml"));
  EXPECT_EQ(World::steps(outcome), "a failed, next/b succeeded");
  EXPECT_EQ(outcome.status, RunStatus::failed);
  EXPECT_EQ(world.heard().errors.at("main/a").message,
            "job 'main' took longer than its 'timeout' of 200ms");
}

TEST(ScenarioTest, AStopFromOutsideEndsTheRun) {
  World world;
  world.heard().on_line = [&](const std::string& line) {
    if (line == "main/a: begun") world.control().stop({.message = "cancelled by Ctrl-C"});
  };
  const auto outcome = must(world.run(job(R"yaml(
      - {name: a, task: $sh("echo begun; sleep 30")$}
      - {name: b, dependsOn: [{step: a, condition: {type: succeeded}}], task: $ok}
)yaml")));
  EXPECT_EQ(World::steps(outcome), "a failed, b skipped");
  EXPECT_EQ(outcome.status, RunStatus::cancelled);
  EXPECT_EQ(outcome.reason, "cancelled by Ctrl-C");
}

TEST(ScenarioTest, FailFastEndsTheSiblings) {
  World world;
  const auto outcome = must(world.run(R"yaml(
failFast: true
jobs:
  - name: main
    steps:
      - {name: long, task: {type: model_method, modelType: command/shell, methodName: execute, inputs: {run: sleep 30}}}
      - {name: bad, task: {type: model_method, modelType: command/shell, methodName: execute, inputs: {run: exit 1}}}
)yaml"));
  EXPECT_EQ(World::steps(outcome), "long failed, bad failed");
  EXPECT_EQ(world.heard().errors.at("main/long").message, "stopped because step 'bad' failed");
  EXPECT_EQ(outcome.record.jobs[0].steps[0].reason, "cancelled");
  EXPECT_EQ(outcome.status, RunStatus::failed);
}

void add_child(World& world, const std::string& name, const std::string& body) {
  world.directory().add_workflow(
      fmt::format("id: {}\nname: {}\n{}", test::id_of(name), name, body));
}

constexpr const char* kCallChild = R"yaml(
      - {name: a, task: {type: workflow, workflowIdOrName: child, inputs: {n: 4}}}
)yaml";

TEST(ScenarioTest, ANestedRunTellsUnderItsStep) {
  World world;
  add_child(world, "child",
            job(R"yaml(
      - {name: x, task: $sh("echo n=${{ inputs.n }}")$}
)yaml",
                "inputs: {properties: {n: {type: integer}, m: {type: integer, default: 7}}}\n"));
  const auto outcome = must(world.run(job(kCallChild)));
  EXPECT_EQ(outcome.status, RunStatus::succeeded);
  EXPECT_THAT(world.heard().output, ElementsAre("main/a > main/x: n=4"));
  EXPECT_THAT(world.heard().lines, Contains("main/a > run_ended succeeded"));
  EXPECT_EQ(world.heard().lines.back(), "run_ended succeeded");
}

TEST(ScenarioTest, DefaultsOfANestedRunHold) {
  World world;
  add_child(world, "child",
            job("      - {name: x, task: {type: assert, expr: \"inputs.n == 'a'\", message: n}}\n",
                "inputs: {properties: {n: {type: string, default: a}}}\n"));
  const auto outcome =
      must(world.run(job("      - {name: a, task: {type: workflow, workflowIdOrName: child}}\n")));
  EXPECT_EQ(World::steps(outcome), "a succeeded");
}

TEST(ScenarioTest, InputsOfANestedRunAreChecked) {
  World world;
  add_child(world, "child",
            job("      - {name: x, task: $ok}\n",
                "inputs: {properties: {n: {type: string, enum: [a]}}, required: [n]}\n"));
  const auto outcome = must(world.run(job(R"yaml(
      - {name: a, task: {type: workflow, workflowIdOrName: child, inputs: {n: "${{ 'b' }}"}}}
)yaml")));
  EXPECT_EQ(World::steps(outcome), "a failed");
  EXPECT_EQ(world.heard().errors["main/a"].message, "input 'n' must be one of: a");
}

TEST(ScenarioTest, WhatANestedRunWritesIsSeenAtOnce) {
  World world;
  add_child(world, "child", job(R"yaml(
      - {name: x, task: {type: model_method, modelType: command/shell, modelName: hut, methodName: execute, inputs: {run: 'echo new'}}}
)yaml"));
  const auto outcome = must(world.run(job(R"yaml(
      - {name: before, task: {type: model_method, modelType: command/shell, modelName: hut, methodName: execute, inputs: {run: 'echo old'}}}
      - {name: read, dependsOn: [{step: before, condition: {type: succeeded}}], task: $sh("echo ${{ data.latest('hut', 'result').attributes.stdout }}")$}
      - {name: a, dependsOn: [{step: read, condition: {type: succeeded}}], task: {type: workflow, workflowIdOrName: child}}
      - {name: again, dependsOn: [{step: a, condition: {type: succeeded}}], task: $sh("echo ${{ data.latest('hut', 'result').attributes.stdout }}")$}
)yaml")));
  EXPECT_EQ(outcome.status, RunStatus::succeeded);
  EXPECT_THAT(world.heard().output, Contains("main/read: old"));
  EXPECT_THAT(world.heard().output, Contains("main/again: new"));
}

TEST(ScenarioTest, AFailureInANestedRunNamesItsStep) {
  World world;
  add_child(world, "child", job("      - {name: x, task: $bad}\n"));
  const auto outcome = must(world.run(job(R"yaml(
      - {name: a, allowFailure: true, task: {type: workflow, workflowIdOrName: child}}
)yaml")));
  EXPECT_EQ(World::steps(outcome), "a failed");
  EXPECT_EQ(outcome.status, RunStatus::succeeded);
  EXPECT_EQ(world.heard().errors.at("main/a").message,
            "workflow 'child' failed at step 'x': assertion failed: broken");
}

TEST(ScenarioTest, ANestedRunIsStoppedWithItsParent) {
  World world;
  add_child(world, "child", job(R"yaml(
      - {name: x, task: $sh("echo begun; sleep 30")$}
      - {name: tidy, dependsOn: [{step: x, condition: {type: always}}], task: $sh("echo tidied")$}
)yaml"));
  world.heard().on_line = [&](const std::string& line) {
    if (line == "main/a > main/x: begun") world.control().stop({.message = "enough"});
  };
  const auto outcome =
      must(world.run(job("      - {name: a, task: {type: workflow, workflowIdOrName: child}}\n")));
  EXPECT_EQ(outcome.status, RunStatus::cancelled);
  EXPECT_THAT(world.heard().output, Contains("main/a > main/tidy: tidied"));
  EXPECT_THAT(world.heard().lines, Contains("main/a > run_ended cancelled"));
}

/// A run nested in one with a limit somewhere: what its step and the step around it are told.
struct Told {
  std::string inner;
  std::string outer;
  std::string reason;
};
Told told_of_limits(const std::string& parent, const std::string& child) {
  World world;
  add_child(world, "child", child + job(R"yaml(
      - {name: x, task: $sh("sleep 30")$}
      - {name: tidy, dependsOn: [{step: x, condition: {type: always}}], task: $sh("echo tidied")$}
)yaml"));
  const auto outcome = must(world.run(parent));
  EXPECT_THAT(world.heard().output, Contains("main/a > main/tidy: tidied"));
  Told told{.outer = world.heard().errors.at("main/a").message,
            .reason = outcome.record.jobs.at(0).steps.at(0).reason};
  const auto child_run = outcome.record.jobs.at(0).steps.at(0).output["runId"];
  if (child_run.is_string())
    told.inner = world.current(child_run.as_string()).jobs[0].steps[0].error;
  return told;
}

TEST(ScenarioTest, ANestedRunGetsTheLeastOfAllLimitsAndIsToldWhichItWas) {
  const std::string call = "task: {type: workflow, workflowIdOrName: child}";
  const auto own = told_of_limits(
      fmt::format("timeout: 1h\njobs: [{{name: main, steps: [{{name: a, {}}}]}}]\n", call),
      "timeout: 100ms\n");
  EXPECT_EQ(
      own.outer,
      "workflow 'child' was ended: the run took longer than the workflow's 'timeout' of 100ms");
  EXPECT_EQ(own.reason, "timeout");

  const auto of_step = told_of_limits(
      fmt::format("jobs: [{{name: main, steps: [{{name: a, timeout: 100ms, {}}}]}}]\n", call),
      "timeout: 1h\n");
  EXPECT_EQ(of_step.outer,
            "workflow 'child' was ended: step 'a' took longer than its 'timeout' of 100ms");
  EXPECT_EQ(of_step.reason, "timeout");

  const auto of_job = told_of_limits(
      fmt::format("jobs: [{{name: main, timeout: 100ms, steps: [{{name: a, {}}}]}}]\n", call), "");
  EXPECT_EQ(of_job.outer, "job 'main' took longer than its 'timeout' of 100ms");
  EXPECT_EQ(of_job.inner, of_job.outer);

  const auto of_run = told_of_limits(
      fmt::format("timeout: 100ms\njobs: [{{name: main, steps: [{{name: a, {}}}]}}]\n", call), "");
  EXPECT_EQ(of_run.outer, "the run took longer than the workflow's 'timeout' of 100ms");
  EXPECT_EQ(of_run.inner, of_run.outer);
}

TEST(ScenarioTest, WhatANestedWorkflowCannotDoIsKnownBeforeAnythingRuns) {
  World world;
  add_child(world, "child", "workspace: true\n" + job("      - {name: x, task: $ok}\n"));
  const auto literal = world.run(job(R"yaml(
      - {name: first, task: $ok}
      - {name: a, dependsOn: [{step: first, condition: {type: succeeded}}], task: {type: workflow, workflowIdOrName: child}}
)yaml"));
  ASSERT_FALSE(literal);
  EXPECT_EQ(literal.error().message, "'workspace' is not available in this version");
  EXPECT_THAT(literal.error().notes, ElementsAre("checking workflow 'child'"));
  EXPECT_TRUE(store::RunStore(world.layout()).list().runs.empty());

  const auto computed = must(world.run(job(R"yaml(
      - {name: a, task: {type: workflow, workflowIdOrName: "${{ 'chi' + 'ld' }}"}}
)yaml")));
  EXPECT_EQ(World::steps(computed), "a failed");
  EXPECT_EQ(world.heard().errors.at("main/a").message,
            "'workspace' is not available in this version");
}

TEST(ScenarioTest, AWorkflowThatWouldRunWithinItselfIsRefused) {
  World world;
  const auto by_name =
      world.run(job("      - {name: a, task: {type: workflow, workflowIdOrName: flow}}\n"));
  ASSERT_FALSE(by_name);
  const auto by_expression = must(world.run(job(
      "      - {name: a, task: {type: workflow, workflowIdOrName: \"${{ 'fl' + 'ow' }}\"}}\n")));
  EXPECT_EQ(World::steps(by_expression), "a failed");
  EXPECT_EQ(world.heard().errors.at("main/a").message, "workflow 'flow' would run within itself");
}

TEST(ScenarioTest, OneSlotIsEnoughForNestedRuns) {
  World world;
  world.slots = 1;
  add_child(world, "child", job("      - {name: x, task: $ok}\n      - {name: y, task: $ok}\n"));
  const auto outcome = must(world.run(job(R"yaml(
      - {name: each, forEach: {item: it, in: '${{ [1, 2, 3] }}'}, task: {type: workflow, workflowIdOrName: child}}
)yaml")));
  EXPECT_EQ(outcome.status, RunStatus::succeeded);
}

TEST(ScenarioTest, WrongInputsAreRefusedWithoutARecord) {
  World world;
  const auto outcome = world.run(
      job("      - {name: a, task: $ok}\n", "inputs: {properties: {n: {type: integer}}}\n"),
      RunOptions{.inputs = Map{{"n", "many"}}});
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().name, "input_validation_failed");
  EXPECT_TRUE(store::RunStore(world.layout()).list().runs.empty());
}

TEST(ScenarioTest, MistakesThatNeedNoEvaluationAreRefusedWithoutARecord) {
  World world;
  for (const char* steps : {
           "      - {name: a, dependsOn: [{step: b, condition: {type: failed}}], task: $ok}\n",
           "      - {name: a, task: {type: model_method, modelType: command/shell, methodName: "
           "fly}}\n",
           "      - {name: a, task: {type: assert, expr: '1 +', message: x}}\n",
           "      - {name: a, driver: docker, task: $ok}\n",
           "      - {name: a, driverConfig: {env: {A: b}}, task: $ok}\n",
           "      - {name: a, outputs: [{path: dist}], task: $ok}\n",
           "      - {name: a, caches: [{path: a, key: k}], task: $ok}\n",
       }) {
    EXPECT_FALSE(world.run(job(steps))) << steps;
  }
  EXPECT_TRUE(store::RunStore(world.layout()).list().runs.empty());
}

TEST(ScenarioTest, AnInputThatIsNotDeclaredIsRefusedWithoutARecord) {
  World world;
  const auto outcome =
      world.run(job("      - {name: a, task: {type: assert, expr: 'inputs.there', message: m}}\n",
                    "inputs: {properties: {here: {default: 1}}}\n"));
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().message, "workflow 'flow' declares no input 'there'");
  EXPECT_TRUE(store::RunStore(world.layout()).list().runs.empty());
}

TEST(ScenarioTest, AModelThatIsNotThereFailsItsStep) {
  World world;
  const auto outcome = must(world.run(job(R"yaml(
      - {name: a, task: {type: model_method, modelIdOrName: nobody, methodName: execute}}
)yaml")));
  EXPECT_EQ(World::steps(outcome), "a failed");
  EXPECT_EQ(world.heard().errors["main/a"].message, "there is no model 'nobody'");
}

TEST(ScenarioTest, TextThatCameAsDataIsNeverAnExpression) {
  World world;
  world.put_secret("pw", "s3cret-harbour");
  const auto outcome =
      must(world.run(job(R"yaml(
      - {name: a, task: {type: model_method, modelType: command/shell, methodName: execute, inputs: {run: 'cat', env: {T: '${{ inputs.text }}'}}}}
      - {name: b, task: {type: assert, expr: "inputs.text.startsWith('${')", message: stays text}}
)yaml",
                         "inputs: {properties: {text: {type: string}}}\n"),
                     RunOptions{.inputs = Map{{"text", "${{ vault.get('main', 'pw') }}"}}}));
  EXPECT_EQ(World::steps(outcome), "a succeeded, b succeeded");
}

TEST(ScenarioTest, ManyStepsStayWithinTheSlots) {
  World world;
  world.slots = 3;
  int running = 0;
  int most = 0;
  world.heard().on_line = [&](const std::string& line) {
    if (line.starts_with("step_started")) most = std::max(most, ++running);
    if (line.starts_with("step_ended")) --running;
  };
  const auto outcome = must(world.run(job(R"yaml(
      - {name: each, forEach: {item: it, in: '${{ [1, 2, 3, 4, 5, 6, 7, 8, 9] }}'}, task: $sh("true")$}
)yaml")));
  EXPECT_EQ(outcome.status, RunStatus::succeeded);
  EXPECT_EQ(most, 3);
}

}  // namespace
}  // namespace swamp::engine
