#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "value/value.h"

namespace swamp::report {

/// What a report says, for people and for machines.
struct Report {
  std::string markdown;
  Value json;
};

/// How a step or a method ended.
enum class Ending : std::uint8_t { succeeded, failed, skipped };
std::string_view to_string(Ending ending);

/// Something that a method wrote.
struct Product {
  std::string name;
  std::string kind;  // `resource`, `file`
  std::string spec;
  std::uint32_t version = 1;
};

/// Something that a method of the type may write.
struct OutputSpec {
  std::string name;
  std::string kind;
  std::string description = {};   // empty: none
  Value schema = {};              // of a resource; null: none
  std::string content_type = {};  // of a file
};

/// A call of a method that has ended.
struct MethodRun {
  Ending ending = Ending::succeeded;
  std::string error = {};  // why it failed
  std::string model_id;
  std::string model_name;
  std::string model_type;
  std::string method;
  std::string program_sha = {};  // of the swamp that ran it; empty: unknown
  // As definition and caller wrote them, sensitive ones masked by the caller.
  Value global_args = Map();
  Value method_args = Map();
  std::vector<OutputSpec> specs = {};
  std::vector<Product> products = {};
};

/// A step that has ended.
struct StepRun {
  std::string job;
  std::string step;
  std::string model_name = {};
  std::string model_type = {};
  std::string method = {};
  std::string kind = "model_method";  // of the task: `assert`, `manual_approval`, `workflow`, …
  Ending ending = Ending::succeeded;
  std::vector<std::string> data = {};  // names of what it wrote

  bool is_model_step() const { return kind == "model_method"; }
};

/// A run that has ended, its steps in the order in which they ended, those of nested runs under
/// their own jobs.
struct WorkflowRun {
  std::string status;  // of the run
  std::string workflow_id;
  std::string run_id;
  std::string workflow_name;
  Value inputs = Map();
  std::vector<StepRun> steps = {};
};

// The reports that need no extension. Pure: what they show is in their argument. Keys are in the
// order in which the original writes them.

/// `@swamp/method-summary`: arguments, outcome, and how to get what was written.
Report method_summary(const MethodRun& run);

/// `@swamp/workflow-summary`: the model steps of a run, by job.
Report workflow_summary(const WorkflowRun& run);

/// `@swamp/verification-attestation`: every step of a run as a list to be checked, for the `commit`
/// and `branch` of the inputs.
Report verification_attestation(const WorkflowRun& run);

/// What stands in the place of a report that failed. `trace` may be empty.
Report error_report(std::string_view name, std::string_view scope, std::string_view message,
                    std::string_view trace);

}  // namespace swamp::report
