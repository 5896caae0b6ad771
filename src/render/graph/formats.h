#pragma once

#include <string>

#include "engine/workflow_graph.h"
#include "value/value.h"

// A graph for other programs: each text stands alone.
namespace swamp::render::graph {

/// A picture: SVG 1.1 without scripts, fonts or anything else from outside.
std::string graph_svg(const engine::WorkflowGraph& graph);

/// A `flowchart` for Mermaid.
std::string graph_mermaid(const engine::WorkflowGraph& graph);

/// A `digraph` for Graphviz, jobs as clusters.
std::string graph_dot(const engine::WorkflowGraph& graph);

/// The document of `--json`: nodes (rounds of a forEach among them), edges, layers, and of a run
/// the critical path.
Value graph_document(const engine::WorkflowGraph& graph);

}  // namespace swamp::render::graph
