#include "store/catalog_writer.h"

#include <fmt/format.h>

#include "store/catalog_table.h"
#include "store/latest_rule.h"

namespace swamp::store {
namespace {

constexpr std::string_view kOfName = " WHERE type = ?1 AND model_id = ?2 AND name = ?3";

Statement& bind_key(Statement& statement, const ArtifactKey& key) {
  return statement.bind(1, key.type).bind(2, key.model_id).bind(3, key.name);
}

std::string insert_sql() {
  std::string sql =
      fmt::format("INSERT OR REPLACE INTO artifacts ({}) VALUES (", artifact_columns());
  for (int i = 0; i < kColumnCount; ++i)
    sql += i == 0 ? "?" : ", ?";
  return sql + ")";
}

VersionFacts facts_of(const Metadata& metadata) {
  return {.version = metadata.version,
          .run_id = metadata.owner.workflow_run_id,
          .job = metadata.owner.job_name,
          .step = metadata.owner.step_name,
          .is_deleted = metadata.lifecycle == Lifecycle::deleted};
}

}  // namespace

Result<CatalogWriter> CatalogWriter::open(const std::filesystem::path& file) {
  SWAMP_TRY(auto database, Database::open(file, Access::write));
  CatalogWriter writer(std::move(database));
  SWAMP_CHECK(writer.begin());
  SWAMP_CHECK(writer.database_.execute(
      "CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID"));
  SWAMP_TRY(const auto schema, writer.meta("schema"));
  if (schema != kCatalogSchema) {
    SWAMP_CHECK(drop_tables(writer.database_));
    SWAMP_CHECK(create_tables(writer.database_));
    SWAMP_CHECK(writer.set_meta("schema", kCatalogSchema));
  }
  SWAMP_CHECK(writer.commit());
  SWAMP_CHECK(writer.prepare());
  return writer;
}

Result<> CatalogWriter::prepare() {
  SWAMP_TRY(insert_, database_.prepare(insert_sql()));
  SWAMP_TRY(newest_, database_.prepare(
                         fmt::format("SELECT version, workflow_run_id, lifecycle FROM artifacts{} "
                                     "ORDER BY version DESC LIMIT 1",
                                     kOfName)));
  SWAMP_TRY(demote_version_,
            database_.prepare(
                fmt::format("UPDATE artifacts SET is_latest = 0{} AND version = ?4", kOfName)));
  SWAMP_TRY(demote_step_,
            database_.prepare(fmt::format("UPDATE artifacts SET is_latest = 0{} AND job_name = ?4 "
                                          "AND step_name = ?5 AND is_latest = 1",
                                          kOfName)));
  SWAMP_TRY(versions_, database_.prepare(fmt::format(
                           "SELECT version FROM artifacts{} ORDER BY version", kOfName)));
  SWAMP_TRY(remove_rows_, database_.prepare(fmt::format("DELETE FROM artifacts{}", kOfName)));
  SWAMP_TRY(distrust_age_,
            database_.prepare(fmt::format("UPDATE names SET mtime = 0{} AND mtime <> 0", kOfName)));
  SWAMP_TRY(set_name_age_,
            database_.prepare("INSERT OR REPLACE INTO names VALUES (?1, ?2, ?3, ?4)"));
  SWAMP_TRY(set_instance_age_,
            database_.prepare("INSERT OR REPLACE INTO instances VALUES (?1, ?2, ?3)"));
  return {};
}

Result<> CatalogWriter::begin() {
  return database_.execute("BEGIN IMMEDIATE");
}

Result<> CatalogWriter::commit() {
  for (const ArtifactKey& key : to_promote_)
    SWAMP_CHECK(promote(key));
  to_promote_.clear();
  return database_.execute("COMMIT");
}

void CatalogWriter::roll_back() {
  to_promote_.clear();
  (void)database_.execute("ROLLBACK");  // without a transaction there is nothing to undo
}

// --- rows ---

Result<std::optional<CatalogWriter::Newest>> CatalogWriter::newest(const ArtifactKey& key) {
  SWAMP_TRY(const bool found, bind_key(*newest_, key).step());
  std::optional<Newest> row;
  if (found) {
    row = Newest{.version = static_cast<std::uint32_t>(newest_->integer(0)),
                 .run_id = std::string(newest_->text(1)),
                 .is_deleted = newest_->text(2) == "deleted"};
  }
  newest_->reset();
  return row;
}

Result<> CatalogWriter::insert(const Artifact& artifact, std::string_view content, bool is_latest,
                               bool is_live) {
  bind_row(*insert_, artifact, content, is_latest, is_live);
  return insert_->run();
}

Result<> CatalogWriter::add(const Artifact& artifact, std::string_view content) {
  const ArtifactKey& key = artifact.key;
  const auto facts = facts_of(artifact.metadata);
  SWAMP_TRY(const auto before, newest(key));
  SWAMP_CHECK(note_name(key, !before));
  if (!before) return insert(artifact, content, true, !facts.is_deleted);

  // The two usual cases need no look at the other versions: the next of a run, and the next that no
  // run wrote.
  const bool is_next = facts.version > before->version && !facts.is_deleted &&
                       !before->is_deleted && !to_promote_.contains(key) &&
                       facts.run_id == before->run_id;
  if (!is_next) {
    to_promote_.insert(key);
    return insert(artifact, content, false, true);
  }
  if (facts.run_id.empty()) {
    SWAMP_CHECK(bind_key(*demote_version_, key).bind(4, std::int64_t{before->version}).run());
  } else {
    SWAMP_CHECK(bind_key(*demote_step_, key).bind(4, facts.job).bind(5, facts.step).run());
  }
  return insert(artifact, content, true, true);
}

Result<> CatalogWriter::promote(const ArtifactKey& key) {
  SWAMP_TRY(auto select, database_.prepare(fmt::format(
                             "SELECT version, workflow_run_id, job_name, step_name, lifecycle, "
                             "is_latest, is_live FROM artifacts{} ORDER BY version",
                             kOfName)));
  bind_key(select, key);
  std::vector<VersionFacts> versions;
  std::vector<VersionFlags> before;
  for (;;) {
    SWAMP_TRY(const bool more, select.step());
    if (!more) break;
    versions.push_back({.version = static_cast<std::uint32_t>(select.integer(0)),
                        .run_id = std::string(select.text(1)),
                        .job = std::string(select.text(2)),
                        .step = std::string(select.text(3)),
                        .is_deleted = select.text(4) == "deleted"});
    before.push_back({.is_latest = select.integer(5) != 0, .is_live = select.integer(6) != 0});
  }
  const auto after = apply_latest_rule(versions);
  SWAMP_TRY(auto update,
            database_.prepare(fmt::format(
                "UPDATE artifacts SET is_latest = ?4, is_live = ?5{} AND version = ?6", kOfName)));
  for (std::size_t i = 0; i < versions.size(); ++i) {
    if (after[i] == before[i]) continue;
    bind_key(update, key)
        .bind(4, std::int64_t{after[i].is_latest})
        .bind(5, std::int64_t{after[i].is_live});
    SWAMP_CHECK(update.bind(6, std::int64_t{versions[i].version}).run());
  }
  return {};
}

Result<> CatalogWriter::remove(const ArtifactKey& key) {
  SWAMP_CHECK(bind_key(*remove_rows_, key).run());
  SWAMP_TRY(auto forget, database_.prepare(fmt::format("DELETE FROM names{}", kOfName)));
  SWAMP_CHECK(bind_key(forget, key).run());
  return set_instance_age(key.instance(), 0);
}

Result<> CatalogWriter::remove_version(const ArtifactKey& key, std::uint32_t version) {
  SWAMP_TRY(auto statement,
            database_.prepare(fmt::format("DELETE FROM artifacts{} AND version = ?4", kOfName)));
  SWAMP_CHECK(bind_key(statement, key).bind(4, std::int64_t{version}).run());
  to_promote_.insert(key);
  return note_name(key, false);
}

Result<> CatalogWriter::remove_instance(const Instance& instance) {
  for (const char* table : {"artifacts", "names", "instances"}) {
    SWAMP_TRY(auto statement, database_.prepare(fmt::format(
                                  "DELETE FROM {} WHERE type = ?1 AND model_id = ?2", table)));
    SWAMP_CHECK(statement.bind(1, instance.type).bind(2, instance.model_id).run());
  }
  return {};
}

Result<> CatalogWriter::replace_name(const ArtifactKey& key, std::span<const Entry> entries) {
  SWAMP_CHECK(bind_key(*remove_rows_, key).run());
  to_promote_.erase(key);
  std::vector<VersionFacts> facts;
  for (const Entry& entry : entries)
    facts.push_back(facts_of(entry.artifact.metadata));
  const auto flags = apply_latest_rule(facts);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    SWAMP_CHECK(
        insert(entries[i].artifact, entries[i].content, flags[i].is_latest, flags[i].is_live));
  }
  return {};
}

Result<std::vector<std::uint32_t>> CatalogWriter::versions(const ArtifactKey& key) {
  bind_key(*versions_, key);
  std::vector<std::uint32_t> found;
  for (;;) {
    SWAMP_TRY(const bool more, versions_->step());
    if (!more) break;
    found.push_back(static_cast<std::uint32_t>(versions_->integer(0)));
  }
  versions_->reset();
  return found;
}

// --- ages ---

Result<> CatalogWriter::note_name(const ArtifactKey& key, bool is_new) {
  if (!is_new) return bind_key(*distrust_age_, key).run();
  SWAMP_CHECK(set_name_age(key, 0));
  return set_instance_age(key.instance(), 0);
}

Result<std::vector<CatalogWriter::NameAge>> CatalogWriter::names(const Instance& instance) {
  SWAMP_TRY(auto select,
            database_.prepare("SELECT name, mtime FROM names WHERE type = ?1 AND model_id = ?2 "
                              "ORDER BY name"));
  select.bind(1, instance.type).bind(2, instance.model_id);
  std::vector<NameAge> found;
  for (;;) {
    SWAMP_TRY(const bool more, select.step());
    if (!more) return found;
    found.push_back({std::string(select.text(0)), select.integer(1)});
  }
}

Result<> CatalogWriter::set_name_age(const ArtifactKey& key, std::int64_t mtime) {
  return bind_key(*set_name_age_, key).bind(4, mtime).run();
}

Result<std::vector<CatalogWriter::InstanceAge>> CatalogWriter::instances() {
  SWAMP_TRY(
      auto select,
      database_.prepare("SELECT type, model_id, mtime FROM instances ORDER BY type, model_id"));
  std::vector<InstanceAge> found;
  for (;;) {
    SWAMP_TRY(const bool more, select.step());
    if (!more) return found;
    found.push_back(
        {{std::string(select.text(0)), std::string(select.text(1))}, select.integer(2)});
  }
}

Result<> CatalogWriter::set_instance_age(const Instance& instance, std::int64_t mtime) {
  return set_instance_age_->bind(1, instance.type).bind(2, instance.model_id).bind(3, mtime).run();
}

// --- the whole ---

Result<std::string> CatalogWriter::meta(std::string_view key) {
  SWAMP_TRY(auto select, database_.prepare("SELECT value FROM meta WHERE key = ?1"));
  SWAMP_TRY(const bool found, select.bind(1, key).step());
  return found ? std::string(select.text(0)) : std::string();
}

Result<> CatalogWriter::set_meta(std::string_view key, std::string_view text) {
  SWAMP_TRY(auto statement, database_.prepare("INSERT OR REPLACE INTO meta VALUES (?1, ?2)"));
  return statement.bind(1, key).bind(2, text).run();
}

Result<> CatalogWriter::clear() {
  to_promote_.clear();
  return database_.execute("DELETE FROM artifacts; DELETE FROM names; DELETE FROM instances");
}

Result<> CatalogWriter::compact() {
  return database_.execute("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)");
}

}  // namespace swamp::store
