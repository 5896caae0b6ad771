#pragma once

#include <string>

#include "render/graph/text.h"

namespace swamp::render::graph {

/// The graph with one row a step, in an order in which they could run, and lines in front of them.
/// What there is no room for as a line is told in words. See graph_text().
std::string draw_rows(const engine::WorkflowGraph& graph, const TextOptions& options);

}  // namespace swamp::render::graph
