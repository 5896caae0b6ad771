#include "render/graph/text.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/duration.h"
#include "render/graph/boxes.h"
#include "render/graph/labels.h"
#include "render/graph/rows.h"
#include "render/text.h"

namespace swamp::render::graph {
namespace {

/// More steps than these are told faster in rows.
constexpr std::size_t kMostBoxes = 40;

/// The steps that decided how long a run took.
std::string critical_path_text(const engine::WorkflowGraph& graph, const TextOptions& options) {
  if (graph.critical_path.empty()) return {};
  constexpr std::size_t kMostLinks = 30;
  const std::string arrow = options.glyphs == Glyphs::ascii ? " -> " : " → ";
  std::string text = fmt::format("Critical path ({}):", to_human(length_of(graph.critical_path)));
  for (std::size_t i = 0; i < std::min(graph.critical_path.size(), kMostLinks); ++i) {
    const engine::CriticalLink& link = graph.critical_path[i];
    text += (i == 0 ? " " : arrow) + address_of(graph, link) + " " + to_human(link.duration);
  }
  if (graph.critical_path.size() > kMostLinks)
    text += fmt::format("{}{} more", arrow, graph.critical_path.size() - kMostLinks);
  std::string out;
  for (const std::string& line : wrap(text, options.width - 2))
    out += (out.empty() ? "" : "  ") + fit(line, options.width - 2) + "\n";
  return out;
}

}  // namespace

std::string graph_text(const engine::WorkflowGraph& graph, const TextOptions& given) {
  TextOptions options = given;
  options.width = std::max(options.width, kNarrowest);
  const std::string name = fit(printable(graph.workflow_name), options.width);
  const std::string run = run_line(graph, options.glyphs == Glyphs::ascii ? "-" : "·");
  std::string out = options.style.paint(Ink::bold, name);
  if (!run.empty()) {
    const std::size_t used = display_width(name) + 2;
    if (used < options.width)
      out += "  " + options.style.paint(Ink::dim, fit(run, options.width - used));
  }
  out += "\n\n";
  std::optional<std::string> boxes;
  if (options.form == TextOptions::Form::fitting && graph.steps.size() <= kMostBoxes)
    boxes = draw_boxes(graph, options);
  out += boxes ? *boxes : draw_rows(graph, options);
  const std::string path = critical_path_text(graph, options);
  if (!path.empty()) out += "\n" + path;
  return options.glyphs == Glyphs::ascii ? ascii_only(out) : out;
}

}  // namespace swamp::render::graph
