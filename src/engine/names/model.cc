#include "engine/names/model.h"

#include <array>

#include <fmt/format.h>

#include "base/suggest.h"
#include "engine/names/instances.h"
#include "engine/names/records.h"

namespace swamp::engine {
namespace {

using Definition = spec::Definition;

Value or_empty_map(const spec::Field& field) {
  return field.value().is_map() ? field.value() : Value(Map{});
}

Map described(const Definition& definition) {
  return Map{{"id", definition.id},
             {"name", definition.name},
             {"version", definition.version},
             {"tags", or_empty_map(definition.tags)},
             {"globalArguments", or_empty_map(definition.global_arguments)}};
}

/// The newest version of everything that the model has of one kind, as spec -> name -> what
/// `describe` makes of it.
template <class Describe>
Task<Value> by_spec(const NameContext& context, const Definition& definition,
                    std::string_view data_type, Describe describe) {
  store::CatalogFilter filter{.type = definition.type.normalized, .model_id = definition.id};
  filter.tag = store::Tags::Entry("type", std::string(data_type));
  SWAMP_CO_TRY(auto rows, co_await find_rows(context, std::move(filter)));
  Value all = Map{};
  for (store::CatalogRow& row : rows) {
    const store::Metadata& metadata = row.artifact.metadata;
    const std::string name = metadata.name;
    const std::string tagged(metadata.tags.get("specName"));
    const std::string spec = tagged.empty() ? name : tagged;
    SWAMP_CO_TRY(Value item, co_await describe(context, std::move(row)));
    Map& specs = all.mutable_map();
    Value* items = specs.find(spec);
    if (items == nullptr) items = &specs.set(spec, Map{});
    items->mutable_map().set(name, std::move(item));
  }
  if (all.as_map().empty()) {
    co_return fail(ErrorCode::not_found,
                   fmt::format("model '{}' has no {} yet", definition.name, data_type));
  }
  co_return all;
}

Task<Value> describe_resource(const NameContext& context, store::CatalogRow row) {
  co_return co_await record_of(context, std::move(row.artifact), row.is_latest);
}

Task<Value> describe_file(const NameContext& context, store::CatalogRow row) {
  const store::Metadata& metadata = row.artifact.metadata;
  Map file{{"id", metadata.id},
           {"version", std::int64_t{metadata.version}},
           {"createdAt", to_iso8601(metadata.created_at)},
           {"path", context.artifacts.content_path(row.artifact).string()},
           {"size", static_cast<std::int64_t>(metadata.size.value_or(0))},
           {"contentType", metadata.content_type}};
  co_return file;
}

Task<Value> execution_of(const NameContext& context, const Definition& definition) {
  store::OutputStore& outputs = context.services.outputs;
  auto look = [&outputs, type = definition.type.normalized, id = definition.id]() {
    return outputs.latest(type, id);
  };
  SWAMP_CO_TRY(const auto found,
               co_await context.services.pool.run<std::optional<store::FoundOutput>>(look));
  if (!found)
    co_return fail(ErrorCode::not_found, fmt::format("model '{}' was never run", definition.name));
  const store::OutputRecord& record = found->record;
  Map execution{{"id", record.id},
                {"methodName", record.method},
                {"status", to_string(record.status)},
                {"startedAt", to_iso8601(record.started_at)}};
  if (record.completed_at) execution.set("completedAt", to_iso8601(*record.completed_at));
  if (record.duration_ms) execution.set("durationMs", *record.duration_ms);
  if (record.error) execution.set("error", record.error->message);
  co_return execution;
}

Task<Value> definition_of(const NameContext&, const Definition& definition) {
  Map value = described(definition);
  value.set("inputs", definition.inputs.source().value());
  co_return value;
}

Task<Value> input_of(const NameContext&, const Definition& definition) {
  co_return described(definition);
}

Task<Value> inputs_of(const NameContext&, const Definition& definition) {
  co_return definition.inputs.source().value();
}

Task<Value> resources_of(const NameContext& context, const Definition& definition) {
  co_return co_await by_spec(context, definition, "resource", describe_resource);
}

Task<Value> files_of(const NameContext& context, const Definition& definition) {
  co_return co_await by_spec(context, definition, "file", describe_file);
}

struct Kind {
  std::string_view name;
  Task<Value> (*value_of)(const NameContext&, const Definition&);
};

constexpr std::array kKinds{
    Kind{"definition", definition_of}, Kind{"input", input_of}, Kind{"inputs", inputs_of},
    Kind{"resource", resources_of},    Kind{"file", files_of},  Kind{"execution", execution_of}};

}  // namespace

Task<Value> model_member(const NameContext& context, cel::Ask ask) {
  SWAMP_CO_TRY(const std::string name, text_argument(ask, 0));
  SWAMP_CO_TRY(const std::string kind, text_argument(ask, 1));
  auto definition = context.services.directory.find_definition(name);
  if (!definition) co_return fail(definition.error());
  const std::shared_ptr<const Definition> kept = *definition;
  for (const Kind& known : kKinds) {
    if (known.name == kind) co_return co_await known.value_of(context, *kept);
  }
  std::vector<std::string> names;
  for (const Kind& known : kKinds) {
    names.emplace_back(known.name);
  }
  co_return fail(ErrorCode::not_found, fmt::format("a model has no '{}'", kind),
                 did_you_mean(kind, names));
}

Task<Value> model_method(const NameContext& context, cel::Ask ask) {
  SWAMP_CO_CHECK(check_argument_count(ask, 2, 3));
  SWAMP_CO_TRY(std::string model, text_argument(ask, 0));
  SWAMP_CO_TRY(std::string method, text_argument(ask, 1));
  Value inputs = ask.arguments.size() == 3 ? ask.arguments[2] : Value(Map{});
  if (!inputs.is_map())
    co_return fail(ErrorCode::invalid_input, "the inputs of 'model.method' are to be a map");
  if (context.methods == nullptr) {
    co_return fail(ErrorCode::invalid_input,
                   "'model.method' can be called only in guards and asserts");
  }
  co_return co_await context.methods->call_method(std::move(model), std::move(method),
                                                  std::move(inputs));
}

}  // namespace swamp::engine
