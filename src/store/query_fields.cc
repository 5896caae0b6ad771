#include "store/query_fields.h"

#include <algorithm>

#include "os/file.h"
#include "store/artifact.h"
#include "store/query.h"
#include "value/json.h"

namespace swamp::store {
namespace {

using Kind = QueryField::Kind;

constexpr QueryField kFields[] = {
    {"attributes", Kind::attributes, Column::attributes, "attributes"},
    {"content", Kind::content, Column::attributes, ""},
    {"contentType", Kind::text, Column::content_type, "content_type"},
    {"createdAt", Kind::text, Column::created_at, "created_at"},
    {"dataType", Kind::text, Column::data_type, "data_type"},
    {"id", Kind::text, Column::id, "id"},
    {"isLatest", Kind::boolean, Column::is_latest, "is_latest"},
    {"jobName", Kind::text, Column::job_name, "job_name"},
    {"lifecycle", Kind::text, Column::lifecycle, "lifecycle"},
    {"lifetime", Kind::text, Column::lifetime, "lifetime"},
    {"modelId", Kind::text, Column::model_id, "model_id"},
    {"modelName", Kind::text, Column::model_name, "model_name"},
    {"modelType", Kind::text, Column::type, "type"},
    {"name", Kind::text, Column::name, "name"},
    {"ns", Kind::ns, Column::name, "''"},
    {"ownerRef", Kind::text, Column::owner_ref, "owner_ref"},
    {"ownerType", Kind::text, Column::owner_type, "owner_type"},
    {"size", Kind::number, Column::size, "ifnull(size, 0)"},
    {"source", Kind::text, Column::source, "source"},
    {"specName", Kind::text, Column::spec_name, "spec_name"},
    {"stepName", Kind::text, Column::step_name, "step_name"},
    {"streaming", Kind::boolean, Column::streaming, "streaming"},
    {"tags", Kind::tags, Column::tags, "tags"},
    {"version", Kind::number, Column::version, "version"},
    {"workflowName", Kind::text, Column::workflow_name, "workflow_name"},
    {"workflowRunId", Kind::text, Column::workflow_run_id, "workflow_run_id"},
};

Value parse_or_empty(std::string_view json) {
  return parse_json(json).value_or(Value(Map()));
}

}  // namespace

std::span<const QueryField> all_query_fields() {
  return kFields;
}

const QueryField* find_query_field(std::string_view name) {
  const auto found = std::lower_bound(
      std::begin(kFields), std::end(kFields), name,
      [](const QueryField& field, std::string_view wanted) { return field.name < wanted; });
  return found != std::end(kFields) && found->name == name ? found : nullptr;
}

std::string read_content(const std::filesystem::path& root, const ArtifactKey& key,
                         std::uint32_t version) {
  const auto path = root / key.type / key.model_id / key.name / std::to_string(version) / "raw";
  return os::read_file_if_there(path).value_or(std::nullopt).value_or(std::string{});
}

// --- rows ---

void RowFields::next_row() {
  made_.assign(made_.size(), false);
}

std::span<const Value> RowFields::values(const cel::Query& wanted) {
  for (std::size_t i = 0; i < values_.size(); ++i) {
    if (wanted.reads(i)) value(kFields[i]);
  }
  return values_;
}

const Value& RowFields::value(const QueryField& field) {
  const auto at = static_cast<std::size_t>(&field - kFields);
  if (!made_[at]) {
    values_[at] = make(field);
    made_[at] = true;
  }
  return values_[at];
}

Value RowFields::make(const QueryField& field) const {
  switch (field.kind) {
    case Kind::text:
      return text(row_, field.column);
    case Kind::number:
      return integer(row_, field.column);
    case Kind::boolean:
      return integer(row_, field.column) != 0;
    case Kind::ns:
      return "";
    case Kind::tags:
      return parse_or_empty(text(row_, field.column));
    case Kind::attributes:
      return attributes();
    case Kind::content:
      return content();
  }
  return {};
}

Value RowFields::attributes() const {
  return parse_or_empty(is_null(row_, Column::attributes) ? file_content()
                                                          : text(row_, Column::attributes));
}

Value RowFields::content() const {
  const Metadata kind{.content_type = std::string(text(row_, Column::content_type))};
  if (kind.is_json()) return attributes();
  return kind.is_text() ? Value(to_valid_utf8(file_content())) : Value("");
}

std::string RowFields::file_content() const {
  const ArtifactKey key{std::string(text(row_, Column::type)),
                        std::string(text(row_, Column::model_id)),
                        std::string(text(row_, Column::name))};
  return read_content(root_, key, static_cast<std::uint32_t>(integer(row_, Column::version)));
}

std::span<const std::string> query_fields() {
  static const std::vector<std::string> kNames = [] {
    std::vector<std::string> names;
    for (const QueryField& field : kFields)
      names.emplace_back(field.name);
    return names;
  }();
  return kNames;
}

// --- records ---

Value make_record(const Artifact& artifact, bool is_latest, Value attributes, Value content) {
  const Metadata& metadata = artifact.metadata;
  const Owner& owner = metadata.owner;
  Map record;
  record.reserve(26);
  record.set("id", metadata.id);
  record.set("name", artifact.key.name);
  record.set("version", std::int64_t{metadata.version});
  record.set("isLatest", is_latest);
  record.set("createdAt", to_iso8601(metadata.created_at));
  record.set("namespace", "");
  record.set("attributes", std::move(attributes));
  record.set("tags", metadata.tags.to_value());
  record.set("modelName", metadata.tags.get("modelName"));
  record.set("modelId", artifact.key.model_id);
  record.set("modelType", artifact.key.type);
  record.set("specName", metadata.tags.get("specName"));
  record.set("dataType", metadata.tags.get("type"));
  record.set("contentType", metadata.content_type);
  record.set("lifetime", metadata.lifetime);
  record.set("ownerType", owner.type);
  record.set("streaming", metadata.streaming);
  record.set("size", static_cast<std::int64_t>(metadata.size.value_or(0)));
  record.set("content", std::move(content));
  record.set("ownerRef", owner.ref);
  record.set("workflowRunId", owner.workflow_run_id);
  record.set("workflowName", owner.workflow_name);
  record.set("jobName", owner.job_name);
  record.set("stepName", owner.step_name);
  record.set("source", owner.source);
  record.set("lifecycle", to_string(metadata.lifecycle));
  return record;
}

std::vector<Value> field_values(const Value& record) {
  std::vector<Value> values;
  values.reserve(std::size(kFields));
  for (const QueryField& field : kFields)
    values.push_back(record[field.kind == Kind::ns ? "namespace" : field.name]);
  return values;
}

Value to_record(const Artifact& artifact, bool is_latest, std::string_view content) {
  if (artifact.metadata.is_json()) {
    auto parsed = parse_json(content);
    if (!parsed) return make_record(artifact, is_latest, Map(), to_valid_utf8(content));
    return make_record(artifact, is_latest, *parsed, *parsed);
  }
  const Value text = artifact.metadata.is_text() ? Value(to_valid_utf8(content)) : Value("");
  return make_record(artifact, is_latest, Map(), text);
}

}  // namespace swamp::store
