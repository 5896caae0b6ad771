#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "engine/run_event.h"
#include "render/run_view.h"
#include "support/fake_clock.h"

// Runs told in a few lines, for tests of the views.
namespace swamp::render::test {

using namespace std::chrono_literals;

/// A clock that measures too.
class StoryClock final : public Clock {
 public:
  Timestamp now() const override { return *parse_iso8601("2026-01-02T03:04:05.000Z") + passed_; }
  std::chrono::steady_clock::time_point steady() const override {
    return std::chrono::steady_clock::time_point(1h + passed_);
  }
  void advance(std::chrono::milliseconds by) { passed_ += by; }

 private:
  std::chrono::milliseconds passed_{0};
};

inline engine::StepPath at(std::string job, std::string step,
                           std::vector<std::string> parents = {}) {
  return {.parents = std::move(parents), .job = std::move(job), .step = std::move(step)};
}

inline engine::RunStarted started(std::vector<engine::RunStarted::Job> jobs) {
  return {.run_id = "run-1",
          .workflow_id = "wf-1",
          .workflow_name = "ship",
          .log_path = ".swamp/log",
          .jobs = std::move(jobs)};
}

inline engine::MethodResolved resolved(engine::StepPath path, std::string model) {
  return {.path = std::move(path),
          .model_name = std::move(model),
          .model_type = "command/shell",
          .model_id = "m-1",
          .method = "execute"};
}

inline engine::MethodOutput output(engine::StepPath path, std::string line) {
  return {.path = std::move(path), .line = std::move(line)};
}

inline engine::StepEnded succeeded(engine::StepPath path, std::chrono::milliseconds took) {
  return {.path = std::move(path), .status = engine::NodeStatus::succeeded, .duration = took};
}

inline engine::StepEnded failed(engine::StepPath path, std::chrono::milliseconds took,
                                std::string message) {
  return {.path = std::move(path),
          .status = engine::NodeStatus::failed,
          .duration = took,
          .error = Error{.code = ErrorCode::internal, .message = std::move(message)}};
}

inline engine::StepEnded skipped(engine::StepPath path, std::string reason) {
  return {
      .path = std::move(path), .status = engine::NodeStatus::skipped, .reason = std::move(reason)};
}

inline engine::RunEnded ended(engine::RunStatus status, std::chrono::milliseconds took) {
  return {.run_id = "run-1", .workflow_name = "ship", .status = status, .duration = took};
}

inline void tell(RunView& view, const std::vector<engine::RunEvent>& events) {
  for (const engine::RunEvent& event : events)
    view.on_event(event);
}

}  // namespace swamp::render::test
