#pragma once

#include <string>

#include "app/session.h"
#include "engine/workflow_graph.h"

namespace swamp::app {

/// Whose graph is wanted.
struct FindGraph {
  std::string name = {};  // of a workflow, its id, or the id of a run or its beginning
  std::string run = {};   // a run, by its id or its beginning; `name` may then be empty
  bool last = false;      // the latest run of the workflow
};

/// The graph of a workflow, or of a run with what became of it so far; a run whose workflow is
/// gone, or cannot be read any more (a warning says so), is a graph without edges. Fails with
/// not_found, and with invalid_input when a workflow has steps that wait for each other.
Result<engine::WorkflowGraph> find_graph(Session& session, const FindGraph& request);

}  // namespace swamp::app
