#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/run_event.h"

namespace swamp::render {

/// How far a run is, from its events alone: what runs now, how much is done. Knows nothing of text
/// or terminals.
class RunProgress {
 public:
  using Time = std::chrono::steady_clock::time_point;

  struct Running {
    engine::StepPath path;
    Time since;
    int attempt = 1;
    std::string
        what;  // `web.deploy`; empty while that is not known, or for steps that run no method
    std::string last_line;  // of its output
  };

  void apply(const engine::RunEvent& event, Time now);

  /// Steps that run, in the order in which they started.
  std::vector<const Running*> running() const;
  std::size_t running_count() const { return running_.size(); }
  /// How many steps of this job of the outermost run are running.
  std::size_t running_in(const std::string& job) const;

  std::size_t total() const;  // grows when a forEach turns out to have more iterations
  std::size_t ended() const { return ended_; }
  std::size_t failed() const { return failed_; }  // without allowed failures
  std::size_t skipped() const { return skipped_; }
  Time started() const { return started_; }

 private:
  struct Entry {
    std::size_t order = 0;
    Running step;
  };

  void start(const engine::StepPath& path, int attempt, Time now);
  void end(const engine::StepEnded& event);
  void count_iteration(const engine::StepPath& path);

  std::map<std::string, Entry> running_;  // by step_key()
  std::map<std::string, std::size_t> running_per_job_;
  std::map<std::string, std::set<int>> iterations_;  // of each forEach template that has begun
  std::size_t started_steps_ = 0;
  std::size_t planned_ = 0;
  std::size_t ended_ = 0;
  std::size_t failed_ = 0;
  std::size_t skipped_ = 0;
  Time started_{};
};

/// Names one step among all of a run and its nested runs.
std::string step_key(const engine::StepPath& path);

/// The job of the outermost run in which the step stands.
std::string outermost_job(const engine::StepPath& path);

/// The step for people, without its outermost job: `deploy`, in a nested run `release › deploy`.
std::string step_label(const engine::StepPath& path);

}  // namespace swamp::render
