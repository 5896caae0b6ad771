#include "store/catalog_table.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>

#include "value/json.h"

namespace swamp::store {
namespace {

// `plain` says that SQLite reads texts, tags and attributes of the row as we do; where it would not
// (a NUL in a text, a whole number beyond int64), rows are judged by us. `attributes` is null when
// there is content that was not stored.
constexpr const char* kCreate = R"(
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS artifacts (
  type TEXT NOT NULL, model_id TEXT NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL,
  id TEXT NOT NULL, is_latest INTEGER NOT NULL, is_live INTEGER NOT NULL, plain INTEGER NOT NULL,
  model_name TEXT NOT NULL, spec_name TEXT NOT NULL, data_type TEXT NOT NULL, content_type TEXT NOT NULL,
  lifetime TEXT NOT NULL, retention TEXT NOT NULL, definition_hash TEXT NOT NULL, owner_type TEXT NOT NULL,
  owner_ref TEXT NOT NULL, source TEXT NOT NULL, streaming INTEGER NOT NULL, size INTEGER, checksum TEXT NOT NULL,
  created_at TEXT NOT NULL, tags TEXT NOT NULL, workflow_id TEXT NOT NULL, workflow_run_id TEXT NOT NULL,
  workflow_name TEXT NOT NULL, job_name TEXT NOT NULL, step_name TEXT NOT NULL, attempt INTEGER NOT NULL,
  lifecycle TEXT NOT NULL, renamed_to TEXT NOT NULL, attributes TEXT,
  PRIMARY KEY (type, model_id, name, version));
CREATE INDEX IF NOT EXISTS by_id ON artifacts (id);
CREATE INDEX IF NOT EXISTS by_model_name ON artifacts (model_name, name);
CREATE INDEX IF NOT EXISTS by_run ON artifacts (workflow_run_id, type, model_id, name);
CREATE INDEX IF NOT EXISTS by_step ON artifacts (type, model_id, name, job_name, step_name) WHERE is_latest = 1;
CREATE INDEX IF NOT EXISTS by_age ON artifacts (created_at) WHERE is_latest = 1;
CREATE TABLE IF NOT EXISTS names (
  type TEXT NOT NULL, model_id TEXT NOT NULL, name TEXT NOT NULL, mtime INTEGER NOT NULL,
  PRIMARY KEY (type, model_id, name)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS instances (
  type TEXT NOT NULL, model_id TEXT NOT NULL, mtime INTEGER NOT NULL,
  PRIMARY KEY (type, model_id)) WITHOUT ROWID;
)";

constexpr const char* kDrop = R"(
DROP TABLE IF EXISTS artifacts;
DROP TABLE IF EXISTS names;
DROP TABLE IF EXISTS instances;
DROP TABLE IF EXISTS meta;
)";

constexpr std::string_view kColumns =
    "type, model_id, name, version, id, is_latest, is_live, plain, model_name, spec_name, "
    "data_type, content_type, "
    "lifetime, retention, definition_hash, owner_type, owner_ref, source, streaming, size, "
    "checksum, created_at, tags, "
    "workflow_id, workflow_run_id, workflow_name, job_name, step_name, attempt, lifecycle, "
    "renamed_to, attributes";

bool has_nul(std::string_view text) {
  return text.find('\0') != text.npos;
}

/// Whether SQLite's reading of this JSON value is ours: it ends texts at an escaped NUL and has no
/// uint64.
bool is_plain(const Value& value) {
  switch (value.kind()) {
    case Value::Kind::string:
      return !has_nul(value.as_string());
    case Value::Kind::uint64:
      return false;
    case Value::Kind::list:
      return std::all_of(value.as_list().begin(), value.as_list().end(), is_plain);
    case Value::Kind::map:
      return std::all_of(value.as_map().begin(), value.as_map().end(), [](const Map::Entry& entry) {
        return !has_nul(entry.first) && is_plain(entry.second);
      });
    default:
      return true;
  }
}

struct Attributes {
  std::optional<std::string> json;  // empty: to be read from the file
  bool plain = true;
};

/// The attributes of content: an object, or whatever JSON it is; `{}` for what is no JSON.
Attributes attributes_of(const Metadata& metadata, std::string_view content) {
  if (!metadata.is_json()) return {.json = "{}"};
  if (content.empty())
    return {.json =
                metadata.size.value_or(0) == 0 ? std::optional<std::string>("{}") : std::nullopt};
  const auto value = parse_json(content);
  if (!value) return {.json = "{}"};
  return {.json = write_json(*value), .plain = is_plain(*value)};
}

std::string retention_text(const Retention& retention) {
  const auto* count = std::get_if<std::int64_t>(&retention);
  return count ? std::to_string(*count) : std::get<std::string>(retention);
}

Retention retention_from(std::string_view text) {
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error == std::errc() && end == text.data() + text.size()) return count;
  return std::string(text);
}

bool is_plain(const Metadata& metadata) {
  const Owner& owner = metadata.owner;
  const std::string_view texts[] = {
      metadata.id,         metadata.content_type, metadata.lifetime, owner.type,
      owner.ref,           owner.source,          owner.workflow_id, owner.workflow_run_id,
      owner.workflow_name, owner.job_name,        owner.step_name};
  return std::none_of(std::begin(texts), std::end(texts), has_nul) &&
         std::none_of(metadata.tags.begin(), metadata.tags.end(), [](const Tags::Entry& tag) {
           return has_nul(tag.first) || has_nul(tag.second);
         });
}

}  // namespace

std::string_view artifact_columns() {
  return kColumns;
}

Result<> create_tables(Database& database) {
  return database.execute(kCreate);
}

Result<> drop_tables(Database& database) {
  return database.execute(kDrop);
}

void bind_row(Statement& insert, const Artifact& artifact, std::string_view content, bool is_latest,
              bool is_live) {
  const Metadata& metadata = artifact.metadata;
  const Owner& owner = metadata.owner;
  const auto attributes = attributes_of(metadata, content);
  int next = 0;
  const auto put_text = [&](std::string_view value) { insert.bind(++next, value); };
  const auto put_number = [&](std::int64_t value) { insert.bind(++next, value); };

  put_text(artifact.key.type);
  put_text(artifact.key.model_id);
  put_text(artifact.key.name);
  put_number(metadata.version);
  put_text(metadata.id);
  put_number(is_latest);
  put_number(is_live);
  put_number(attributes.plain && is_plain(metadata));
  put_text(metadata.tags.get("modelName"));
  put_text(metadata.tags.get("specName"));
  put_text(metadata.tags.get("type"));
  put_text(metadata.content_type);
  put_text(metadata.lifetime);
  put_text(retention_text(metadata.retention));
  put_text(owner.definition_hash);
  put_text(owner.type);
  put_text(owner.ref);
  put_text(owner.source);
  put_number(metadata.streaming);
  if (metadata.size) {
    put_number(static_cast<std::int64_t>(*metadata.size));
  } else {
    insert.bind_null(++next);
  }
  put_text(metadata.checksum);
  put_text(to_iso8601(metadata.created_at));
  put_text(write_json(metadata.tags.to_value()));
  put_text(owner.workflow_id);
  put_text(owner.workflow_run_id);
  put_text(owner.workflow_name);
  put_text(owner.job_name);
  put_text(owner.step_name);
  put_number(owner.attempt);
  put_text(to_string(metadata.lifecycle));
  put_text(metadata.renamed_to);
  if (attributes.json) {
    put_text(*attributes.json);
  } else {
    insert.bind_null(++next);
  }
}

CatalogRow read_row(const Statement& row) {
  const auto word = [&](Column column) { return std::string(text(row, column)); };
  CatalogRow found;
  found.artifact.key = {word(Column::type), word(Column::model_id), word(Column::name)};
  Metadata& metadata = found.artifact.metadata;
  metadata.id = word(Column::id);
  metadata.name = found.artifact.key.name;
  metadata.version = static_cast<std::uint32_t>(integer(row, Column::version));
  metadata.content_type = word(Column::content_type);
  metadata.lifetime = word(Column::lifetime);
  metadata.retention = retention_from(text(row, Column::retention));
  metadata.streaming = integer(row, Column::streaming) != 0;
  if (auto tags = parse_json(text(row, Column::tags))) {
    metadata.tags = Tags::from_value(*tags).value_or(Tags());
  }
  metadata.owner = {.definition_hash = word(Column::definition_hash),
                    .type = word(Column::owner_type),
                    .ref = word(Column::owner_ref),
                    .workflow_id = word(Column::workflow_id),
                    .workflow_run_id = word(Column::workflow_run_id),
                    .workflow_name = word(Column::workflow_name),
                    .job_name = word(Column::job_name),
                    .step_name = word(Column::step_name),
                    .source = word(Column::source),
                    .attempt = static_cast<std::uint32_t>(integer(row, Column::attempt))};
  metadata.created_at = parse_iso8601(text(row, Column::created_at)).value_or(Timestamp{});
  if (!is_null(row, Column::size))
    metadata.size = static_cast<std::uint64_t>(integer(row, Column::size));
  metadata.checksum = word(Column::checksum);
  if (text(row, Column::lifecycle) == "deleted") metadata.lifecycle = Lifecycle::deleted;
  metadata.renamed_to = word(Column::renamed_to);
  found.is_latest = integer(row, Column::is_latest) != 0;
  found.is_live = integer(row, Column::is_live) != 0;
  if (metadata.is_json()) found.attributes = word(Column::attributes);
  return found;
}

}  // namespace swamp::store
