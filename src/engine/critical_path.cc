#include "engine/critical_path.h"

#include <algorithm>
#include <set>
#include <utility>

namespace swamp::engine {
namespace {

/// Something that took time: a step, or one round of a forEach.
struct Unit {
  std::size_t step = 0;
  std::optional<std::size_t> iteration = std::nullopt;
};

/// When something was over, and what it was that took until then.
struct End {
  std::optional<Timestamp> at = std::nullopt;
  Unit unit = {};
};

const End& later(const End& a, const End& b) {
  return b.at && (!a.at || *b.at > *a.at) ? b : a;
}

/// The edges that lead to each node.
std::vector<std::vector<std::size_t>> sources_of(std::size_t count,
                                                 const std::vector<GraphEdge>& edges) {
  std::vector<std::vector<std::size_t>> sources(count);
  for (const GraphEdge& edge : edges)
    sources[edge.to].push_back(edge.from);
  return sources;
}

/// All nodes, each after those that it waits for.
std::vector<std::size_t> in_order(std::size_t count, const std::vector<GraphEdge>& edges) {
  std::vector<std::size_t> open(count);
  std::vector<std::vector<std::size_t>> unlocks(count);
  for (const GraphEdge& edge : edges) {
    ++open[edge.to];
    unlocks[edge.from].push_back(edge.to);
  }
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < count; ++i) {
    if (open[i] == 0) order.push_back(i);
  }
  for (std::size_t next = 0; next < order.size(); ++next) {
    for (const std::size_t unlocked : unlocks[order[next]]) {
      if (--open[unlocked] == 0) order.push_back(unlocked);
    }
  }
  return order;
}

class Search {
 public:
  Search(WorkflowGraph& graph, std::optional<Timestamp> now)
      : graph_(graph),
        now_(now),
        step_sources_(sources_of(graph.steps.size(), graph.step_edges)),
        job_sources_(sources_of(graph.jobs.size(), graph.job_edges)),
        step_ends_(graph.steps.size()),
        job_ends_(graph.jobs.size()) {}

  void run() {
    find_ends();
    End last;
    for (const End& end : job_ends_)
      last = later(last, end);
    std::vector<CriticalLink> backwards;
    // Times that contradict each other (a clock was set) may never lead around in a circle.
    while (last.at && backwards.size() <= units_.size()) {
      const End cause = cause_of(last.unit);
      backwards.push_back(link_of(last.unit, cause));
      mark_nodes(last.unit);
      last = cause;
    }
    graph_.critical_path.assign(backwards.rbegin(), backwards.rend());
    mark_edges();
  }

 private:
  GraphState& state_of(const Unit& unit) {
    GraphStep& step = graph_.steps[unit.step];
    return unit.iteration ? step.iterations[*unit.iteration].state : *step.state;
  }

  End end_of(const Unit& unit) {
    const GraphState& state = state_of(unit);
    if (!state.started_at) return {};
    if (state.ended_at) return {.at = state.ended_at, .unit = unit};
    if (state.status == store::RunStatus::running && now_) return {.at = now_, .unit = unit};
    return {};
  }

  void find_ends() {
    std::vector<std::vector<std::size_t>> of_job(graph_.jobs.size());
    for (const std::size_t step : in_order(graph_.steps.size(), graph_.step_edges))
      of_job[graph_.steps[step].job].push_back(step);
    for (const std::size_t job : in_order(graph_.jobs.size(), graph_.job_edges)) {
      for (const std::size_t step : of_job[job]) {
        step_ends_[step] = find_end(step);
        job_ends_[job] = later(job_ends_[job], step_ends_[step]);
      }
    }
  }

  End find_end(std::size_t step) {
    std::vector<Unit> units;
    for (std::size_t i = 0; i < graph_.steps[step].iterations.size(); ++i)
      units.push_back({.step = step, .iteration = i});
    if (!graph_.steps[step].is_expanded) units.push_back({.step = step});
    End end;
    for (const Unit& unit : units) {
      const End one = end_of(unit);
      if (one.at) units_.push_back(one);
      end = later(end, one);
    }
    return end.at ? end : end_of_needs(step);
  }

  End end_of_needs(std::size_t step) const {
    End end;
    for (const std::size_t need : step_sources_[step])
      end = later(end, step_ends_[need]);
    for (const std::size_t need : job_sources_[graph_.steps[step].job])
      end = later(end, job_ends_[need]);
    return end;
  }

  /// What kept the unit waiting.
  End cause_of(const Unit& unit) {
    const GraphStep& step = graph_.steps[unit.step];
    const Timestamp began = *state_of(unit).started_at;
    End cause = end_of_needs(unit.step);
    const bool own_cap = unit.iteration && step.concurrency;
    const bool job_cap = graph_.jobs[step.job].concurrency.has_value();
    const bool run_cap = graph_.concurrency.has_value();
    if (!own_cap && !job_cap && !run_cap) return cause;
    for (const End& other : units_) {
      const bool same_step = other.unit.step == unit.step;
      const bool same_job = graph_.steps[other.unit.step].job == step.job;
      const bool shares_cap = run_cap || (job_cap && same_job) || (own_cap && same_step);
      if (shares_cap && *other.at <= began && *state_of(other.unit).started_at < began)
        cause = later(cause, other);
    }
    return cause;
  }

  CriticalLink link_of(const Unit& unit, const End& cause) {
    const GraphState& state = state_of(unit);
    CriticalLink link{.step = unit.step, .iteration = unit.iteration};
    const std::chrono::milliseconds none(0);
    const auto since = cause.at ? cause.at : graph_.run->started_at;
    if (since) link.waited = std::max(*state.started_at - *since, none);
    const auto end = end_of(unit).at;
    link.duration = std::max(*end - *state.started_at, none);
    return link;
  }

  void mark_nodes(const Unit& unit) {
    GraphStep& step = graph_.steps[unit.step];
    state_of(unit).critical = true;
    step.state->critical = true;
    graph_.jobs[step.job].state->critical = true;
  }

  /// The edges between neighbours on the path.
  void mark_edges() {
    using Pair = std::pair<std::size_t, std::size_t>;
    std::set<Pair> steps;
    std::set<Pair> jobs;
    for (std::size_t i = 1; i < graph_.critical_path.size(); ++i) {
      const std::size_t from = graph_.critical_path[i - 1].step;
      const std::size_t to = graph_.critical_path[i].step;
      steps.emplace(from, to);
      jobs.emplace(graph_.steps[from].job, graph_.steps[to].job);
    }
    for (GraphEdge& edge : graph_.step_edges)
      edge.critical = steps.count({edge.from, edge.to}) != 0;
    for (GraphEdge& edge : graph_.job_edges)
      edge.critical = jobs.count({edge.from, edge.to}) != 0;
  }

  WorkflowGraph& graph_;
  std::optional<Timestamp> now_;
  std::vector<std::vector<std::size_t>> step_sources_;
  std::vector<std::vector<std::size_t>> job_sources_;
  std::vector<End> step_ends_;
  std::vector<End> job_ends_;
  std::vector<End> units_;  // that took time, with their ends
};

}  // namespace

void mark_critical_path(WorkflowGraph& graph, std::optional<Timestamp> now) {
  Search(graph, now).run();
}

}  // namespace swamp::engine
