#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "cli/answer.h"
#include "cli/data_documents.h"
#include "cli/data_target.h"
#include "cli/open_session.h"
#include "cli/usage_error.h"
#include "render/table.h"
#include "render/text.h"
#include "render/time_text.h"

namespace swamp::cli {
namespace {

constexpr Argument kArguments[] = {kModelArgument};
constexpr Option kOptions[] = {
    kModelOption,
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
     .doc = "what this run of a workflow wrote; an id or its beginning"},
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

std::string groups_text(const Invocation& invocation, const Io& io, const Groups& groups,
                        Timestamp now) {
  if (groups.empty()) return "\nNothing yet.\n";
  const auto style = style_of(invocation, io, Io::Stream::out);
  std::string text;
  for (const auto& [type, items] : groups) {
    text += fmt::format("\n{} ({}):\n", style.paint(render::Ink::bold, type),
                        render::count_of(items.size(), "item"));
    const bool of_run = items.front().model != nullptr;
    std::vector<render::Table::Column> columns = {
        {"NAME"}, {"VERSION"}, {"CONTENT"}, {"SIZE", render::Table::Align::right}, {"CREATED"}};
    if (of_run) columns.push_back({"FROM"});
    render::Table table(std::move(columns));
    for (const Item& item : items) {
      const store::Metadata& data = item.artifact->metadata;
      const std::string mark = data.lifecycle == store::Lifecycle::deleted ? " (deleted)" : "";
      std::vector<std::string> cells = {data.name + mark, fmt::format("v{}", data.version),
                                        data.content_type, data.size ? size_text(*data.size) : "",
                                        render::when_text(data.created_at, now)};
      if (of_run) {
        cells.push_back(fmt::format("{} {}{}{}", item.model->name, item.job,
                                    item.job.empty() ? "" : "/", item.step));
      }
      table.add(std::move(cells));
    }
    text += table_text(invocation, io, table);
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
  return answer_with(data.warnings, invocation, io, std::move(document),
                     fmt::format("Data of run {} of {} ({})\n{}", data.run.id,
                                 data.run.workflow_name, store::to_string(data.run.status),
                                 groups_text(invocation, io, groups, session.clock().now())));
}

Result<ExitCode> run(const Invocation& invocation, Io& io) {
  SWAMP_TRY(auto session, open_session(invocation, io));
  if (invocation.has("workflow") || invocation.has("run"))
    return list_of_run(invocation, io, *session, invocation.text("workflow").value_or(""));
  SWAMP_TRY(const auto names, by_option_or_place(invocation, {kModelOption.name}));
  const std::string& model = names.front();
  if (model.empty())
    return usage_error("which model?", "swamp data list <model>, or --workflow <workflow>");
  SWAMP_TRY(auto data, app::list_data(*session, model));
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
  return answer_with(data.warnings, invocation, io, std::move(document),
                     fmt::format("Data of {} ({})\n{}", data.model.name, data.model.type,
                                 groups_text(invocation, io, groups, session->clock().now())));
}

}  // namespace

extern constexpr Command kDataListCommand = {
    .path = "data list",
    .summary = "List the artifacts of a model or a run",
    .arguments = kArguments,
    .options = kOptions,
    .shared = kInRepository,
    .examples = kExamples,
    .run = run,
};

}  // namespace swamp::cli
