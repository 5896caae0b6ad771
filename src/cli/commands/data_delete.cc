#include <fmt/format.h>

#include "app/data.h"
#include "cli/answer.h"
#include "cli/data_target.h"
#include "cli/open_session.h"
#include "cli/usage_error.h"
#include "render/text.h"

namespace swamp::cli {
namespace {

using Type = Option::Type;

constexpr Option kOptions[] = {
    kModelOption,
    kNameOption,
    {.name = "version",
     .type = Type::number,
     .value = "n",
     .doc = "only this version",
     .conflicts = "prefix all",
     .least = 1},
    {.name = "prefix",
     .type = Type::text,
     .value = "text",
     .doc = "every name that begins so",
     .conflicts = "all name"},
    {.name = "all", .doc = "everything that the model has", .conflicts = "name"},
    {.name = "dry-run", .doc = "with --prefix or --all: only say what would go"},
};
constexpr Example kExamples[] = {
    {"swamp data delete web result --version 2",
     "one version; the highest left becomes the latest"},
    {"swamp data delete web --prefix tmp- --dry-run", "what would go"},
};

Value model_document(const app::FoundModel& model) {
  return Map{{"modelId", model.id}, {"modelName", model.name}, {"modelType", model.type}};
}

Result<ExitCode> delete_batch(const Invocation& invocation, Io& io, app::Session& session,
                              std::string_view model) {
  const std::string prefix(invocation.text("prefix").value_or(""));
  const bool dry_run = invocation.has("dry-run");
  SWAMP_TRY(auto plan, app::delete_data_batch(session, model, prefix, true));
  const std::string what =
      fmt::format("{} of {}", render::count_of(plan.names.size(), "data name"), plan.model.name);
  if (!dry_run) {
    SWAMP_TRY(const bool yes,
              confirm(invocation, io, fmt::format("Delete {} with all versions?", what)));
    if (!yes) return answer_cancelled(invocation, io);
    SWAMP_TRY(plan, app::delete_data_batch(session, model, prefix, false));
  }
  Map document = model_document(plan.model).as_map();
  document.set("totalDeleted", static_cast<std::int64_t>(plan.names.size()));
  document.set("totalVersionsDeleted", std::int64_t{plan.versions_deleted});
  List failed;
  for (const auto& [name, error] : plan.failed) {
    failed.push_back(Map{{"dataName", name}, {"error", error.message}});
  }
  document.set("failed", std::move(failed));
  document.set("dryRun", dry_run);
  std::string text = fmt::format("{} {} ({}).\n", dry_run ? "Would delete" : "Deleted", what,
                                 render::count_of(plan.versions_deleted, "version"));
  for (const std::string& name : plan.names) {
    text += fmt::format("  {}\n", name);
  }
  SWAMP_TRY(auto code, answer(invocation, io, document, text));
  return plan.failed.empty() ? code : ExitCode::failure;
}

Result<ExitCode> run(const Invocation& invocation, Io& io) {
  SWAMP_TRY(const auto target, data_target(invocation));
  const auto& [model, name] = target;
  const bool batch = invocation.has("prefix") || invocation.has("all");
  if (model.empty()) return usage_error("which model?", "swamp data delete <model> <name>");
  if (batch == !name.empty()) {
    return usage_error(batch ? "a name cannot be given with --prefix or --all" : "which data?",
                       "give a name, or --prefix, or --all");
  }
  if (invocation.has("dry-run") && !batch) return usage_error("--dry-run needs --prefix or --all");
  const auto access = invocation.has("dry-run") ? Access::read_only : Access::normal;
  SWAMP_TRY(auto session, open_session(invocation, io, access));
  if (batch) return delete_batch(invocation, io, *session, model);

  std::optional<std::uint32_t> version;
  if (auto number = invocation.number("version")) version = static_cast<std::uint32_t>(*number);
  // What does not exist is said before anybody is asked.
  SWAMP_TRY(
      auto found,
      app::get_data(*session,
                    {.model = model, .name = name, .version = version, .with_content = false}));
  const std::string what = version ? fmt::format("version {} of '{}'", *version, name)
                                   : fmt::format("'{}' with all versions", name);
  SWAMP_TRY(const bool yes,
            confirm(invocation, io, fmt::format("Delete {} of {}?", what, found.model.name)));
  if (!yes) return answer_cancelled(invocation, io);
  SWAMP_TRY(auto deleted, app::delete_data(*session, model, name, version));
  Map document = model_document(deleted.model).as_map();
  document.set("dataName", name);
  if (version) document.set("version", std::int64_t{*version});
  document.set("versionsDeleted", std::int64_t{deleted.versions_deleted});
  return answer(invocation, io, document,
                fmt::format("Deleted {} of {}.\n", what, deleted.model.name));
}

}  // namespace

extern constexpr Command kDataDeleteCommand = {
    .path = "data delete",
    .summary = "Delete artifacts",
    .arguments = kDataArguments,
    .options = kOptions,
    .shared = kInRepository | Shared::yes,
    .examples = kExamples,
    .run = run,
};

}  // namespace swamp::cli
