#include <fmt/format.h>

#include "cli/answer.h"
#include "cli/data_documents.h"
#include "cli/data_target.h"
#include "cli/open_session.h"
#include "cli/usage_error.h"
#include "render/json_document.h"
#include "render/table.h"
#include "render/time_text.h"
#include "value/json.h"

namespace swamp::cli {
namespace {

constexpr Argument kArguments[] = {
    {"model_id_or_name", "name or id of the model; with --workflow the name of the data",
     Argument::Need::optional},
    {"data_name", "name of the data", Argument::Need::optional},
};
constexpr Option kOptions[] = {
    kModelOption,
    kNameOption,
    {.name = "version",
     .type = Option::Type::number,
     .value = "n",
     .doc = "this version, not the latest",
     .least = 1},
    {.name = "workflow",
     .type = Option::Type::text,
     .value = "name",
     .doc = "as a run of this workflow wrote it"},
    {.name = "run",
     .type = Option::Type::text,
     .value = "id",
     .doc = "as this run of a workflow wrote it; an id or its beginning"},
    {.name = "no-content", .doc = "leave the content out"},
};
constexpr Example kExamples[] = {
    {"swamp data get web result", "the latest version of 'result' of the model 'web'"},
    {"swamp data get web result --version 2 --json", "an earlier one, as a document"},
    {"swamp data get --workflow release result", "what the last run of 'release' wrote"},
};

Result<app::DataItem> find(const Invocation& invocation, app::Session& session) {
  SWAMP_TRY(auto target, data_target(invocation));
  app::GetData request{.model = std::move(target.model),
                       .name = std::move(target.name),
                       .with_content = !invocation.has("no-content")};
  if (auto version = invocation.number("version"))
    request.version = static_cast<std::uint32_t>(*version);
  if (invocation.has("workflow") || invocation.has("run")) {
    if (request.name.empty()) std::swap(request.name, request.model);
    if (!request.model.empty() || request.name.empty()) {
      return usage_error("with --workflow or --run, give the name of the data and nothing else",
                         "swamp data get --workflow <workflow> <name>");
    }
    return app::get_run_data(session, invocation.text("workflow").value_or(""),
                             invocation.text("run").value_or(""), request);
  }
  if (request.model.empty()) return usage_error("which model?", "swamp data get <model> <name>");
  if (request.name.empty()) {
    return usage_error(fmt::format("which data of '{}'?", request.model),
                       fmt::format("'swamp data list {}' shows what there is", request.model));
  }
  return app::get_data(session, request);
}

Value document_of(const app::DataItem& item) {
  const store::Metadata& data = item.artifact.metadata;
  Map document{{"id", data.id},
               {"name", data.name},
               {"modelId", item.model.id},
               {"modelName", item.model.name},
               {"modelType", item.model.type},
               {"version", std::int64_t{data.version}},
               {"contentType", data.content_type},
               {"lifetime", data.lifetime},
               {"garbageCollection", retention_document(data.retention)},
               {"streaming", data.streaming},
               {"tags", data.tags.to_value()},
               {"ownerDefinition", owner_document(data.owner)},
               {"createdAt", to_iso8601(data.created_at)}};
  if (data.size) document.set("size", *data.size);
  if (!data.checksum.empty()) document.set("checksum", data.checksum);
  if (data.lifecycle == store::Lifecycle::deleted) document.set("lifecycle", "deleted");
  document.set("contentPath", item.content_path);
  if (item.content) document.set("content", content_document(data, *item.content));
  return document;
}

/// The tags that do not repeat what other lines say.
std::string tags_text(const store::Metadata& data) {
  constexpr std::string_view kTold =
      "modelName source workflow workflowId workflowRunId job step initiatedBy";
  std::string tags;
  for (const auto& [name, text] : data.tags) {
    if (!has_word(kTold, name))
      tags += fmt::format("{}{}={}", tags.empty() ? "" : ", ", name, text);
  }
  return tags;
}

std::string writer_text(const store::Owner& owner) {
  if (owner.workflow_name.empty()) return {};
  return fmt::format("step {}/{} of workflow {}, run {}", owner.job_name, owner.step_name,
                     owner.workflow_name, owner.workflow_run_id.substr(0, 8));
}

std::string text_of(const app::DataItem& item, render::Style style, Timestamp now) {
  const store::Metadata& data = item.artifact.metadata;
  render::KeyValues lines;
  lines.add("Data", fmt::format("{} (v{})", data.name, data.version));
  lines.add("Model", fmt::format("{} ({})", item.model.name, item.model.type));
  lines.add("Content", fmt::format("{}, {}", data.content_type, size_text(data.size.value_or(0))));
  lines.add("Lifetime",
            fmt::format("{} | keeps {}", data.lifetime, retention_text(data.retention)));
  lines.add("Tags", tags_text(data));
  lines.add("Written by", writer_text(data.owner));
  lines.add("Created", render::moment_text(data.created_at, now));
  lines.add("Path", item.content_path);
  if (data.lifecycle == store::Lifecycle::deleted) lines.add("Lifecycle", "deleted");
  std::string text = lines.to_string(style);
  if (item.content) {
    const bool is_json = data.is_json();
    text += "\n" + (is_json ? write_json(content_document(data, *item.content), {.indent = 2})
                            : to_valid_utf8(*item.content));
    if (text.back() != '\n') text += '\n';
  }
  return text;
}

Result<ExitCode> run(const Invocation& invocation, Io& io) {
  SWAMP_TRY(auto session, open_session(invocation, io));
  SWAMP_TRY(auto item, find(invocation, *session));
  return answer(invocation, io, document_of(item),
                text_of(item, style_of(invocation, io, Io::Stream::out), session->clock().now()));
}

}  // namespace

extern constexpr Command kDataGetCommand = {
    .path = "data get",
    .summary = "Show one artifact",
    .arguments = kArguments,
    .options = kOptions,
    .shared = kInRepository,
    .examples = kExamples,
    .run = run,
};

}  // namespace swamp::cli
