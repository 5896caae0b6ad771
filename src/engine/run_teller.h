#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/announcer.h"
#include "engine/method_runner.h"
#include "engine/recorder.h"
#include "engine/run_event.h"
#include "engine/run_state.h"
#include "vault/redactor.h"

namespace swamp::engine {

/// How a step ended, or that it waits: what the step runner gives back.
struct StepReport {
  NodeStatus status =
      NodeStatus::succeeded;  // waiting_approval: a gate, or a nested run behind one
  std::string reason = {};
  bool allowed = false;
  std::optional<Error> error = std::nullopt;
  int attempt = 1;
  std::string prompt = {};  // of a gate
  std::optional<std::chrono::milliseconds> gate_timeout = std::nullopt;
  std::string guard_expression = {};
  Value guard_result = {};
  std::string model_name = {};
  std::string method = {};
  Value output = {};
  std::optional<AssertChecked> assertion = std::nullopt;
  std::vector<WrittenArtifact> written = {};
  std::vector<WrittenArtifact> reports = {};
  std::vector<ArtifactInfo> infos = {};
};

/// Says what happens in one run, to everybody who has to know: those who listen, the record and
/// the log. Every text that leaves here is redacted. Used from the event loop's thread.
class RunTeller {
 public:
  struct Setup {
    const RunState& state;
    Recorder& recorder;
    RunLog& log;
    Announcer& announcer;
    const vault::Redactor& redactor;
    const Clock& clock;
    std::vector<std::string> parents = {};  // `job/step` of each enclosing run
  };
  explicit RunTeller(Setup setup) : setup_(std::move(setup)) {}

  void run_started(bool resumed);
  void run_suspended(StepId gate, std::string_view prompt,
                     std::optional<std::chrono::milliseconds> timeout);
  void run_ended(RunStatus status, std::string_view reason, std::chrono::milliseconds duration);
  void run_notice(std::string_view kind, std::string_view message);

  void job_began(JobId job);
  void job_ended(JobId job, NodeStatus status);

  void step_began(StepId step, int attempt);
  void step_uses(StepId step, const MethodCall& call);
  void step_resolved(StepId step, const MethodCall& call);
  void step_output(StepId step, driver::Chunk::Stream stream, std::string_view line,
                   std::string_view category);
  void step_notice(StepId step, std::string_view kind, std::string_view message, Value details);
  void step_report(StepId step, ReportEnded report);
  void step_expanded(StepId step, const std::vector<std::string>& names, const List& items);
  void step_skipped(StepId step, std::string_view reason);
  void gate_opened(StepId step, const StepReport& report);
  /// The step waits for the gates of the run within it, which tells of them itself.
  void nested_suspended(StepId step, std::string_view workflow);
  /// As Recorder::nested_begins().
  Task<> nested_begins(StepId step, std::string_view workflow, std::string_view run_id);
  void step_ended(StepId step, const StepReport& report);

  StepPath path_of(StepId step) const;
  const std::string& job_name(StepId step) const;
  const vault::Redactor& redactor() const { return setup_.redactor; }

 private:
  void tell(RunEvent event) { setup_.announcer.tell(std::move(event)); }
  void log(LogLevel level, StepId step, std::string_view text);
  void log(LogLevel level, std::string_view text);
  std::chrono::milliseconds elapsed(std::optional<Timestamp> since) const;
  std::string mask(std::string_view text) const { return setup_.redactor.mask(text); }

  Setup setup_;
  std::vector<std::chrono::steady_clock::time_point> began_;      // of steps, by id
  std::vector<std::chrono::steady_clock::time_point> job_began_;  // of jobs
};

/// The error with every text masked.
Error masked(Error error, const vault::Redactor& redactor);

}  // namespace swamp::engine
