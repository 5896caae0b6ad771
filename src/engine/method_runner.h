#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "async/task.h"
#include "driver/environment.h"
#include "engine/run_event.h"
#include "model/method_context.h"
#include "model/type.h"
#include "spec/definition.h"
#include "spec/workflow.h"
#include "store/artifact.h"
#include "value/value.h"

namespace swamp::engine {

/// Who asked for a call: kept with everything it writes.
struct Provenance {
  std::string triggered_by = "manual";  // `manual`, `workflow`, `model`
  std::string initiated_by = {};        // `ghost` or `user:<name>`; empty in nested runs
  std::string workflow_id = {};
  std::string workflow_name = {};
  std::string run_id = {};
  std::string job = {};
  std::string step = {};
  int attempt = 1;
  std::vector<std::pair<std::string, std::string>> workflow_tags = {};
  std::vector<std::pair<std::string, std::string>> runtime_tags = {};  // `--tag`
};

/// Which of the checks and reports that apply are left out or picked, from the command line.
struct Selection {
  bool skip_checks = false;
  std::vector<std::string> skip_check = {};
  std::vector<std::string> skip_check_label = {};
  bool skip_reports = false;
  std::vector<std::string> skip_report = {};
  std::vector<std::string> skip_report_label = {};
  std::vector<std::string> report = {};
  std::vector<std::string> report_label = {};
};

/// One call of one method with everything evaluated. Values may hold secret strings.
struct MethodCall {
  std::shared_ptr<const model::Type> type;
  std::string method;
  model::Instance instance;
  std::shared_ptr<const spec::Definition> definition;  // null for an ephemeral instance
  Value global_arguments = Map{};
  Value arguments = Map{};
  Provenance provenance;
  std::vector<spec::DataOutputOverride> overrides = {};
  std::string report_suffix = {};  // of the data names of its reports
  Selection selection;
  driver::Environment* environment = nullptr;  // must outlive the call
  std::string working_directory = {};
  std::map<std::string, std::string> process_variables =
      {};  // SWAMP_RUN, SWAMP_STEP, trace context
  driver::Input process_input = driver::Input::inherited;
  std::optional<std::chrono::milliseconds> timeout =
      std::nullopt;  // from when the method starts, lock waits excluded
  /// Ids of the instances whose locks the methods hold that this call comes from (`runModel`): not
  /// taken again.
  std::vector<std::string> held_by_callers = {};
  std::string log_file = {};  // relative to the repository, as the output record names it
};

/// A version that a call wrote, with its content as far as a journal carries it.
struct WrittenArtifact {
  store::Artifact artifact;
  std::string content = {};  // whole up to store::kWholeContentLimit; longer ones are empty here
};

/// How a call ended. A method that fails is an outcome; that it could not be run at all is an
/// Error.
struct MethodOutcome {
  bool succeeded = false;
  std::optional<Error> error = std::nullopt;
  std::string reason = {};  // `timeout`, `cancelled` when the error is one of these
  std::string output_id = {};
  std::chrono::milliseconds duration{0};
  Value global_arguments = {};  // as the method saw them, redacted
  Value arguments = {};
  std::vector<WrittenArtifact> written =
      {};  // in the order of writing; also what a failed method wrote
  std::vector<WrittenArtifact> report_artifacts = {};
  std::vector<ArtifactInfo> infos = {};  // of `written`, for listeners
  std::vector<ReportEnded> reports = {};
};

/// Hears what a call tells while it runs.
class MethodListener {
 public:
  virtual ~MethodListener() = default;
  /// The arguments are valid, locks are held, the method starts: a `timeout` counts from here.
  virtual void on_start() = 0;
  virtual void on_output(driver::Chunk::Stream stream, std::string_view line) = 0;
  virtual void on_notice(std::string_view kind, std::string_view message, Value details) = 0;
  virtual void on_report(const ReportEnded& report) = 0;
};

class TypeSchemas;
struct MethodServices;  // what a runner uses: stores, vaults, locks, clock (method_services.h)

/// What runs one call: the MethodRunner, or a stand-in in tests of the workflow engine.
class MethodPort {
 public:
  virtual ~MethodPort() = default;

  /// Cancelling the task ends the method (its processes with it) and gives an outcome with reason
  /// `cancelled`. Fails when the method could not be started: invalid arguments (code name
  /// `validation_failed`), no such method, a lock that was not to be had in time (code name
  /// `lock_timeout`). `listener` outlives the call.
  virtual Task<MethodOutcome> run(MethodCall call, MethodListener& listener) = 0;
};

/// Runs methods: argument validation, locks, checks, the method itself, its output record and its
/// reports. The same road for a step of a workflow and for `model method run`.
class MethodRunner final : public MethodPort {
 public:
  explicit MethodRunner(MethodServices& services);
  ~MethodRunner() override;

  Task<MethodOutcome> run(MethodCall call, MethodListener& listener) override;

 private:
  MethodServices& services_;
  std::unique_ptr<TypeSchemas> schemas_;  // of the types whose methods were run
};

}  // namespace swamp::engine
