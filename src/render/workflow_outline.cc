#include "render/workflow_outline.h"

#include <algorithm>
#include <set>
#include <unordered_map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "render/text.h"
#include "value/json.h"

namespace swamp::render {
namespace {

const std::string& name_of(const spec::Job& job) {
  return job.name;
}
const std::string& name_of(const spec::Step& step) {
  return step.name.text();
}

/// The nodes so that each comes after those that it waits for, else in the order of the file; those
/// in cycles last.
template <class Node>
std::vector<const Node*> in_running_order(const std::vector<Node>& nodes) {
  std::unordered_map<std::string_view, std::size_t> positions;
  for (std::size_t i = 0; i < nodes.size(); ++i)
    positions.emplace(name_of(nodes[i]), i);
  std::vector<std::vector<std::size_t>> unlocks(nodes.size());
  std::vector<std::size_t> waits(nodes.size());
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    for (const spec::Dependency& each : nodes[i].depends_on) {
      const auto upstream = positions.find(each.target);
      if (upstream == positions.end()) continue;
      unlocks[upstream->second].push_back(i);
      ++waits[i];
    }
  }
  std::set<std::size_t> ready;
  std::set<std::size_t> left;
  for (std::size_t i = 0; i < nodes.size(); ++i)
    (waits[i] == 0 ? ready : left).insert(i);
  std::vector<const Node*> ordered;
  while (!ready.empty()) {
    const std::size_t next = *ready.begin();
    ready.erase(ready.begin());
    ordered.push_back(&nodes[next]);
    for (const std::size_t unlocked : unlocks[next]) {
      if (--waits[unlocked] > 0) continue;
      left.erase(unlocked);
      ready.insert(unlocked);
    }
  }
  for (const std::size_t i : left)
    ordered.push_back(&nodes[i]);
  return ordered;
}

std::string waits_text(const std::vector<spec::Dependency>& depends_on) {
  std::vector<std::string> names;
  for (const spec::Dependency& each : depends_on) {
    const bool plain = each.condition.kind == spec::Condition::Kind::succeeded;
    names.push_back(
        plain ? printable(each.target)
              : fmt::format("{} ({})", printable(each.target), spec::to_string(each.condition)));
  }
  return names.empty() ? std::string() : fmt::format("after {}", fmt::join(names, ", "));
}

std::string_view kind_of(const spec::Step& step) {
  const std::string_view type = spec::type_name(step.task);
  if (type == "model_method") return "model";
  return type == "manual_approval" ? "approval" : type;
}

std::string for_each_text(const spec::Step& step) {
  if (!step.for_each) return {};
  const Value& in = step.for_each->in.value();
  return fmt::format("each of {}", printable(in.is_string() ? in.as_string() : write_json(in)));
}

std::string job_outline(const spec::Job& job, Style style) {
  const std::string waits = waits_text(job.depends_on);
  std::string out = fmt::format("Job: {}{}\n", style.paint(Ink::bold, printable(job.name)),
                                waits.empty() ? "" : ", " + waits);
  std::size_t width = 0;
  for (const spec::Step& step : job.steps) {
    width =
        std::max(width, display_width(printable(name_of(step))) + 3 + display_width(kind_of(step)));
  }
  for (const spec::Step* step : in_running_order(job.steps)) {
    const std::string label = fmt::format("{} - {}", printable(name_of(*step)), kind_of(*step));
    std::vector<std::string> remarks;
    for (const std::string& remark : {for_each_text(*step), waits_text(step->depends_on)}) {
      if (!remark.empty()) remarks.push_back(remark);
    }
    std::string line =
        fmt::format("  {}  {}", pad_right(label, width),
                    style.paint(Ink::dim, fmt::format("{}", fmt::join(remarks, ", "))));
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  return out;
}

}  // namespace

std::string workflow_outline(const spec::Workflow& workflow, Style style) {
  std::string out;
  for (const spec::Job* job : in_running_order(workflow.jobs)) {
    out += (out.empty() ? "" : "\n") + job_outline(*job, style);
  }
  return out;
}

}  // namespace swamp::render
