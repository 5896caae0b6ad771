#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "cli/answer.h"
#include "cli/data_documents.h"
#include "cli/open_session.h"
#include "cli/usage_error.h"
#include "render/table.h"
#include "render/text.h"

namespace swamp::cli {
namespace {

constexpr Argument kArguments[] = {
    {"model_id_or_name", "name or id of the model", Argument::Need::optional}};
constexpr Option kOptions[] = {
    {.name = "model",
     .type = Option::Type::text,
     .value = "name",
     .doc = "the model, instead of the argument"},
    {.name = "type",
     .type = Option::Type::text,
     .value = "type",
     .doc = "only artifacts of this type",
     .choices = "log|file|resource|data|report"},
    {.name = "workflow",
     .type = Option::Type::text,
     .value = "name",
     .doc = "what a run of this workflow wrote"},
    {.name = "run",
     .type = Option::Type::text,
     .value = "id",
     .doc = "that run, not the latest; an id or its beginning"},
};
constexpr Example kExamples[] = {
    {"swamp data list web", "the latest version of everything that the model 'web' has"},
    {"swamp data list --workflow release", "everything that the last run of 'release' wrote"},
};

/// An artifact and what a run says about it.
struct Item {
  const store::Artifact* artifact;
  const app::FoundModel* model = nullptr;  // of a run
  std::string job = {};
  std::string step = {};
};
using Groups =
    std::map<std::string, std::vector<Item>, bool (*)(const std::string&, const std::string&)>;

Value item_document(const Item& item) {
  const store::Metadata& data = item.artifact->metadata;
  Map document{{"id", data.id},
               {"name", data.name},
               {"version", std::int64_t{data.version}},
               {"contentType", data.content_type},
               {"type", group_of(data)},
               {"streaming", data.streaming}};
  if (data.size) document.set("size", *data.size);
  document.set("createdAt", to_iso8601(data.created_at));
  if (item.model != nullptr) {
    document.set("modelId", item.model->id);
    document.set("modelName", item.model->name);
    document.set("modelType", item.model->type);
    if (!item.job.empty()) document.set("jobName", item.job);
    if (!item.step.empty()) document.set("stepName", item.step);
  }
  return document;
}

Value groups_document(const Groups& groups) {
  List list;
  for (const auto& [type, items] : groups) {
    List documents;
    for (const Item& item : items) {
      documents.push_back(item_document(item));
    }
    list.push_back(Map{{"type", type}, {"items", std::move(documents)}});
  }
  return list;
}

std::string groups_text(const Groups& groups, render::Style style) {
  std::string text;
  for (const auto& [type, items] : groups) {
    text += fmt::format("\n{} ({}):\n", style.paint(render::Ink::bold, type),
                        render::count_of(items.size(), "item"));
    render::Table table({{"NAME"},
                         {"VERSION"},
                         {"CONTENT"},
                         {"SIZE", render::Table::Align::right},
                         {"CREATED"},
                         {"FROM"}});
    for (const Item& item : items) {
      const store::Metadata& data = item.artifact->metadata;
      const std::string from = item.model == nullptr
                                   ? ""
                                   : fmt::format("{} {}{}{}", item.model->name, item.job,
                                                 item.job.empty() ? "" : "/", item.step);
      const std::string mark = data.lifecycle == store::Lifecycle::deleted ? " (deleted)" : "";
      table.add({data.name + mark, fmt::format("v{}", data.version), data.content_type,
                 data.size ? size_text(*data.size) : "", to_iso8601(data.created_at).substr(0, 19),
                 from});
    }
    text += table.to_string(style);
  }
  return text;
}

void add(Groups& groups, const std::string& only, Item item, std::size_t& total) {
  const std::string group = group_of(item.artifact->metadata);
  if (!only.empty() && group != only) return;
  groups[group].push_back(std::move(item));
  ++total;
}

Result<ExitCode> list_of_run(const Invocation& invocation, Io& io, app::Session& session,
                             std::string_view workflow) {
  SWAMP_TRY(auto data, app::list_run_data(session, workflow, invocation.text("run").value_or("")));
  Groups groups(group_before);
  std::size_t total = 0;
  const std::string only(invocation.text("type").value_or(""));
  for (const app::RunArtifact& one : data.artifacts) {
    add(groups, only, {&one.artifact, &one.model, one.job, one.step}, total);
  }
  Map document{{"workflowId", data.run.workflow_id},
               {"workflowName", data.run.workflow_name},
               {"runId", data.run.id},
               {"runStatus", std::string(store::to_string(data.run.status))},
               {"groups", groups_document(groups)},
               {"total", static_cast<std::int64_t>(total)}};
  if (auto warnings = warnings_document(data.warnings); !warnings.is_null())
    document.set("warnings", warnings);
  for (const Error& warning : data.warnings) {
    warn(invocation, io, warning);
  }
  const auto style = style_of(invocation, io, Io::Stream::out);
  return answer(invocation, io, document,
                fmt::format("Data of run {} of {} ({})\n{}", data.run.id, data.run.workflow_name,
                            store::to_string(data.run.status), groups_text(groups, style)));
}

Result<ExitCode> run(const Invocation& invocation, Io& io) {
  SWAMP_TRY(auto session, open_session(invocation, io));
  if (auto workflow = invocation.text("workflow"))
    return list_of_run(invocation, io, *session, *workflow);
  const auto model = invocation.option_or_argument("model", "model_id_or_name");
  if (!model)
    return usage_error("which model?", "swamp data list <model>, or --workflow <workflow>");
  SWAMP_TRY(auto data, app::list_data(*session, *model));
  Groups groups(group_before);
  std::size_t total = 0;
  const std::string only(invocation.text("type").value_or(""));
  for (const store::Artifact& artifact : data.latest) {
    add(groups, only, {.artifact = &artifact}, total);
  }
  Map document{{"modelId", data.model.id},
               {"modelName", data.model.name},
               {"modelType", data.model.type},
               {"groups", groups_document(groups)},
               {"total", static_cast<std::int64_t>(total)}};
  if (auto warnings = warnings_document(data.warnings); !warnings.is_null())
    document.set("warnings", warnings);
  for (const Error& warning : data.warnings) {
    warn(invocation, io, warning);
  }
  const auto style = style_of(invocation, io, Io::Stream::out);
  const std::string rows = total == 0 ? "\nNothing yet.\n" : groups_text(groups, style);
  return answer(invocation, io, document,
                fmt::format("Data of {} ({})\n{}", data.model.name, data.model.type, rows));
}

}  // namespace

extern constexpr Command kDataListCommand = {
    .path = "data list",
    .summary = "List the artifacts of a model or a run",
    .arguments = kArguments,
    .options = kOptions,
    .shared = Shared::repo | Shared::server | Shared::ca_cert,
    .examples = kExamples,
    .run = run,
};

}  // namespace swamp::cli
