#include <fmt/format.h>

#include "render/graph/formats.h"
#include "render/graph/labels.h"
#include "render/text.h"

namespace swamp::render::graph {
namespace {

constexpr std::size_t kMostRounds = 12;

/// A text within `"…"`. What follows a backslash would mean something.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

/// Lines end in `\l`: they begin at the left.
std::string text_of(const StepLabel& label) {
  std::string text;
  const auto add = [&](const std::string& line) {
    if (!line.empty()) text += escaped(line) + "\\l";
  };
  add(with_sign(label.mark,
                label.outcome.empty() ? label.name : label.name + "  " + label.outcome));
  for (const std::string& line : lines_below(label, "  "))
    add(line);
  return text;
}

std::string_view shape_of(const engine::GraphStep& step) {
  if (step.task == "manual_approval") return "hexagon";
  if (step.task == "workflow") return "box3d";
  if (step.task == "assert") return "note";
  return "box";
}

/// What a run adds to a node: how it looks in its state.
std::string look_of(const std::optional<engine::GraphState>& state) {
  if (!state) return {};
  const auto look = [&](std::string_view fill, std::string_view line) {
    return fmt::format(", fillcolor=\"{}\", color=\"{}\"{}", fill, line,
                       state->critical ? ", penwidth=3" : "");
  };
  switch (mark_of(&*state).ink) {
    case Ink::green:
      return look("#dafbe1", "#1a7f37");
    case Ink::red:
      return look("#ffebe9", "#cf222e");
    case Ink::yellow:
      return look("#fff8c5", "#9a6700");
    case Ink::cyan:
      return look("#ddf4ff", "#0969da");
    default:
      return look("#f6f8fa", "#8c959f");
  }
}

std::string edge_look(const engine::GraphEdge& edge) {
  const std::string label = printable(label_of(edge));
  std::string look;
  if (!label.empty()) look += fmt::format(", label=\"{}\"", escaped(label));
  if (edge.critical) look += ", penwidth=3";
  return look;
}

}  // namespace

std::string graph_dot(const engine::WorkflowGraph& graph) {
  const std::string run = run_line(graph, "·");
  const std::string title = graph.workflow_name + (run.empty() ? "" : "  " + run);
  std::string out = fmt::format(
      "digraph \"{}\" {{\n"
      "  graph [label=\"{}\", labelloc=t, rankdir=LR, compound=true, fontname=\"Helvetica\"];\n"
      "  node [shape=box, style=\"rounded,filled\", fillcolor=\"white\", fontname=\"Helvetica\", "
      "fontsize=11];\n"
      "  edge [fontname=\"Helvetica\", fontsize=10];\n",
      escaped(printable(graph.workflow_name)), escaped(printable(title)));
  for (std::size_t i = 0; i < graph.jobs.size(); ++i) {
    const engine::GraphJob& job = graph.jobs[i];
    out += fmt::format("  subgraph cluster_{} {{\n    label=\"{}\"; style=rounded;\n", i,
                       escaped(title_of(job, "  ")));
    for (const std::size_t index : job.steps) {
      const engine::GraphStep& step = graph.steps[index];
      const std::string_view shape = shape_of(step);
      out +=
          fmt::format("    s{} [label=\"{}\"{}{}];\n", index, text_of(label_of(step, kMostRounds)),
                      shape == "box" ? "" : fmt::format(", shape={}, style=filled", shape),
                      look_of(step.state));
    }
    out += "  }\n";
  }
  for (const engine::GraphEdge& edge : graph.step_edges) {
    const std::string look = edge_look(edge);
    out += fmt::format("  s{} -> s{}{};\n", edge.from, edge.to,
                       look.empty() ? "" : fmt::format(" [{}]", look.substr(2)));
  }
  // Clusters cannot be joined themselves: the line runs between steps and is cut at the clusters.
  for (const engine::GraphEdge& edge : graph.job_edges) {
    out += fmt::format("  s{} -> s{} [ltail=cluster_{}, lhead=cluster_{}{}];\n",
                       graph.jobs[edge.from].steps.back(), graph.jobs[edge.to].steps.front(),
                       edge.from, edge.to, edge_look(edge));
  }
  return out + "}\n";
}

}  // namespace swamp::render::graph
