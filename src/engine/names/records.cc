#include "engine/names/records.h"

#include <set>

#include "engine/method_sensitive.h"
#include "spec/field.h"
#include "store/query.h"
#include "value/json.h"
#include "vault/reference.h"

namespace swamp::engine {
namespace {

/// Of which version data is: that decides which references in it count.
struct DataPlace {
  store::ArtifactKey key;
  std::uint32_t version = 0;
  std::string spec;
};

DataPlace place_of(const store::Artifact& artifact) {
  return {artifact.key, artifact.metadata.version,
          std::string(artifact.metadata.tags.get("specName"))};
}

DataPlace place_of(const Value& record) {
  return {.key = {record["modelType"].as_string(), record["modelId"].as_string(),
                  record["name"].as_string()},
          .version = static_cast<std::uint32_t>(record["version"].as_int()),
          .spec = record["specName"].as_string()};
}

/// Whether a key is one that this field can have. Neither the method that wrote the version nor
/// where the name of the item ends and its vary suffix begins is written down, so every possibility
/// counts.
bool is_possible_key(const DataPlace& place, const model::Type& type, const SensitiveSpot& spot,
                     std::string_view key) {
  const std::string& name = place.key.name;
  vault::SensitiveField field{.type = place.key.type,
                              .model_id = place.key.model_id,
                              .spec = place.spec,
                              .version = place.version,
                              .path = spot.path,
                              .vault = spot.vault_name,
                              .fixed_key = spot.vault_key};
  for (const model::Method& method : type.methods) {
    field.method = method.name;
    for (std::size_t end = name.size(); end != std::string::npos && end > 0;
         end = name.rfind('-', end - 1)) {
      field.instance = name.substr(0, end);
      field.vary = end == name.size() ? "" : name.substr(end + 1);
      if (vault::is_key_of(field, key)) return true;
    }
  }
  return false;
}

/// The secret that a reference stands for, or, where none may be fetched, the reference as a
/// secret.
Task<Value> secret_of(const NameContext& context, vault::Reference reference) {
  if (context.fetches_secrets)
    co_return co_await context.services.vaults.resolve(reference, vault::Caller::reference);
  auto origin = std::make_shared<SecretOrigin>();
  origin->expression = reference.to_string();
  origin->vault = reference.vault;
  origin->key = reference.key;
  co_return Value::secret(reference.to_string(), std::move(origin));
}

/// Replaces stored references by what they stand for. One that cannot be resolved is an error:
/// nobody wants its text.
Task<Value> with_secrets(const NameContext& context, DataPlace place, Value data) {
  const auto type = context.services.types.find(place.key.type);
  const model::ResourceSpec* spec = type == nullptr ? nullptr : type->find_resource(place.spec);
  if (spec == nullptr) co_return data;
  for (const SensitiveSpot& spot : sensitive_fields(*spec, data)) {
    const Value* stored = spec::find_at(data, spot.pointer);
    if (stored == nullptr || !stored->is_string()) continue;
    const auto reference = vault::parse_reference(stored->as_string());
    if (!reference || !is_possible_key(place, *type, spot, reference->key)) continue;
    SWAMP_CO_TRY(Value secret, co_await secret_of(context, *reference));
    if (context.fetches_secrets) context.redactor.add_leaves(secret);
    spec::set_at(data, spot.pointer, std::move(secret));
  }
  co_return data;
}

Task<Value> with_secrets_at(const NameContext& context, DataPlace place, Value record) {
  Value stored = record["attributes"];
  // Broken JSON has no attributes either, but keeps its text as content.
  if (!stored.is_map() || stored.as_map().empty()) co_return record;
  SWAMP_CO_TRY(Value data, co_await with_secrets(context, std::move(place), std::move(stored)));
  record.mutable_map().set("content", data);
  record.mutable_map().set("attributes", std::move(data));
  co_return record;
}

/// Puts what the ephemeral rows hide behind them.
std::vector<store::CatalogRow> merged(std::vector<store::CatalogRow> first,
                                      std::vector<store::CatalogRow> second) {
  std::set<store::ArtifactKey> hidden;
  for (const auto& row : first) {
    hidden.insert(row.artifact.key);
  }
  for (auto& row : second) {
    if (hidden.count(row.artifact.key) == 0) first.push_back(std::move(row));
  }
  return first;
}

}  // namespace

Task<Value> record_of(const NameContext& context, store::Artifact artifact, bool is_latest) {
  std::string content;
  if (artifact.metadata.is_text()) {
    SWAMP_CO_TRY(content, context.artifacts.content(artifact));
  }
  Value record = store::to_record(artifact, is_latest, content);
  if (!artifact.metadata.is_json()) co_return record;
  DataPlace place = place_of(artifact);
  co_return co_await with_secrets_at(context, std::move(place), std::move(record));
}

Task<Value> with_secrets_in(const NameContext& context, Value record) {
  const store::Metadata kind{.content_type = record["contentType"].as_string()};
  if (!kind.is_json()) co_return record;
  DataPlace place = place_of(record);
  co_return co_await with_secrets_at(context, std::move(place), std::move(record));
}

Task<Value> content_of(const NameContext& context, store::Artifact artifact) {
  SWAMP_CO_TRY(const std::string content, context.artifacts.content(artifact));
  SWAMP_CO_TRY(Value data, parse_json(content, artifact.metadata.name));
  DataPlace place = place_of(artifact);
  co_return co_await with_secrets(context, std::move(place), std::move(data));
}

Task<std::vector<store::CatalogRow>> find_rows(const NameContext& context,
                                               store::CatalogFilter filter) {
  SWAMP_CO_CHECK(context.artifacts.flush());
  store::Catalog* own = context.ephemeral == nullptr ? nullptr : context.ephemeral->catalog();
  store::Catalog& kept = context.services.catalog;
  auto look = [own, &kept, filter]() -> Result<std::vector<store::CatalogRow>> {
    std::vector<store::CatalogRow> first;
    if (own != nullptr) {
      SWAMP_TRY(first, own->find(filter));
    }
    SWAMP_TRY(auto second, kept.find(filter));
    return merged(std::move(first), std::move(second));
  };
  co_return co_await context.services.pool.run<std::vector<store::CatalogRow>>(look);
}

}  // namespace swamp::engine
