#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "render/held_output.h"
#include "render/log_detail.h"
#include "render/output.h"
#include "render/run_progress.h"
#include "render/run_view.h"
#include "render/style.h"

namespace swamp::render {

/// A run as lines that are only ever appended: one event, one line, the job in front.
///
///      system │ Starting workflow ship · 20:56:26 UTC
///       build │ step compile · web · execute · start 20:56:26 UTC
///       build │ <each line that it prints>
///       build │ done compile in 114ms · 20:56:26 UTC
///
/// Lines of steps that ran side by side in one job carry the step's name, to their end. Memory does
/// not grow with the output, and with the number of steps only by what runs at once.
class LineLog final : public RunView {
 public:
  LineLog(Output& out, const Clock& clock, Style style, LogDetail detail = {});

  void on_event(const engine::RunEvent& event) override;
  void tick() override;
  void finish() override;

  const RunProgress& progress() const { return progress_; }

  /// Whether tick() says what still runs when nothing was printed for a while; a live view shows it
  /// anyway.
  void set_heartbeat(bool on) { heartbeat_ = on; }

 private:
  void tell(const engine::RunStarted& event);
  void tell(const engine::JobStarted& event);
  void tell(const engine::JobEnded& event);
  void tell(const engine::StepStarted& event);
  void tell(const engine::MethodResolved& event);
  void tell(const engine::MethodOutput& event);
  void tell(const engine::StepNotice& event);
  void tell(const engine::StepEnded& event);
  void tell(const engine::AssertChecked& event);
  void tell(const engine::ApprovalRequested& event);
  void tell(const engine::ReportEnded& event);
  void tell(const engine::RunNotice& event);
  void tell(const engine::RunSuspended& event);
  void tell(const engine::RunEnded& event);

  void line(std::string_view lane, std::string_view text);
  void system(std::string_view text);
  void note_skipped(const engine::StepPath& path);
  void tell_failure(const engine::StepEnded& event, const std::string& lane);
  void replay(const engine::StepEnded& event, const std::string& lane);
  void tell_artifacts();
  void widen(std::string_view lane);
  std::string now() const;
  std::string property(std::string_view name, std::string_view value) const;

  Output& out_;
  const Clock& clock_;
  Style style_;
  LogDetail detail_;
  bool heartbeat_ = true;

  RunProgress progress_;
  std::size_t lane_width_ = 7;  // of `system` and a blank
  struct Run {
    std::string workflow;
    std::string id;
  };
  const Run& run_within(const std::vector<std::string>& parents) const;

  std::string workflow_;
  std::string run_id_;
  std::map<std::vector<std::string>, Run> runs_;  // this one and those within it, by parents
  std::chrono::steady_clock::time_point last_line_{};
  std::chrono::steady_clock::time_point last_flush_{};

  struct Assertion {
    bool passed = false;
    std::string message;
  };
  std::map<std::string, Assertion> assertions_;  // of steps that run, by step_key()
  std::size_t passed_ = 0;
  std::size_t failed_ = 0;
  std::size_t errored_ = 0;

  std::map<std::string, HeldOutput> held_;  // by step_key()

  struct Produced {
    std::string step;
    std::string name;
    int version;
    std::string model;
  };
  std::vector<Produced> produced_;
  std::size_t produced_count_ = 0;
  std::optional<std::string> first_failure_;
  std::vector<std::string> skipped_;
  std::size_t skipped_count_ = 0;
};

}  // namespace swamp::render
