#include "engine/runner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/run_world.h"

namespace swamp::engine {
namespace {

using test::World;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* kTwoSteps = R"(
jobs:
  - name: main
    steps:
      - name: hello
        task: {type: model_method, modelType: command/shell, methodName: execute, inputs: {run: echo hello}}
      - name: check
        dependsOn: [{step: hello, condition: {type: succeeded}}]
        task:
          type: assert
          expr: data.step('hello').filter(d, d.specName == 'result')[0].attributes.stdout == 'hello'
          message: it says hello
)";

TEST(RunnerTest, AShellStepRunsAndItsDataIsThereForTheNext) {
  World world;
  auto outcome = world.run(kTwoSteps);
  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(outcome->status, RunStatus::succeeded) << testing::PrintToString(world.heard().lines);
  EXPECT_EQ(World::steps(*outcome), "hello succeeded, check succeeded");
  EXPECT_THAT(world.heard().output, ElementsAre("main/hello: hello"));
  EXPECT_EQ(World::steps(world.saved(*outcome)), "hello succeeded, check succeeded");
}

TEST(RunnerTest, EventsComeInOrder) {
  World world;
  ASSERT_TRUE(world.run(kTwoSteps));
  const auto& lines = world.heard().lines;
  ASSERT_EQ(lines.size(), 10U) << testing::PrintToString(lines);
  EXPECT_EQ(lines[0], "run_started");
  EXPECT_EQ(lines[1], "job_started main");
  EXPECT_EQ(lines[2], "step_started main/hello");
  EXPECT_THAT(lines[3], HasSubstr("resolved main/hello shell-"));
  EXPECT_EQ(lines[4], "step_ended main/hello succeeded");
  EXPECT_EQ(lines[5], "step_started main/check");
  EXPECT_EQ(lines[6], "assert main/check passed");
  EXPECT_EQ(lines[7], "step_ended main/check succeeded");
  EXPECT_EQ(lines[8], "job_ended main succeeded");
  EXPECT_EQ(lines[9], "run_ended succeeded");
}

}  // namespace
}  // namespace swamp::engine
