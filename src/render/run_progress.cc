#include "render/run_progress.h"

#include <algorithm>
#include <type_traits>
#include <variant>

#include <fmt/format.h>

namespace swamp::render {
namespace {

constexpr std::size_t kLastLineBytes = 400;  // more than any terminal is wide

}  // namespace

void RunProgress::apply(const engine::RunEvent& event, Time now) {
  std::visit(
      [&](const auto& e) {
        using Event = std::decay_t<decltype(e)>;
        if constexpr (std::is_same_v<Event, engine::RunStarted>) {
          if (planned_ == 0) started_ = now;
          for (const auto& job : e.jobs)
            planned_ += job.step_count;
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
            found->second.step.last_line = e.line.substr(0, kLastLineBytes);
        } else if constexpr (std::is_same_v<Event, engine::StepEnded>) {
          end(e);
        }
      },
      event);
}

void RunProgress::start(const engine::StepPath& path, int attempt, Time now) {
  count_iteration(path);
  auto [entry, is_new] = running_.try_emplace(step_key(path));
  if (is_new) {
    entry->second = {.order = started_steps_++, .step = {.path = path, .since = now}};
    ++running_per_job_[outermost_job(path)];
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
  if (event.status == engine::NodeStatus::failed && !event.allowed_failure) ++failed_;
  if (event.status == engine::NodeStatus::skipped) ++skipped_;
}

/// A forEach step is planned as one; its iterations show only as they come.
void RunProgress::count_iteration(const engine::StepPath& path) {
  if (path.for_each_template.empty()) return;
  engine::StepPath template_path = path;
  template_path.step = path.for_each_template;
  iterations_[step_key(template_path)].insert(path.for_each_index);
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

std::size_t RunProgress::running_in(const std::string& job) const {
  const auto found = running_per_job_.find(job);
  return found == running_per_job_.end() ? 0 : found->second;
}

std::size_t RunProgress::total() const {
  std::size_t total = planned_;
  for (const auto& [key, indexes] : iterations_)
    total += indexes.size() - 1;
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
  if (path.parents.empty()) return path.job;
  const std::string& first = path.parents.front();
  return first.substr(0, first.find('/'));
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
