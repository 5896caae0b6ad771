#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cel/query.h"
#include "store/catalog_table.h"
#include "store/sqlite.h"
#include "value/value.h"

namespace swamp::store {

/// A field that predicates can name.
struct QueryField {
  enum class Kind : std::uint8_t {
    text,        // a column that is a text, and the field its text
    number,      // a column that is a whole number; null reads as 0
    boolean,     // a column that is 0 or 1
    ns,          // the namespace of the catalogue
    tags,        // a column of JSON
    attributes,  // a column of JSON, or the file where that is null
    content,     // the attributes of JSON, the text of texts, else empty
  };
  std::string_view name;
  Kind kind = Kind::text;
  Column column = Column::name;
  std::string_view sql;  // what a condition calls it
};

/// All fields, sorted by name.
std::span<const QueryField> all_query_fields();
const QueryField* find_query_field(std::string_view name);

/// The content of the version in this row, from its file below `root`; empty when it is missing.
std::string read_content(const std::filesystem::path& root, const ArtifactKey& key,
                         std::uint32_t version);

/// The fields of the current row of a SELECT that begins with artifact_columns(), as cel::Query
/// takes them: one value per field, made when it is first wanted for the row.
class RowFields {
 public:
  /// Both must outlive this.
  RowFields(const Statement& row, const std::filesystem::path& root) : row_(row), root_(root) {}

  /// To be called when the statement has stepped.
  void next_row();

  /// All values of the row; only those that `wanted` reads, or that were made before, are there.
  std::span<const Value> values(const cel::Query& wanted);
  const Value& value(const QueryField& field);

  Value attributes() const;
  Value content() const;

 private:
  Value make(const QueryField& field) const;
  std::string file_content() const;

  const Statement& row_;
  const std::filesystem::path& root_;
  std::vector<Value> values_ = std::vector<Value>(all_query_fields().size());
  std::vector<bool> made_ = std::vector<bool>(all_query_fields().size());
};

/// The record that documents and expressions show.
Value make_record(const Artifact& artifact, bool is_latest, Value attributes, Value content);

/// The fields of a record, as cel::Query takes them.
std::vector<Value> field_values(const Value& record);

}  // namespace swamp::store
