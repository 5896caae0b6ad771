#include "app/workflow_graph.h"

#include <fmt/format.h>

#include "cli/answer.h"
#include "cli/graph_view.h"
#include "cli/open_session.h"
#include "cli/usage_error.h"
#include "os/file.h"
#include "render/graph/formats.h"

namespace swamp::cli {
namespace {

using Type = Option::Type;

constexpr Argument kArguments[] = {
    {"workflow_or_run",
     "name or id of a workflow, or the id of a run (3 digits or more are enough)",
     Argument::Need::optional}};
constexpr Option kOptions[] = {
    {.name = "run",
     .type = Type::text,
     .value = "id",
     .doc = "what became of it in this run",
     .conflicts = "last"},
    {.name = "last", .doc = "what became of it in its latest run"},
    {.name = "format",
     .type = Type::text,
     .value = "format",
     .doc = "a drawing for the terminal, or a text for other programs",
     .choices = "text|mermaid|dot|svg",
     .default_value = "text"},
    {.name = "out",
     .type = Type::text,
     .value = "file",
     .doc = "write it there; with --json the document is printed besides"},
    {.name = "compact", .doc = "one row a step, however few there are"},
    {.name = "ascii", .doc = "draw with - | + only"},
    {.name = "width",
     .type = Type::number,
     .value = "columns",
     .doc = "how wide the drawing may be, instead of the terminal's width",
     .least = 20},
};
constexpr Example kExamples[] = {
    {"swamp workflow graph release", "what waits for what"},
    {"swamp workflow graph release --last", "what became of it, and what took the time"},
    {"swamp workflow graph 3f9a --format svg --out run.svg", "a run as a picture"},
    {"swamp workflow graph release --format mermaid", "for a README"},
};

std::string drawing(const Invocation& invocation, const Io& io,
                    const engine::WorkflowGraph& graph) {
  const std::string_view format = *invocation.text("format");
  if (format == "mermaid") return render::graph::graph_mermaid(graph);
  if (format == "dot") return render::graph::graph_dot(graph);
  if (format == "svg") return render::graph::graph_svg(graph);
  render::graph::TextOptions options;
  if (invocation.has("out")) {
    options.width = 100;
    options.all_rounds = invocation.globals().verbose;
  } else {
    options = graph_options(invocation, io);
  }
  if (invocation.has("ascii")) options.glyphs = render::graph::Glyphs::ascii;
  if (invocation.has("compact")) options.form = render::graph::TextOptions::Form::rows;
  if (const auto width = invocation.number("width"))
    options.width = static_cast<std::size_t>(*width);
  return render::graph::graph_text(graph, options);
}

Result<ExitCode> run(const Invocation& invocation, Io& io) {
  const std::string name(invocation.find_argument("workflow_or_run").value_or(""));
  const std::string run_id(invocation.text("run").value_or(""));
  const auto out = invocation.text("out");
  if (name.empty() && run_id.empty())
    return usage_error("which workflow or run?", "'swamp workflow search' lists the workflows");
  if (invocation.json() && !out && *invocation.text("format") != "text")
    return usage_error("--json prints a document of its own",
                       "say with --out where the other text goes");
  SWAMP_TRY(auto session, open_session(invocation, io));
  SWAMP_TRY(
      const auto graph,
      app::find_graph(*session, {.name = name, .run = run_id, .last = invocation.has("last")}));
  if (!out) {
    if (invocation.json()) return answer(invocation, io, render::graph::graph_document(graph), "");
    return answer(invocation, io, Value(), drawing(invocation, io, graph));
  }
  const auto path = io.directory() / std::string(*out);
  SWAMP_CHECK(os::write_file_atomically(path, drawing(invocation, io, graph)));
  return answer(invocation, io, render::graph::graph_document(graph),
                fmt::format("Wrote {}.\n", *out));
}

}  // namespace

extern constexpr Command kWorkflowGraphCommand = {
    .path = "workflow graph",
    .summary = "Draw a workflow or a run",
    .arguments = kArguments,
    .options = kOptions,
    .shared = Shared::repo | Shared::server | Shared::ca_cert,
    .examples = kExamples,
    .run = run,
};

}  // namespace swamp::cli
