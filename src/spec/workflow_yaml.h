#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "spec/workflow.h"
#include "yaml/document.h"

namespace swamp::spec {

/// Reads a workflow. Fails with invalid_input and every problem of the file in order of place:
/// unknown keys, wrong types, missing keys, numbers out of range, two alternatives where one may
/// be. What needs the syntax of expressions or other documents is for validate_workflow() to say.
Result<Workflow> decode_workflow(const yaml::Document& document);

/// The same of a document made in memory; places point into the YAML that it would be written as.
Result<Workflow> make_workflow(const Value& document);

/// The file of a workflow: its document with the keys of workflow, jobs and steps in the original's
/// order. Reading it gives an equal workflow.
std::string encode_workflow(const Workflow& workflow);

/// What `workflow create` writes: one job `main` with one step `example`, all defaults spelled out.
Value new_workflow_document(std::string_view id, std::string_view name);

}  // namespace swamp::spec
