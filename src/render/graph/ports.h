#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/workflow_graph.h"

namespace swamp::render::graph {

/// The ways into a node: its edges by what they wait for, success first.
struct NodePorts {
  std::vector<std::string> labels;  // of each port; empty: success
};

/// The edges of one graph (the jobs, or the steps of one job) with nodes numbered from 0.
struct PortedEdge {
  std::size_t from = 0;
  std::size_t to = 0;
  std::size_t port = 0;
  const engine::GraphEdge* edge = nullptr;  // never null
};

struct Ported {
  std::vector<NodePorts> nodes;
  std::vector<PortedEdge> edges;
};

/// The jobs of a graph and their edges.
Ported ports_of_jobs(const engine::WorkflowGraph& graph);
/// The steps of each job and the edges between them.
std::vector<Ported> ports_of_steps(const engine::WorkflowGraph& graph);

}  // namespace swamp::render::graph
