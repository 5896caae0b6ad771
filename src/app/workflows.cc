#include "app/workflows.h"

#include <fmt/format.h>

#include "app/directory.h"
#include "app/mending.h"
#include "engine/checks.h"
#include "os/directory.h"
#include "os/file.h"
#include "spec/workflow_yaml.h"
#include "store/journal.h"
#include "store/journal_folder.h"
#include "yaml/parse.h"

namespace swamp::app {
namespace {

/// What is wrong with a file that the index skipped, when that is the file that is meant.
const Error* find_broken(const repo::Documents& documents, std::string_view name) {
  const std::string path = fmt::format("workflows/workflow-{}.yaml", name);
  for (const Error& broken : documents.index().warnings()) {
    const bool has_place = broken.where && broken.where->source;
    // A file that could not even be read has no place, only its path in the message.
    if (has_place ? broken.where->source->name == path
                  : broken.message.find(path + "'") != std::string::npos)
      return &broken;
  }
  return nullptr;
}

Result<const repo::DocumentEntry*> find_entry(Session& session, std::string_view name_or_id) {
  SWAMP_TRY(auto* documents, session.documents());
  auto entry = documents->index().find_workflow(name_or_id);
  if (entry || entry.error().code != ErrorCode::not_found) return entry;
  if (const Error* broken = find_broken(*documents, name_or_id)) {
    session.was_told(*broken);
    Error error = *broken;
    error.name = "workflow_load_failed";
    return fail(std::move(error).while_doing(fmt::format("reading workflow '{}'", name_or_id)));
  }
  return entry;
}

}  // namespace

Result<FoundWorkflow> find_workflow(Session& session, std::string_view name_or_id) {
  SWAMP_TRY(const auto* entry, find_entry(session, name_or_id));
  SWAMP_TRY(auto* documents, session.documents());
  FoundWorkflow found{.path = (session.repo().root() / entry->path).string()};
  SWAMP_TRY(found.workflow, documents->find_workflow(entry->id));
  return found;
}

Result<FoundWorkflow> create_workflow(Session& session, std::string_view name) {
  SWAMP_CHECK(spec::check_new_workflow_name(name));
  SWAMP_TRY(auto workflow,
            spec::make_workflow(spec::new_workflow_document(session.ids().uuid(), name)));
  SWAMP_TRY(auto* documents, session.documents());
  SWAMP_TRY(auto path, documents->save_workflow(workflow));
  return FoundWorkflow{.workflow = std::make_shared<const spec::Workflow>(std::move(workflow)),
                       .path = (session.repo().root() / path).string()};
}

Result<std::vector<const repo::DocumentEntry*>> search_workflows(Session& session,
                                                                 std::string_view query) {
  SWAMP_TRY(auto* documents, session.documents());
  std::vector<const repo::DocumentEntry*> found;
  for (const repo::DocumentEntry* entry : documents->index().workflows()) {
    if (repo::matches(*entry, query)) found.push_back(entry);
  }
  return found;
}

Result<FoundWorkflow> replace_workflow(Session& session, std::string_view workflow,
                                       std::string text) {
  SWAMP_TRY(auto* documents, session.documents());
  SWAMP_TRY(const auto* entry, find_entry(session, workflow));
  SWAMP_TRY(auto parsed, yaml::parse(text, entry->path));
  SWAMP_TRY(auto decoded, spec::decode_workflow(parsed));
  const std::string id = entry->id;
  if (decoded.id == id) {
    SWAMP_CHECK(documents->replace_text(*entry, std::move(text)));
  } else {
    // The id of what was piped in does not count: runs and data know this workflow by the one it
    // has.
    Value document = decoded.document;
    document.mutable_map().set("id", id);
    SWAMP_TRY(auto renamed, spec::make_workflow(document));
    SWAMP_CHECK(documents->save_workflow(renamed));
  }
  return find_workflow(session, id);
}

Result<FoundWorkflow> recheck_workflow(Session& session, std::string_view workflow) {
  SWAMP_TRY(const auto* entry, find_entry(session, workflow));
  SWAMP_TRY(auto text, os::read_file(session.repo().root() / entry->path));
  return replace_workflow(session, workflow, std::move(text));
}

Result<DeletedWorkflow> delete_workflow(Session& session, std::string_view workflow) {
  SWAMP_CHECK(mend_left_runs(session));
  DeletedWorkflow deleted;
  SWAMP_TRY(const auto* entry, find_entry(session, workflow));
  SWAMP_TRY(deleted.workflow, find_workflow(session, workflow));
  const auto runs = session.runs().list(entry->id).runs;
  for (const store::RunSummary& run : runs) {
    SWAMP_TRY(const bool alive, store::is_alive(session.layout().journal(run.id)));
    if (!alive) continue;
    return fail(ErrorCode::conflict,
                fmt::format("run {} of '{}' is still going on", run.id, entry->name),
                fmt::format("wait for it, or end it with 'swamp workflow cancel {}'", entry->name));
  }
  for (const store::RunSummary& run : runs) {
    SWAMP_CHECK(session.runs().remove(run.workflow_id, run.id));
    // Else the run would come back with it when the machine has started anew.
    const store::Layout& layout = session.layout();
    SWAMP_CHECK(store::forget_journal(layout.journal(run.id), layout.data));
    SWAMP_CHECK(os::remove_tree(layout.run_private(run.id)));
    ++deleted.runs_deleted;
  }
  SWAMP_CHECK(os::remove_file(session.repo().workflows_evaluated() /
                              repo::workflow_file_name(entry->name, entry->id)));
  SWAMP_TRY(auto* documents, session.documents());
  SWAMP_CHECK(documents->remove(*entry));
  return deleted;
}

namespace {

/// Everything that can be said of a workflow, the limits of this version included.
std::vector<spec::Finding> findings_of(const spec::Workflow& workflow,
                                       const RepositoryDirectory& directory) {
  auto findings = spec::validate_workflow(workflow, directory);
  spec::Finding row{.check = "Keys that this version can run"};
  if (auto problems = engine::unavailable_keys(workflow); !problems.empty()) {
    row.warning = true;
    row.error = combine(std::move(problems));
  }
  findings.push_back(std::move(row));
  return findings;
}

}  // namespace

Result<ValidatedWorkflow> validate_workflow(Session& session, std::string_view name) {
  SWAMP_TRY(auto found, find_workflow(session, name));
  return ValidatedWorkflow{.id = found.workflow->id,
                           .name = found.workflow->name,
                           .findings = findings_of(*found.workflow, RepositoryDirectory(session))};
}

Result<std::vector<ValidatedWorkflow>> validate_all_workflows(Session& session) {
  SWAMP_TRY(auto* documents, session.documents());
  const RepositoryDirectory directory(session);
  std::vector<ValidatedWorkflow> all;
  for (const repo::DocumentEntry* entry : documents->index().workflows()) {
    ValidatedWorkflow one{.id = entry->id, .name = entry->name};
    if (auto workflow = documents->find_workflow(entry->id)) {
      one.findings = findings_of(**workflow, directory);
    } else {
      one.findings = {{.check = "Schema validation", .passed = false, .error = workflow.error()}};
    }
    all.push_back(std::move(one));
  }
  for (const Error& broken : documents->index().warnings()) {
    const std::string file = broken.where && broken.where->source ? broken.where->source->name : "";
    if (file.rfind("workflows/", 0) != 0) continue;
    session.was_told(broken);
    all.push_back({.name = file,
                   .findings = {{.check = "Schema validation", .passed = false, .error = broken}}});
  }
  return all;
}

}  // namespace swamp::app
