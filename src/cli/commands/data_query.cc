#include <algorithm>

#include <fmt/format.h>

#include "cli/answer.h"
#include "cli/data_documents.h"
#include "cli/open_session.h"
#include "cli/usage_error.h"
#include "render/table.h"
#include "render/text.h"
#include "value/json.h"

namespace swamp::cli {
namespace {

using Type = Option::Type;

constexpr Argument kArguments[] = {
    {"predicate", "CEL over the fields of a record; only true matches", Argument::Need::optional}};
constexpr Option kOptions[] = {
    {.name = "select",
     .type = Type::text,
     .value = "cel",
     .doc = "what to take of each record, also CEL"},
    {.name = "limit", .type = Type::number, .value = "n", .doc = "at most so many", .least = 1},
    {.name = "order-by",
     .type = Type::text,
     .value = "field[:desc]",
     .doc = "instead of newest first"},
    {.name = "rescan", .doc = "read all data again first, as after changing files by hand"},
};
constexpr Example kExamples[] = {
    {"swamp data query 'modelName == \"web\"'", "the latest version of everything of one model"},
    {"swamp data query 'attributes.exitCode != 0' --select name", "names only"},
    {"swamp data query 'name == \"result\" && version >= 0' --order-by version", "history too"},
};

/// A record as it is printed: its attributes are its content, which stands behind the other fields.
Map record_document(const Map& record) {
  Map document;
  for (const auto& [key, value] : record) {
    if (key != "attributes" && key != "content" && key != "lifecycle") document.set(key, value);
  }
  for (const std::string_view key : {"content", "lifecycle"}) {
    if (const Value* value = record.find(key)) document.set(std::string(key), *value);
  }
  return document;
}

std::string cell(const Value& value) {
  if (value.is_string()) return to_valid_utf8(value.as_string());
  return write_json(value);
}

/// The same within a table, whose rows are lines: as JSON where the text has several.
std::string table_cell(const Value& value) {
  const bool has_lines =
      value.is_string() && value.as_string().find_first_of("\r\n") != std::string::npos;
  return has_lines ? write_json(value) : cell(value);
}

/// The columns of a table of results, named after the first that is not null; none where results
/// are no maps or lists.
std::vector<std::string> columns_of(const List& results) {
  std::vector<std::string> columns;
  const auto first =
      std::find_if(results.begin(), results.end(), [](const Value& v) { return !v.is_null(); });
  if (first == results.end()) return columns;
  if (first->is_map()) {
    for (const auto& [key, value] : first->as_map())
      columns.push_back(key);
  }
  if (first->is_list()) {
    for (std::size_t i = 1; i <= first->as_list().size(); ++i)
      columns.push_back(std::to_string(i));
  }
  return columns;
}

/// What stands in one column of a row; nothing where the row has no such thing.
std::string cell_of(const Value& row, const std::string& column, std::size_t number) {
  static const Value kNothing{};
  const bool has_place = row.is_list() && number < row.as_list().size();
  const Value& value = has_place ? row.as_list()[number] : row.is_map() ? row[column] : kNothing;
  return value.is_null() ? "" : table_cell(value);
}

/// Records as a table of their main fields; selected maps and lists as tables, all else one a line.
std::string text_of(const Invocation& invocation, const Io& io, const List& results,
                    bool selected) {
  if (results.empty()) return "No matching data found.\n";
  std::vector<std::string> names = {"name", "modelName", "specName", "dataType", "version", "size"};
  if (selected) names = columns_of(results);
  if (names.empty()) {
    std::string lines;
    for (const Value& value : results) {
      lines += cell(value) + "\n";
    }
    return lines;
  }
  std::vector<render::Table::Column> columns;
  for (const std::string& name : names)
    columns.push_back({name});
  render::Table table(std::move(columns));
  for (const Value& row : results) {
    std::vector<std::string> cells;
    for (std::size_t i = 0; i < names.size(); ++i)
      cells.push_back(cell_of(row, names[i], i));
    table.add(std::move(cells));
  }
  return table_text(invocation, io, table);
}

Result<ExitCode> run(const Invocation& invocation, Io& io) {
  auto predicate = invocation.find_argument("predicate");
  if (!predicate) {
    return usage_error("a CEL predicate is required", "swamp data query 'modelName == \"web\"'");
  }
  SWAMP_TRY(auto session, open_session(invocation, io));
  store::QueryRequest request{.predicate = std::string(*predicate)};
  if (auto select = invocation.text("select")) request.select = std::string(*select);
  request.limit = invocation.number("limit");
  request.order_by = invocation.text("order-by").value_or("");
  const bool selected = request.select.has_value();
  if (invocation.has("rescan")) {
    SWAMP_TRY(auto warnings, session->catalog().rescan_all());
    for (const Error& warning : warnings) {
      warn(invocation, io, warning);
    }
  }
  SWAMP_TRY(auto result, app::query_data(*session, std::move(request)));
  Map document;
  if (!selected) document.set("predicate", *predicate);
  const std::string text = text_of(invocation, io, result.results, selected);
  const auto total = static_cast<std::int64_t>(result.results.size());
  if (!selected) {
    for (Value& record : result.results)
      record = record_document(record.as_map());
  }
  document.set("results", std::move(result.results));
  document.set("total", total);
  document.set("limited", result.limited);
  if (result.skipped > 0) {
    Error skipped{.code = ErrorCode::invalid_input,
                  .message = fmt::format("the predicate could not be evaluated on {}, which {} not "
                                         "match",
                                         render::count_of(result.skipped, "record"),
                                         result.skipped == 1 ? "does" : "do")};
    if (result.first_skip)
      skipped.notes.push_back("the first cause: " + result.first_skip->message);
    document.set("skipped",
                 Map{{"count", result.skipped},
                     {"cause", result.first_skip ? Value(result.first_skip->message) : Value()}});
    warn(invocation, io, skipped);
  }
  return answer(invocation, io, document, text);
}

}  // namespace

extern constexpr Command kDataQueryCommand = {
    .path = "data query",
    .summary = "Find artifacts with a CEL predicate",
    .arguments = kArguments,
    .options = kOptions,
    .shared = kInRepository,
    .examples = kExamples,
    .run = run,
};

}  // namespace swamp::cli
