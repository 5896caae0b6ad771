#include <fmt/format.h>

#include "base/duration.h"
#include "cli/answer.h"
#include "cli/data_documents.h"
#include "cli/open_session.h"
#include "cli/usage_error.h"
#include "render/table.h"
#include "render/time_text.h"

namespace swamp::cli {
namespace {

using Type = Option::Type;

constexpr Argument kArguments[] = {
    {"query", "part of a name, type, model or owner", Argument::Need::optional}};
constexpr Option kOptions[] = {
    {.name = "type", .type = Type::text, .value = "type", .doc = "resource, file, report, …"},
    {.name = "lifetime",
     .type = Type::text,
     .value = "lifetime",
     .doc = "infinite, job, workflow, 30d, …"},
    {.name = "owner-type",
     .type = Type::text,
     .value = "type",
     .doc = "model-method, workflow-step or manual"},
    {.name = "workflow",
     .type = Type::text,
     .value = "name",
     .doc = "written by runs of this workflow"},
    {.name = "model", .type = Type::text, .value = "name", .doc = "of this model"},
    {.name = "content-type",
     .type = Type::text,
     .value = "mime",
     .doc = "application/json, text/plain, …"},
    {.name = "since", .type = Type::age, .value = "age", .doc = "not older than 1h, 7d, 1mo, …"},
    {.name = "output", .type = Type::text, .value = "id", .doc = "written by this method run"},
    {.name = "run", .type = Type::text, .value = "id", .doc = "written by this workflow run"},
    {.name = "tag",
     .type = Type::text,
     .value = "key=value",
     .doc = "with this tag",
     .repeatable = true},
    {.name = "streaming", .doc = "only what was written piece by piece"},
    {.name = "limit",
     .type = Type::number,
     .value = "n",
     .doc = "at most so many",
     .default_value = "50",
     .least = 1},
};
constexpr Example kExamples[] = {
    {"swamp data search result --since 1d", "what is called 'result' and was written today"},
    {"swamp data search --tag env=prod --type resource", "by tag and type"},
};

Result<app::SearchData> request_of(const Invocation& invocation, app::Session& session) {
  const auto text = [&](std::string_view option) {
    return std::string(invocation.text(option).value_or(""));
  };
  app::SearchData request{.query = std::string(invocation.find_argument("query").value_or("")),
                          .type = text("type"),
                          .lifetime = text("lifetime"),
                          .owner_type = text("owner-type"),
                          .workflow = text("workflow"),
                          .model = text("model"),
                          .content_type = text("content-type"),
                          .output = text("output"),
                          .run = text("run"),
                          .streaming_only = invocation.has("streaming"),
                          .limit = static_cast<std::size_t>(*invocation.number("limit"))};
  if (auto age = invocation.duration("since")) request.since = session.clock().now() - *age;
  for (const std::string& tag : invocation.texts("tag")) {
    const auto equals = tag.find('=');
    if (equals == 0 || equals == std::string::npos) {
      return usage_error(fmt::format("'{}' is no tag", tag), "write --tag key=value");
    }
    request.tags.emplace_back(tag.substr(0, equals), tag.substr(equals + 1));
  }
  return request;
}

Value filters_document(const Invocation& invocation, const app::SearchData& request) {
  Map filters;
  constexpr std::pair<std::string_view, std::string_view> kNames[] = {
      {"type", "type"},
      {"lifetime", "lifetime"},
      {"owner-type", "ownerType"},
      {"workflow", "workflow"},
      {"model", "model"},
      {"since", "since"},
      {"content-type", "contentType"},
      {"output", "output"},
      {"run", "run"}};
  for (const auto& [option, key] : kNames) {
    if (auto text = invocation.text(option)) filters.set(std::string(key), *text);
  }
  for (const auto& [name, text] : request.tags) {
    filters.set("tag:" + name, text);
  }
  if (request.streaming_only) filters.set("streaming", "true");
  return filters;
}

Value row_document(const store::Artifact& artifact) {
  const store::Metadata& data = artifact.metadata;
  Map row{{"id", data.id},
          {"name", data.name},
          {"version", std::int64_t{data.version}},
          {"contentType", data.content_type},
          {"type", group_of(data)},
          {"lifetime", data.lifetime},
          {"ownerType", data.owner.type},
          {"ownerRef", data.owner.ref},
          {"modelId", artifact.key.model_id},
          {"modelName", std::string(data.tags.get("modelName"))},
          {"modelType", artifact.key.type},
          {"streaming", data.streaming},
          {"size", data.size.value_or(0)},
          {"createdAt", to_iso8601(data.created_at)},
          {"tags", data.tags.to_value()}};
  constexpr std::pair<std::string_view, std::string_view> kTags[] = {
      {"workflow", "workflowTag"}, {"job", "jobTag"}, {"step", "stepTag"}};
  for (const auto& [tag, key] : kTags) {
    if (const std::string* text = data.tags.find(tag)) row.set(std::string(key), *text);
  }
  return row;
}

Result<ExitCode> run(const Invocation& invocation, Io& io) {
  SWAMP_TRY(auto session, open_session(invocation, io));
  SWAMP_TRY(auto request, request_of(invocation, *session));
  SWAMP_TRY(auto result, app::search_data(*session, request));
  List rows;
  render::Table table({{"NAME"},
                       {"VERSION"},
                       {"TYPE"},
                       {"MODEL"},
                       {"SIZE", render::Table::Align::right},
                       {"CREATED"}});
  for (const store::Artifact& artifact : result.found) {
    const store::Metadata& data = artifact.metadata;
    rows.push_back(row_document(artifact));
    table.add({data.name, fmt::format("v{}", data.version), group_of(data),
               std::string(data.tags.get("modelName")), size_text(data.size.value_or(0)),
               render::when_text(data.created_at, session->clock().now())});
  }
  return answer(invocation, io,
                Map{{"query", request.query},
                    {"filters", filters_document(invocation, request)},
                    {"results", std::move(rows)},
                    {"total", static_cast<std::int64_t>(result.total)},
                    {"limited", result.limited}},
                table.empty() ? "No matching data found.\n" : table_text(invocation, io, table));
}

}  // namespace

extern constexpr Command kDataSearchCommand = {
    .path = "data search",
    .summary = "Find artifacts across models",
    .arguments = kArguments,
    .options = kOptions,
    .shared = kInRepository,
    .examples = kExamples,
    .json_to_programs = true,
    .run = run,
};

}  // namespace swamp::cli
