#include <fmt/format.h>

#include "app/models.h"
#include "cli/answer.h"
#include "cli/open_session.h"
#include "cli/type_documents.h"
#include "render/table.h"

namespace swamp::cli {
namespace {

constexpr Argument kQuery[] = {{"query", "part of a type's name", Argument::Need::optional}};
constexpr Argument kType[] = {{"type", "name of the type"}};
constexpr Option kDescribeOptions[] = {{.name = "compact", .doc = "names, types and choices only"}};
constexpr Example kSearchExamples[] = {{"swamp model type search", "all types"}};
constexpr Example kDescribeExamples[] = {
    {"swamp model type describe command/shell", "its methods, arguments and outputs"},
    {"swamp model type describe command/shell --compact --json", "the same, as small as can be"},
};

Result<ExitCode> run_search(const Invocation& invocation, Io& io) {
  SWAMP_TRY(auto session, open_session(invocation, io));
  const auto query = invocation.find_argument("query").value_or("");
  List results;
  render::Table table({{"TYPE"}, {"VERSION"}, {"METHODS"}});
  for (const auto& type : app::search_types(*session, query)) {
    results.push_back(Map{{"raw", type->raw}, {"normalized", type->normalized}});
    std::string methods;
    for (const model::Method& method : type->methods) {
      methods += (methods.empty() ? "" : ", ") + method.name;
    }
    table.add({type->normalized, type->version, methods});
  }
  Map document{{"query", query}, {"results", results}};
  const std::string hint = "types come with extensions; 'command/shell' is built in";
  if (results.empty()) document.set("hint", hint);
  return answer(invocation, io, document,
                table.empty() ? fmt::format("No type matches '{}': {}.\n", query, hint)
                              : table_text(invocation, io, table));
}

Value compact_document(const model::Type& type) {
  List outputs;
  for (const auto& spec : type.resources) {
    outputs.push_back(spec.name);
  }
  for (const auto& spec : type.files) {
    outputs.push_back(spec.name);
  }
  List methods;
  for (const model::Method& method : type.methods) {
    methods.push_back(Map{{"name", method.name},
                          {"description", method.description},
                          {"arguments", compact_schema(method.arguments_schema)}});
  }
  Map document{{"type", type.normalized}, {"version", type.version}};
  if (!type.global_arguments_schema.is_null()) {
    document.set("globalArguments", compact_schema(type.global_arguments_schema));
  }
  if (!outputs.empty()) document.set("dataOutputSpecs", std::move(outputs));
  document.set("methods", std::move(methods));
  return document;
}

Value full_document(const model::Type& type) {
  Map document{{"type", Map{{"raw", type.raw}, {"normalized", type.normalized}}},
               {"version", type.version}};
  if (!type.global_arguments_schema.is_null())
    document.set("globalArguments", type.global_arguments_schema);
  if (auto outputs = outputs_document_of(type); !outputs.is_null())
    document.set("dataOutputSpecs", std::move(outputs));
  document.set("methods", methods_document(type));
  return document;
}

Result<ExitCode> run_describe(const Invocation& invocation, Io& io) {
  SWAMP_TRY(auto session, open_session(invocation, io));
  SWAMP_TRY(auto type, app::find_type(*session, invocation.argument("type")));
  const auto style = style_of(invocation, io, Io::Stream::out);
  std::string text = fmt::format("Type: {}\nVersion: {}\n", type->normalized, type->version);
  if (!type->global_arguments_schema.is_null()) {
    text += "Global Arguments:\n" + schema_text(type->global_arguments_schema, style, 2);
  }
  text += methods_text(*type, style) + outputs_text_of(*type, style);
  return answer(invocation, io,
                invocation.has("compact") ? compact_document(*type) : full_document(*type), text);
}

}  // namespace

extern constexpr Command kModelTypeSearchCommand = {
    .path = "model type search",
    .summary = "List the types that models can have",
    .arguments = kQuery,
    .shared = kInRepository,
    .examples = kSearchExamples,
    .hidden_aliases = "list",
    .json_to_programs = true,
    .run = run_search};
extern constexpr Command kModelTypeDescribeCommand = {
    .path = "model type describe",
    .summary = "Show the methods, arguments and outputs of a type",
    .arguments = kType,
    .options = kDescribeOptions,
    .shared = kInRepository,
    .examples = kDescribeExamples,
    .aliases = "get",
    .run = run_describe};

}  // namespace swamp::cli
