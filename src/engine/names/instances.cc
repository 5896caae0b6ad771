#include "engine/names/instances.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "spec/names.h"

namespace swamp::engine {
namespace {

model::Instance instance_of(const spec::Definition& definition) {
  return {.id = definition.id, .name = definition.name, .type = definition.type.normalized};
}

/// The instances that have live data, as the catalogue knows them.
Task<std::vector<model::Instance>> instances_with_data(const NameContext& context,
                                                       store::CatalogFilter filter) {
  store::Catalog& catalog = context.services.catalog;
  SWAMP_CO_CHECK(context.artifacts.flush());
  auto look = [&catalog, filter]() { return catalog.find(filter); };
  SWAMP_CO_TRY(auto rows, co_await context.services.pool.run<std::vector<store::CatalogRow>>(look));
  std::vector<model::Instance> found;
  std::set<store::Instance> seen;
  for (const store::CatalogRow& row : rows) {
    const store::Metadata& metadata = row.artifact.metadata;
    const bool is_report = metadata.tags.get("type") == "report";
    if (is_report || !seen.insert(row.artifact.key.instance()).second) continue;
    found.push_back({.id = row.artifact.key.model_id,
                     .name = std::string(metadata.tags.get("modelName")),
                     .type = row.artifact.key.type,
                     .ephemeral = false});
  }
  co_return found;
}

}  // namespace

Task<NamedInstances> find_instances(const NameContext& context, std::string name) {
  auto definition = context.services.directory.find_definition(name);
  if (definition) {
    NamedInstances named{.definition = *definition, .instances = {instance_of(**definition)}};
    co_return named;
  }
  if (definition.error().code != ErrorCode::not_found) co_return fail(definition.error());

  NamedInstances named;
  if (context.data != nullptr) {
    if (const model::Instance* used = context.data->find_used(name)) {
      named.instances.push_back(*used);
      co_return named;
    }
  }
  store::CatalogFilter filter;
  const auto type = spec::TypeName::parse(name);
  if (type && context.services.types.find(type->normalized) != nullptr) {
    named.is_type = true;
    if (context.data != nullptr) {
      named.instances = context.data->used(type->normalized);
      co_return named;
    }
    filter.type = type->normalized;
  } else {
    filter.model_name = name;
  }
  SWAMP_CO_TRY(named.instances, co_await instances_with_data(context, std::move(filter)));
  co_return named;
}

Task<std::optional<model::Instance>> find_one_instance(const NameContext& context,
                                                       std::string name) {
  SWAMP_CO_TRY(const NamedInstances named, co_await find_instances(context, name));
  if (named.instances.empty()) co_return std::nullopt;
  if (named.instances.size() == 1) co_return named.instances.front();
  // Data of a definition that was deleted and made again: the present one has the word, and it was
  // not found.
  std::string names;
  for (const model::Instance& instance : named.instances) {
    names += (names.empty() ? "'" : ", '") + instance.name + "'";
  }
  co_return fail(
      ErrorCode::invalid_input,
      fmt::format("'{}' means {} instances here: {}", name, named.instances.size(), names),
      "name one of them");
}

}  // namespace swamp::engine
