#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "render/event_document.h"
#include "render/json_stream.h"
#include "render/json_view.h"
#include "render/junit.h"
#include "render/run_story.h"
#include "render/xml.h"
#include "value/json.h"

namespace swamp::render {
namespace {

using namespace test;

const Timestamp kTime = *parse_iso8601("2026-01-02T03:04:05.678Z");

std::string written(const engine::RunEvent& event) {
  return write_json(event_document(event, kTime));
}

TEST(EventDocumentTest, EachEventHasItsKindItsTimeAndItsPlace) {
  EXPECT_EQ(
      written(started({{"build", 2, {"check"}}})),
      R"({"kind":"started","time":"2026-01-02T03:04:05.678Z","runId":"run-1","workflowId":"wf-1","workflowName":"ship",)"
      R"("logPath":".swamp/log","jobs":[{"id":"build","stepCount":2,"dependsOn":["check"]}]})");
  EXPECT_EQ(
      written(engine::JobEnded{"build", engine::NodeStatus::failed, 12ms}),
      R"({"kind":"job_completed","time":"2026-01-02T03:04:05.678Z","jobId":"build","status":"failed","durationMs":12})");
  EXPECT_EQ(written(engine::JobEnded{"build", engine::NodeStatus::skipped, 0ms}),
            R"({"kind":"job_skipped","time":"2026-01-02T03:04:05.678Z","jobId":"build"})");
  EXPECT_EQ(
      written(output(at("build", "cc"), "a \"b\"")),
      R"({"kind":"method_output","time":"2026-01-02T03:04:05.678Z","jobId":"build","stepId":"cc","stream":"stdout","line":"a \"b\""})");
}

TEST(EventDocumentTest, StepsOfForEachAndOfNestedRunsSayWhereTheyBelong) {
  engine::StepPath path = at("inner", "each-b", {"deploy/release"});
  path.for_each_template = "each-${{ self.x }}";
  path.for_each_index = 1;
  EXPECT_EQ(
      written(engine::StepStarted{path, 2}),
      R"({"kind":"step_started","time":"2026-01-02T03:04:05.678Z","parents":["deploy/release"],"jobId":"inner","stepId":"each-b",)"
      R"("forEachTemplate":"each-${{ self.x }}","forEachIndex":1,"attempt":2})");
}

TEST(EventDocumentTest, AStepEndsInOneOfThreeKinds) {
  engine::StepEnded done = succeeded(at("a", "x"), 7ms);
  done.artifacts = {{.data_id = "d",
                     .name = "result",
                     .version = 3,
                     .model_name = "web",
                     .spec_name = "result",
                     .kind = "resource",
                     .size = 10}};
  EXPECT_EQ(
      written(done),
      R"({"kind":"step_completed","time":"2026-01-02T03:04:05.678Z","jobId":"a","stepId":"x","durationMs":7,"dataHandles":[)"
      R"({"dataId":"d","name":"result","version":3,"modelName":"web","specName":"result","kind":"resource","size":10}]})");
  EXPECT_EQ(
      written(failed(at("a", "x"), 7ms, "no")),
      R"({"kind":"step_failed","time":"2026-01-02T03:04:05.678Z","jobId":"a","stepId":"x","error":)"
      R"({"error":"no","code":"internal","kind":"internal","where":null,"notes":null,"hint":null,"details":null},)"
      R"("durationMs":7,"dataHandles":[]})");
  EXPECT_EQ(
      written(engine::StepEnded{.path = at("a", "x"),
                                .status = engine::NodeStatus::skipped,
                                .reason = "guarded",
                                .guard_expression = "1 == 1",
                                .guard_result = true}),
      R"({"kind":"step_skipped","time":"2026-01-02T03:04:05.678Z","jobId":"a","stepId":"x","reason":"guarded",)"
      R"("guardExpression":"1 == 1","guardResult":true})");
}

TEST(JsonStreamTest, WritesOneEventALine) {
  StringOutput out;
  StoryClock clock;
  JsonStream stream(out, clock);
  tell(stream, {engine::JobStarted{"a"}, output(at("a", "x"), "two\nlines"),
                ended(engine::RunStatus::succeeded, 3ms)});
  EXPECT_EQ(
      out.text(),
      R"({"kind":"job_started","time":"2026-01-02T03:04:05.000Z","jobId":"a"})"
      "\n"
      R"({"kind":"method_output","time":"2026-01-02T03:04:05.000Z","jobId":"a","stepId":"x","stream":"stdout","line":"two\nlines"})"
      "\n"
      R"({"kind":"completed","time":"2026-01-02T03:04:05.000Z","runId":"run-1","workflowName":"ship","status":"succeeded","durationMs":3})"
      "\n");
}

store::RunRecord recorded() {
  const Timestamp begin = *parse_iso8601("2026-01-02T03:04:05.000Z");
  store::StepRecord build{.name = "build",
                          .status = store::RunStatus::succeeded,
                          .started_at = begin,
                          .completed_at = begin + 75ms};
  build.artifacts = {
      {.data_id = "d1", .name = "result", .version = 3, .tags = {{"type", "resource"}}},
      {.data_id = "d2",
       .name = "report-s",
       .version = 1,
       .tags = {{"reportName", "@s/s"}, {"reportScope", "method"}}},
      {.data_id = "d3",
       .name = "report-s-json",
       .version = 1,
       .tags = {{"reportName", "@s/s"}, {"reportScope", "method"}}}};
  store::StepRecord check{.name = "check",
                          .status = store::RunStatus::failed,
                          .error = "too slow",
                          .allowed_failure = true};
  check.assertion = {.passed = false, .expr = "1 == 2", .message = "too slow", .severity = "low"};
  const store::StepRecord gate{
      .name = "go", .status = store::RunStatus::waiting_approval, .approval_prompt = "ship it?"};
  store::RunRecord record{.id = "run-1",
                          .workflow_id = "wf-1",
                          .workflow_name = "ship",
                          .status = store::RunStatus::suspended};
  record.started_at = begin;
  record.completed_at = begin + 133ms;
  record.jobs = {
      {.name = "main", .status = store::RunStatus::running, .steps = {build, check, gate}}};
  record.inputs = Map{{"env", "dev"}};
  record.initiated_by = "ghost";
  return record;
}

TEST(RunDocumentTest, IsTheRunViewWithReportsByNameAndDataName) {
  EXPECT_EQ(
      write_json(run_document(recorded(), {.path = "/r/run.yaml"})),
      R"({"id":"run-1","workflowId":"wf-1","workflowName":"ship","inputs":{"env":"dev"},"status":"suspended","jobs":[)"
      R"({"name":"main","status":"running","steps":[{"name":"build","status":"succeeded","duration":75,"dataArtifacts":[)"
      R"({"dataId":"d1","name":"result","version":3,"tags":{"type":"resource"}},)"
      R"({"dataId":"d2","name":"report-s","version":1,"tags":{"reportName":"@s/s","reportScope":"method"}},)"
      R"({"dataId":"d3","name":"report-s-json","version":1,"tags":{"reportName":"@s/s","reportScope":"method"}}]},)"
      R"({"name":"check","status":"failed","error":"too slow","allowedFailure":true,)"
      R"("assertResult":{"passed":false,"expr":"1 == 2","message":"too slow","severity":"low"}},)"
      R"({"name":"go","status":"waiting_approval"}]}],"duration":133,"path":"/r/run.yaml",)"
      R"("initiatedBy":"ghost","reports":[{"name":"@s/s","scope":"method","success":true,"dataName":"report-s","version":1,)"
      R"("job":"main","step":"build"}],"approvalRequired":{"stepId":"go","jobId":"main","prompt":"ship it?"}})");
}

TEST(JsonViewTest, AddsWhatOnlyAListenerKnows) {
  JsonView view(false);
  tell(view, {engine::ReportEnded{
                  .name = "@a/good", .scope = "workflow", .success = true, .markdown = "# long"},
              engine::ReportEnded{.name = "@a/bad", .scope = "workflow", .error = "no data"},
              engine::RunNotice{"schedule", "late"},
              engine::StepNotice{at("a", "x"), "lock_wait", "waiting"}});
  const Value document = view.document(recorded(), "");
  EXPECT_EQ(write_json(document["reports"].as_list().at(1)),
            R"({"name":"@a/bad","scope":"workflow","success":false,"error":"no data"})");
  EXPECT_EQ(
      write_json(document["warnings"]),
      R"([{"kind":"schedule","message":"late"},{"kind":"lock_wait","message":"waiting","job":"a","step":"x"}])");
}

TEST(JsonViewTest, WithBodiesTheReportsAreThoseThatWereTold) {
  JsonView view(true);
  tell(view, {engine::ReportEnded{.name = "@a/good",
                                  .scope = "method",
                                  .success = true,
                                  .markdown = "# M",
                                  .json = Map{{"n", 1}},
                                  .path = at("a", "x")}});
  EXPECT_EQ(
      write_json(view.document(recorded(), "")["reports"]),
      R"([{"name":"@a/good","scope":"method","success":true,"markdown":"# M","json":{"n":1},"job":"a","step":"x"}])");
}

TEST(JunitTest, HasASuiteForEachJobACaseForEachAssertionAndEachFailure) {
  Junit junit;
  tell(junit,
       {started({{"api", 2}, {"web", 1}}),
        engine::AssertChecked{at("api", "up"), true, "1 == 1", "", "high"},
        succeeded(at("api", "up"), 400ms),
        engine::AssertChecked{at("web", "fast"), false, "t < 3", "took \"5\" <s>", "low"},
        failed(at("web", "fast"), 1200ms, "x"),
        engine::AssertChecked{at("api", "sane"), false, "a.b", "", "high",
                              Error{.message = "no such key 'b'"}},
        failed(at("api", "sane"), 100ms, "x"), succeeded(at("api", "work"), 9s),
        failed(at("web", "deploy"), 2s, "Command exited with code 3\nlast words"),
        skipped(at("web", "notify"), "dependency"), ended(engine::RunStatus::failed, 12300ms)});
  EXPECT_EQ(junit.case_count(), 5U);
  EXPECT_EQ(junit.xml(),
            R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="ship" tests="5" failures="1" errors="2" skipped="1" time="12.3">
  <testsuite name="api" tests="2" failures="0" errors="1" skipped="0" time="0.5">
    <testcase name="up" classname="ship.api" time="0.4"/>
    <testcase name="sane" classname="ship.api" time="0.1">
      <error message="no such key 'b'" type="ExpressionEvaluationError">severity: high
expr: a.b</error>
    </testcase>
  </testsuite>
  <testsuite name="web" tests="3" failures="1" errors="1" skipped="1" time="3.2">
    <testcase name="fast" classname="ship.web" time="1.2">
      <failure message="took &quot;5&quot; &lt;s&gt;" type="AssertionFailure">severity: low
expr: t &lt; 3</failure>
    </testcase>
    <testcase name="deploy" classname="ship.web" time="2.0">
      <error message="Command exited with code 3&#10;last words" type="StepFailure"></error>
    </testcase>
    <testcase name="notify" classname="ship.web" time="0.0">
      <skipped message="dependency"/>
    </testcase>
  </testsuite>
</testsuites>
)");
}

TEST(JunitTest, ARunWithoutAssertionsIsAnEmptyDocument) {
  Junit junit;
  tell(junit, {started({{"a", 1}}), succeeded(at("a", "x"), 1ms),
               ended(engine::RunStatus::succeeded, 100ms)});
  EXPECT_EQ(junit.xml(),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<testsuites name=\"ship\" tests=\"0\" failures=\"0\" errors=\"0\" skipped=\"0\" "
            "time=\"0.1\">\n</testsuites>\n");
}

TEST(JunitTest, ControlCharactersNeverReachTheDocument) {
  Junit junit;
  tell(junit,
       {started({{"a", 1}}), engine::AssertChecked{at("a", "x"), false, "\x01", "\xff\n", "low"},
        ended(engine::RunStatus::failed, 0ms)});
  EXPECT_THAT(junit.xml(), ::testing::HasSubstr("message=\"\uFFFD&#10;\""));
  EXPECT_THAT(junit.xml(), ::testing::HasSubstr("expr: \uFFFD<"));
}

TEST(XmlTest, WhatXmlCannotWriteIsReplaced) {
  EXPECT_EQ(escape_xml("a<b>&\"\t\n"), "a&lt;b&gt;&amp;&quot;\t\n");
  EXPECT_EQ(escape_xml("\x01|\xEF\xBF\xBE|\xEF\xBF\xBF"), "\xEF\xBF\xBD|\xEF\xBF\xBD|\xEF\xBF\xBD");
}

}  // namespace
}  // namespace swamp::render
