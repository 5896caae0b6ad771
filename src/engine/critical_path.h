#pragma once

#include <optional>

#include "engine/workflow_graph.h"

namespace swamp::engine {

/// Finds the chain of steps that determined how long a run took, from the times on its nodes, and
/// marks its nodes and edges.
///
/// It ends with the step that ended last, and goes back from each step to what kept it waiting: of
/// what it needs (in its job, and of the jobs that its job needs) that which ended last, or, where
/// a cap on concurrency held it back, the step that made room. What was skipped took no time: the
/// chain passes through it. Running steps count as ended `now`; without `now` they do not count.
void mark_critical_path(WorkflowGraph& graph, std::optional<Timestamp> now);

}  // namespace swamp::engine
