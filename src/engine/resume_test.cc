// Runs that stop before their end, and how they go on.

#include <unistd.h>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/run_world.h"
#include "store/journal.h"

namespace swamp::engine {
namespace {

using test::World;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::string sh(std::string_view run) {
  return fmt::format(
      "{{type: model_method, modelType: command/shell, methodName: execute, inputs: {{run: "
      "'{}'}}}}",
      run);
}

/// One row a step: name, task, and what it needs.
struct Row {
  std::string name;
  std::string task;
  std::string needs = {};  // `a` or `a:failed`
  std::string more = {};   // further keys
};

std::string steps(const std::vector<Row>& rows) {
  std::string text = "    steps:\n";
  for (const Row& row : rows) {
    text += fmt::format("      - name: {}\n        task: {}\n", row.name, row.task);
    if (!row.needs.empty()) {
      const auto colon = row.needs.find(':');
      text += fmt::format("        dependsOn: [{{step: {}, condition: {{type: {}}}}}]\n",
                          row.needs.substr(0, colon),
                          colon == std::string::npos ? "succeeded" : row.needs.substr(colon + 1));
    }
    if (!row.more.empty()) text += "        " + row.more + "\n";
  }
  return text;
}

std::string flow(const std::vector<Row>& rows) {
  return "jobs:\n  - name: main\n" + steps(rows);
}

const std::string kGate = "{type: manual_approval, prompt: ship it}";
const std::string kOk = "{type: assert, expr: 'true', message: fine}";

RunOutcome must(Result<RunOutcome> outcome) {
  EXPECT_TRUE(outcome) << (outcome ? "" : outcome.error().message);
  return outcome ? *std::move(outcome) : RunOutcome();
}

TEST(ResumeTest, AGateSuspendsTheRunOnceNothingElseIsLeftToDo) {
  World world;
  const auto run = must(world.run(
      flow({{"gate", kGate}, {"ship", sh("echo ship"), "gate"}, {"other", sh("echo other")}})));
  EXPECT_EQ(run.status, RunStatus::suspended);
  EXPECT_EQ(World::steps(world.saved(run)), "gate waiting_approval, ship pending, other succeeded");
  EXPECT_THAT(world.heard().lines, Contains("approval main/gate ship it"));
  EXPECT_THAT(world.heard().lines, Contains("run_suspended main/gate"));
  EXPECT_EQ(world.heard().lines.back(), "run_ended suspended");
}

TEST(ResumeTest, AnApprovedGateGoesOnAndNothingRunsTwice) {
  World world;
  const auto run = must(world.run(
      flow({{"gate", kGate}, {"ship", sh("echo ship"), "gate"}, {"other", sh("echo other")}})));
  const auto decided = world.decide(run, "gate", true);
  ASSERT_TRUE(decided) << decided.error().message;
  EXPECT_TRUE(decided->can_resume);
  const auto after = must(world.resume(run));
  EXPECT_EQ(after.status, RunStatus::succeeded);
  EXPECT_THAT(world.heard().output, ElementsAre("main/ship: ship"));
  const auto record = world.saved(after);
  EXPECT_EQ(World::steps(record), "gate succeeded, ship succeeded, other succeeded");
  ASSERT_TRUE(record.jobs[0].steps[0].approval);
  EXPECT_EQ(record.jobs[0].steps[0].approval->decided_by, "ann");
}

TEST(ResumeTest, ARunThatStillWaitsIsNotResumed) {
  World world;
  const auto run = must(world.run(flow({{"gate", kGate}})));
  const auto refused = world.resume(run);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().name, "approval_pending");
}

TEST(ResumeTest, OneOfTwoGatesLetsItsOwnStepsGoOn) {
  World world;
  const auto run =
      must(world.run(flow({{"g1", kGate}, {"g2", kGate}, {"a", kOk, "g1"}, {"b", kOk, "g2"}})));
  ASSERT_TRUE(world.decide(run, "main/g1", true));
  const auto after = must(world.resume(run));
  EXPECT_EQ(after.status, RunStatus::suspended);
  EXPECT_EQ(World::steps(world.saved(after)),
            "g1 succeeded, g2 waiting_approval, a succeeded, b pending");
}

TEST(ResumeTest, ARejectionEndsTheRunWhenNothingIsLeftToDo) {
  World world;
  const auto run = must(world.run(flow({{"gate", kGate}, {"ship", kOk, "gate"}})));
  const auto decided = world.decide(run, "gate", false);
  ASSERT_TRUE(decided);
  EXPECT_FALSE(decided->can_resume);
  const auto record = world.saved(run);
  EXPECT_EQ(World::steps(record), "gate failed, ship skipped");
  EXPECT_EQ(record.status, store::RunStatus::failed);
  EXPECT_EQ(record.failure_reason, "not today");
}

TEST(ResumeTest, AfterARejectionCleanUpStillRuns) {
  World world;
  const auto run =
      must(world.run(flow({{"gate", kGate}, {"tidy", sh("echo tidy"), "gate:failed"}})));
  const auto decided = world.decide(run, "gate", false);
  ASSERT_TRUE(decided);
  EXPECT_TRUE(decided->can_resume);
  const auto after = must(world.resume(run));
  EXPECT_EQ(World::steps(after), "gate failed, tidy succeeded");
  EXPECT_EQ(after.status, RunStatus::failed);
}

TEST(ResumeTest, OnlyWhatWaitsCanBeDecided) {
  World world;
  const auto run = must(world.run(flow({{"gate", kGate}, {"ship", kOk, "gate"}})));
  const auto wrong = world.decide(run, "gaet", true);
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().hint, "did you mean 'gate'?");
  ASSERT_TRUE(world.decide(run, "gate", true));
  EXPECT_FALSE(world.decide(run, "gate", false));
}

TEST(ResumeTest, AGateWhoseTimeHasPassedFailsWhenTheRunGoesOn) {
  World world;
  const std::string gate = "{type: manual_approval, prompt: ship it, timeout: 0.05}";
  const auto run =
      must(world.run(flow({{"gate", gate}, {"tidy", sh("echo tidy"), "gate:failed"}})));
  EXPECT_EQ(run.status, RunStatus::suspended);
  ::usleep(60'000);
  const auto decided = world.decide(run, "gate", true);
  ASSERT_FALSE(decided);
  EXPECT_EQ(decided.error().name, "approval_expired");
  const auto after = must(world.resume(run));
  EXPECT_EQ(World::steps(after), "gate failed, tidy succeeded");
  EXPECT_EQ(after.record.jobs[0].steps[0].reason, "timeout");
}

TEST(ResumeTest, ASuspendedRunCanBeCancelled) {
  World world;
  const auto run = must(world.run(flow({{"gate", kGate}, {"ship", kOk, "gate"}})));
  const auto record = world.cancel(run.run_id);
  ASSERT_TRUE(record) << record.error().message;
  EXPECT_EQ(World::steps(*record), "gate failed, ship skipped");
  EXPECT_EQ(record->status, store::RunStatus::cancelled);
  EXPECT_EQ(record->tags.get("cancel_reason"), "enough");
  EXPECT_FALSE(world.cancel(run.run_id));
  EXPECT_FALSE(world.resume(run));
}

TEST(ResumeTest, TheCurrentFileCounts) {
  World world;
  const auto run = must(world.run(flow({{"a", kOk}, {"gate", kGate}, {"old", kOk, "gate"}})));
  ASSERT_TRUE(world.decide(run, "gate", true));
  world.directory().add_workflow(
      fmt::format("id: {}\nname: flow\n{}", test::id_of("flow"),
                  flow({{"a", kOk}, {"gate", kGate}, {"new", sh("echo new"), "gate"}})));
  const auto after = must(world.resume(run));
  EXPECT_EQ(after.status, RunStatus::succeeded);
  EXPECT_THAT(world.heard().output, ElementsAre("main/new: new"));
}

TEST(ResumeTest, WhatTheFileHasNoMoreIsSkippedAndCountsNoMore) {
  World world;
  const auto run = must(
      world.run(flow({{"a", kOk}, {"gate", kGate}, {"old", kOk, "gate"}}) +
                "  - name: gone\n    dependsOn: [{job: main, condition: {type: succeeded}}]\n" +
                steps({{"x", kOk}})));
  ASSERT_TRUE(world.decide(run, "gate", true));
  world.directory().add_workflow(fmt::format("id: {}\nname: flow\n{}", test::id_of("flow"),
                                             flow({{"a", kOk}, {"gate", kGate}})));
  const auto after = must(world.resume(run));
  EXPECT_EQ(after.status, RunStatus::succeeded);
  const auto record = world.saved(after);
  EXPECT_EQ(World::steps(record), "a succeeded, gate succeeded, old skipped, gone/x skipped");
  EXPECT_EQ(record.jobs[0].steps[2].reason, "removed");
  EXPECT_EQ(record.jobs[1].status, store::RunStatus::skipped);
}

TEST(ResumeTest, AGateThatBecameAnotherTaskRunsAsThat) {
  World world;
  const auto run = must(world.run(flow({{"gate", kGate}, {"after", kOk, "gate"}})));
  world.directory().add_workflow(
      fmt::format("id: {}\nname: flow\n{}", test::id_of("flow"),
                  flow({{"gate", sh("echo no gate")}, {"after", kOk, "gate"}})));
  const auto after = must(world.resume(run));
  EXPECT_EQ(World::steps(after), "gate succeeded, after succeeded");
  EXPECT_THAT(world.heard().output, ElementsAre("main/gate: no gate"));
}

TEST(ResumeTest, TheTimeOfAJobStandsStillWhileTheRunIsSuspended) {
  World world;
  const auto text =
      "jobs:\n  - name: main\n    timeout: 2s\n" + steps({{"before", sh("sleep 0.5")},
                                                          {"gate", kGate, "before"},
                                                          {"after", sh("sleep 30"), "gate"}});
  const auto run = must(world.run(text));
  ASSERT_TRUE(world.decide(run, "gate", true));
  const auto after = must(world.resume(run));
  EXPECT_EQ(World::steps(after), "before succeeded, gate succeeded, after failed");
  EXPECT_EQ(world.heard().errors.at("main/after").message,
            "job 'main' took longer than its 'timeout' of 2.0s");
  // What the first process used is not given again.
  const auto begun = world.saved(after).extra["jobsBegunMs"]["main"];
  EXPECT_LT(begun.as_int(), world.saved(after).extra["activeMs"].as_int());
}

TEST(ResumeTest, AGatesTimeMayStandOnTheStepToo) {
  World world;
  const auto run = must(
      world.run(flow({{"g", "{type: manual_approval, prompt: 'ship ${{ self.e }}', timeout: 3600}",
                       "", "forEach: {item: e, in: \"${{ ['x'] }}\"}\n        timeout: 1ms"},
                      {"tidy", kOk, "g:failed"}})));
  EXPECT_EQ(run.status, RunStatus::suspended);
  const auto decided = world.decide(run, "g-x", true);
  ASSERT_FALSE(decided);
  EXPECT_EQ(decided.error().name, "approval_expired");
  const auto after = must(world.resume(run));
  EXPECT_EQ(World::steps(after), "g-x failed, tidy succeeded");
  EXPECT_EQ(world.heard().errors.at("main/g-x").message,
            "nobody approved it within its 'timeout' of 1ms");
}

TEST(ResumeTest, InputsTagsAndOptionsAreKept) {
  World world;
  const std::string text =
      "inputs: {properties: {who: {type: string}, n: {type: integer, default: 3}}}\n" +
      flow({{"gate", kGate},
            {"say",
             "{type: model_method, modelType: command/shell, methodName: execute, inputs: {run: "
             "'echo "
             "${{ inputs.who }} ${{ inputs.n }} ${{ run.tags.team }}'}}",
             "gate"}});
  const auto run = must(world.run(
      text, RunOptions{.inputs = Map{{"who", "ann"}}, .runtime_tags = {{"team", "red"}}}));
  ASSERT_TRUE(world.decide(run, "gate", true));
  const auto after = must(world.resume(run, ResumeOptions{.inputs = Map{{"n", "4"}}}));
  EXPECT_EQ(after.status, RunStatus::succeeded);
  EXPECT_THAT(world.heard().output, ElementsAre("main/say: ann 4 red"));
  EXPECT_THAT(world.saved(after).resume_inputs, ElementsAre("n"));
}

TEST(ResumeTest, GatesOfAForEachKeepTheirItems) {
  World world;
  const auto run =
      must(world.run(flow({{"g", "{type: manual_approval, prompt: 'ship ${{ self.env }}'}", "",
                            "forEach: {item: env, in: \"${{ ['prod', 'dev'] }}\"}"},
                           {"after", kOk, "g"}})));
  EXPECT_EQ(World::steps(run), "g-prod waiting_approval, g-dev waiting_approval, after pending");
  EXPECT_THAT(world.heard().lines, Contains("approval main/g-prod ship prod"));
  ASSERT_TRUE(world.decide(run, "g-prod", true));
  ASSERT_TRUE(world.decide(run, "g-dev", true));
  EXPECT_EQ(World::steps(must(world.resume(run))),
            "g-prod succeeded, g-dev succeeded, after succeeded");
}

// From a step on.

TEST(ResumeTest, FromAStepOnRunsItAndWhatDependsOnIt) {
  World world;
  const std::string text = flow({{"a", sh("echo a")},
                                 {"b", sh("test -e there"), "a"},
                                 {"c", sh("echo c"), "b"},
                                 {"d", sh("echo d")}});
  const auto run = must(world.run(text));
  EXPECT_EQ(run.status, RunStatus::failed);
  world.folder().write("there", "");
  const auto refused = world.resume(run);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().hint, "say from which step on: '--from <step>'");
  const auto after = must(world.resume(run, ResumeOptions{.from = "b"}));
  EXPECT_EQ(after.status, RunStatus::succeeded);
  EXPECT_EQ(World::steps(world.saved(after)), "a succeeded, b succeeded, c succeeded, d succeeded");
  EXPECT_THAT(world.heard().output, ElementsAre("main/c: c"));
}

TEST(ResumeTest, FromAForEachEvaluatesItsListAnew) {
  World world;
  const std::string text = "inputs: {properties: {list: {type: array}}}\n" +
                           flow({{"each-${{ self.it }}", sh("test ${{ self.it }} != bad"), "",
                                  "forEach: {item: it, in: \"${{ inputs.list }}\"}"},
                                 {"after", kOk, "'each-${{ self.it }}'"}});
  const auto run = must(world.run(text, RunOptions{.inputs = Map{{"list", List{"x", "bad"}}}}));
  EXPECT_EQ(World::steps(run), "each-x succeeded, each-bad failed, after skipped");
  const auto after =
      must(world.resume(run, ResumeOptions{.from = "each-${{ self.it }}",
                                           .inputs = Map{{"list", List{"x", "y", "z"}}}}));
  EXPECT_EQ(World::steps(world.saved(after)),
            "each-x succeeded, each-y succeeded, each-z succeeded, after succeeded");
}

TEST(ResumeTest, FromOneIterationOnRunsOnlyThat) {
  World world;
  const auto run =
      must(world.run(flow({{"each", sh("echo ${{ self.it }}; test ${{ self.it }} = x -o -e there"),
                            "", "forEach: {item: it, in: \"${{ ['x', 'y'] }}\"}"},
                           {"after", kOk, "each"}})));
  EXPECT_EQ(World::steps(run), "each-x succeeded, each-y failed, after skipped");
  world.folder().write("there", "");
  const auto after = must(world.resume(run, ResumeOptions{.from = "main/each-y"}));
  EXPECT_EQ(World::steps(world.saved(after)),
            "each-x succeeded, each-y succeeded, after succeeded");
  EXPECT_THAT(world.heard().output, ElementsAre("main/each-y: y"));
}

TEST(ResumeTest, EqualNamesInTwoJobsHaveToBeToldApart) {
  World world;
  const std::string text = "jobs:\n  - name: main\n" + steps({{"x", sh("test -e there")}}) +
                           "  - name: other\n" + steps({{"x", sh("echo other")}}) +
                           "  - name: last\n    dependsOn: [{job: main, condition: "
                           "{type: succeeded}}]\n" +
                           steps({{"y", kOk}});
  const auto run = must(world.run(text));
  world.folder().write("there", "");
  const auto refused = world.resume(run, ResumeOptions{.from = "x"});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().hint, "say which: main/x, other/x");
  const auto after = must(world.resume(run, ResumeOptions{.from = "main/x"}));
  EXPECT_EQ(World::steps(world.saved(after)), "x succeeded, other/x succeeded, last/y succeeded");
  EXPECT_THAT(world.heard().output, Not(Contains("other/x: other")));
  EXPECT_EQ(after.status, RunStatus::succeeded);
}

TEST(ResumeTest, AStepThatFailedAndWasNotAskedForKeepsTheRunFailed) {
  World world;
  const auto run = must(world.run(flow({{"a", sh("test -e there")}, {"b", sh("exit 1")}})));
  world.folder().write("there", "");
  const auto after = must(world.resume(run, ResumeOptions{.from = "a"}));
  EXPECT_EQ(World::steps(after), "a succeeded, b failed");
  EXPECT_EQ(after.status, RunStatus::failed);
}

// After a crash.

/// Prints `begun`, and ends once that was heard.
const std::string kUntilHeard = sh("echo begun; until test -e heard; do sleep 0.01; done");

/// What there would be, had the process died when `line` was heard.
void leave_at(const std::string& line, World& world, std::unique_ptr<World>& next) {
  world.heard().on_line = [line, &world, &next](const std::string& heard) {
    if (heard != line) return;
    next = std::make_unique<World>(world);
    for (World* each : {&world, next.get()})
      each->folder().write("heard", "");
  };
}

TEST(ResumeTest, ARunWhoseProcessDiedGoesOnFromItsLastChange) {
  World world;
  std::unique_ptr<World> next;
  leave_at("main/b: begun", world, next);
  must(world.run(flow({{"a", sh("echo a")}, {"b", kUntilHeard, "a"}, {"c", sh("echo c"), "b"}})));
  ASSERT_NE(next, nullptr);
  const std::string id = next->only_run();
  EXPECT_EQ(World::steps(next->current(id)), "a succeeded, b running, c pending");
  const auto after = must(next->resume(id));
  EXPECT_EQ(after.status, RunStatus::succeeded);
  EXPECT_THAT(next->heard().output, ElementsAre("main/b: begun", "main/c: c"));
  EXPECT_THAT(next->heard().lines, Contains("step_started main/b #2"));
}

TEST(ResumeTest, WhatWasWrittenBeforeTheCrashIsReadAfterIt) {
  World world;
  std::unique_ptr<World> next;
  leave_at("main/b: begun", world, next);
  must(world.run(flow({{"a", sh("echo data-of-a")},
                       {"b", kUntilHeard, "a"},
                       {"c",
                        "{type: assert, message: x, expr: \"data.step('a').filter(d, d.specName == "
                        "'result')[0].attributes.stdout == 'data-of-a'\"}",
                        "b"}})));
  ASSERT_NE(next, nullptr);
  const auto after = must(next->resume(next->only_run()));
  EXPECT_EQ(World::steps(after), "a succeeded, b succeeded, c succeeded");
}

TEST(ResumeTest, ARunThatIsUnderWayIsLeftAlone) {
  World world;
  std::optional<Error> refused;
  world.heard().on_line = [&](const std::string& line) {
    if (line != "main/a: begun") return;
    store::Journal::Content content;
    auto journal = store::Journal::take_over(world.layout().journal(world.only_run()), content);
    if (!journal) refused = journal.error();
  };
  must(world.run(flow({{"a", sh("echo begun")}})));
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->code, ErrorCode::conflict);
}

TEST(ResumeTest, AnInterruptedRunCanBeCancelled) {
  World world;
  std::unique_ptr<World> next;
  leave_at("main/a: begun", world, next);
  must(world.run(flow({{"a", kUntilHeard}, {"b", kOk, "a"}})));
  ASSERT_NE(next, nullptr);
  const auto record = next->cancel(next->only_run());
  ASSERT_TRUE(record) << record.error().message;
  EXPECT_EQ(World::steps(*record), "a failed, b skipped");
}

TEST(ResumeTest, FailFastStillHoldsAfterACrash) {
  World world;
  std::unique_ptr<World> next;
  leave_at("main/tidy: begun", world, next);
  must(world.run(
      "failFast: true\n" +
      flow({{"bad", sh("exit 1")}, {"tidy", kUntilHeard, "bad:failed"}, {"more", kOk, "tidy"}})));
  ASSERT_NE(next, nullptr);
  const auto after = must(next->resume(next->only_run()));
  EXPECT_EQ(World::steps(after), "bad failed, tidy succeeded, more skipped");
}

// Runs within runs.

void add_child(World& world, const std::string& body) {
  world.directory().add_workflow(
      fmt::format("id: {}\nname: child\n{}", test::id_of("child"), body));
}

RunOutcome child_of(const World& world, const RunOutcome& parent) {
  RunOutcome child;
  child.run_id = world.saved(parent).jobs[0].steps[0].output["runId"].as_string();
  return child;
}

TEST(ResumeTest, AnApprovalInANestedRunSuspendsItsParent) {
  World world;
  add_child(world, flow({{"gate", kGate}, {"x", sh("echo x"), "gate"}}));
  const auto run = must(world.run(
      flow({{"a", "{type: workflow, workflowIdOrName: child}"}, {"b", sh("echo b"), "a"}})));
  EXPECT_EQ(run.status, RunStatus::suspended);
  const auto child = child_of(world, run);
  ASSERT_TRUE(world.decide(child, "gate", true));
  const auto after = must(world.resume(run));
  EXPECT_EQ(after.status, RunStatus::succeeded);
  EXPECT_THAT(world.heard().output, ElementsAre("main/a > main/x: x", "main/b: b"));
  EXPECT_EQ(world.current(child.run_id).status, store::RunStatus::succeeded);
}

TEST(ResumeTest, ANestedRunThatWasInterruptedGoesOnWithItsParent) {
  World world;
  add_child(world, flow({{"x", sh("echo x")}, {"y", kUntilHeard, "x"}}));
  std::unique_ptr<World> next;
  leave_at("main/a > main/y: begun", world, next);
  const auto run = must(world.run(flow({{"a", "{type: workflow, workflowIdOrName: child}"}})));
  ASSERT_NE(next, nullptr);
  const auto after = must(next->resume(run.run_id));
  EXPECT_EQ(after.status, RunStatus::succeeded);
  EXPECT_THAT(next->heard().output, ElementsAre("main/a > main/y: begun"));
}

TEST(ResumeTest, ANestedRunThatWasOnlyAboutToBeginBeginsUnderTheIdItWasGiven) {
  World world;
  add_child(world, flow({{"x", kUntilHeard}}));
  std::unique_ptr<World> next;
  leave_at("main/a > main/x: begun", world, next);
  const auto run = must(world.run(flow({{"a", "{type: workflow, workflowIdOrName: child}"}})));
  ASSERT_NE(next, nullptr);
  const auto child = next->current(run.run_id).jobs[0].steps[0].output["runId"].as_string();
  std::filesystem::remove(next->layout().run_record(test::id_of("child"), child));
  std::filesystem::remove(next->layout().journal(child));
  const auto after = must(next->resume(run.run_id));
  EXPECT_EQ(after.status, RunStatus::succeeded);
  EXPECT_EQ(next->current(child).status, store::RunStatus::succeeded);
  EXPECT_EQ(store::RunStore(next->layout()).list().runs.size(), 2U) << "nobody is left behind";
}

TEST(ResumeTest, WhatIsToldAsDoneIsOnRecord) {
  World world;
  std::vector<std::string> on_record;
  world.heard().on_line = [&](const std::string& line) {
    if (line.starts_with("step_ended"))
      on_record.push_back(World::steps(world.current(world.only_run())));
  };
  must(world.run(flow({{"a", kOk}, {"b", sh("test -e gone"), "a"}})));
  ASSERT_EQ(on_record.size(), 2U);
  EXPECT_THAT(on_record[0], StartsWith("a succeeded"));
  EXPECT_EQ(on_record[1], "a succeeded, b failed");
}

TEST(ResumeTest, ANestedRunThatEndedMeanwhileIsNotRunAgain) {
  World world;
  add_child(world, flow({{"gate", kGate}, {"x", sh("echo x"), "gate"}}));
  const auto run = must(world.run(
      flow({{"a", "{type: workflow, workflowIdOrName: child}"}, {"b", sh("echo b"), "a"}})));
  const auto child = child_of(world, run);
  ASSERT_TRUE(world.decide(child, "gate", true));
  must(world.resume(child));
  const auto after = must(world.resume(run));
  EXPECT_EQ(after.status, RunStatus::succeeded);
  EXPECT_THAT(world.heard().output, ElementsAre("main/b: b"));
}

TEST(ResumeTest, FailedAssertsOfANestedRunCountWheneverItEnded) {
  World world;
  add_child(world,
            "jobs:\n  - name: main\n" + steps({{"gate", kGate},
                                               {"x", "{type: assert, expr: 'false', message: no}",
                                                "gate", "allowFailure: true"}}));
  const auto run = must(world.run(flow({{"a", "{type: workflow, workflowIdOrName: child}"},
                                        {"gate", kGate},
                                        {"last", kOk, "gate"}}),
                                  RunOptions{.fail_on = spec::Severity::medium}));
  const auto child = child_of(world, run);
  ASSERT_TRUE(world.decide(child, "gate", true));
  EXPECT_TRUE(must(world.resume(child)).failed_asserts);
  const auto first = must(world.resume(run));  // the nested run has ended by itself
  EXPECT_EQ(first.status, RunStatus::suspended);
  EXPECT_TRUE(first.failed_asserts);
  ASSERT_TRUE(world.decide(run, "main/gate", true));
  const auto second = must(world.resume(run));  // so has its step
  EXPECT_EQ(second.status, RunStatus::succeeded);
  EXPECT_TRUE(second.failed_asserts);
}

TEST(ResumeTest, NamesMadeOfInputsStayThoseOfTheRun) {
  World world;
  world.put_secret("pw", "s3cret-harbour");
  const auto run = must(world.run(
      "inputs: {properties: {env: {default: prod}, pw: {default: \"${{ vault.get('main', 'pw') "
      "}}\"}}}\n" +
      flow({{"'gate-${{ inputs.env }}'", kGate},
            {"'ship-${{ inputs.env }}'", sh("echo ship"), "'gate-${{ inputs.env }}'"},
            {"'x-${{ inputs.pw }}'", kOk}})));
  EXPECT_EQ(World::steps(world.saved(run)),
            "gate-prod waiting_approval, ship-prod pending, x-${{ inputs.pw }} succeeded");
  const auto decided = world.decide(run, "gate-prod", true);
  ASSERT_TRUE(decided) << decided.error().message;
  EXPECT_TRUE(decided->can_resume);
  const auto after = must(world.resume(run));
  EXPECT_EQ(World::steps(after),
            "gate-prod succeeded, ship-prod succeeded, x-${{ inputs.pw }} succeeded");
}

TEST(ResumeTest, ANestedRunThatWasInterruptedIsCancelledWithItsParent) {
  World world;
  add_child(world, flow({{"x", kUntilHeard}, {"y", kOk, "x"}}));
  std::unique_ptr<World> next;
  leave_at("main/a > main/x: begun", world, next);
  const auto run = must(world.run(flow({{"a", "{type: workflow, workflowIdOrName: child}"}})));
  ASSERT_NE(next, nullptr);
  const auto child = next->current(run.run_id).jobs[0].steps[0].output["runId"].as_string();
  ASSERT_TRUE(next->cancel(run.run_id));
  const auto record = next->current(child);
  EXPECT_EQ(record.status, store::RunStatus::cancelled);
  EXPECT_EQ(World::steps(record), "x failed, y skipped");
}

TEST(ResumeTest, ANestedRunThatWaitsIsCancelledWithItsParent) {
  World world;
  add_child(world, flow({{"gate", kGate}, {"x", kOk, "gate"}}));
  const auto run = must(world.run(
      flow({{"a", "{type: workflow, workflowIdOrName: child}"}, {"b", sh("echo b"), "a"}})));
  const auto child = child_of(world, run);
  const auto decided = world.decide(run, "a", true);
  ASSERT_FALSE(decided);
  EXPECT_EQ(decided.error().hint,
            fmt::format("it waits for a gate of workflow 'child': 'swamp workflow approve child "
                        "<step> --run {}'",
                        child.run_id));
  ASSERT_TRUE(world.cancel(run.run_id));
  const auto record = world.current(child.run_id);
  EXPECT_EQ(record.status, store::RunStatus::cancelled);
  EXPECT_EQ(World::steps(record), "gate failed, x skipped");
}

TEST(ResumeTest, ASecretInputOfANestedRunIsFetchedAgain) {
  World world;
  world.put_secret("pw", "s3cret-harbour");
  add_child(world, "inputs: {properties: {pw: {type: string}}}\n" +
                       flow({{"gate", kGate},
                             {"x",
                              "{type: model_method, modelType: command/shell, methodName: execute, "
                              "inputs: {run: 'printf "
                              "%s \"${{ inputs.pw }}\" | wc -c'}}",
                              "gate"}}));
  const auto run = must(world.run(flow({{"a",
                                         "{type: workflow, workflowIdOrName: child, inputs: {pw: "
                                         "\"${{ vault.get('main', 'pw') }}\"}}"}})));
  const auto child = child_of(world, run);
  EXPECT_EQ(world.current(child.run_id).inputs["pw"], Value("${{ vault.get('main', 'pw') }}"));
  ASSERT_TRUE(world.decide(child, "gate", true));
  must(world.resume(run));
  EXPECT_THAT(world.heard().output, ElementsAre("main/a > main/x: 14"));
}

}  // namespace
}  // namespace swamp::engine
