#include "store/query.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/suggest.h"
#include "cel/parser.h"
#include "cel/program.h"
#include "cel/query.h"
#include "store/catalog_state.h"
#include "store/catalog_table.h"
#include "store/query_fields.h"
#include "store/query_pushdown.h"

namespace swamp::store {

namespace fs = std::filesystem;

struct Query::Compiled {
  QueryRequest request;
  cel::References references;  // of the predicate
  cel::Query predicate;
  std::optional<cel::Query> select;
  Pushdown pushdown;
  const QueryField* order = nullptr;  // null: newest first
  bool descending = true;
  bool wants_content = false;  // of texts, in whole records
  std::string narrowing;       // for pushed_down()
  std::string sql;
};

namespace {

// --- compiling ---

Result<cel::Program> compile_program(const std::string& text, std::string_view name) {
  const auto source =
      std::make_shared<const SourceText>(SourceText{.name = std::string(name), .text = text});
  const SourceSpan whole{.source = source};
  return cel::Program::compile(text, cel::Dialect::swamp, &whole);
}

struct Order {
  const QueryField* field = nullptr;
  bool descending = true;
};

/// `field` or `field:desc`.
Result<Order> parse_order(std::string_view text) {
  if (text.empty()) return Order{};
  const auto colon = text.find(':');
  const auto name = text.substr(0, colon);
  const auto direction = colon == text.npos ? std::string_view("asc") : text.substr(colon + 1);
  if (direction != "asc" && direction != "desc") {
    return fail(ErrorCode::invalid_input, fmt::format("'{}' is no direction", direction),
                "write asc or desc");
  }
  const auto* field = find_query_field(name);
  using Kind = QueryField::Kind;
  if (!field) {
    return fail(ErrorCode::invalid_input, fmt::format("'{}' is no field to order by", name),
                did_you_mean(name, query_fields()));
  }
  if (field->kind == Kind::tags || field->kind == Kind::attributes ||
      field->kind == Kind::content) {
    return fail(ErrorCode::invalid_input, fmt::format("results cannot be ordered by '{}'", name));
  }
  return Order{field, direction == "desc"};
}

std::string narrowing_sql(const Query::Compiled& query) {
  const cel::References& roots = query.references;
  std::string sql;
  const auto add = [&](std::string condition) { sql += (sql.empty() ? "" : " AND ") + condition; };
  if (!roots.mentions("version") && !roots.mentions("isLatest")) add("is_latest = 1");
  if (!roots.mentions("lifecycle")) add("is_live = 1");
  if (query.pushdown.verdict.no != "0")
    add(fmt::format("(plain = 0 OR NOT {})", query.pushdown.verdict.no));
  return sql.empty() ? "1" : sql;
}

std::string order_sql(const Query::Compiled& query) {
  const std::string keys = "type, model_id, name, version DESC";
  // Without an index the order is made from what matched, which is little; walking the index by age
  // reads rows one by one and pays only when few are wanted.
  if (!query.order)
    return fmt::format("{}created_at DESC, {}", query.request.limit ? "" : "+", keys);
  return fmt::format("{} {}, {}", query.order->sql, query.descending ? "DESC" : "ASC", keys);
}

enum class RowVerdict : int { match = 1, evaluate = 2, failed = 3 };

std::string whole_sql(const Query::Compiled& query) {
  const Verdict& verdict = query.pushdown.verdict;
  return fmt::format(
      "SELECT {}, CASE WHEN plain = 0 THEN 2 WHEN {} THEN 1 WHEN {} THEN 2 ELSE 3 END FROM "
      "artifacts "
      "WHERE {} ORDER BY {}",
      artifact_columns(), verdict.yes, verdict.unsure, query.narrowing, order_sql(query));
}

// --- running ---

/// One match, with what decides its place among those of other catalogues.
struct Match {
  Value result;
  Value order;
  ArtifactKey key;
  std::uint32_t version = 0;
};

using NameSet = std::set<ArtifactKey>;

/// A query over one catalogue.
class Run {
 public:
  Run(const Query::Compiled& query, const fs::path& root, const NameSet& hidden,
      QueryResult& result)
      : query_(query), root_(root), hidden_(hidden), result_(result) {}

  Result<std::vector<Match>> over(const Database& database) {
    SWAMP_TRY(auto rows, database.prepare(query_.sql));
    bind(rows);
    RowFields fields(rows, root_);
    std::vector<Match> matches;
    for (;;) {
      SWAMP_TRY(const bool more, rows.step());
      if (!more) return matches;
      fields.next_row();
      if (is_hidden(rows) || !is_match(rows, fields)) continue;
      matches.push_back(match(rows, fields));
      // One more than the limit, to know that there was more.
      if (query_.request.limit && static_cast<std::int64_t>(matches.size()) > *query_.request.limit)
        return matches;
    }
  }

 private:
  void bind(Statement& rows) const {
    int next = 0;
    for (const SqlValue& value : query_.pushdown.parameters) {
      ++next;
      std::visit([&](const auto& bound) { rows.bind(next, bound); }, value);
    }
  }

  bool is_hidden(const Statement& row) const {
    if (hidden_.empty()) return false;
    return hidden_.contains({std::string(text(row, Column::type)),
                             std::string(text(row, Column::model_id)),
                             std::string(text(row, Column::name))});
  }

  bool is_match(const Statement& row, RowFields& fields) {
    const auto verdict = static_cast<RowVerdict>(row.integer(kColumnCount));
    if (verdict == RowVerdict::match) return true;
    if (verdict == RowVerdict::failed && result_.first_skip) {
      ++result_.skipped;
      return false;
    }
    const auto values = fields.values(query_.predicate);
    switch (query_.predicate.matches(values)) {
      case cel::Query::Match::yes:
        return true;
      case cel::Query::Match::no:
        return false;
      case cel::Query::Match::failed:
        skip(values);
    }
    return false;
  }

  void skip(std::span<const Value> values) {
    ++result_.skipped;
    if (result_.first_skip) return;
    if (auto why = query_.predicate.evaluate(values); !why) result_.first_skip = why.error();
  }

  Match match(const Statement& row, RowFields& fields) const {
    Match found{
        .key = {std::string(text(row, Column::type)), std::string(text(row, Column::model_id)),
                std::string(text(row, Column::name))},
        .version = static_cast<std::uint32_t>(integer(row, Column::version))};
    found.order = fields.value(query_.order ? *query_.order : *find_query_field("createdAt"));
    found.result = query_.select ? selected(fields) : record(row, fields);
    return found;
  }

  Value selected(RowFields& fields) const {
    return query_.select->evaluate(fields.values(*query_.select)).value_or(Value());
  }

  Value record(const Statement& row, RowFields& fields) const {
    auto found = read_row(row);
    const Metadata& metadata = found.artifact.metadata;
    Value attributes = metadata.is_json() ? fields.attributes() : Value(Map());
    Value content = metadata.is_json()                           ? attributes
                    : metadata.is_text() && query_.wants_content ? fields.content()
                                                                 : Value("");
    return make_record(found.artifact, found.is_latest, std::move(attributes), std::move(content));
  }

  const Query::Compiled& query_;
  const fs::path& root_;
  const NameSet& hidden_;
  QueryResult& result_;
};

bool is_less(const Value& a, const Value& b) {
  if (a.is_string() && b.is_string()) return a.as_string() < b.as_string();
  if (a.is_number() && b.is_number()) return a.as_int() < b.as_int();
  return a.is_bool() && b.is_bool() && !a.as_bool() && b.as_bool();
}

/// The order of the SQL, for matches of several catalogues.
bool comes_before(const Match& a, const Match& b, bool descending) {
  if (is_less(a.order, b.order)) return !descending;
  if (is_less(b.order, a.order)) return descending;
  if (a.key != b.key) return a.key < b.key;
  return a.version > b.version;
}

Result<NameSet> names_in(const Database& database) {
  SWAMP_TRY(auto rows, database.prepare("SELECT DISTINCT type, model_id, name FROM artifacts"));
  NameSet names;
  for (;;) {
    SWAMP_TRY(const bool more, rows.step());
    if (!more) return names;
    names.insert({std::string(rows.text(0)), std::string(rows.text(1)), std::string(rows.text(2))});
  }
}

}  // namespace

Query::Query(std::shared_ptr<const Compiled> compiled) : compiled_(std::move(compiled)) {}

Result<Query> Query::compile(QueryRequest request) {
  if (request.limit && *request.limit < 1) {
    return fail(ErrorCode::invalid_input,
                fmt::format("a limit of {} shows nothing", *request.limit),
                "give a limit of at least 1, or none");
  }
  SWAMP_TRY(const auto order, parse_order(request.order_by));
  SWAMP_TRY(const auto predicate, compile_program(request.predicate, "<predicate>"));
  SWAMP_TRY(auto bound, cel::Query::bind(predicate, query_fields()));
  std::optional<cel::Query> select;
  if (request.select) {
    SWAMP_TRY(const auto program, compile_program(*request.select, "<select>"));
    SWAMP_TRY(select, cel::Query::bind(program, query_fields()));
  }
  auto compiled = std::make_shared<Compiled>(Compiled{.request = std::move(request),
                                                      .references = predicate.references(),
                                                      .predicate = std::move(bound),
                                                      .select = std::move(select),
                                                      .order = order.field,
                                                      .descending = order.descending});
  if (const auto tree = cel::parse(compiled->request.predicate, cel::Dialect::swamp)) {
    compiled->pushdown = push_down(*tree);
  }
  compiled->wants_content =
      compiled->request.with_texts || compiled->references.mentions("content");
  compiled->narrowing = narrowing_sql(*compiled);
  compiled->sql = whole_sql(*compiled);
  return Query(std::move(compiled));
}

Result<Selection> Selection::compile(std::string_view select) {
  SWAMP_TRY(const auto program, compile_program(std::string(select), "<select>"));
  SWAMP_TRY(auto query, cel::Query::bind(program, query_fields()));
  return Selection(std::move(query));
}

bool Selection::reads(std::string_view field) const {
  const auto fields = query_fields();
  const auto found = std::find(fields.begin(), fields.end(), field);
  return query_.reads(static_cast<std::size_t>(found - fields.begin()));
}

Value Selection::of(const Value& record) const {
  return query_.evaluate(field_values(record)).value_or(Value());
}

const std::string& Query::pushed_down() const {
  return compiled_->narrowing;
}

Result<QueryResult> Query::run(Catalog& catalog) const {
  Catalog* const only[] = {&catalog};
  return run(only);
}

Result<QueryResult> Query::run(std::span<Catalog* const> catalogs) const {
  QueryResult result;
  std::vector<Match> matches;
  NameSet hidden;
  const auto asked = catalogs.size() - static_cast<std::size_t>(
                                           std::count(catalogs.begin(), catalogs.end(), nullptr));
  for (Catalog* catalog : catalogs) {
    if (!catalog) continue;
    const QueryResult before = result;
    std::vector<Match> found;
    NameSet names;
    const auto ask = [&](const Database& database) -> Result<> {
      result = before;  // a second reading begins anew
      SWAMP_TRY(found, Run(*compiled_, catalog->root(), hidden, result).over(database));
      if (asked > 1) {
        SWAMP_TRY(names, names_in(database));
      }
      return {};
    };
    SWAMP_CHECK(catalog->state_->read(ask));
    std::move(found.begin(), found.end(), std::back_inserter(matches));
    hidden.merge(names);
  }
  if (asked > 1) {
    std::stable_sort(matches.begin(), matches.end(), [this](const Match& a, const Match& b) {
      return comes_before(a, b, compiled_->descending);
    });
  }
  const auto& limit = compiled_->request.limit;
  result.limited = limit && static_cast<std::int64_t>(matches.size()) > *limit;
  if (result.limited) matches.resize(static_cast<std::size_t>(*limit));
  result.results.reserve(matches.size());
  for (Match& match : matches)
    result.results.push_back(std::move(match.result));
  return result;
}

}  // namespace swamp::store
