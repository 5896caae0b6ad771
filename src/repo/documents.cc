#include "repo/documents.h"

#include <algorithm>

#include <fmt/format.h>

#include "os/directory.h"
#include "os/file.h"
#include "os/safe_path.h"
#include "repo/document_files.h"
#include "repo/index_scan.h"
#include "spec/definition_yaml.h"
#include "spec/workflow_yaml.h"
#include "yaml/parse.h"

namespace swamp::repo {
namespace fs = std::filesystem;
namespace {

fs::path folder_of(const Repo& repo, DocumentKind kind) {
  switch (kind) {
    case DocumentKind::definition:
      return repo.models();
    case DocumentKind::auto_definition:
      return repo.auto_definitions();
    case DocumentKind::workflow:
      return repo.workflows();
  }
  return {};
}

std::string path_of(const Repo& repo, DocumentKind kind, const spec::Definition& definition) {
  return repo.relative(
      definition_path(folder_of(repo, kind), definition.type, definition.name, definition.id));
}

std::string path_of(const Repo& repo, const spec::Workflow& workflow) {
  return repo.relative(repo.workflows() / workflow_file_name(workflow.name, workflow.id));
}

}  // namespace

Result<Documents> Documents::open(const Repo& repo, DocumentIndex::File index_file) {
  SWAMP_TRY(auto index, DocumentIndex::open(repo, index_file));
  return Documents(repo, std::move(index));
}

Result<std::shared_ptr<const spec::Definition>> Documents::find_definition(
    std::string_view name_or_id) {
  SWAMP_TRY(const auto* entry, index_.find_definition(name_or_id));
  if (const auto known = read_.definitions.find(entry->path); known != read_.definitions.end())
    return known->second;
  SWAMP_TRY(auto definition, read_definition_file(*repo_, entry->path));
  auto shared = std::make_shared<const spec::Definition>(std::move(definition));
  return read_.definitions.emplace(entry->path, std::move(shared)).first->second;
}

Result<std::shared_ptr<const spec::Workflow>> Documents::find_workflow(
    std::string_view name_or_id) {
  SWAMP_TRY(const auto* entry, index_.find_workflow(name_or_id));
  if (const auto known = read_.workflows.find(entry->path); known != read_.workflows.end())
    return known->second;
  SWAMP_TRY(auto workflow, read_workflow_file(*repo_, entry->path));
  auto shared = std::make_shared<const spec::Workflow>(std::move(workflow));
  return read_.workflows.emplace(entry->path, std::move(shared)).first->second;
}

Result<std::string> Documents::save_definition(const spec::Definition& definition) {
  constexpr auto kKind = DocumentKind::definition;
  return save(kKind, path_of(*repo_, kKind, definition), definition.id, definition.name,
              spec::encode_definition(definition));
}

Result<std::shared_ptr<const spec::Definition>> Documents::add_auto_definition(
    const spec::Definition& definition) {
  constexpr auto kKind = DocumentKind::auto_definition;
  const auto path = path_of(*repo_, kKind, definition);
  SWAMP_TRY(const auto file, prepare(kKind, path, definition.id, definition.name));
  // The file system arbitrates between processes: whoever makes the file has made the definition.
  auto made = os::write_new_file(file, spec::encode_definition(definition), os::Durability::synced);
  if (!made && made.error().code != ErrorCode::conflict) return fail(std::move(made).error());
  SWAMP_CHECK(take_in(kKind, path));
  return find_definition(definition.name);
}

Result<std::string> Documents::save_workflow(const spec::Workflow& workflow) {
  return save(DocumentKind::workflow, path_of(*repo_, workflow), workflow.id, workflow.name,
              spec::encode_workflow(workflow));
}

Result<> Documents::check_name_is_free(DocumentKind kind, std::string_view id,
                                       std::string_view name) const {
  const bool workflow = kind == DocumentKind::workflow;
  const auto found = workflow ? index_.find_workflow(name) : index_.find_definition(name);
  if (!found && found.error().code == ErrorCode::not_found) return {};
  if (!found) return fail(found.error());
  const auto& other = **found;
  // A run's own copy gives way to what a person writes.
  if (other.name != name || other.id == id ||
      (kind == DocumentKind::definition && other.kind == DocumentKind::auto_definition)) {
    return {};
  }
  return fail(ErrorCode::conflict,
              fmt::format("a {} '{}' already exists: '{}'", workflow ? "workflow" : "model", name,
                          other.path),
              "choose another name");
}

Result<std::string> Documents::save(DocumentKind kind, const std::string& path, std::string_view id,
                                    std::string_view name, std::string_view text) {
  SWAMP_TRY(const auto file, prepare(kind, path, id, name));
  std::vector<std::string> old_paths;
  for (const auto* entry : index_.with_id(kind, id)) {
    if (entry->path != path) old_paths.push_back(entry->path);
  }
  SWAMP_CHECK(os::write_file_atomically(file, text, os::Durability::synced));
  for (const auto& old : old_paths)
    SWAMP_CHECK(remove_file(old));
  SWAMP_CHECK(take_in(kind, path));
  return path;
}

/// The file of a document that is about to be written, whose folder is there then.
Result<fs::path> Documents::prepare(DocumentKind kind, const std::string& path, std::string_view id,
                                    std::string_view name) const {
  SWAMP_CHECK(check_name_is_free(kind, id, name));
  auto file = repo_->root() / path;
  SWAMP_CHECK(os::safe_path(repo_->root(), file));
  SWAMP_CHECK(os::make_durable_directories(file.parent_path()));
  return file;
}

/// What has been written to `path`, by whomever. Fails when it cannot be read.
Result<> Documents::take_in(DocumentKind kind, const std::string& path) {
  read_.definitions.erase(path);
  read_.workflows.erase(path);
  SWAMP_TRY(const auto identity, os::identity_of(repo_->root() / path));
  std::vector<Error> problems;
  auto entry = read_entry(*repo_, kind, path, identity, problems, read_);
  if (entry.broken) return fail(std::move(problems.front()));
  index_.update(std::move(entry));
  return {};
}

Result<> Documents::remove(const DocumentEntry& entry) {
  const auto path = entry.path;  // the entry goes with the file
  return remove_file(path);
}

Result<> Documents::remove_file(const std::string& path) {
  SWAMP_CHECK(os::remove_file(repo_->root() / path));
  index_.remove(path);
  read_.definitions.erase(path);
  read_.workflows.erase(path);
  // Folders of types are made with their first definition, and go with the last.
  const std::vector<fs::path> kept{repo_->models(), repo_->auto_definitions(), repo_->workflows()};
  for (auto folder = (repo_->root() / path).parent_path();
       std::find(kept.begin(), kept.end(), folder) == kept.end() && folder != repo_->root();
       folder = folder.parent_path()) {
    std::error_code not_empty;
    if (!fs::remove(folder, not_empty)) break;
  }
  return {};
}

Result<std::string> Documents::replace_text(const DocumentEntry& entry, std::string text) {
  const auto old = entry;  // the index may change below
  SWAMP_TRY(const auto document, yaml::parse(text, old.path));
  std::string id;
  std::string name;
  std::string path;
  if (old.is_workflow()) {
    SWAMP_TRY(const auto workflow, spec::decode_workflow(document));
    id = workflow.id;
    name = workflow.name;
    path = path_of(*repo_, workflow);
  } else {
    SWAMP_TRY(const auto definition, spec::decode_definition(document, old.type));
    id = definition.id;
    name = definition.name;
    path = path_of(*repo_, old.kind, definition);
  }
  if (id != old.id) {
    return fail(ErrorCode::invalid_input,
                fmt::format("the id of '{}' must stay '{}', not become '{}'", old.name, old.id, id),
                "everything that is stored about it goes by its id");
  }
  return save(old.kind, path, id, name, text);
}

}  // namespace swamp::repo
