#include "engine/names/data.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/method_sensitive.h"
#include "engine/names/instances.h"
#include "engine/names/records.h"
#include "engine/vary.h"
#include "store/query.h"

namespace swamp::engine {
namespace {

/// The key that `(model, name[, vary])` at the beginning of the arguments means; empty when there
/// is no such model.
Task<std::optional<store::ArtifactKey>> key_of(const NameContext& context, const cel::Ask& ask,
                                               bool has_vary) {
  SWAMP_CO_TRY(const std::string model, text_argument(ask, 0));
  SWAMP_CO_TRY(std::string name, text_argument(ask, 1));
  if (has_vary) {
    SWAMP_CO_TRY(name, varied_name(std::move(name), ask.arguments[2]));
  }
  SWAMP_CO_TRY(const auto instance, co_await find_one_instance(context, model));
  if (!instance) co_return std::nullopt;
  store::ArtifactKey key{instance->type, instance->id, std::move(name)};
  co_return key;
}

bool is_live(const store::Artifact& artifact) {
  return artifact.metadata.lifecycle == store::Lifecycle::active;
}

Task<Value> records_of(const NameContext& context, std::vector<store::CatalogRow> rows) {
  List records;
  for (store::CatalogRow& row : rows) {
    SWAMP_CO_TRY(Value record, co_await record_of(context, std::move(row.artifact), row.is_latest));
    records.push_back(std::move(record));
  }
  co_return records;
}

/// Whether stored attributes may hold references to secrets at all.
bool may_hold_secrets(const NameContext& context) {
  const auto types = context.services.types.all(model::Registry::Internal::shown);
  return std::any_of(types.begin(), types.end(),
                     [](const auto& type) { return has_sensitive_outputs(*type); });
}

Task<List> run_query(const NameContext& context, store::QueryRequest request) {
  SWAMP_CO_TRY(const store::Query query, store::Query::compile(std::move(request)));
  SWAMP_CO_CHECK(context.artifacts.flush());
  store::Catalog* own = context.ephemeral == nullptr ? nullptr : context.ephemeral->catalog();
  store::Catalog* kept = &context.services.catalog;
  auto look = [query, own, kept]() -> Result<List> {
    store::Catalog* const catalogs[] = {own, kept};
    SWAMP_TRY(auto result, query.run(catalogs));
    return std::move(result.results);
  };
  co_return co_await context.services.pool.run<List>(look);
}

/// The same where attributes may hold references: what is taken of a record is taken once its
/// secrets are in place, which only the engine can do.
Task<List> run_query_with_secrets(const NameContext& context, store::QueryRequest request) {
  std::optional<store::Selection> selection;
  if (request.select) {
    SWAMP_CO_TRY(selection, store::Selection::compile(*request.select));
    if (!selection->reads("attributes") && !selection->reads("content"))
      co_return co_await run_query(context, std::move(request));
    request.with_texts = selection->reads("content");
    request.select.reset();
  }
  SWAMP_CO_TRY(List results, co_await run_query(context, std::move(request)));
  for (Value& result : results) {
    SWAMP_CO_TRY(Value record, co_await with_secrets_in(context, std::move(result)));
    result = selection ? selection->of(record) : std::move(record);
  }
  co_return results;
}

}  // namespace

Result<std::string> varied_name(std::string name, const Value& vary) {
  if (!vary.is_list())
    return fail(ErrorCode::invalid_input, "the values to vary by are to be a list");
  SWAMP_TRY(const std::string suffix, vary_suffix(vary.as_list()));
  return suffix.empty() ? name : name + "-" + suffix;
}

Task<Value> data_latest(const NameContext& context, cel::Ask ask) {
  SWAMP_CO_CHECK(check_argument_count(ask, 2, 3));
  SWAMP_CO_TRY(const auto key, co_await key_of(context, ask, ask.arguments.size() == 3));
  if (!key) co_return Value();
  // What this run wrote last is what it means, whatever others have written since.
  const store::Artifact* own = context.data == nullptr ? nullptr : context.data->last(*key);
  if (own != nullptr && is_live(*own)) co_return co_await record_of(context, *own, true);
  SWAMP_CO_TRY(auto latest, context.artifacts.latest(*key));
  if (!latest || !is_live(*latest)) co_return Value();
  co_return co_await record_of(context, *std::move(latest), true);
}

Task<Value> data_version(const NameContext& context, cel::Ask ask) {
  SWAMP_CO_CHECK(check_argument_count(ask, 3, 4));
  SWAMP_CO_TRY(const auto key, co_await key_of(context, ask, ask.arguments.size() == 4));
  const Value& number = ask.arguments.back();
  const bool is_whole =
      number.is_integer() ||
      (number.is_number() &&
       number.to_double() == static_cast<double>(static_cast<std::int64_t>(number.to_double())));
  if (!is_whole)
    co_return fail(ErrorCode::invalid_input,
                   fmt::format("'{}' wants a whole number as version", ask.name));
  if (!key || number.to_double() < 1 || number.to_double() > 4e9) co_return Value();
  const auto wanted = static_cast<std::uint32_t>(number.to_double());
  SWAMP_CO_TRY(auto artifact, context.artifacts.version(*key, wanted));
  if (!artifact) co_return Value();
  SWAMP_CO_TRY(const auto latest, context.artifacts.latest(*key));
  const bool is_latest = latest && latest->metadata.version == wanted;
  co_return co_await record_of(context, *std::move(artifact), is_latest);
}

Task<Value> data_list_versions(const NameContext& context, cel::Ask ask) {
  SWAMP_CO_CHECK(check_argument_count(ask, 2, 3));
  SWAMP_CO_TRY(const auto key, co_await key_of(context, ask, ask.arguments.size() == 3));
  List numbers;
  if (!key) co_return numbers;
  SWAMP_CO_TRY(const auto versions, context.artifacts.versions(*key));
  for (const std::uint32_t version : versions) {
    numbers.emplace_back(std::int64_t{version});
  }
  co_return numbers;
}

Task<Value> data_find_by_tag(const NameContext& context, cel::Ask ask) {
  SWAMP_CO_CHECK(check_argument_count(ask, 2, 2));
  SWAMP_CO_TRY(std::string name, text_argument(ask, 0));
  SWAMP_CO_TRY(std::string text, text_argument(ask, 1));
  store::CatalogFilter filter;
  filter.tag = store::Tags::Entry(std::move(name), std::move(text));
  SWAMP_CO_TRY(auto rows, co_await find_rows(context, std::move(filter)));
  co_return co_await records_of(context, std::move(rows));
}

Task<Value> data_find_by_spec(const NameContext& context, cel::Ask ask) {
  SWAMP_CO_CHECK(check_argument_count(ask, 2, 2));
  SWAMP_CO_TRY(const std::string model, text_argument(ask, 0));
  SWAMP_CO_TRY(const std::string spec, text_argument(ask, 1));
  SWAMP_CO_TRY(const NamedInstances named, co_await find_instances(context, model));
  std::vector<store::CatalogRow> all;
  for (const model::Instance& instance : named.instances) {
    store::CatalogFilter filter{.type = instance.type, .model_id = instance.id, .spec_name = spec};
    SWAMP_CO_TRY(auto rows, co_await find_rows(context, std::move(filter)));
    all.insert(all.end(), std::make_move_iterator(rows.begin()),
               std::make_move_iterator(rows.end()));
  }
  co_return co_await records_of(context, std::move(all));
}

Task<Value> data_query(const NameContext& context, cel::Ask ask) {
  SWAMP_CO_CHECK(check_argument_count(ask, 1, 2));
  store::QueryRequest request;
  SWAMP_CO_TRY(request.predicate, text_argument(ask, 0));
  if (ask.arguments.size() == 2) {
    SWAMP_CO_TRY(request.select, text_argument(ask, 1));
  }
  const auto run = may_hold_secrets(context) ? run_query_with_secrets : run_query;
  SWAMP_CO_TRY(List results, co_await run(context, std::move(request)));
  co_return results;
}

Task<Value> data_step(const NameContext& context, cel::Ask ask) {
  SWAMP_CO_CHECK(check_argument_count(ask, 1, 1));
  SWAMP_CO_TRY(const std::string path, text_argument(ask, 0));
  if (context.data == nullptr) {
    co_return fail(ErrorCode::invalid_input,
                   "'data.step' means steps of a run, and there is none here");
  }
  // A step of the own job first: its name may hold a slash.
  std::vector<store::Artifact> written = context.data->of_step(context.job, path);
  const std::size_t slash = path.find('/');
  if (written.empty() && slash != std::string::npos) {
    written = context.data->of_step(path.substr(0, slash), path.substr(slash + 1));
  }
  List records;
  for (store::Artifact& artifact : written) {
    const store::Artifact* last = context.data->last(artifact.key);
    const bool is_latest = last != nullptr && last->metadata.version == artifact.metadata.version;
    SWAMP_CO_TRY(Value record, co_await record_of(context, std::move(artifact), is_latest));
    records.push_back(std::move(record));
  }
  co_return records;
}

}  // namespace swamp::engine
