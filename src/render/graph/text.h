#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "engine/workflow_graph.h"
#include "render/graph/canvas.h"
#include "render/style.h"

namespace swamp::render::graph {

struct TextOptions {
  enum class Form : std::uint8_t {
    fitting,  // boxes where they fit and are few enough to be taken in at a glance, else rows
    rows,
  };
  std::size_t width = 80;  // no line is longer; at least kNarrowest
  Glyphs glyphs = Glyphs::unicode;
  Style style = {};
  Form form = Form::fitting;
  bool all_rounds = false;  // of every forEach, however many
};

inline constexpr std::size_t kNarrowest = 20;

/// A graph for a terminal, jobs as frames around their steps; of a run also what became of each,
/// and the critical path in heavy lines. Boxes joined by lines, or one row a step with lines in
/// front of it:
///
///     build
///     ├ ✓ checkout  1.2s  command/shell execute
///     ├─● compile
std::string graph_text(const engine::WorkflowGraph& graph, const TextOptions& options);

}  // namespace swamp::render::graph
