#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "engine/workflow_graph.h"
#include "render/style.h"

// What is written on the nodes and edges of a graph, whatever it is drawn with.
namespace swamp::render::graph {

/// The state of a node as a sign, how it stands out, and in a word.
struct Mark {
  std::string_view sign;   // `✓`; empty: no run, no state
  std::string_view plain;  // the same in ASCII: `+`
  Ink ink = Ink::plain;
  std::string_view name;  // `succeeded`
};
Mark mark_of(const engine::GraphState* state);

/// `✓ build`; the text alone where there is no state.
std::string with_sign(const Mark& mark, std::string text);
/// `✓ build 12.3s` with `gap` before the outcome, printable.
std::string title_of(const engine::GraphJob& job, std::string_view gap);

/// How long it took, else why it did not run, else nothing.
std::string outcome_of(const engine::GraphState& state);

/// One round of a forEach.
struct RoundLabel {
  Mark mark;
  std::string name;
  std::string outcome;
  engine::GraphState state = {};
};

struct StepLabel {
  Mark mark;
  std::string name;
  std::string outcome;
  std::string task;  // `command/shell execute`, `workflow deploy`, `approval: ship it?`
  std::vector<std::string> remarks;  // `each of …`, `skip if …`, `may fail`, `up to 3 tries`
  std::vector<RoundLabel> rounds;
  std::string other_rounds;  // `12 more: 11 succeeded, 1 skipped`; empty: all are there
};

/// At most `most_rounds` rounds: those that failed or decided how long it took first, then the
/// first ones; 0: all.
StepLabel label_of(const engine::GraphStep& step, std::size_t most_rounds);

/// What stands below the name of a step: task, remarks, rounds with `gap` before their outcome.
std::vector<std::string> lines_below(const StepLabel& label, std::string_view gap);

/// What an edge waits for; empty for success, which goes without saying.
std::string label_of(const engine::GraphEdge& edge);

/// Remarks on a job: `at most 2 steps at once`.
std::vector<std::string> remarks_of(const engine::GraphJob& job);

/// `build/compile`, for a round `build/compile-linux`
std::string address_of(const engine::WorkflowGraph& graph, const engine::CriticalLink& link);

/// `12.3s`: how long the critical path took, waits included.
std::chrono::milliseconds length_of(const std::vector<engine::CriticalLink>& path);

/// `run 5dc1b13c · failed · 12.3s`; empty without a run.
std::string run_line(const engine::WorkflowGraph& graph, std::string_view dot);

}  // namespace swamp::render::graph
