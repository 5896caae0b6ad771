// What `.swamp/workflows-evaluated` and `.swamp/definitions-evaluated` keep.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/evaluated_definition.h"
#include "engine/evaluated_workflow.h"
#include "engine/run_family.h"
#include "engine/run_world.h"
#include "spec/definition_yaml.h"
#include "spec/workflow_yaml.h"
#include "yaml/parse.h"

namespace swamp::engine {
namespace {

using test::World;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

spec::Workflow workflow_of(const std::string& body) {
  const auto document =
      yaml::parse(fmt::format("id: {}\nname: flow\n{}", test::id_of("flow"), body), "flow.yaml");
  EXPECT_TRUE(document);
  auto workflow = spec::decode_workflow(*document);
  EXPECT_TRUE(workflow) << (workflow ? "" : workflow.error().message);
  return *std::move(workflow);
}

EvaluatedWorkflow evaluate(const std::string& body, const Map& inputs) {
  const cel::Answers nothing;
  return evaluate_workflow(workflow_of(body), inputs, nothing);
}

std::string file_of(const EvaluatedWorkflow& evaluated) {
  return spec::encode_workflow({.document = evaluated.document});
}

/// The file without its first two lines, which are the same in every test.
std::string text_of(const EvaluatedWorkflow& evaluated) {
  std::string text = file_of(evaluated);
  text.erase(0, text.find('\n') + 1);
  text.erase(0, text.find('\n') + 1);
  return text;
}

TEST(EvaluatedWorkflowTest, InputsAreFilledInAndBecomeDefaults) {
  const auto evaluated = evaluate(R"(
inputs: {properties: {env: {type: string}, count: {type: integer, default: 1}}}
jobs:
  - name: main
    description: 'to ${{ inputs.env }}'
    steps:
      - name: a
        task: {type: model_method, modelIdOrName: 'web-${{ inputs.env }}', methodName: go, inputs: {n: '${{ inputs.count }}'}}
)",
                                  Map{{"env", "prod"}, {"count", 2}});
  EXPECT_TRUE(evaluated.had_expressions);
  EXPECT_THAT(evaluated.warnings, IsEmpty());
  EXPECT_EQ(text_of(evaluated), R"(inputs:
  properties:
    env:
      type: string
      default: prod
    count:
      type: integer
      default: 2
jobs:
  - name: main
    description: to prod
    steps:
      - name: a
        task:
          type: model_method
          modelIdOrName: web-prod
          methodName: go
          inputs:
            'n': 2
)");
}

TEST(EvaluatedWorkflowTest, WhatARunDecidesStays) {
  const std::string late = R"(jobs:
  - name: main
    steps:
      - name: a
        task:
          type: model_method
          modelIdOrName: web
          methodName: go
          inputs:
            secret: '${{ vault.get(''v'', ''k'') }}'
            home: '${{ env.HOME }}'
            mixed: '${{ inputs.env + env.HOME }}'
            data: '${{ data.latest(''a'', ''b'').attributes.x }}'
            resource: '${{ model.web.resource.x.y }}'
            run: '${{ run.id }}'
            self: '${{ self.name }}'
        guard: '${{ inputs.env == ''prod'' }}'
)";
  const auto evaluated = evaluate(late, Map{});
  EXPECT_THAT(evaluated.warnings, IsEmpty());
  EXPECT_EQ(text_of(evaluated), late);
}

TEST(EvaluatedWorkflowTest, TextThatLooksLikeAnExpressionIsData) {
  const std::string body = R"(
inputs: {properties: {text: {type: string}}}
jobs:
  - name: main
    steps:
      - name: a
        task: {type: model_method, modelIdOrName: web, methodName: go, inputs: {t: '${{ inputs.text }}'}}
)";
  const std::string planted = "${{ vault.get('v', 'k') }}";
  const auto evaluated = evaluate(body, Map{{"text", planted}});
  // Read back, it evaluates to the text itself and asks no vault.
  const auto again = spec::make_workflow(evaluated.document);
  ASSERT_TRUE(again) << again.error().message;
  const auto& task = std::get<spec::ModelMethodTask>(again->jobs[0].steps[0].task);
  const auto value = task.inputs.evaluate(cel::PlainScope(Map{}), cel::Answers());
  ASSERT_TRUE(value) << value.error().message;
  EXPECT_EQ(std::get<Value>(*value), Value(Map{{"t", planted}}));
}

TEST(EvaluatedWorkflowTest, SecretsAreNeverWritten) {
  auto origin = std::make_shared<SecretOrigin>();
  origin->expression = "${{ vault.get('v', 'k') }}";
  const auto evaluated = evaluate(R"(
inputs: {properties: {pw: {type: string}}}
jobs:
  - name: main
    steps:
      - name: a
        task: {type: model_method, modelIdOrName: web, methodName: go, inputs: {p: '${{ inputs.pw }}'}}
)",
                                  Map{{"pw", Value::secret("hunter2", origin)}});
  EXPECT_THAT(text_of(evaluated), Not(HasSubstr("hunter2")));
  EXPECT_THAT(text_of(evaluated), HasSubstr("p: '${{ inputs.pw }}'"));
  EXPECT_THAT(text_of(evaluated), HasSubstr("default: '${{ vault.get(''v'', ''k'') }}'"));
}

constexpr std::string_view kFanOut = R"(
inputs: {properties: {envs: {type: array, default: [eu, us]}}}
jobs:
  - name: main
    steps:
      - name: 'deploy-${{ self.env }}'
        forEach: {item: env, in: '${{ inputs.envs }}'}
        task: {type: assert, expr: 'self.env != "us"', message: 'to ${{ self.env }}'}
        allowFailure: true
      - name: after
        dependsOn: [{step: 'deploy-${{ self.env }}', condition: {type: failed}}]
        task: {type: assert, expr: 'true', message: fine}
)";

TEST(EvaluatedWorkflowTest, PeopleSeeTheIterationsOfAForEach) {
  const auto evaluated = evaluate(std::string(kFanOut), Map{{"envs", List{"eu", "us"}}});
  EXPECT_TRUE(evaluated.for_each_expanded);
  const Value& steps = evaluated.expanded["jobs"].as_list()[0]["steps"];
  ASSERT_THAT(steps.as_list(), SizeIs(3));
  EXPECT_EQ(steps.as_list()[1]["name"], Value("deploy-us"));
  EXPECT_TRUE(steps.as_list()[1]["forEach"].is_null());
  EXPECT_EQ(steps.as_list()[1]["task"]["message"], Value("to us"));
}

TEST(EvaluatedWorkflowTest, TheFileKeepsAForEachAndRunsAlike) {
  World written;
  const auto before = written.run(std::string(kFanOut));
  ASSERT_TRUE(before) << before.error().message;
  const auto evaluated = evaluate(std::string(kFanOut), Map{{"envs", List{"eu", "us"}}});
  EXPECT_THAT(text_of(evaluated), HasSubstr("in: '${{ inputs.envs }}'"));
  World again;
  again.directory().add_workflow(file_of(evaluated));
  const auto after = again.run_named("flow");
  ASSERT_TRUE(after) << after.error().message;
  EXPECT_EQ(World::steps(*after), World::steps(*before));
  EXPECT_EQ(World::steps(*after), "deploy-eu succeeded, deploy-us failed, after succeeded");
  EXPECT_EQ(again.heard().lines, written.heard().lines);
}

TEST(EvaluatedWorkflowTest, AListThatARunDecidesIsNotExpanded) {
  const std::string body = R"(jobs:
  - name: main
    steps:
      - name: a
        task:
          type: assert
          expr: 'true'
          message: fine
        forEach:
          item: x
          in: '${{ data.latest(''m'', ''n'').attributes.list }}'
)";
  const auto evaluated = evaluate(body, Map{});
  EXPECT_FALSE(evaluated.for_each_expanded);
  EXPECT_EQ(text_of(evaluated), body);
}

TEST(EvaluatedWorkflowTest, AnUnknownNameIsAWarningAndStays) {
  const auto evaluated = evaluate(R"(jobs:
  - name: main
    description: '${{ nosuch.thing }}'
    steps:
      - name: a
        task: {type: assert, expr: 'true', message: fine}
)",
                                  Map{});
  ASSERT_THAT(evaluated.warnings, SizeIs(1));
  EXPECT_EQ(evaluated.warnings[0].where->to_string(), "flow.yaml:5:23");
  EXPECT_THAT(text_of(evaluated), HasSubstr("description: '${{ nosuch.thing }}'"));
}

// What a run keeps.

TEST(EvaluatedWorkflowTest, ARunKeepsIt) {
  World world;
  std::string kept;
  RunOptions options;
  options.keep_evaluated = [&](const spec::Workflow& /*workflow*/, Value evaluated) -> Result<> {
    kept = spec::encode_workflow({.document = std::move(evaluated)});
    return {};
  };
  ASSERT_TRUE(world.run(std::string(kFanOut), std::move(options)));
  EXPECT_THAT(kept, HasSubstr("in: '${{ inputs.envs }}'"));
  EXPECT_THAT(kept, HasSubstr("default:\n        - eu\n        - us\n"));
}

// Definitions.

Task<> evaluate_into(EngineServices& services, std::string name, Map inputs,
                     EvaluatedDefinition& evaluated) {
  RunFamily family(services, "r1");
  SWAMP_CO_TRY(auto definition, services.directory.find_definition(name));
  const NameContext context = family.context(nullptr, "", nullptr);
  SWAMP_CO_TRY(evaluated,
               co_await evaluate_alone(std::move(definition), std::move(inputs), context));
  co_return Result<>{};
}

TEST(EvaluatedDefinitionTest, SecretsAndVariablesStayAndDataIsMarked) {
  World world;
  world.put_secret("pw", "hunter2");
  world.directory().add_definition(fmt::format(R"(
type: command/shell
id: {}
name: web
version: 1
tags: {{}}
globalArguments: {{}}
inputs: {{properties: {{who: {{type: string}}}}}}
methods:
  execute:
    arguments:
      run: 'echo ${{{{ inputs.who }}}} ${{{{ self.name }}}}'
      env:
        PW: '${{{{ vault.get(''main'', ''pw'') }}}}'
        AT: '${{{{ env.HARBOUR }}}}'
)",
                                               test::id_of("web")));
  EvaluatedDefinition evaluated;
  const auto done = world.with_services([&](EngineServices& services) {
    return evaluate_into(services, "web", Map{{"who", "ann ${{ 1 }}"}}, evaluated);
  });
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_TRUE(evaluated.had_expressions);
  EXPECT_EQ(spec::encode_definition({.document = evaluated.document}),
            fmt::format(R"(type: command/shell
id: {}
name: web
version: 1
tags: {{}}
globalArguments: {{}}
methods:
  execute:
    arguments:
      run: 'echo ann ${{{{ 1 }}}} web'
      env:
        PW: '${{{{ vault.get(''main'', ''pw'') }}}}'
        AT: '${{{{ env.HARBOUR }}}}'
inputs:
  properties:
    who:
      type: string
      default: 'ann ${{{{ 1 }}}}'
expressions:
  - /methods/execute/arguments/env/PW
  - /methods/execute/arguments/env/AT
)",
                        test::id_of("web")));
}

TEST(EvaluatedDefinitionTest, AnInputThatIsNotDeclaredIsRefused) {
  World world;
  world.directory().add_definition(
      fmt::format("type: command/shell\nid: {}\nname: web\ninputs: {{properties: {{who: {{}}}}}}\n",
                  test::id_of("web")));
  EvaluatedDefinition evaluated;
  const auto done = world.with_services([&](EngineServices& services) {
    return evaluate_into(services, "web", Map{{"hwo", 1}}, evaluated);
  });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().message, "model 'web' has no input 'hwo'");
  EXPECT_EQ(done.error().hint, "did you mean 'who'?");
}

}  // namespace
}  // namespace swamp::engine
