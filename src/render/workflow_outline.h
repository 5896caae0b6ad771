#pragma once

#include <string>

#include "render/style.h"
#include "spec/workflow.h"

namespace swamp::render {

/// A workflow's jobs and steps in an order in which they could run, each with what it waits for:
///
///     Job: build
///       compile - model
///       docs - model      each of ${{ inputs.pages }}
///       test - assert     after compile, docs (failed)
///
/// Jobs and steps that wait for each other stand at the end, in the order of the file.
std::string workflow_outline(const spec::Workflow& workflow, Style style);

}  // namespace swamp::render
