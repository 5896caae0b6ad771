#include "engine/plan.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>

#include <fmt/format.h>

#include "base/suggest.h"

namespace swamp::engine {
namespace {

/// The nodes of one graph while it is being built: the jobs, or the steps of one job.
template <class Id, class Node>
struct Graph {
  std::span<Node> nodes;
  std::size_t first_id = 0;  // the id of nodes[0]
  std::string_view kind;     // `job`, `step`
  std::string owner;         // `workflow 'release'`, `job 'main'`: for messages

  Node& operator[](Id id) { return nodes[id.index() - first_id]; }
};

const spec::Job& source_of(const PlannedJob& node) {
  return *node.job;
}
const spec::Step& source_of(const PlannedStep& node) {
  return *node.step;
}

const std::string& name_of(const PlannedJob& node) {
  return node.job->name;
}
const std::string& name_of(const PlannedStep& node) {
  return node.step->name.text();
}

const SourceSpan& place_of(const PlannedJob& node) {
  return node.job->name_where;
}
const SourceSpan& place_of(const PlannedStep& node) {
  return node.step->name.where();
}

Error problem(std::string message, const SourceSpan& where, std::string hint = {}) {
  return Error{.code = ErrorCode::invalid_input,
               .message = std::move(message),
               .where = where,
               .hint = std::move(hint)};
}

template <class Id, class Node>
std::unordered_map<std::string_view, Id> index_names(const Graph<Id, Node>& graph,
                                                     std::vector<Error>& problems) {
  std::unordered_map<std::string_view, Id> ids;
  ids.reserve(graph.nodes.size());
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    const auto [known, is_new] = ids.emplace(name_of(node), Id(graph.first_id + i));
    if (is_new) continue;
    const auto& other = graph.nodes[known->second.index() - graph.first_id];
    problems.push_back(
        problem(fmt::format("{} has two {}s named '{}'", graph.owner, graph.kind, name_of(node)),
                place_of(node),
                fmt::format("the other one is at line {}; rename one", place_of(other).line)));
  }
  return ids;
}

template <class Id, class Node>
Error unknown_target(const Graph<Id, Node>& graph, const Node& node,
                     const spec::Dependency& dependency) {
  std::vector<std::string> names;
  for (const Node& candidate : graph.nodes)
    names.push_back(name_of(candidate));
  return problem(fmt::format("{} '{}' depends on '{}', which {} does not have", graph.kind,
                             name_of(node), dependency.target, graph.owner),
                 dependency.where, did_you_mean(dependency.target, names));
}

template <class Id, class Node>
void connect(Graph<Id, Node>& graph, std::vector<Error>& problems) {
  const auto ids = index_names(graph, problems);
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    Node& node = graph.nodes[i];
    for (const spec::Dependency& dependency : source_of(node).depends_on) {
      const auto target = ids.find(dependency.target);
      if (target == ids.end()) {
        problems.push_back(unknown_target(graph, node, dependency));
        continue;
      }
      node.needs.push_back({.upstream = target->second, .condition = &dependency.condition});
      graph[target->second].unlocks.push_back(Id(graph.first_id + i));
    }
  }
}

/// Looks for a cycle by walking the needs depth first, without recursion: a chain may be as long as
/// the file.
template <class Id, class Node>
class CycleSearch {
 public:
  explicit CycleSearch(Graph<Id, Node>& graph)
      : graph_(graph), marks_(graph.nodes.size(), Mark::fresh) {}

  /// The ids on the first cycle, each needing the next; empty when there is none.
  std::vector<Id> run() {
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
      if (mark(Id(graph_.first_id + i)) != Mark::fresh) continue;
      if (auto cycle = walk_from(Id(graph_.first_id + i)); !cycle.empty()) return cycle;
    }
    return {};
  }

 private:
  enum class Mark : std::uint8_t { fresh, on_path, done };
  struct Step {
    Id id;
    std::size_t next = 0;  // the need to look at next
  };

  Mark& mark(Id id) { return marks_[id.index() - graph_.first_id]; }

  void enter(Id id) {
    path_.push_back({.id = id});
    mark(id) = Mark::on_path;
  }

  std::vector<Id> walk_from(Id start) {
    enter(start);
    while (!path_.empty()) {
      Step& top = path_.back();
      const auto& needs = graph_[top.id].needs;
      if (top.next == needs.size()) {
        mark(top.id) = Mark::done;
        path_.pop_back();
        continue;
      }
      const Id upstream = needs[top.next++].upstream;
      if (mark(upstream) == Mark::on_path) return cycle_to(upstream);
      if (mark(upstream) == Mark::fresh) enter(upstream);
    }
    return {};
  }

  std::vector<Id> cycle_to(Id id) const {
    auto begin =
        std::find_if(path_.begin(), path_.end(), [&](const Step& step) { return step.id == id; });
    std::vector<Id> cycle;
    std::transform(begin, path_.end(), std::back_inserter(cycle),
                   [](const Step& step) { return step.id; });
    return cycle;
  }

  Graph<Id, Node>& graph_;
  std::vector<Mark> marks_;
  std::vector<Step> path_;
};

template <class Id, class Node>
void refuse_cycle(Graph<Id, Node>& graph, std::vector<Error>& problems) {
  const std::vector<Id> cycle = CycleSearch<Id, Node>(graph).run();
  if (cycle.empty()) return;
  const Node& first = graph[cycle.front()];
  const Id next = cycle.size() == 1 ? cycle.front() : cycle[1];
  const auto& written = source_of(first).depends_on;
  const auto arrow =
      std::find_if(written.begin(), written.end(), [&](const spec::Dependency& dependency) {
        return dependency.target == name_of(graph[next]);
      });
  if (cycle.size() == 1) {
    problems.push_back(
        problem(fmt::format("{} '{}' waits for itself", graph.kind, name_of(first)), arrow->where));
    return;
  }
  std::string path;
  for (Id id : cycle)
    path += name_of(graph[id]) + " -> ";
  problems.push_back(
      problem(fmt::format("{}s wait for each other: {}{}", graph.kind, path, name_of(first)),
              arrow->where));
}

template <class Id, class Node>
void rank(Graph<Id, Node>& graph) {
  std::vector<std::size_t> order(graph.nodes.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return source_of(graph.nodes[a]).weight < source_of(graph.nodes[b]).weight;
  });
  for (std::size_t i = 0; i < order.size(); ++i)
    graph.nodes[order[i]].rank = static_cast<std::uint32_t>(i);
}

template <class Id, class Node>
void finish(Graph<Id, Node> graph, std::vector<Error>& problems) {
  connect(graph, problems);
  refuse_cycle(graph, problems);
  rank(graph);
}

}  // namespace

Result<Plan> Plan::make(std::shared_ptr<const spec::Workflow> workflow) {
  Plan plan;
  for (const spec::Job& job : workflow->jobs) {
    const JobId id(plan.jobs_.size());
    plan.jobs_.push_back(
        {.job = &job, .first_step = StepId(plan.steps_.size()), .step_count = job.steps.size()});
    for (const spec::Step& step : job.steps)
      plan.steps_.push_back({.step = &step, .job = id});
  }
  plan.workflow_ = std::move(workflow);

  std::vector<Error> problems;
  finish(Graph<JobId, PlannedJob>{plan.jobs_, 0, "job",
                                  fmt::format("workflow '{}'", plan.workflow_->name)},
         problems);
  for (const PlannedJob& job : plan.jobs_) {
    const std::size_t first = job.first_step.index();
    finish(Graph<StepId, PlannedStep>{std::span(plan.steps_).subspan(first, job.step_count), first,
                                      "step", fmt::format("job '{}'", job.job->name)},
           problems);
  }
  if (!problems.empty()) return fail(combine(std::move(problems)));
  return plan;
}

std::span<const PlannedStep> Plan::steps_of(JobId job) const {
  const PlannedJob& planned = (*this)[job];
  return steps().subspan(planned.first_step.index(), planned.step_count);
}

std::optional<JobId> Plan::find_job(std::string_view name) const {
  for (std::size_t i = 0; i < jobs_.size(); ++i) {
    if (jobs_[i].job->name == name) return JobId(i);
  }
  return std::nullopt;
}

std::optional<StepId> Plan::find_step(JobId job, std::string_view name) const {
  const auto steps = steps_of(job);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (steps[i].step->name.text() == name) return StepId((*this)[job].first_step.index() + i);
  }
  return std::nullopt;
}

}  // namespace swamp::engine
