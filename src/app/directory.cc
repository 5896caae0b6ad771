#include "app/directory.h"

#include <fmt/format.h>

#include "os/directory.h"
#include "os/file.h"
#include "repo/document_files.h"
#include "spec/definition_yaml.h"
#include "spec/workflow_yaml.h"

namespace swamp::app {
namespace {

std::shared_ptr<const spec::TypeShape> shape_of(const model::Type& type) {
  auto shape = std::make_shared<spec::TypeShape>();
  shape->name = type.normalized;
  shape->global_arguments = type.global_arguments_schema;
  for (const model::Method& method : type.methods) {
    shape->methods.push_back({method.name, method.arguments_schema});
  }
  for (const model::ResourceSpec& resource : type.resources) {
    shape->resources.push_back({resource.name, resource.schema});
  }
  for (const model::FileSpec& file : type.files) {
    shape->files.push_back(file.name);
  }
  return shape;
}

std::vector<std::string> names_of(const std::vector<const repo::DocumentEntry*>& entries) {
  std::vector<std::string> names;
  for (const repo::DocumentEntry* entry : entries) {
    names.push_back(entry->name);
  }
  return names;
}

Error not_evaluated(std::string_view noun, const std::string& name) {
  return {.code = ErrorCode::invalid_input,
          .message = fmt::format("{} '{}' has not been evaluated yet", noun, name),
          .hint = fmt::format("swamp {} evaluate {}", noun, name),
          .name = "no_evaluated_definition"};
}

}  // namespace

Result<std::shared_ptr<const spec::TypeShape>> RepositoryDirectory::find_type(
    const spec::TypeName& type) const {
  if (auto known = shapes_.find(type.normalized); known != shapes_.end()) return known->second;
  SWAMP_TRY(auto found, session_.types().require(type.normalized));
  auto shape = shape_of(*found);
  shapes_.emplace(type.normalized, shape);
  return shape;
}

Result<std::shared_ptr<const spec::Definition>> RepositoryDirectory::find_definition(
    std::string_view name_or_id) const {
  return definitions_ == Definitions::last_evaluated ? find_evaluated_definition(name_or_id)
                                                     : find_written(name_or_id);
}

Result<std::shared_ptr<const spec::Definition>> RepositoryDirectory::find_written(
    std::string_view name_or_id) const {
  SWAMP_TRY(auto* documents, session_.documents());
  SWAMP_TRY(auto definition, documents->find_definition(name_or_id));
  const auto replaced = replaced_.find(definition->id);
  return replaced == replaced_.end() ? definition : replaced->second;
}

void RepositoryDirectory::replace(std::shared_ptr<const spec::Definition> definition) {
  const std::string id = definition->id;
  replaced_[id] = std::move(definition);
}

Result<std::shared_ptr<const spec::Workflow>> RepositoryDirectory::find_workflow(
    std::string_view name_or_id) const {
  SWAMP_TRY(auto* documents, session_.documents());
  return documents->find_workflow(name_or_id);
}

std::vector<std::string> RepositoryDirectory::definition_names() const {
  auto documents = session_.documents();
  return documents
             ? names_of((*documents)->index().definitions(repo::DocumentIndex::AutoMade::shown))
             : std::vector<std::string>();
}

std::vector<std::string> RepositoryDirectory::workflow_names() const {
  auto documents = session_.documents();
  return documents ? names_of((*documents)->index().workflows()) : std::vector<std::string>();
}

std::vector<std::string> RepositoryDirectory::driver_names() const {
  return {"raw", "docker"};  // that have a meaning; which of them run here is for others to say
}

Result<std::shared_ptr<const spec::Definition>> RepositoryDirectory::add_auto_definition(
    spec::Definition definition) {
  SWAMP_TRY(auto* documents, session_.documents());
  return documents->add_auto_definition(definition);
}

std::filesystem::path RepositoryDirectory::evaluated_path(
    const spec::Definition& definition) const {
  return repo::definition_path(session_.repo().definitions_evaluated(), definition.type,
                               definition.name, definition.id);
}

std::filesystem::path RepositoryDirectory::evaluated_path(const spec::Workflow& workflow) const {
  return session_.repo().workflows_evaluated() /
         repo::workflow_file_name(workflow.name, workflow.id);
}

Result<std::shared_ptr<const spec::Definition>> RepositoryDirectory::find_evaluated_definition(
    std::string_view name) const {
  SWAMP_TRY(auto definition, find_written(name));
  auto evaluated = repo::read_definition_file(
      session_.repo(), session_.repo().relative(evaluated_path(*definition)));
  if (evaluated) return std::make_shared<const spec::Definition>(*std::move(evaluated));
  if (evaluated.error().code != ErrorCode::not_found) return fail(std::move(evaluated).error());
  return fail(not_evaluated("model", definition->name));
}

Result<std::shared_ptr<const spec::Workflow>> RepositoryDirectory::find_evaluated_workflow(
    std::string_view name) const {
  SWAMP_TRY(auto workflow, find_workflow(name));
  auto evaluated = repo::read_workflow_file(session_.repo(),
                                            session_.repo().relative(evaluated_path(*workflow)));
  if (evaluated) return std::make_shared<const spec::Workflow>(*std::move(evaluated));
  if (evaluated.error().code != ErrorCode::not_found) return fail(std::move(evaluated).error());
  return fail(not_evaluated("workflow", workflow->name));
}

Result<> RepositoryDirectory::save_evaluated_definition(const spec::Definition& definition) {
  if (definitions_ == Definitions::last_evaluated) return {};
  const auto path = evaluated_path(definition);
  std::string text = spec::encode_definition(definition);
  // Most steps of a run evaluate the definition that they share to the same.
  std::string& saved = saved_[path];
  if (saved == text) return {};
  if (saved.empty()) SWAMP_CHECK(os::make_directories(path.parent_path()));
  SWAMP_CHECK(os::write_file_atomically(path, text));
  saved = std::move(text);
  return {};
}

Result<> RepositoryDirectory::save_evaluated_workflow(const spec::Workflow& workflow,
                                                      Value evaluated) const {
  const auto path = evaluated_path(workflow);
  SWAMP_CHECK(os::make_directories(path.parent_path()));
  return os::write_file_atomically(path, spec::encode_workflow({.document = std::move(evaluated)}));
}

}  // namespace swamp::app
