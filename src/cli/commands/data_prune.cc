#include <fmt/format.h>

#include "app/data.h"
#include "cli/answer.h"
#include "cli/data_documents.h"
#include "cli/open_session.h"
#include "render/text.h"

namespace swamp::cli {
namespace {

constexpr Option kOptions[] = {{.name = "dry-run", .doc = "only say what would go"}};
constexpr Example kExamples[] = {
    {"swamp data prune --dry-run", "data of models and workflows that are gone"}};

Value document_of(const std::vector<app::PrunedModel>& models, bool dry_run) {
  List reclaimed;
  std::int64_t entries = 0;
  std::int64_t versions = 0;
  std::uint64_t bytes = 0;
  for (const app::PrunedModel& model : models) {
    List names(model.data_names.begin(), model.data_names.end());
    entries += static_cast<std::int64_t>(names.size());
    versions += model.versions;
    bytes += model.bytes;
    Map one{{"type", model.instance.type}, {"modelId", model.instance.model_id}};
    if (!model.name.empty()) one.set("modelName", model.name);
    one.set("dataNames", std::move(names));
    one.set("versionCount", std::int64_t{model.versions});
    one.set("bytesReclaimed", model.bytes);
    reclaimed.push_back(std::move(one));
  }
  return Map{{"modelsReclaimed", static_cast<std::int64_t>(models.size())},
             {"dataEntriesReclaimed", entries},
             {"versionsDeleted", versions},
             {"bytesReclaimed", bytes},
             {"dryRun", dry_run},
             {"reclaimedModels", std::move(reclaimed)},
             {"walPagesTotal", 0},
             {"walPagesCheckpointed", 0}};
}

Result<ExitCode> run(const Invocation& invocation, Io& io) {
  const bool dry_run = invocation.has("dry-run");
  SWAMP_TRY(auto session,
            open_session(invocation, io, dry_run ? Access::read_only : Access::normal));
  SWAMP_TRY(auto models, app::prune_data(*session, true));
  if (models.empty())
    return answer(invocation, io, document_of(models, dry_run), "Nothing to prune.\n");
  std::string list;
  for (const app::PrunedModel& model : models) {
    list +=
        fmt::format("  {} ({}): {}\n", model.name.empty() ? model.instance.model_id : model.name,
                    model.instance.type, render::count_of(model.versions, "version"));
  }
  const std::string what =
      fmt::format("the data of {} that are gone", render::count_of(models.size(), "model"));
  if (!dry_run) {
    SWAMP_TRY(const bool yes, confirm(invocation, io, fmt::format("{}Delete {}?", list, what)));
    if (!yes) return answer_cancelled(invocation, io);
    SWAMP_TRY(models, app::prune_data(*session, false));
  }
  return answer(invocation, io, document_of(models, dry_run),
                fmt::format("{} {}:\n{}", dry_run ? "Would delete" : "Deleted", what, list));
}

}  // namespace

extern constexpr Command kDataPruneCommand = {
    .path = "data prune",
    .summary = "Delete data whose model is gone",
    .options = kOptions,
    .shared = kInRepository | Shared::yes,
    .examples = kExamples,
    .run = run,
};

}  // namespace swamp::cli
