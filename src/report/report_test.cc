#include "report/report.h"

#include <gtest/gtest.h>

#include "report/stored_report.h"
#include "value/json.h"

namespace swamp::report {
namespace {

MethodRun call() {
  return {.model_id = "1", .model_name = "web", .model_type = "@john/pod", .method = "create"};
}

std::string narrative(const MethodRun& run) {
  return method_summary(run).json["narrative"].as_string();
}

TEST(MethodSummaryTest, TellsWhatWasWrittenByKind) {
  MethodRun run = call();
  EXPECT_EQ(narrative(run), "create on web (@john/pod) succeeded with no data output.");
  run.products = {{.name = "a", .kind = "file", .spec = "log"},
                  {.name = "state", .kind = "resource", .spec = "state"},
                  {.name = "b", .kind = "file", .spec = "log"},
                  {.name = "c", .kind = "file", .spec = "trace"}};
  EXPECT_EQ(
      narrative(run),
      "create on web (@john/pod) succeeded, producing 1 resource (state), 3 files (log, trace).");
}

TEST(MethodSummaryTest, SaysWhenThereWereNoArguments) {
  EXPECT_EQ(method_summary(call()).markdown,
            "# web (@john/pod) → create: succeeded\n\n"
            "create on web (@john/pod) succeeded with no data output.\n\n"
            "## Arguments\n\n"
            "No arguments.\n");
}

TEST(MethodSummaryTest, ShowsGlobalArgumentsFirstAndSecretsAsTheirExpression) {
  MethodRun run = call();
  const auto origin =
      std::make_shared<SecretOrigin>(SecretOrigin{.expression = "${{ vault.get('v', 'k') }}"});
  run.global_args = Map{{"token", Value::secret("hunter2", origin)}};
  run.method_args = Map{{"size", 3}};
  EXPECT_EQ(method_summary(run).markdown,
            "# web (@john/pod) → create: succeeded\n\n"
            "create on web (@john/pod) succeeded with no data output.\n\n"
            "## Arguments\n\n"
            "**Global Arguments**\n\n"
            "```json\n{\n  \"token\": \"${{ vault.get('v', 'k') }}\"\n}\n```\n\n"
            "**Method Arguments**\n\n"
            "```json\n{\n  \"size\": 3\n}\n```\n");
}

WorkflowRun run_of(std::vector<StepRun> steps, std::string status = "succeeded") {
  return {.status = std::move(status),
          .workflow_id = "w",
          .run_id = "r",
          .workflow_name = "flow",
          .steps = std::move(steps)};
}

TEST(WorkflowSummaryTest, LeavesOutStepsWithoutAModel) {
  const auto report = workflow_summary(run_of({{.job = "j", .step = "check", .kind = "assert"}}));
  EXPECT_EQ(report.markdown, "# flow: succeeded\n\n0 succeeded · 0 failed · 0 skipped");
  EXPECT_EQ(
      write_json(report.json),
      R"({"status":"succeeded","workflowId":"w","workflowRunId":"r","workflowName":"flow","totalSteps":0,)"
      R"("succeeded":0,"failed":0,"skipped":0,"failures":[],"steps":[]})");
}

TEST(WorkflowSummaryTest, SaysHowToGetWhatAFailedStepLeft) {
  const auto report = workflow_summary(run_of({{.job = "j",
                                                .step = "a|b",
                                                .model_name = "web",
                                                .model_type = "t",
                                                .method = "m",
                                                .ending = Ending::failed,
                                                .data = {"log", "state"}}},
                                              "failed"));
  EXPECT_EQ(
      report.markdown,
      "# flow: failed\n\n0 succeeded · 1 failed · 0 skipped\n\n## Failures\n\n"
      "| Job | Step | Model | Retrieval Commands |\n| --- | ---- | ----- | ------------------ |\n"
      "| j | **a\\|b** | web → m | `swamp data get web log`<br>`swamp data get web state` |\n\n"
      "## Job: j (failed)\n\n| Step | Model | Status |\n| ---- | ----- | ------ |\n"
      "| **a\\|b** | **web → m** | **failed** |");
}

TEST(VerificationAttestationTest, CountsEveryStep) {
  WorkflowRun run =
      run_of({{.job = "a", .step = "build", .model_type = "t", .method = "m"},
              {.job = "a", .step = "gate", .kind = "manual_approval"},
              {.job = "b", .step = "check", .kind = "assert", .ending = Ending::skipped}});
  run.inputs = Map{{"commit", "948fb52d"}, {"branch", 5}};
  const auto report = verification_attestation(run);
  EXPECT_EQ(report.markdown,
            "# Verification Attestation\n\n"
            "**Commit:** `948fb52d`  \n**Branch:** `unknown`  \n**Status:** succeeded  \n"
            "**Steps:** 2 passed · 0 failed · 1 skipped\n\n"
            "✓ **a**\n  ✓ build  —  t  (succeeded)\n  ✓ gate  —  manual_approval  (succeeded)\n\n"
            "○ **b**\n  ○ check  —  assert  (skipped)\n\n"
            "**Gate:** 2/3 passed, 1 skipped");
  EXPECT_EQ(write_json(report.json["steps"]),
            R"([{"job":"a","step":"build","model":"t","method":"m","status":"succeeded"},)"
            R"({"job":"a","step":"gate","model":"manual_approval","status":"succeeded"},)"
            R"({"job":"b","step":"check","model":"assert","status":"skipped"}])");
}

TEST(ErrorReportTest, StandsInThePlaceOfAReport) {
  const auto report = error_report("@a/b", "method", "boom", "at x");
  EXPECT_EQ(report.markdown,
            "# Report Error: @a/b\n\nThis report of scope method could not be made.\n\n## "
            "Error\n\nboom\n\n"
            "## Stack Trace\n\n```\nat x\n```");
  EXPECT_EQ(
      write_json(report.json),
      R"({"error":true,"reportName":"@a/b","scope":"method","message":"boom","stack":"at x"})");
  EXPECT_EQ(write_json(error_report("r", "model", "m", "").json),
            R"({"error":true,"reportName":"r","scope":"model","message":"m"})");
}

TEST(StoredReportTest, ABlankReportIsNotStored) {
  EXPECT_TRUE(stored_report("@a/b", Scope::method, "", {.markdown = " \n", .json = Map()}).empty());
}

TEST(StoredReportTest, NamesAreCleaned) {
  EXPECT_EQ(data_name("@swamp/method-summary", ""), "report-swamp-method-summary");
  EXPECT_EQ(data_name("@a/b\\c..d", "eu"), "report-a-b-c.d-eu");
}

}  // namespace
}  // namespace swamp::report
