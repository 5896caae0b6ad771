#include "render/graph/ports.h"

#include <algorithm>

#include "render/graph/labels.h"
#include "render/text.h"

namespace swamp::render::graph {
namespace {

void add(Ported& ported, std::size_t from, std::size_t to, const engine::GraphEdge& edge) {
  auto& labels = ported.nodes[to].labels;
  const std::string label = printable(label_of(edge));
  auto port = std::find(labels.begin(), labels.end(), label);
  if (port == labels.end()) port = labels.insert(labels.end(), label);
  const auto index = static_cast<std::size_t>(port - labels.begin());
  ported.edges.push_back({.from = from, .to = to, .port = index, .edge = &edge});
}

/// Success goes first, whatever the file names first.
void put_success_first(Ported& ported) {
  std::vector<std::size_t> moved(ported.nodes.size());
  for (std::size_t node = 0; node < ported.nodes.size(); ++node) {
    auto& labels = ported.nodes[node].labels;
    const auto success = std::find(labels.begin(), labels.end(), "");
    if (success == labels.end()) continue;
    moved[node] = static_cast<std::size_t>(success - labels.begin());
    std::rotate(labels.begin(), success, success + 1);
  }
  for (PortedEdge& edge : ported.edges) {
    const std::size_t from = moved[edge.to];
    if (edge.port == from) {
      edge.port = 0;
    } else if (edge.port < from) {
      ++edge.port;
    }
  }
}

}  // namespace

Ported ports_of_jobs(const engine::WorkflowGraph& graph) {
  Ported ported;
  ported.nodes.resize(graph.jobs.size());
  for (const engine::GraphEdge& edge : graph.job_edges)
    add(ported, edge.from, edge.to, edge);
  put_success_first(ported);
  return ported;
}

std::vector<Ported> ports_of_steps(const engine::WorkflowGraph& graph) {
  std::vector<Ported> jobs(graph.jobs.size());
  std::vector<std::size_t> place(graph.steps.size());  // of each step in its job
  for (std::size_t job = 0; job < graph.jobs.size(); ++job) {
    const auto& steps = graph.jobs[job].steps;
    jobs[job].nodes.resize(steps.size());
    for (std::size_t i = 0; i < steps.size(); ++i)
      place[steps[i]] = i;
  }
  for (const engine::GraphEdge& edge : graph.step_edges)
    add(jobs[graph.steps[edge.to].job], place[edge.from], place[edge.to], edge);
  for (Ported& job : jobs)
    put_success_first(job);
  return jobs;
}

}  // namespace swamp::render::graph
