#include <fmt/format.h>

#include "render/graph/formats.h"
#include "render/graph/labels.h"
#include "render/text.h"

namespace swamp::render::graph {
namespace {

constexpr std::size_t kMostRounds = 12;

/// A text within `"…"`: what Mermaid would read as its own or as HTML is written as an entity.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::string_view("\"#&<>`\\").find(c) == std::string_view::npos) {
      out += c;
    } else {
      out += fmt::format("#{};", static_cast<int>(static_cast<unsigned char>(c)));
    }
  }
  return out;
}

std::string text_of(const StepLabel& label) {
  std::string text = "<b>" + escaped(with_sign(label.mark, label.name)) + "</b>";
  const auto add = [&](const std::string& line) {
    if (!line.empty()) text += "<br/>" + escaped(line);
  };
  add(label.outcome);
  for (const std::string& line : lines_below(label, " "))
    add(line);
  return text;
}

/// Gates are hexagons, nested workflows double boxes, asserts rounded.
std::string node_of(const engine::GraphStep& step, const std::string& text) {
  if (step.task == "manual_approval") return fmt::format("{{{{\"{}\"}}}}", text);
  if (step.task == "workflow") return fmt::format("[[\"{}\"]]", text);
  if (step.task == "assert") return fmt::format("([\"{}\"])", text);
  return fmt::format("[\"{}\"]", text);
}

std::string arrow_of(const engine::GraphEdge& edge) {
  const std::string label = printable(label_of(edge));
  const std::string_view arrow = edge.critical ? "==>" : "-->";
  return label.empty() ? std::string(arrow) : fmt::format("{}|\"{}\"|", arrow, escaped(label));
}

/// Of the class of a state; empty: of none.
std::string_view class_of(const std::optional<engine::GraphState>& state) {
  if (!state) return {};
  switch (state->status) {
    case store::RunStatus::succeeded:
      return "succeeded";
    case store::RunStatus::failed:
      return state->allowed_failure ? "allowed" : "failed";
    case store::RunStatus::cancelled:
      return "failed";
    case store::RunStatus::running:
      return "running";
    case store::RunStatus::waiting_approval:
    case store::RunStatus::suspended:
      return "waiting";
    case store::RunStatus::skipped:
    case store::RunStatus::pending:
      return "idle";
  }
  return {};
}

constexpr std::string_view kClasses =
    "  classDef succeeded fill:#dafbe1,stroke:#1a7f37,color:#0b3d1a\n"
    "  classDef failed fill:#ffebe9,stroke:#cf222e,color:#5c0d14\n"
    "  classDef allowed fill:#fff8c5,stroke:#9a6700,color:#4d3800\n"
    "  classDef running fill:#ddf4ff,stroke:#0969da,color:#0a3069\n"
    "  classDef waiting fill:#fff8c5,stroke:#9a6700,color:#4d3800\n"
    "  classDef idle fill:#f6f8fa,stroke:#8c959f,color:#57606a\n"
    "  classDef critical stroke-width:3px\n";

}  // namespace

std::string graph_mermaid(const engine::WorkflowGraph& graph) {
  std::string out = fmt::format("---\ntitle: \"{}\"\n---\nflowchart LR\n",
                                escaped(printable(graph.workflow_name)));
  std::string classes;
  for (std::size_t i = 0; i < graph.jobs.size(); ++i) {
    const engine::GraphJob& job = graph.jobs[i];
    out += fmt::format("  subgraph j{}[\"{}\"]\n", i, escaped(title_of(job, " ")));
    for (const std::size_t index : job.steps) {
      const engine::GraphStep& step = graph.steps[index];
      out += fmt::format("    s{}{}\n", index, node_of(step, text_of(label_of(step, kMostRounds))));
      if (const auto name_of_class = class_of(step.state); !name_of_class.empty())
        classes += fmt::format("  class s{} {}\n", index, name_of_class);
      if (step.state && step.state->critical)
        classes += fmt::format("  class s{} critical\n", index);
    }
    out += "  end\n";
  }
  for (const engine::GraphEdge& edge : graph.step_edges)
    out += fmt::format("  s{} {} s{}\n", edge.from, arrow_of(edge), edge.to);
  for (const engine::GraphEdge& edge : graph.job_edges)
    out += fmt::format("  j{} {} j{}\n", edge.from, arrow_of(edge), edge.to);
  if (graph.run) out.append(kClasses).append(classes);
  return out;
}

}  // namespace swamp::render::graph
