#pragma once

#include <functional>

#include "spec/workflow.h"

namespace swamp::spec {

/// Everything of a step in which expressions may stand, in no particular order: its own fields,
/// those of its task, of its outputs, caches and overrides. Absent fields are left out, the bare
/// expression of an assert too.
void visit_fields(const Step& step, const std::function<void(const Field&)>& visit);

/// The same of a job without its steps, and of a workflow without its jobs and its trigger.
void visit_fields(const Job& job, const std::function<void(const Field&)>& visit);
void visit_fields(const Workflow& workflow, const std::function<void(const Field&)>& visit);

}  // namespace swamp::spec
