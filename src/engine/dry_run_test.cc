#include "engine/dry_run.h"

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "engine/run_world.h"
#include "value/json.h"

namespace swamp::engine {
namespace {

using test::World;

const char* course_of(const DryStep& step) {
  switch (step.course) {
    case DryStep::Course::runs:
      return "";
    case DryStep::Course::skipped:
      return step.reason == "guarded" ? " guarded" : " skipped";
    case DryStep::Course::fails:
      return " fails";
  }
  return "";
}

std::string text_of(const DryRun& run, const std::string& indent = "") {
  std::string text;
  for (const DryStep& step : run.steps) {
    text += fmt::format("{}{} {}/{}{}\n", indent, step.wave, step.job, step.name, course_of(step));
    for (const DryField& field : step.fields) {
      if (field.key == "modelType" || field.key == "methodName" || field.key == "message") continue;
      text += fmt::format("{}  {}: {}\n", indent, field.key, write_json(field.seen.value));
      for (const Unknown& unknown : field.seen.unknown)
        text += fmt::format("{}    {} {}\n", indent, unknown.place, unknown.why.when);
    }
    if (step.error) text += fmt::format("{}  ! {}\n", indent, step.error->message);
    if (step.nested) text += text_of(*step.nested, indent + "  > ");
  }
  return text;
}

Task<> foresee_named(EngineServices& services, std::string name, RunOptions options,
                     Result<DryRun>& result) {
  SWAMP_CO_TRY(auto workflow, services.directory.find_workflow(name));
  result = co_await foresee_run(services, std::move(workflow), std::move(options));
  co_return Result<>{};
}

/// Foresees the workflow `test` of this world.
Result<DryRun> foresee(World& world, const std::string& yaml, Map inputs = {}) {
  world.directory().add_workflow("id: " + test::id_of("test") + "\nname: test\n" + yaml);
  Result<DryRun> result = fail(ErrorCode::internal, "nothing was foreseen");
  const RunOptions options{.inputs = std::move(inputs)};
  const auto done = world.with_services(
      [&](EngineServices& services) { return foresee_named(services, "test", options, result); });
  EXPECT_TRUE(done) << done.error().message;
  return result;
}

std::string foreseen(World& world, const std::string& yaml, Map inputs = {}) {
  const auto run = foresee(world, yaml, std::move(inputs));
  return run ? "\n" + text_of(*run) : "!" + run.error().message;
}

constexpr const char* kShell = "{type: model_method, modelType: command/shell, methodName: execute";

TEST(DryRunTest, StepsAreInTheOrderInWhichTheyWouldStart) {
  World world;
  EXPECT_EQ(foreseen(world, R"(jobs:
  - name: last
    dependsOn: [{job: main, condition: {type: succeeded}}]
    steps:
      - {name: z, task: {type: manual_approval, prompt: go on?}}
  - name: main
    steps:
      - {name: b, dependsOn: [{step: a, condition: {type: succeeded}}], task: {type: assert, expr: 'true', message: m}}
      - {name: a, task: {type: assert, expr: 'true', message: m}}
      - {name: c, task: {type: assert, expr: 'true', message: m}, weight: -1}
      - {name: broken, dependsOn: [{step: a, condition: {type: failed}}], task: {type: assert, expr: 'true', message: m}}
)"),
            R"(
1 main/c
  expr: true
1 main/a
  expr: true
2 main/b
  expr: true
3 last/z
  prompt: "go on?"
0 main/broken skipped
  expr: true
)");
}

TEST(DryRunTest, WhatIsKnownIsEvaluatedAndTheRestStaysAsItIsWritten) {
  World world;
  EXPECT_EQ(foreseen(world,
                     fmt::format(R"(inputs:
  properties:
    env: {{type: string, default: dev}}
    count: {{type: integer}}
jobs:
  - name: main
    steps:
      - name: build
        task: {}, inputs: {{run: "make ${{{{ inputs.env }}}} ${{{{ inputs.count + 1 }}}}"}}}}
      - name: use
        dependsOn: [{{step: build, condition: {{type: succeeded}}}}]
        task: {}, inputs: {{run: "${{{{ data.step('build')[0].attributes.stdout }}}}", env: {{ID: "${{{{ run.id }}}}", PASSWORD: "${{{{ vault.get('main', 'pw') }}}}", E: "${{{{ inputs.env }}}}"}}}}}}
)",
                                 kShell, kShell),
                     {{"count", "2"}}),
            R"(
1 main/build
  inputs: {"run":"make dev 3"}
2 main/use
  inputs: {"run":"${{ data.step('build')[0].attributes.stdout }}","env":{"ID":"${{ run.id }}","PASSWORD":"${{ vault.get('main', 'pw') }}","E":"dev"}}
    /run when 'build' has run
    /env/ID when the run has started
    /env/PASSWORD when the step runs: it is a secret
)");
}

TEST(DryRunTest, ListsThatAreKnownAreExpandedOthersStandForThemselves) {
  World world;
  EXPECT_EQ(foreseen(world,
                     fmt::format(R"(jobs:
  - name: main
    steps:
      - name: each-${{{{ self.r }}}}
        forEach: {{item: r, in: "${{{{ inputs.regions }}}}"}}
        task: {0}, inputs: {{run: "echo ${{{{ self.r }}}}"}}}}
      - name: later
        dependsOn: [{{step: "each-${{{{ self.r }}}}", condition: {{type: succeeded}}}}]
        forEach: {{item: x, in: "${{{{ data.step('each-${{{{ self.r }}}}') }}}}"}}
        task: {0}, inputs: {{run: "echo ${{{{ self.x }}}}"}}}}
)",
                                 kShell),
                     {{"regions", List{"eu", "us"}}}),
            R"(
1 main/each-eu
  inputs: {"run":"echo eu"}
1 main/each-us
  inputs: {"run":"echo us"}
2 main/later
  forEach: "${{ data.step('each-${{ self.r }}') }}"
     when 'each-${{ self.r }}' has run
  inputs: {"run":"echo ${{ self.x }}"}
    /run when 'each-${{ self.r }}' has run
)");
}

TEST(DryRunTest, GuardsAndAssertsThatAreKnownDecide) {
  World world;
  EXPECT_EQ(foreseen(world, R"(jobs:
  - name: main
    steps:
      - {name: guarded, guard: "${{ inputs.skip }}", task: {type: manual_approval, prompt: p}}
      - {name: wrong, task: {type: assert, expr: "inputs.skip == false", message: never skip}}
      - {name: after, dependsOn: [{step: wrong, condition: {type: succeeded}}], task: {type: manual_approval, prompt: p}}
      - {name: mend, dependsOn: [{step: wrong, condition: {type: failed}}], task: {type: manual_approval, prompt: p}}
)",
                     {{"skip", true}}),
            R"(
1 main/guarded guarded
  guard: true
1 main/wrong fails
  expr: false
  ! assertion failed: never skip
2 main/mend
  prompt: "p"
0 main/after skipped
  prompt: "p"
)");
}

TEST(DryRunTest, DataCountsUnlessAnEarlierStepMayWriteIt) {
  World world;
  world.directory().add_definition("type: command/shell\nid: " + test::id_of("web") +
                                   "\nname: web\nversion: 1\n");
  const auto run = world.run(R"(jobs:
  - name: main
    steps:
      - name: first
        task: {type: model_method, modelIdOrName: web, methodName: execute, inputs: {run: echo before}}
)");
  ASSERT_TRUE(run);
  const std::string use =
      "task: {type: model_method, modelType: command/shell, methodName: execute, inputs: {run: "
      "\"${{ data.latest('web', 'result').attributes.stdout }}\"}}\n";
  EXPECT_EQ(foreseen(world, R"(jobs:
  - name: main
    steps:
      - name: early
        )" + use + R"(      - name: write
        dependsOn: [{step: early, condition: {type: succeeded}}]
        task: {type: model_method, modelIdOrName: web, methodName: execute, inputs: {run: echo}}
      - name: late
        dependsOn: [{step: write, condition: {type: succeeded}}]
        )" + use),
            R"(
1 main/early
  inputs: {"run":"before"}
2 main/write
  modelIdOrName: "web"
  inputs: {"run":"echo"}
3 main/late
  inputs: {"run":"${{ data.latest('web', 'result').attributes.stdout }}"}
    /run when 'main/write' has run
)");
}

TEST(DryRunTest, NestedWorkflowsAreForeseenWithWhatIsKnownOfTheirInputs) {
  World world;
  world.directory().add_workflow("id: " + test::id_of("child") + R"(
name: child
inputs: {properties: {a: {type: string}, b: {type: string}}, required: [a, b]}
jobs:
  - name: inner
    steps:
      - {name: say, task: {type: manual_approval, prompt: "${{ inputs.a }}"}}
      - {name: tell, task: {type: manual_approval, prompt: "${{ inputs.b }}"}}
)");
  EXPECT_EQ(foreseen(world, R"(jobs:
  - name: main
    steps:
      - {name: run, task: {type: workflow, workflowIdOrName: child, inputs: {a: known, b: "${{ run.id }}"}}}
)"),
            R"(
1 main/run
  workflowIdOrName: "child"
  inputs: {"a":"known","b":"${{ run.id }}"}
    /b when the run has started
  > 1 inner/say
  >   prompt: "known"
  > 1 inner/tell
  >   prompt: "${{ inputs.b }}"
  >      when the run has started
)");
}

TEST(DryRunTest, RefusesWhatARunRefuses) {
  const char* cycle = R"(jobs:
  - name: main
    steps:
      - {name: a, dependsOn: [{step: a, condition: {type: succeeded}}], task: {type: assert, expr: 'true', message: m}}
)";
  const char* inputs = R"(inputs: {properties: {n: {type: integer}}, required: [n]}
jobs:
  - name: main
    steps:
      - {name: a, task: {type: assert, expr: 'true', message: m}}
)";
  for (const char* yaml : {cycle, inputs}) {
    World dry;
    World wet;
    const auto foreseen_run = foresee(dry, yaml);
    const auto run = wet.run(yaml);
    ASSERT_FALSE(run);
    ASSERT_FALSE(foreseen_run);
    EXPECT_EQ(foreseen_run.error().message, run.error().message);
    EXPECT_EQ(foreseen_run.error().name, run.error().name);
  }
}

TEST(DryRunTest, WritesNothing) {
  World world;
  const auto files = [&] {
    std::map<std::string, std::string> all;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(world.folder().path())) {
      std::ostringstream content;
      if (entry.is_regular_file()) content << std::ifstream(entry.path()).rdbuf();
      all[entry.path().string()] = content.str();
    }
    return all;
  };
  const auto before = files();
  const auto run = foresee(world, fmt::format(R"(jobs:
  - name: main
    steps:
      - {{name: a, task: {}, inputs: {{run: touch made}}}}}}
      - {{name: named, task: {{type: model_method, modelType: command/shell, modelName: fresh, methodName: execute, inputs: {{run: "true"}}}}}}
)",
                                              kShell));
  ASSERT_TRUE(run) << run.error().message;
  EXPECT_EQ(files(), before);
}

}  // namespace
}  // namespace swamp::engine
