#include "app/catalogue.h"

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

}  // namespace

Result<std::shared_ptr<const spec::TypeShape>> RepositoryCatalogue::find_type(const spec::TypeName& type) const {
  if (auto known = shapes_.find(type.normalized); known != shapes_.end()) return known->second;
  SWAMP_TRY(auto found, session_.types().require(type.normalized));
  auto shape = shape_of(*found);
  shapes_.emplace(type.normalized, shape);
  return shape;
}

Result<std::shared_ptr<const spec::Definition>> RepositoryCatalogue::find_definition(std::string_view name_or_id) const {
  SWAMP_TRY(auto* documents, session_.documents());
  return documents->find_definition(name_or_id);
}

Result<std::shared_ptr<const spec::Workflow>> RepositoryCatalogue::find_workflow(std::string_view name_or_id) const {
  SWAMP_TRY(auto* documents, session_.documents());
  return documents->find_workflow(name_or_id);
}

std::vector<std::string> RepositoryCatalogue::definition_names() const {
  auto documents = session_.documents();
  return documents ? names_of((*documents)->index().definitions(repo::DocumentIndex::AutoMade::shown)) : std::vector<std::string>();
}

std::vector<std::string> RepositoryCatalogue::workflow_names() const {
  auto documents = session_.documents();
  return documents ? names_of((*documents)->index().workflows()) : std::vector<std::string>();
}

std::vector<std::string> RepositoryCatalogue::driver_names() const { return {"raw"}; }

}  // namespace swamp::app
