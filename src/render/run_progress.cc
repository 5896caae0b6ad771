#include "render/run_progress.h"

#include <algorithm>
#include <type_traits>
#include <variant>

#include <fmt/format.h>

#include "render/text.h"

namespace swamp::render {
namespace {

constexpr std::size_t kLastLineBytes = 400;  // more than any terminal is wide

}  // namespace

void RunProgress::apply(const engine::RunEvent& event, Time now) {
  std::visit(
      [&](const auto& e) {
        using Event = std::decay_t<decltype(e)>;
        if constexpr (std::is_same_v<Event, engine::RunStarted>) {
          plan(e, now);
        } else if constexpr (std::is_same_v<Event, engine::JobStarted>) {
          if (e.parents.empty()) job(e.job).since = now;
        } else if constexpr (std::is_same_v<Event, engine::StepStarted>) {
          start(e.path, e.attempt, now);
        } else if constexpr (std::is_same_v<Event, engine::MethodResolved>) {
          const auto found = running_.find(step_key(e.path));
          if (found != running_.end())
            found->second.step.what =
                fmt::format("{}.{}", e.ephemeral ? e.model_type : e.model_name, e.method);
        } else if constexpr (std::is_same_v<Event, engine::MethodOutput>) {
          const auto found = running_.find(step_key(e.path));
          if (found != running_.end())
            found->second.step.last_line = last_state(e.line).substr(0, kLastLineBytes);
        } else if constexpr (std::is_same_v<Event, engine::StepEnded>) {
          end(e);
        }
      },
      event);
}

void RunProgress::plan(const engine::RunStarted& event, Time now) {
  if (event.parents.empty()) started_ = now;
  for (const auto& planned : event.jobs)
    job(event.parents.empty() ? planned.name : outermost_job(event.parents)).planned +=
        planned.step_count;
}

RunProgress::Job& RunProgress::job(const std::string& name) {
  const auto [entry, is_new] = job_index_.try_emplace(name, jobs_.size());
  if (is_new) jobs_.push_back({.name = name});
  return jobs_[entry->second];
}

void RunProgress::start(const engine::StepPath& path, int attempt, Time now) {
  count_iteration(path);
  auto [entry, is_new] = running_.try_emplace(step_key(path));
  if (is_new) {
    entry->second = {.order = started_steps_++, .step = {.path = path, .since = now}};
    meet_neighbours(entry->second.step);
  }
  entry->second.step.attempt = attempt;
}

void RunProgress::end(const engine::StepEnded& event) {
  count_iteration(event.path);
  if (running_.erase(step_key(event.path)) > 0) {
    const auto job = running_per_job_.find(outermost_job(event.path));
    if (--job->second == 0) running_per_job_.erase(job);
  }
  ++ended_;
  Job& in = job(outermost_job(event.path));
  ++in.ended;
  if (event.status == engine::NodeStatus::failed && !event.allowed_failure) {
    ++failed_;
    ++in.failed;
  }
  if (event.status == engine::NodeStatus::skipped) ++skipped_;
}

/// A forEach step is planned as one; its iterations show only as they come.
void RunProgress::count_iteration(const engine::StepPath& path) {
  if (path.for_each_template.empty()) return;
  engine::StepPath template_path = path;
  template_path.step = path.for_each_template;
  auto& seen = iterations_[step_key(template_path)];
  if (seen.insert(path.for_each_index).second && seen.size() > 1)
    ++job(outermost_job(path)).planned;
}

std::vector<const RunProgress::Running*> RunProgress::running() const {
  std::vector<const Entry*> entries;
  for (const auto& [key, entry] : running_)
    entries.push_back(&entry);
  std::sort(entries.begin(), entries.end(),
            [](const Entry* a, const Entry* b) { return a->order < b->order; });
  std::vector<const Running*> steps;
  for (const Entry* entry : entries)
    steps.push_back(&entry->step);
  return steps;
}

/// Of two that run side by side the earlier one is told once; all later ones know at their start.
void RunProgress::meet_neighbours(Running& step) {
  const std::string job = outermost_job(step.path);
  const std::size_t in_job = ++running_per_job_[job];
  step.had_neighbours = in_job > 1;
  if (in_job != 2) return;
  for (auto& [key, entry] : running_) {
    if (outermost_job(entry.step.path) == job) entry.step.had_neighbours = true;
  }
}

const RunProgress::Running* RunProgress::find(const engine::StepPath& path) const {
  const auto found = running_.find(step_key(path));
  return found == running_.end() ? nullptr : &found->second.step;
}

std::size_t RunProgress::total() const {
  std::size_t total = 0;
  for (const Job& job : jobs_)
    total += job.planned;
  return std::max(total, ended_ + running_.size());
}

std::string step_key(const engine::StepPath& path) {
  // A unit separator cannot stand in a name that YAML gives, so keys of different steps differ.
  std::string key;
  for (const std::string& parent : path.parents)
    key += parent + '\x1f';
  return key + path.job + '\x1f' + path.step;
}

std::string outermost_job(const engine::StepPath& path) {
  return path.parents.empty() ? path.job : outermost_job(path.parents);
}

std::string outermost_job(const std::vector<std::string>& parents) {
  return parents.front().substr(0, parents.front().find('/'));
}

std::string step_label(const engine::StepPath& path) {
  std::string label;
  for (const std::string& parent : path.parents) {
    const std::size_t slash = parent.find('/');
    label += (slash == std::string::npos ? parent : parent.substr(slash + 1)) + " › ";
  }
  return label + path.step;
}

}  // namespace swamp::render
