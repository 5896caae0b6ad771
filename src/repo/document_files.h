#pragma once

#include <string>

#include "base/result.h"
#include "repo/repo.h"
#include "spec/definition.h"
#include "spec/workflow.h"

namespace swamp::repo {

/// Reads one file of the repository; `path` is relative to it and what messages call it. Besides
/// what is wrong with the document, fails when the file cannot be read. A definition that names no
/// type is of the type that its folder stands for.
Result<spec::Definition> read_definition_file(const Repo& repo, const std::string& path);
Result<spec::Workflow> read_workflow_file(const Repo& repo, const std::string& path);

}  // namespace swamp::repo
