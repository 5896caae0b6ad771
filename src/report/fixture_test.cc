#include <cstdlib>
#include <filesystem>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "report/stored_report.h"
#include "support/temp_dir.h"
#include "value/json.h"

namespace swamp::report {
namespace {

namespace fs = std::filesystem;

std::string text_of(const Value& map, std::string_view key) {
  return map[key].is_string() ? map[key].as_string() : std::string();
}

Ending ending_of(const Value& map) {
  const std::string text = text_of(map, "status");
  return text == "succeeded" ? Ending::succeeded
         : text == "failed"  ? Ending::failed
                             : Ending::skipped;
}

MethodRun method_run_of(const Value& json) {
  MethodRun run{.ending = ending_of(json),
                .error = text_of(json, "error"),
                .model_id = text_of(json, "modelId"),
                .model_name = text_of(json, "modelName"),
                .model_type = text_of(json, "modelType"),
                .method = text_of(json, "methodName"),
                .program_sha = text_of(json, "swampSha"),
                .global_args = json["globalArgs"],
                .method_args = json["methodArgs"]};
  for (const Value& spec : json["outputSpecs"].as_list()) {
    run.specs.push_back({.name = text_of(spec, "specName"),
                         .kind = text_of(spec, "kind"),
                         .description = text_of(spec, "description"),
                         .schema = spec["schema"],
                         .content_type = text_of(spec, "contentType")});
  }
  for (const Value& product : json["dataProduced"].as_list()) {
    run.products.push_back({.name = text_of(product, "name"),
                            .kind = text_of(product, "kind"),
                            .spec = text_of(product, "specName"),
                            .version = static_cast<std::uint32_t>(product["version"].as_int())});
  }
  return run;
}

/// What both workflow reports say of their run.
WorkflowRun workflow_run_of(const Value& json, std::string status) {
  WorkflowRun run{.status = std::move(status),
                  .workflow_id = text_of(json, "workflowId"),
                  .run_id = text_of(json, "workflowRunId"),
                  .workflow_name = text_of(json, "workflowName")};
  for (const Value& step : json["steps"].as_list()) {
    const bool is_summary = step["jobName"].is_string();
    StepRun made{.job = text_of(step, is_summary ? "jobName" : "job"),
                 .step = text_of(step, is_summary ? "stepName" : "step"),
                 .model_name = text_of(step, "modelName"),
                 .model_type = text_of(step, is_summary ? "modelType" : "model"),
                 .method = text_of(step, is_summary ? "methodName" : "method"),
                 .ending = ending_of(step)};
    if (is_summary) {
      const std::string start = "swamp data get " + made.model_name + " ";
      for (const Value& command : step["retrievalCommands"].as_list()) {
        made.data.push_back(command.as_string().substr(start.size()));
      }
    }
    run.steps.push_back(std::move(made));
  }
  return run;
}

/// The report made again from what a stored one says.
Report made_again(std::string_view name, const Value& json) {
  if (name == "@swamp/method-summary") return method_summary(method_run_of(json));
  if (name == "@swamp/workflow-summary")
    return workflow_summary(workflow_run_of(json, text_of(json, "status")));
  return verification_attestation(
      workflow_run_of(json, json["gate"]["allPassed"] == Value(true) ? "succeeded" : "failed"));
}

std::string tag_lines(const store::Tags& tags) {
  std::string lines = "tags:\n";
  for (const auto& [key, text] : tags) {
    lines += text.starts_with('@') ? fmt::format("  {}: '{}'\n", key, text)
                                   : fmt::format("  {}: {}\n", key, text);
  }
  return lines + "ownerDefinition:\n";
}

class ReportFixtureTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::string unpack = fmt::format(
        "tar -xzf test/data/original-repo.tar.gz -C {} repo/.swamp/data", dir_.path().native());
    ASSERT_EQ(std::system(unpack.c_str()), 0);
  }

  std::string read(const fs::path& file) const {
    return dir_.read(fs::relative(file, dir_.path()).native());
  }

  void compare(const fs::path& json_version) {
    const fs::path item = json_version.parent_path();
    const std::string json_name = item.filename().native();
    const std::string markdown_name = json_name.substr(0, json_name.size() - 5);
    const fs::path markdown_version = item.parent_path() / markdown_name / json_version.filename();
    const std::string json = read(json_version / "raw");
    const std::string metadata = read(json_version / "metadata.yaml");
    for (const ReportType& type : builtin_reports()) {
      if (!markdown_name.starts_with(data_name(type.name, ""))) continue;
      const auto vary =
          markdown_name.substr(std::min(data_name(type.name, "").size() + 1, markdown_name.size()));
      const auto halves =
          stored_report(type.name, type.scope, vary, made_again(type.name, *parse_json(json)));
      ASSERT_EQ(halves.size(), 2U);
      EXPECT_EQ(halves[0].content, read(markdown_version / "raw")) << markdown_version;
      EXPECT_EQ(halves[1].content, json) << json_version;
      EXPECT_EQ(halves[0].metadata.name, markdown_name);
      EXPECT_EQ(halves[1].metadata.name, json_name);
      EXPECT_NE(
          metadata.find("contentType: application/json\nlifetime: 30d\ngarbageCollection: 5\n"),
          std::string::npos);
      EXPECT_NE(metadata.find(tag_lines(halves[1].metadata.tags)), std::string::npos) << metadata;
      ++compared_;
    }
  }

  test::TempDir dir_;
  int compared_ = 0;
};

TEST_F(ReportFixtureTest, ReportsAreTheOriginalsByteForByte) {
  for (const auto& entry : fs::recursive_directory_iterator(dir_.path())) {
    const fs::path version = entry.path().parent_path();
    const std::string item = version.parent_path().filename().native();
    if (entry.path().filename() != "raw" || !item.starts_with("report-") ||
        !item.ends_with("-json"))
      continue;
    compare(version);
  }
  EXPECT_EQ(compared_, 32);
}

}  // namespace
}  // namespace swamp::report
