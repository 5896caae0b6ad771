#include "report/job_group.h"

#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

namespace swamp::report {

std::string_view to_string(Ending ending) {
  switch (ending) {
    case Ending::succeeded:
      return "succeeded";
    case Ending::failed:
      return "failed";
    case Ending::skipped:
      return "skipped";
  }
  return "failed";
}

Ending JobGroup::ending() const {
  const auto ended = [](Ending wanted) {
    return [wanted](const StepRun* step) { return step->ending == wanted; };
  };
  if (std::any_of(steps.begin(), steps.end(), ended(Ending::failed))) return Ending::failed;
  return std::all_of(steps.begin(), steps.end(), ended(Ending::skipped)) ? Ending::skipped
                                                                         : Ending::succeeded;
}

std::vector<JobGroup> by_job(const std::vector<const StepRun*>& steps) {
  std::vector<JobGroup> groups;
  std::unordered_map<std::string_view, std::size_t> places;
  for (const StepRun* step : steps) {
    const auto [place, is_new] = places.emplace(step->job, groups.size());
    if (is_new) groups.push_back({.job = step->job, .steps = {}});
    groups[place->second].steps.push_back(step);
  }
  return groups;
}

Counts count(const std::vector<const StepRun*>& steps) {
  Counts counts;
  for (const StepRun* step : steps) {
    if (step->ending == Ending::succeeded) ++counts.succeeded;
    if (step->ending == Ending::failed) ++counts.failed;
    if (step->ending == Ending::skipped) ++counts.skipped;
  }
  return counts;
}

std::vector<std::string> retrieval_commands(const StepRun& step) {
  std::vector<std::string> commands;
  for (const std::string& name : step.data) {
    commands.push_back(fmt::format("swamp data get {} {}", step.model_name, name));
  }
  return commands;
}

Value to_list(const std::vector<std::string>& texts) {
  List list;
  for (const std::string& text : texts)
    list.push_back(text);
  return list;
}

}  // namespace swamp::report
