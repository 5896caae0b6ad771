#pragma once

#include <string_view>

#include "base/result.h"
#include "store/artifact.h"
#include "store/catalog.h"
#include "store/sqlite.h"

namespace swamp::store {

// The tables of the catalogue. Raise kCatalogSchema with every change here: an older file is then
// made anew.

inline constexpr std::string_view kCatalogSchema = "1";

/// Columns of `artifacts` in the order of kArtifactColumns, with which every query of rows begins.
enum class Column : int {
  type,
  model_id,
  name,
  version,
  id,
  is_latest,
  is_live,
  plain,
  model_name,
  spec_name,
  data_type,
  content_type,
  lifetime,
  retention,
  definition_hash,
  owner_type,
  owner_ref,
  source,
  streaming,
  size,
  checksum,
  created_at,
  tags,
  workflow_id,
  workflow_run_id,
  workflow_name,
  job_name,
  step_name,
  attempt,
  lifecycle,
  renamed_to,
  attributes,
};
inline constexpr int kColumnCount = static_cast<int>(Column::attributes) + 1;

/// `type, model_id, …` for SELECT.
std::string_view artifact_columns();

/// Makes tables and indexes that are not there.
Result<> create_tables(Database& database);
Result<> drop_tables(Database& database);

/// Binds a whole row to the parameters 1 … kColumnCount of an INSERT. `content` as Catalog::add()
/// takes it.
void bind_row(Statement& insert, const Artifact& artifact, std::string_view content, bool is_latest,
              bool is_live);

/// The current row of a SELECT that begins with artifact_columns().
CatalogRow read_row(const Statement& row);
inline std::string_view text(const Statement& row, Column column) {
  return row.text(static_cast<int>(column));
}
inline std::int64_t integer(const Statement& row, Column column) {
  return row.integer(static_cast<int>(column));
}
inline bool is_null(const Statement& row, Column column) {
  return row.is_null(static_cast<int>(column));
}

}  // namespace swamp::store
