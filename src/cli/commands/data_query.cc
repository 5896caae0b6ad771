#include <algorithm>

#include <fmt/format.h>

#include "cli/answer.h"
#include "cli/data_documents.h"
#include "cli/open_session.h"
#include "cli/usage_error.h"
#include "render/table.h"
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

/// Records as a table of their main fields; selected maps and lists as tables, all else one a line.
std::string text_of(const Invocation& invocation, const Io& io, const List& results,
                    bool selected) {
  if (results.empty()) return "No matching data found.\n";
  auto first =
      std::find_if(results.begin(), results.end(), [](const Value& v) { return !v.is_null(); });
  std::vector<std::string> keys;
  if (!selected) {
    keys = {"name", "modelName", "specName", "dataType", "version", "size"};
  } else if (first != results.end() && first->is_map()) {
    for (const auto& [key, value] : first->as_map()) {
      keys.push_back(key);
    }
  }
  if (keys.empty()) {
    std::string lines;
    for (const Value& value : results) {
      lines += cell(value) + "\n";
    }
    return lines;
  }
  std::vector<render::Table::Column> columns;
  for (const std::string& key : keys) {
    columns.push_back({key});
  }
  render::Table table(std::move(columns));
  for (const Value& row : results) {
    std::vector<std::string> cells;
    for (const std::string& key : keys) {
      cells.push_back(row[key].is_null() ? "" : cell(row[key]));
    }
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
                  .message = fmt::format(
                      "the predicate could not be evaluated on {} records, which do not match",
                      result.skipped)};
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
