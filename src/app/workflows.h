#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/session.h"
#include "spec/validate.h"
#include "spec/workflow.h"

// What people ask of workflows: their files and what became of their runs.
namespace swamp::app {

struct FoundWorkflow {
  std::shared_ptr<const spec::Workflow> workflow;
  std::string path;  // absolute
};
/// By name or id. Fails with not_found, code name `workflow_not_found`.
Result<FoundWorkflow> find_workflow(Session& session, std::string_view name_or_id);

/// Writes a file with one job and one step to begin with. Fails with conflict when the name is
/// taken.
Result<FoundWorkflow> create_workflow(Session& session, std::string_view name);

Result<std::vector<const repo::DocumentEntry*>> search_workflows(Session& session,
                                                                 std::string_view query);

/// Replaces the file by `text`, when that is a valid workflow; the id stays what it was.
Result<FoundWorkflow> replace_workflow(Session& session, std::string_view workflow,
                                       std::string text);
/// Checks a file after somebody edited it.
Result<FoundWorkflow> recheck_workflow(Session& session, std::string_view workflow);

struct DeletedWorkflow {
  FoundWorkflow workflow;
  std::size_t runs_deleted = 0;
};
/// Removes a workflow with its runs. Fails with conflict while one of them is alive.
Result<DeletedWorkflow> delete_workflow(Session& session, std::string_view workflow);

struct ValidatedWorkflow {
  std::string id;
  std::string name;
  std::vector<spec::Finding> findings;
  bool passed() const { return spec::all_passed(findings); }
};
Result<ValidatedWorkflow> validate_workflow(Session& session, std::string_view workflow);
/// All workflows, files that cannot be read as failed ones.
Result<std::vector<ValidatedWorkflow>> validate_all_workflows(Session& session);

}  // namespace swamp::app
