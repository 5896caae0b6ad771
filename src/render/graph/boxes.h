#pragma once

#include <optional>
#include <string>

#include "render/graph/text.h"

namespace swamp::render::graph {

/// The graph as boxes joined by lines, the way it flows chosen to fit the width; nothing when it
/// does not fit either way. See graph_text().
std::optional<std::string> draw_boxes(const engine::WorkflowGraph& graph,
                                      const TextOptions& options);

}  // namespace swamp::render::graph
