#include <fmt/format.h>

#include "app/models.h"
#include "cli/answer.h"
#include "cli/open_session.h"
#include "cli/type_documents.h"
#include "engine/method_sensitive.h"
#include "render/table.h"
#include "value/json.h"

namespace swamp::cli {
namespace {

constexpr Argument kModel[] = {{"model_id_or_name", "name or id of the model"}};
constexpr Argument kQuery[] = {
    {"query", "part of a name, type, id or tag", Argument::Need::optional}};
constexpr Argument kMethod[] = {{"model_id_or_name", "name or id of the model"},
                                {"method_name", "name of the method"}};
constexpr Option kSearchOptions[] = {{.name = "all", .doc = "also those that runs made"}};
constexpr Example kGetExamples[] = {
    {"swamp model get web", "the definition of 'web' and what its type can do"}};
constexpr Example kSearchExamples[] = {
    {"swamp model search shell", "models in whose name, type, id or tags 'shell' occurs"}};
constexpr Example kDescribeExamples[] = {
    {"swamp model method describe web execute", "arguments and outputs of a method"}};

Value globals_of(const app::FoundModel& model, const model::Type* type) {
  Value globals = model.definition->global_arguments.value();
  if (globals.is_null()) globals = Map{};
  return type == nullptr ? globals
                         : engine::masked_arguments(type->global_arguments_schema, globals);
}

Result<ExitCode> run_get(const Invocation& invocation, Io& io) {
  SWAMP_TRY(auto session, open_session(invocation, io));
  SWAMP_TRY(auto model, app::find_model(*session, invocation.argument("model_id_or_name")));
  const auto style = style_of(invocation, io, Io::Stream::out);
  auto type = session->types().find(model.type);
  Map document{{"id", model.id}, {"name", model.name}, {"type", model.type}};
  render::KeyValues lines;
  lines.add("Model", model.name);
  lines.add("Id", model.id);
  lines.add("Type", model.type);
  if (model.definition != nullptr) {
    const Value globals = globals_of(model, type.get());
    const Value tags =
        model.definition->tags.is_set() ? model.definition->tags.value() : Value(Map{});
    document.set("version", model.definition->version);
    document.set("tags", tags);
    document.set("globalArguments", globals);
    if (model.auto_made) document.set("autoCreated", true);
    if (model.definition->type_version)
      document.set("typeVersion", *model.definition->type_version);
    lines.add("File", model.path);
    if (!tags.as_map().empty()) lines.add("Tags", write_json(tags));
    if (!globals.as_map().empty()) lines.add("Global Arguments", write_json(globals));
  } else {
    document.set("ephemeral", true);
    lines.add("Made by", "steps that name a type and no model; it has no definition");
  }
  std::string text;
  if (type != nullptr) {
    if (!type->global_arguments_schema.is_null())
      document.set("globalArgumentsSchema", type->global_arguments_schema);
    document.set("methods", methods_document(*type));
    text = methods_text(*type, style);
  } else {
    text = fmt::format("Its type '{}' is not installed.\n", model.type);
  }
  return answer(invocation, io, document, lines.to_string(style) + text);
}

Result<ExitCode> run_search(const Invocation& invocation, Io& io) {
  SWAMP_TRY(auto session, open_session(invocation, io));
  const auto query = invocation.find_argument("query").value_or("");
  SWAMP_TRY(auto found, app::search_models(*session, query, invocation.has("all")));
  // Only what is printed: there may be thousands.
  List results;
  render::Table table({{"NAME"}, {"TYPE"}, {"ID"}});
  for (const repo::DocumentEntry* entry : found) {
    if (invocation.json()) {
      results.push_back(Map{{"id", entry->id}, {"name", entry->name}, {"type", entry->type}});
    } else {
      table.add({entry->name, entry->type, entry->id});
    }
  }
  SWAMP_TRY(const auto* documents, session->documents());
  return answer(invocation, io,
                with_warnings(Map{{"query", query}, {"results", std::move(results)}},
                              documents->index().warnings()),
                found.empty() ? "No models found.\n" : table_text(invocation, io, table));
}

Result<ExitCode> run_describe(const Invocation& invocation, Io& io) {
  SWAMP_TRY(auto session, open_session(invocation, io));
  SWAMP_TRY(auto found, app::describe_method(*session, invocation.argument("model_id_or_name"),
                                             invocation.argument("method_name")));
  Map document{{"modelName", found.model.name},
               {"modelType", found.model.type},
               {"version", found.type->version},
               {"method", method_document(*found.method)}};
  if (auto outputs = outputs_document_of(*found.type); !outputs.is_null())
    document.set("dataOutputSpecs", outputs);
  const auto style = style_of(invocation, io, Io::Stream::out);
  return answer(
      invocation, io, document,
      fmt::format("Model: {} ({})\n{}{}", found.model.name, found.model.type,
                  method_text(*found.method, style, 0), outputs_text_of(*found.type, style)));
}

}  // namespace

extern constexpr Command kModelGetCommand = {
    .path = "model get",
    .summary = "Show a definition and the schemas of its methods",
    .arguments = kModel,
    .shared = kInRepository,
    .examples = kGetExamples,
    .run = run_get};
extern constexpr Command kModelSearchCommand = {.path = "model search",
                                                .summary = "List model definitions",
                                                .arguments = kQuery,
                                                .options = kSearchOptions,
                                                .shared = kInRepository,
                                                .examples = kSearchExamples,
                                                .hidden_aliases = "list",
                                                .json_to_programs = true,
                                                .run = run_search};
extern constexpr Command kModelMethodDescribeCommand = {
    .path = "model method describe",
    .summary = "Show the arguments and outputs of a method",
    .arguments = kMethod,
    .shared = kInRepository,
    .examples = kDescribeExamples,
    .run = run_describe};

}  // namespace swamp::cli
