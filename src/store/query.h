#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cel/query.h"
#include "store/catalog.h"
#include "value/value.h"

namespace swamp::store {

/// A question about all data: `tags.env == 'prod' && attributes.exitCode != 0`.
struct QueryRequest {
  std::string predicate;  // CEL over the fields of a record; only `true` matches
  std::optional<std::string> select =
      std::nullopt;  // CEL over the same record; absent: whole records
  std::optional<std::int64_t> limit = std::nullopt;  // at least 1
  std::string order_by = {};                         // `field` or `field:desc`; empty: newest first
  bool with_texts = false;  // `content` of texts also where the predicate does not mention it
};

struct QueryResult {
  /// One value per match: the record as a map (docs/data-store.md), or what `select` made of it
  /// (null where it failed).
  List results;
  bool limited = false;  // there were more matches than the limit
  std::uint64_t skipped =
      0;  // rows on which the predicate could not be evaluated; they do not match
  std::optional<Error> first_skip = std::nullopt;
};

/// A compiled query. Immutable; may be run many times and from several threads.
///
/// Results are those of evaluating the predicate on every row; what SQLite can decide with the same
/// meaning it decides. Without `version` or `isLatest` in the predicate only latest versions are
/// asked, without `lifecycle` only live ones.
class Query {
 public:
  /// Fails with invalid_input: syntax, unknown fields or functions (with a suggestion), a limit
  /// below 1, an unknown order.
  static Result<Query> compile(QueryRequest request);

  /// Asks the catalogues in order of precedence: a version that an earlier one has hides that of a
  /// later one. Null pointers are passed over. Brings them up to date first. Blocks.
  Result<QueryResult> run(std::span<Catalog* const> catalogs) const;
  Result<QueryResult> run(Catalog& catalog) const;

  /// The SQL condition that narrows the rows, for tests and for those who wonder; empty when there
  /// is none.
  const std::string& pushed_down() const;

  struct Compiled;

 private:
  explicit Query(std::shared_ptr<const Compiled> compiled);
  std::shared_ptr<const Compiled> compiled_;
};

/// What is taken of a record, for records that were changed after they were found: a query alone
/// selects from what is stored.
class Selection {
 public:
  /// Fails with invalid_input: syntax, unknown fields or functions.
  static Result<Selection> compile(std::string_view select);

  /// Whether it reads that field; `field` is one of query_fields().
  bool reads(std::string_view field) const;

  /// Null where it cannot be evaluated.
  Value of(const Value& record) const;

 private:
  explicit Selection(cel::Query query) : query_(std::move(query)) {}
  cel::Query query_;
};

/// Names of the fields of a record, sorted.
std::span<const std::string> query_fields();

/// A row as the record that queries and expressions see; `content` is the bytes of the version,
/// `attributes` is parsed from them. Keys in the order in which documents print them.
Value to_record(const Artifact& artifact, bool is_latest, std::string_view content);

}  // namespace swamp::store
