#include <algorithm>

#include "render/graph/formats.h"
#include "render/graph/labels.h"
#include "render/graph/layering.h"
#include "render/graph/ports.h"

namespace swamp::render::graph {
namespace {

std::string id_of(const engine::WorkflowGraph& graph, std::size_t step) {
  return graph.jobs[graph.steps[step].job].name + "/" + graph.steps[step].name;
}

std::string id_of(const engine::WorkflowGraph& graph, const engine::CriticalLink& link) {
  const engine::GraphStep& step = graph.steps[link.step];
  if (!link.iteration) return id_of(graph, link.step);
  return graph.jobs[step.job].name + "/" + step.iterations[*link.iteration].name;
}

void add_state(Map& node, const std::optional<engine::GraphState>& state) {
  if (!state) return;
  node.set("status", store::to_string(state->status));
  if (!state->reason.empty()) node.set("reason", state->reason);
  if (state->allowed_failure) node.set("allowedFailure", true);
  if (state->attempts > 1) node.set("attempts", std::int64_t{state->attempts});
  if (state->started_at) node.set("startedAt", to_iso8601(*state->started_at));
  if (state->ended_at) node.set("completedAt", to_iso8601(*state->ended_at));
  if (const auto took = state->duration()) node.set("duration", std::int64_t{took->count()});
  node.set("critical", state->critical);
}

Map node_of(const engine::WorkflowGraph& graph, std::size_t index, std::size_t layer) {
  const engine::GraphStep& step = graph.steps[index];
  Map node{{"id", id_of(graph, index)},
           {"job", graph.jobs[step.job].name},
           {"name", step.name},
           {"layer", static_cast<std::int64_t>(layer)}};
  if (step.task.empty()) {
    node.set("inFile", false);
  } else {
    node.set("taskType", step.task);
    node.set("task", step.what);
  }
  if (!step.for_each.empty()) node.set("forEach", Map{{"item", step.item}, {"in", step.for_each}});
  if (!step.guard.empty()) node.set("guard", step.guard);
  if (step.allow_failure) node.set("allowFailure", true);
  if (step.attempts > 1) node.set("maxAttempts", step.attempts);
  if (step.concurrency) node.set("concurrency", *step.concurrency);
  add_state(node, step.state);
  return node;
}

/// A round stands in the layer of its forEach.
Map node_of(const engine::WorkflowGraph& graph, std::size_t step, std::size_t round,
            std::size_t layer) {
  const engine::GraphIteration& iteration = graph.steps[step].iterations[round];
  const std::string& job = graph.jobs[graph.steps[step].job].name;
  Map node{{"id", job + "/" + iteration.name},
           {"job", job},
           {"name", iteration.name},
           {"layer", static_cast<std::int64_t>(layer)},
           {"iterationOf", id_of(graph, step)},
           {"index", static_cast<std::int64_t>(round)}};
  add_state(node, iteration.state);
  return node;
}

List layers_document(const std::vector<std::size_t>& layers, const std::vector<std::string>& ids) {
  List document;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    while (document.size() <= layers[i])
      document.push_back(List{});
    document[layers[i]].mutable_list().push_back(ids[i]);
  }
  return document;
}

std::vector<std::size_t> layers_of(const Ported& ported) {
  std::vector<Edge> edges;
  for (const PortedEdge& edge : ported.edges)
    edges.push_back({.from = edge.from, .to = edge.to});
  return graph::layers_of(ported.nodes.size(), edges);
}

Map edge_document(std::string from, std::string to, std::string_view between,
                  const engine::WorkflowGraph& graph, const engine::GraphEdge& edge) {
  Map document{{"from", std::move(from)},
               {"to", std::move(to)},
               {"between", between},
               {"condition", spec::to_value(edge.condition)}};
  if (graph.run) document.set("critical", edge.critical);
  return document;
}

Value run_document(const engine::GraphRun& run) {
  Map document{{"id", run.id}, {"status", store::to_string(run.status)}};
  if (run.interrupted) document.set("interrupted", true);
  if (run.started_at) document.set("startedAt", to_iso8601(*run.started_at));
  if (run.ended_at) document.set("completedAt", to_iso8601(*run.ended_at));
  if (run.started_at && run.ended_at)
    document.set("duration", std::int64_t{(*run.ended_at - *run.started_at).count()});
  return document;
}

Value path_document(const engine::WorkflowGraph& graph) {
  List steps;
  for (const engine::CriticalLink& link : graph.critical_path) {
    steps.push_back(Map{{"id", id_of(graph, link)},
                        {"waited", std::int64_t{link.waited.count()}},
                        {"duration", std::int64_t{link.duration.count()}}});
  }
  return Map{{"duration", std::int64_t{length_of(graph.critical_path).count()}},
             {"steps", std::move(steps)}};
}

}  // namespace

Value graph_document(const engine::WorkflowGraph& graph) {
  std::vector<std::string> job_names;
  for (const engine::GraphJob& job : graph.jobs)
    job_names.push_back(job.name);
  const std::vector<std::size_t> job_layers = layers_of(ports_of_jobs(graph));
  const std::vector<Ported> ported = ports_of_steps(graph);
  List jobs;
  List nodes;
  for (std::size_t i = 0; i < graph.jobs.size(); ++i) {
    const engine::GraphJob& job = graph.jobs[i];
    const std::vector<std::size_t> layers = layers_of(ported[i]);
    std::vector<std::string> ids;
    for (std::size_t k = 0; k < job.steps.size(); ++k) {
      const std::size_t step = job.steps[k];
      ids.push_back(id_of(graph, step));
      nodes.push_back(node_of(graph, step, layers[k]));
      for (std::size_t round = 0; round < graph.steps[step].iterations.size(); ++round)
        nodes.push_back(node_of(graph, step, round, layers[k]));
    }
    Map one{{"name", job.name}, {"layer", static_cast<std::int64_t>(job_layers[i])}};
    if (!job.is_in_file) one.set("inFile", false);
    if (job.concurrency) one.set("concurrency", *job.concurrency);
    add_state(one, job.state);
    one.set("layers", layers_document(layers, ids));
    jobs.push_back(std::move(one));
  }
  List edges;
  for (const engine::GraphEdge& edge : graph.job_edges)
    edges.push_back(edge_document(job_names[edge.from], job_names[edge.to], "jobs", graph, edge));
  for (const engine::GraphEdge& edge : graph.step_edges)
    edges.push_back(
        edge_document(id_of(graph, edge.from), id_of(graph, edge.to), "steps", graph, edge));

  Map document{{"workflowId", graph.workflow_id}, {"workflowName", graph.workflow_name}};
  if (graph.run) document.set("run", run_document(*graph.run));
  document.set("layers", layers_document(job_layers, job_names));
  document.set("jobs", std::move(jobs));
  document.set("nodes", std::move(nodes));
  document.set("edges", std::move(edges));
  if (graph.run) document.set("criticalPath", path_document(graph));
  return document;
}

}  // namespace swamp::render::graph
