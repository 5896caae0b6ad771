#include "render/line_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "render/method_view.h"
#include "render/run_story.h"

namespace swamp::render {
namespace {

using namespace test;
using ::testing::HasSubstr;
using ::testing::Not;

struct Log {
  explicit Log(LogDetail detail = {}, Style style = Style()) : view(out, clock, style, detail) {}

  const std::string& text() {
    view.finish();
    return out.text();
  }

  StringOutput out;
  StoryClock clock;
  LineLog view;
};

TEST(LineLogTest, TellsARunLineByLine) {
  Log log;
  tell(log.view,
       {started({{"build", 1}, {"ship", 1}}), engine::JobStarted{"build"},
        engine::StepStarted{at("build", "compile")}, resolved(at("build", "compile"), "web"),
        output(at("build", "compile"), "cc main.c"), succeeded(at("build", "compile"), 114ms),
        engine::JobEnded{"build", engine::NodeStatus::succeeded, 120ms},
        ended(engine::RunStatus::succeeded, 415ms)});
  EXPECT_EQ(log.text(),
            " system │ Starting workflow ship · 03:04:05 UTC\n"
            "  build │ start 03:04:05 UTC\n"
            "  build │ step compile · web · execute · start 03:04:05 UTC\n"
            "  build │ cc main.c\n"
            "  build │ done compile in 114ms · 03:04:05 UTC\n"
            "  build │ completed in 120ms · 03:04:05 UTC\n"
            " system │ Completed workflow ship in 415ms · 03:04:05 UTC\n");
}

TEST(LineLogTest, OutputOfStepsThatRanSideBySideCarriesTheirNamesToTheirEnd) {
  Log log;
  tell(log.view,
       {started({{"b", 2}}), engine::StepStarted{at("b", "one")}, output(at("b", "one"), "alone"),
        engine::StepStarted{at("b", "two")}, output(at("b", "one"), "x"),
        output(at("b", "two"), "y"), succeeded(at("b", "one"), 1ms), output(at("b", "two"), "z")});
  EXPECT_EQ(log.text(),
            " system │ Starting workflow ship · 03:04:05 UTC\n"
            "      b │ alone\n"
            "      b │ one │ x\n"
            "      b │ two │ y\n"
            "      b │ done one in 1ms · 03:04:05 UTC\n"
            "      b │ two │ z\n");
}

TEST(LineLogTest, AFailedStepSaysWhyAndTheEndRepeatsTheFirst) {
  Log log;
  engine::StepEnded end = failed(at("build", "bad"), 61ms, "command ended with code 3");
  end.error->hint = "look at its output";
  tell(log.view, {started({{"build", 1}}), engine::StepStarted{at("build", "bad")}, end,
                  ended(engine::RunStatus::failed, 1200ms)});
  EXPECT_EQ(log.text(),
            " system │ Starting workflow ship · 03:04:05 UTC\n"
            "  build │ failed bad in 61ms · 03:04:05 UTC\n"
            "  build │   command ended with code 3\n"
            "  build │   help: look at its output\n"
            " system │ Failed workflow ship in 1.2s · 03:04:05 UTC\n"
            " system │   bad: command ended with code 3\n");
}

TEST(LineLogTest, AnAllowedFailureIsShownAndEndsWell) {
  Log log;
  engine::StepEnded end = failed(at("build", "lint"), 5ms, "no");
  end.allowed_failure = true;
  tell(log.view, {started({{"build", 1}}), engine::StepStarted{at("build", "lint")}, end,
                  ended(engine::RunStatus::succeeded, 9ms)});
  EXPECT_THAT(log.text(), HasSubstr("failed lint in 5ms · 03:04:05 UTC · allowed\n"));
  EXPECT_THAT(log.text(), HasSubstr("Completed workflow ship in 9ms"));
}

TEST(LineLogTest, AssertionsAreMarkedAndCounted) {
  Log log;
  tell(log.view, {started({{"after", 2}}), engine::StepStarted{at("after", "ok")},
                  engine::AssertChecked{at("after", "ok"), true, "1 == 1", "", "high"},
                  succeeded(at("after", "ok"), 4ms), engine::StepStarted{at("after", "slow")},
                  engine::AssertChecked{at("after", "slow"), false, "1 == 2", "too slow", "high"},
                  failed(at("after", "slow"), 2ms, "assertion failed"),
                  ended(engine::RunStatus::failed, 10ms)});
  EXPECT_THAT(log.text(), HasSubstr("  after │ done ✓ ok in 4ms"));
  EXPECT_THAT(log.text(),
              HasSubstr("  after │ failed ✗ slow in 2ms · 03:04:05 UTC\n  after │   too slow\n"));
  EXPECT_THAT(log.text(), HasSubstr(" system │ Assertions: 1 passed, 1 failed, 0 errored\n"));
}

TEST(LineLogTest, GuardedStepsSayWhichGuardAndOthersSkipInSilence) {
  const engine::StepEnded guarded{.path = at("a", "x"),
                                  .status = engine::NodeStatus::skipped,
                                  .reason = "guarded",
                                  .guard_expression = "1 == 1"};
  const engine::StepEnded waiting{
      .path = at("a", "y"), .status = engine::NodeStatus::skipped, .reason = "dependency"};
  Log log;
  tell(log.view, {started({{"a", 2}}), guarded, waiting});
  EXPECT_THAT(log.text(), HasSubstr("skipped x (guarded) · guard: 1 == 1\n"));
  EXPECT_THAT(log.text(), Not(HasSubstr("skipped y")));
  tell(log.view, {ended(engine::RunStatus::failed, 5ms)});
  EXPECT_THAT(log.text(), HasSubstr(" system │ Skipped: a/y\n system │ Failed workflow ship"));
  Log verbose({.verbose = true});
  tell(verbose.view, {started({{"a", 2}}), waiting});
  EXPECT_THAT(verbose.text(), HasSubstr("skipped y (dependency)\n"));
}

TEST(LineLogTest, AGateShowsTheCommandsThatDecideIt) {
  Log log;
  tell(log.view,
       {started({{"a", 1}}), engine::ApprovalRequested{at("a", "go live"), "run-1", "ship it?"},
        engine::RunSuspended{"a", "go live", "ship it?"},
        ended(engine::RunStatus::suspended, 10ms)});
  EXPECT_EQ(
      log.text(),
      " system │ Starting workflow ship · 03:04:05 UTC\n"
      "      a │ waiting for approval go live: \"ship it?\"\n"
      "      a │   To approve: swamp workflow approve ship 'go live' --run run-1\n"
      "      a │   To reject:  swamp workflow reject ship 'go live' --run run-1\n"
      " system │ Suspended workflow ship, waiting for approval of step go live · 03:04:05 UTC\n"
      " system │   To approve:     swamp workflow approve ship 'go live' --run run-1\n"
      " system │   After approval: swamp workflow resume ship --run run-1\n");
}

TEST(LineLogTest, StepsOfANestedRunStandUnderTheStepThatStartedIt) {
  Log log;
  engine::RunStarted inner = started({{"inner-job", 1}});
  inner.parents = {"deploy/release"};
  tell(log.view, {started({{"deploy", 1}}), engine::StepStarted{at("deploy", "release")}, inner,
                  engine::JobStarted{"inner-job", {"deploy/release"}},
                  engine::StepStarted{at("inner-job", "push", {"deploy/release"})},
                  succeeded(at("inner-job", "push", {"deploy/release"}), 3ms),
                  succeeded(at("deploy", "release"), 9ms)});
  EXPECT_EQ(log.text(),
            " system │ Starting workflow ship · 03:04:05 UTC\n"
            " deploy │ done release › push in 3ms · 03:04:05 UTC\n"
            " deploy │ done release in 9ms · 03:04:05 UTC\n");
}

TEST(LineLogTest, QuietHoldsOutputBackAndReplaysItOnFailure) {
  Log log({.quiet = true});
  tell(log.view,
       {started({{"a", 2}}), engine::StepStarted{at("a", "good")}, output(at("a", "good"), "fine"),
        succeeded(at("a", "good"), 1ms), engine::StepStarted{at("a", "bad")}});
  for (int i = 0; i < 600; ++i)
    log.view.on_event(output(at("a", "bad"), "line " + std::to_string(i)));
  tell(log.view, {failed(at("a", "bad"), 1ms, "no")});
  EXPECT_THAT(log.text(), Not(HasSubstr("fine")));
  EXPECT_THAT(log.text(), HasSubstr("─── output of bad ───\n      a │ (100 lines before these left "
                                    "out)\n      a │ line 100\n"));
  EXPECT_THAT(log.text(), HasSubstr("      a │ line 599\n      a │ ───\n      a │ failed bad"));
}

TEST(LineLogTest, SilenceIsBrokenByAHeartbeat) {
  Log log;
  tell(log.view, {started({{"a", 1}}), engine::StepStarted{at("a", "long")}});
  log.clock.advance(9s);
  log.view.tick();
  EXPECT_THAT(log.text(), Not(HasSubstr("still running")));
  log.clock.advance(11s);
  log.view.tick();
  log.view.tick();
  EXPECT_EQ(log.text(),
            " system │ Starting workflow ship · 03:04:05 UTC\n      a │ long is still running "
            "[20.0s elapsed]\n");
}

TEST(LineLogTest, SaysWhereTheDataIs) {
  Log log;
  engine::StepEnded end = succeeded(at("a", "x"), 1ms);
  for (int i = 1; i <= 12; ++i) {
    end.artifacts.push_back(
        {.name = "result", .version = i, .model_name = "web", .kind = "resource"});
  }
  end.artifacts.push_back(
      {.name = "report-x", .version = 1, .model_name = "web", .kind = "report"});
  tell(log.view, {started({{"a", 1}}), end, ended(engine::RunStatus::succeeded, 1ms)});
  EXPECT_THAT(log.text(), HasSubstr(" system │ Data produced:\n system │   x: result v1 · swamp "
                                    "data get web result --version 1\n"));
  EXPECT_THAT(log.text(),
              HasSubstr(" system │   and 2 more · swamp data list --workflow ship --run run-1\n"));
}

TEST(LineLogTest, ReportsOfOthersAreShownAndBuiltInOnesOnlyWhenVerbose) {
  const engine::ReportEnded own{
      .name = "@a/cost", .scope = "workflow", .success = true, .markdown = "# Cost\n\n12"};
  const engine::ReportEnded built_in{.name = "@swamp/method-summary",
                                     .scope = "method",
                                     .success = true,
                                     .built_in = true,
                                     .markdown = "# S"};
  const engine::ReportEnded broken{.name = "@a/bad", .scope = "workflow", .error = "no data"};
  Log log;
  tell(log.view, {started({{"a", 1}}), own, built_in, broken});
  EXPECT_EQ(log.text(),
            " system │ Starting workflow ship · 03:04:05 UTC\n"
            " system │ Report @a/cost\n"
            " system │   # Cost\n"
            " system │   \n"
            " system │   12\n"
            " system │ Report @a/bad failed: no data\n");
}

TEST(LineLogTest, OutputCannotSteerATerminalButKeepsItsColours) {
  Log log({.terminal = true}, Style(true));
  tell(log.view, {output(at("a", "x"), "\x1b[2J\x1b[31mred\x1b[0m\x07 end\r")});
  EXPECT_THAT(log.text(), HasSubstr(" \x1b[31mred\x1b[0m end\x1b[0m\n"));
}

TEST(LineLogTest, ATerminalThatWantsNoColoursGetsNone) {
  Log log({.terminal = true}, Style(false));
  tell(log.view, {output(at("a", "x"), "\x1b[2J\x1b[31mred\x1b[0m\x07 10%\r20%")});
  EXPECT_EQ(log.text(), "      a │ 20%\n");
}

TEST(LineLogTest, InAPipeOutputIsPassedOnAsItIs) {
  Log log;
  tell(log.view, {output(at("a", "x"), "\x1b[31mred\x1b[0m \xff\x01")});
  EXPECT_EQ(log.text(), "      a │ \x1b[31mred\x1b[0m \xff\x01\n");
}

TEST(LineLogTest, PropertiesShowTheIdsBehindALine) {
  Log log({.properties = true});
  tell(log.view, {started({{"a", 1}}), resolved(at("a", "x"), "web")});
  EXPECT_THAT(log.text(), HasSubstr("03:04:05 UTC run=run-1 log=.swamp/log\n"));
  EXPECT_THAT(log.text(), HasSubstr("start 03:04:05 UTC type=command/shell model=m-1\n"));
}

TEST(MethodViewTest, QuietShowsOutputOnlyOfWhatFailed) {
  StringOutput out;
  MethodView view(out, Style(), {.quiet = true});
  const engine::StepPath nowhere;
  engine::MethodResolved resolution = resolved(nowhere, "web");
  tell(view, {resolution, output(nowhere, "first"), output(nowhere, "second")});
  EXPECT_EQ(out.text(), "  Executing   web.execute (command/shell)\n");
  view.replay();
  EXPECT_EQ(out.text(),
            "  Executing   web.execute (command/shell)\n"
            "              first\n"
            "              second\n");
}

TEST(MethodViewTest, NoticesAndReportsHaveTheirWords) {
  StringOutput out;
  MethodView view(out, Style(), {});
  tell(view, {engine::StepNotice{.kind = "schema_validation_warning", .message = "'x' is a number"},
              engine::StepNotice{.kind = "lock_wait", .message = "for another run"},
              engine::ReportEnded{
                  .name = "@a/cost", .scope = "method", .success = true, .markdown = "# Cost\n12"},
              engine::ReportEnded{.name = "@a/bad", .scope = "method", .error = "no data"}});
  EXPECT_EQ(out.text(),
            "    Warning   'x' is a number\n"
            "    Waiting   for another run\n"
            "     Report   @a/cost\n"
            "              # Cost\n"
            "              12\n"
            "     Report   @a/bad failed: no data\n");
}

TEST(RunProgressTest, CountsWhatIsPlannedRunsAndEnded) {
  RunProgress progress;
  const RunProgress::Time now{};
  engine::StepPath first = at("a", "each-1");
  first.for_each_template = "each-${{ self.n }}";
  engine::StepPath second = first;
  second.step = "each-2";
  second.for_each_index = 1;
  progress.apply(started({{"a", 2}}), now);
  EXPECT_EQ(progress.total(), 2U);
  progress.apply(engine::StepStarted{first}, now);
  progress.apply(engine::StepStarted{second}, now);
  EXPECT_EQ(progress.total(), 3U);
  progress.apply(failed(first, 1ms, "no"), now);
  EXPECT_TRUE(progress.find(second)->had_neighbours);
  EXPECT_EQ(progress.find(first), nullptr);
  progress.apply(engine::StepEnded{.path = at("a", "last"), .status = engine::NodeStatus::skipped},
                 now);
  EXPECT_EQ(progress.ended(), 2U);
  EXPECT_EQ(progress.failed(), 1U);
  EXPECT_EQ(progress.skipped(), 1U);
  ASSERT_EQ(progress.running().size(), 1U);
  EXPECT_EQ(progress.running()[0]->path.step, "each-2");
  ASSERT_EQ(progress.jobs().size(), 1U);
  EXPECT_EQ(progress.jobs()[0].planned, 3U);
  EXPECT_EQ(progress.jobs()[0].ended, 2U);
  EXPECT_EQ(progress.jobs()[0].failed, 1U);
}

}  // namespace
}  // namespace swamp::render
