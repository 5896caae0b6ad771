#include "engine/resume.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/suggest.h"

namespace swamp::engine {
namespace {

/// A step of the plan, and the one iteration that is meant, if it is one.
struct Found {
  StepId step;
  std::string iteration = {};
};

/// Steps of a job that `name` may mean.
std::optional<Found> find_in_job(const Plan& plan, JobId job, const store::RunRecord& record,
                                 const std::string& name) {
  if (const auto step = plan.find_step(job, name)) return Found{.step = *step};
  const std::string& job_name = plan[job].job->name;
  for (const RecordedExpansion& expansion : expansions_of(record)) {
    const bool has_it =
        std::find(expansion.names.begin(), expansion.names.end(), name) != expansion.names.end();
    if (expansion.job != job_name || !has_it) continue;
    if (const auto step = plan.find_step(job, expansion.step))
      return Found{.step = *step, .iteration = name};
  }
  return std::nullopt;
}

Error unknown_step(const Plan& plan, const std::string& from) {
  std::vector<std::string> names;
  for (const PlannedStep& step : plan.steps()) {
    names.push_back(step.step->name.text());
    names.push_back(plan[step.job].job->name + "/" + step.step->name.text());
  }
  return Error{.code = ErrorCode::not_found,
               .message = fmt::format("workflow '{}' has no step '{}'", plan.workflow().name, from),
               .hint = did_you_mean(from, names)};
}

Result<Found> find_step(const Plan& plan, const store::RunRecord& record, const std::string& from) {
  std::vector<Found> found;
  std::vector<std::string> jobs;
  for (std::size_t i = 0; i < plan.jobs().size(); ++i) {
    if (const auto one = find_in_job(plan, JobId(i), record, from)) {
      found.push_back(*one);
      jobs.push_back(plan.jobs()[i].job->name + "/" + from);
    }
  }
  if (found.size() == 1) return found.front();
  if (found.size() > 1) {
    return fail(ErrorCode::invalid_input,
                fmt::format("{} jobs have a step '{}'", found.size(), from),
                fmt::format("say which: {}", fmt::join(jobs, ", ")));
  }
  const std::size_t slash = from.find('/');
  if (slash != std::string::npos) {
    const auto job = plan.find_job(from.substr(0, slash));
    if (job) {
      if (const auto one = find_in_job(plan, *job, record, from.substr(slash + 1))) return *one;
    }
  }
  return fail(unknown_step(plan, from));
}

/// Everything that can be reached over `unlocks`, the beginning included.
template <class Id, class UnlocksOf>
std::set<Id> closure(Id begin, UnlocksOf unlocks_of) {
  std::set<Id> reached = {begin};
  std::vector<Id> open = {begin};
  while (!open.empty()) {
    const Id id = open.back();
    open.pop_back();
    for (const Id next : unlocks_of(id)) {
      if (reached.insert(next).second) open.push_back(next);
    }
  }
  return reached;
}

void add_job(const Plan& plan, JobId job, std::vector<StepName>& names) {
  for (const PlannedStep& step : plan.steps_of(job)) {
    names.push_back({.job = plan[job].job->name, .step = step.step->name.text()});
  }
}

}  // namespace

Result<std::vector<StepName>> steps_to_run_again(const Plan& plan, const store::RunRecord& record,
                                                 const std::string& from) {
  SWAMP_TRY(const Found found, find_step(plan, record, from));
  const JobId job = plan[found.step].job;
  std::vector<StepName> names;
  for (const StepId step : closure(found.step, [&](StepId id) { return plan[id].unlocks; })) {
    const bool is_one_iteration = step == found.step && !found.iteration.empty();
    names.push_back({.job = plan[job].job->name,
                     .step = is_one_iteration ? found.iteration : plan[step].step->name.text()});
  }
  for (const JobId next : closure(job, [&](JobId id) { return plan[id].unlocks; })) {
    if (next != job) add_job(plan, next, names);
  }
  return names;
}

}  // namespace swamp::engine
