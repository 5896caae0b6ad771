#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "engine/plan.h"
#include "store/run_record.h"

// A workflow as a graph to look at, and what became of its nodes in a run: plain data, made for
// those who draw or count.
namespace swamp::engine {

/// What a run made of a node.
struct GraphState {
  store::RunStatus status = store::RunStatus::pending;
  std::optional<Timestamp> started_at = std::nullopt;
  std::optional<Timestamp> ended_at = std::nullopt;
  std::string reason = {};       // `guarded`, `dependency`, `timeout`, …
  std::uint32_t attempts = 0;    // above 1: it was tried again
  bool allowed_failure = false;  // it failed, and that does not count
  bool critical = false;         // it lies on the critical path

  /// Absent where it never began, or its end is not known.
  std::optional<std::chrono::milliseconds> duration() const;
};

/// `to` waits for `from`, both indexes into the steps or into the jobs of the graph.
struct GraphEdge {
  std::size_t from = 0;
  std::size_t to = 0;
  spec::Condition condition = {};
  bool critical = false;
};

/// One round of a forEach whose list is known.
struct GraphIteration {
  std::string name;
  GraphState state = {};
};

struct GraphStep {
  std::string name;     // as written
  std::size_t job = 0;  // an index
  std::string task;  // `model_method`, `workflow`, …; empty: the file does not have it any more
  std::string what;  // what it does: `command/shell execute`, a workflow, a prompt, an assertion
  std::string item;  // of a forEach: what an element is called
  std::string for_each;  // of a forEach: its list as written
  std::string guard;     // as written: true skips the step
  bool allow_failure = false;
  int attempts = 1;                                // at most
  std::optional<int> concurrency = std::nullopt;   // of its rounds
  std::optional<GraphState> state = std::nullopt;  // of a forEach: what became of all its rounds
  bool is_expanded = false;                        // the list of the forEach is known
  std::vector<GraphIteration> iterations = {};
};

struct GraphJob {
  std::string name;
  std::vector<std::size_t> steps = {};            // indexes, in the order of the file
  std::optional<int> concurrency = std::nullopt;  // of its steps
  bool is_in_file = true;
  std::optional<GraphState> state = std::nullopt;
};

/// A link of the critical path: a step, or one round of it.
struct CriticalLink {
  std::size_t step = 0;
  std::optional<std::size_t> iteration = std::nullopt;
  /// How long it might have started earlier: since what it waited for had ended.
  std::chrono::milliseconds waited{0};
  std::chrono::milliseconds duration{0};
};

struct GraphRun {
  std::string id;
  store::RunStatus status = store::RunStatus::pending;
  std::optional<Timestamp> started_at = std::nullopt;
  std::optional<Timestamp> ended_at = std::nullopt;
  bool interrupted = false;  // it says running, but its process is gone
};

struct WorkflowGraph {
  std::string workflow_id;
  std::string workflow_name;
  std::optional<int> concurrency = std::nullopt;  // of its jobs
  std::vector<GraphJob> jobs;
  std::vector<GraphStep> steps;
  std::vector<GraphEdge> job_edges;   // between jobs
  std::vector<GraphEdge> step_edges;  // between steps of one job
  std::optional<GraphRun> run = std::nullopt;
  std::vector<CriticalLink> critical_path = {};  // of a run, in order of time
};

/// The graph of a workflow as its file says it.
WorkflowGraph graph_of(const Plan& plan);

/// The same with what became of it in a run. What the record has and the file has no more stands
/// beside it, without edges; what is new in the file is pending. `plan` is null when the workflow
/// is gone. `now` is how far nodes that are running have come; absent: nothing runs.
WorkflowGraph graph_of_run(const Plan* plan, const store::RunRecord& record,
                           std::optional<Timestamp> now);

}  // namespace swamp::engine
