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
    std::string last_line;        // of its output
    bool had_neighbours = false;  // another step of its job ran while it did
  };

  /// A job of the outermost run; what happens in nested runs counts for the job it happens in.
  struct Job {
    std::string name;
    std::size_t planned = 0;  // grows when a forEach turns out to have more iterations
    std::size_t ended = 0;
    std::size_t failed = 0;  // without allowed failures
    Time since{};            // when it started
  };

  void apply(const engine::RunEvent& event, Time now);

  /// All jobs, in the order of the file.
  const std::vector<Job>& jobs() const { return jobs_; }

  /// Steps that run, in the order in which they started.
  std::vector<const Running*> running() const;
  std::size_t running_count() const { return running_.size(); }
  /// The step while it runs, else null.
  const Running* find(const engine::StepPath& path) const;

  std::size_t total() const;
  std::size_t ended() const { return ended_; }
  std::size_t failed() const { return failed_; }  // without allowed failures
  std::size_t skipped() const { return skipped_; }
  Time started() const { return started_; }

 private:
  struct Entry {
    std::size_t order = 0;
    Running step;
  };

  void plan(const engine::RunStarted& event, Time now);
  void start(const engine::StepPath& path, int attempt, Time now);
  void meet_neighbours(Running& step);
  void end(const engine::StepEnded& event);
  void count_iteration(const engine::StepPath& path);
  Job& job(const std::string& name);

  std::map<std::string, Entry> running_;  // by step_key()
  std::map<std::string, std::size_t> running_per_job_;
  std::map<std::string, std::set<int>> iterations_;  // of each forEach template that has begun
  std::vector<Job> jobs_;
  std::map<std::string, std::size_t> job_index_;
  std::size_t started_steps_ = 0;
  std::size_t ended_ = 0;
  std::size_t failed_ = 0;
  std::size_t skipped_ = 0;
  Time started_{};
};

/// Names one step among all of a run and its nested runs.
std::string step_key(const engine::StepPath& path);

/// The job of the outermost run in which the step stands.
std::string outermost_job(const engine::StepPath& path);
std::string outermost_job(const std::vector<std::string>& parents);  // not empty

/// The step for people, without its outermost job: `deploy`, in a nested run `release › deploy`.
std::string step_label(const engine::StepPath& path);

}  // namespace swamp::render
