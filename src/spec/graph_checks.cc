#include "spec/graph_checks.h"

#include <algorithm>
#include <set>
#include <unordered_set>

#include <fmt/format.h>

#include "base/suggest.h"
#include "spec/phrases.h"
#include "spec/problem.h"

namespace swamp::spec {
namespace {

// Endings as bits of a set.
using EndingSet = unsigned;
constexpr EndingSet kRan =
    1U << static_cast<unsigned>(Ending::succeeded) | 1U << static_cast<unsigned>(Ending::failed);
constexpr EndingSet kSkipped = 1U << static_cast<unsigned>(Ending::skipped);
constexpr EndingSet kAnyEnding = kRan | kSkipped;

EndingSet endings_of(const Condition& condition) {
  EndingSet set = 0;
  for (const auto ending : {Ending::succeeded, Ending::failed, Ending::skipped}) {
    if (holds(condition, ending)) set |= 1U << static_cast<unsigned>(ending);
  }
  return set;
}

// How many ancestors are tried in all combinations of endings: three to this power.
constexpr std::size_t kMostAncestors = 8;

}  // namespace

NameGraph::NameGraph(const Workflow& workflow) : workflow_(workflow), noun_("job") {
  for (const auto& job : workflow.jobs)
    add({job.name, job.name_where, &job.depends_on, workflow.fail_fast});
  link();
}

NameGraph::NameGraph(const Workflow& workflow, const Job& job)
    : workflow_(workflow), noun_("step"), within_(fmt::format(" of job '{}'", job.name)) {
  for (const auto& step : job.steps) {
    const bool is_loop = step.for_each.has_value();
    const bool may_be_skipped =
        workflow.fail_fast || job.fail_fast || step.guard.is_set() || is_loop;
    add({step.name.text(), step.name.where(), &step.depends_on, may_be_skipped, is_loop});
  }
  link();
}

void NameGraph::add(Node node) {
  by_name_.emplace_back(node.name, nodes_.size());
  nodes_.push_back(std::move(node));
}

void NameGraph::link() {
  std::sort(by_name_.begin(), by_name_.end());
  upstreams_.resize(nodes_.size());
  for (Index i = 0; i < nodes_.size(); ++i) {
    for (const auto& dependency : *nodes_[i].depends_on)
      upstreams_[i].push_back(find(dependency.target));
  }
}

NameGraph::Index NameGraph::find(std::string_view name) const {
  const auto found = std::lower_bound(by_name_.begin(), by_name_.end(), std::pair(name, Index{0}));
  return found != by_name_.end() && found->first == name ? found->second : kNone;
}

std::vector<Error> NameGraph::duplicates() const {
  std::vector<Error> errors;
  for (Index i = 0; i < nodes_.size(); ++i) {
    const auto first = find(nodes_[i].name);
    if (first == i) continue;
    errors.push_back(
        problem(nodes_[i].where,
                fmt::format("two {}s{} have the name '{}'", noun_, within_, nodes_[i].name),
                fmt::format("the first is in line {}", nodes_[first].where.line)));
  }
  return errors;
}

/// What was most likely meant: another spelling, one iteration of a forEach, or something
/// elsewhere.
std::string NameGraph::hint_for(std::string_view unknown) const {
  for (const auto& node : nodes_) {
    const auto stem = node.name.substr(0, node.name.find("${{"));
    const bool is_iteration = stem.size() < node.name.size()
                                  ? !stem.empty() && unknown.starts_with(stem)
                                  : unknown.starts_with(fmt::format("{}-", stem));
    if (node.is_loop && is_iteration)
      return fmt::format("a forEach is waited for as a whole, by its own name: '{}'", node.name);
  }
  for (const auto& job : workflow_.jobs) {
    if (noun_ == "step" && (find_step(job, unknown) || job.name == unknown)) {
      return fmt::format(
          "a step waits for steps of its own job; let the job depend on job '{}' instead",
          job.name);
    }
    if (find_step(job, unknown))
      return fmt::format("a job waits for whole jobs: that step is part of job '{}'", job.name);
  }
  std::vector<std::string> names;
  for (const auto& node : nodes_)
    names.emplace_back(node.name);
  if (auto hint = did_you_mean(unknown, names); !hint.empty()) return hint;
  constexpr std::size_t kMostToList = 12;
  if (names.size() > kMostToList) return {};
  return fmt::format("the {}s{} are {}", noun_, within_, fmt::join(names, ", "));
}

std::vector<Error> NameGraph::unknown_targets() const {
  std::vector<Error> errors;
  for (Index i = 0; i < nodes_.size(); ++i) {
    for (std::size_t d = 0; d < upstreams_[i].size(); ++d) {
      if (upstreams_[i][d] != kNone) continue;
      const auto& dependency = (*nodes_[i].depends_on)[d];
      errors.push_back(problem(dependency.where,
                               fmt::format("{} '{}'{} depends on '{}', which does not exist", noun_,
                                           nodes_[i].name, within_, dependency.target),
                               hint_for(dependency.target)));
    }
  }
  return errors;
}

struct NameGraph::Frame {
  Index node;
  std::size_t next = 0;  // the dependency to look at next
};

Error NameGraph::cycle_error(const std::vector<Frame>& path, Index back_to) const {
  const auto first = std::find_if(path.begin(), path.end(),
                                  [&](const Frame& each) { return each.node == back_to; });
  std::vector<std::string> names;
  for (auto it = first; it != path.end(); ++it)
    names.emplace_back(nodes_[it->node].name);
  names.emplace_back(nodes_[back_to].name);
  const auto& last = path.back();
  return problem((*nodes_[last.node].depends_on)[last.next - 1].where,
                 fmt::format("{}s{} wait for each other: {}", noun_, within_, path_of(names)),
                 "take one of these dependencies away");
}

std::vector<Error> NameGraph::cycles() const {
  enum class State : std::uint8_t { unseen, open, done };
  std::vector<State> states(nodes_.size(), State::unseen);
  std::vector<Error> errors;
  std::vector<Frame> path;  // on the heap: a chain may be thousands long
  const auto enter = [&](Index node) {
    states[node] = State::open;
    path.push_back({node});
  };
  for (Index start = 0; start < nodes_.size(); ++start) {
    if (states[start] == State::unseen) enter(start);
    while (!path.empty()) {
      auto& frame = path.back();
      if (frame.next == upstreams_[frame.node].size()) {
        states[frame.node] = State::done;
        path.pop_back();
        continue;
      }
      const Index upstream = upstreams_[frame.node][frame.next++];
      if (upstream == kNone || states[upstream] == State::done) continue;
      if (states[upstream] == State::unseen)
        enter(upstream);
      else
        errors.push_back(cycle_error(path, upstream));
    }
  }
  return errors;
}

std::vector<NameGraph::Index> NameGraph::topological_order() const {
  std::vector<std::size_t> waiting(nodes_.size());
  std::vector<std::vector<Index>> downstreams(nodes_.size());
  for (Index i = 0; i < nodes_.size(); ++i) {
    for (const Index upstream : upstreams_[i]) {
      if (upstream == kNone) continue;
      ++waiting[i];
      downstreams[upstream].push_back(i);
    }
  }
  std::vector<Index> order;
  for (Index i = 0; i < nodes_.size(); ++i) {
    if (waiting[i] == 0) order.push_back(i);
  }
  for (std::size_t at = 0; at < order.size(); ++at) {
    for (const Index next : downstreams[order[at]]) {
      if (--waiting[next] == 0) order.push_back(next);
    }
  }
  return order;
}

std::vector<NameGraph::Index> NameGraph::ancestors_of(Index node, std::size_t at_most) const {
  std::set<Index> seen;
  std::vector<Index> open{node};
  while (!open.empty() && seen.size() <= at_most) {
    const Index at = open.back();
    open.pop_back();
    for (const Index upstream : upstreams_[at]) {
      if (upstream != kNone && seen.insert(upstream).second) open.push_back(upstream);
    }
  }
  return {seen.begin(), seen.end()};
}

bool NameGraph::is_upstream(std::string_view upstream, std::string_view name) const {
  const Index wanted = find(upstream);
  const Index from = find(name);
  if (wanted == kNone || from == kNone) return false;
  const auto ancestors = ancestors_of(from, nodes_.size());
  return std::binary_search(ancestors.begin(), ancestors.end(), wanted);
}

/// Tries every way in which the ancestors, given in topological order, can end according to their
/// own conditions.
bool NameGraph::can_hold_together(Index node, const std::vector<Index>& ancestors) const {
  std::vector<Ending> endings(ancestors.size(), Ending::skipped);
  const auto may_start = [&](Index at) {
    for (std::size_t d = 0; d < upstreams_[at].size(); ++d) {
      const auto upstream =
          std::find(ancestors.begin(), ancestors.end(), upstreams_[at][d]) - ancestors.begin();
      if (!holds((*nodes_[at].depends_on)[d].condition,
                 endings[static_cast<std::size_t>(upstream)]))
        return false;
    }
    return true;
  };
  const auto search = [&](const auto& self, std::size_t at) -> bool {
    if (at == ancestors.size()) return may_start(node);
    const bool starts = may_start(ancestors[at]);
    for (const auto ending : {Ending::succeeded, Ending::failed, Ending::skipped}) {
      if (ending == Ending::skipped ? starts && !nodes_[ancestors[at]].may_be_skipped : !starts)
        continue;
      endings[at] = ending;
      if (self(self, at + 1)) return true;
    }
    return false;
  };
  return search(search, 0);
}

struct NameGraph::Wish {
  Index upstream;
  EndingSet endings;                    // what all conditions on it together leave of what can be
  const Dependency* spoiler = nullptr;  // the condition that left nothing
};

std::vector<NameGraph::Wish> NameGraph::wishes_of(Index node,
                                                  const std::vector<EndingSet>& possible) const {
  std::vector<Wish> wishes;
  for (std::size_t d = 0; d < upstreams_[node].size(); ++d) {
    const auto& dependency = (*nodes_[node].depends_on)[d];
    const Index upstream = upstreams_[node][d];
    auto wish = std::find_if(wishes.begin(), wishes.end(),
                             [&](const Wish& each) { return each.upstream == upstream; });
    if (wish == wishes.end()) wish = wishes.insert(wishes.end(), {upstream, possible[upstream]});
    wish->endings &= endings_of(dependency.condition);
    if (wish->endings == 0 && !wish->spoiler) wish->spoiler = &dependency;
  }
  return wishes;
}

std::optional<Error> NameGraph::why_dead(Index node, const std::vector<Wish>& wishes,
                                         const std::vector<Index>& ranks) const {
  const auto& name = nodes_[node].name;
  for (const auto& wish : wishes) {
    if (!wish.spoiler) continue;
    return problem(
        wish.spoiler->where,
        fmt::format("{} '{}'{} can never run: '{}' never ends as it must ({})", noun_, name,
                    within_, wish.spoiler->target, to_string(wish.spoiler->condition)));
  }
  if (wishes.size() < 2) return std::nullopt;
  auto ancestors = ancestors_of(node, kMostAncestors);
  if (ancestors.size() > kMostAncestors) return std::nullopt;
  std::sort(ancestors.begin(), ancestors.end(),
            [&](Index a, Index b) { return ranks[a] < ranks[b]; });
  if (can_hold_together(node, ancestors)) return std::nullopt;
  return problem(nodes_[node].depends_on->back().where,
                 fmt::format("{} '{}'{} can never run: its conditions exclude each other", noun_,
                             name, within_));
}

std::vector<Error> NameGraph::dead_nodes() const {
  const auto order = topological_order();
  std::vector<Index> ranks(nodes_.size());
  for (std::size_t at = 0; at < order.size(); ++at)
    ranks[order[at]] = at;

  std::vector<Error> errors;
  std::vector<EndingSet> possible(nodes_.size(), kAnyEnding);
  for (const Index node : order) {
    const auto wishes = wishes_of(node, possible);
    const bool always_starts = std::all_of(wishes.begin(), wishes.end(), [&](const Wish& wish) {
      return wish.endings == possible[wish.upstream];
    });
    auto dead = why_dead(node, wishes, ranks);
    possible[node] = dead                                            ? kSkipped
                     : always_starts && !nodes_[node].may_be_skipped ? kRan
                                                                     : kAnyEnding;
    // What waits for a dead node in vain is no news of its own.
    const bool known = std::any_of(wishes.begin(), wishes.end(), [&](const Wish& wish) {
      return possible[wish.upstream] == kSkipped;
    });
    if (dead && !known) errors.push_back(*std::move(dead));
  }
  return errors;
}

}  // namespace swamp::spec
