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
    {"swamp data gc --dry-run", "what has outlived its lifetime or its number of versions"}};

struct Sums {
  std::int64_t versions = 0;
  std::uint64_t bytes = 0;
};

Sums sums_of(const store::GcReport& report) {
  Sums sums;
  for (const auto* items : {&report.expired, &report.pruned}) {
    for (const auto& item : *items) {
      sums.versions += static_cast<std::int64_t>(item.versions.size());
      sums.bytes += item.bytes;
    }
  }
  return sums;
}

Map document_of(const store::GcReport& report, bool dry_run) {
  List expired;
  for (const auto& item : report.expired) {
    expired.push_back(Map{{"type", item.key.type},
                          {"modelId", item.key.model_id},
                          {"dataName", item.key.name},
                          {"reason", item.reason}});
  }
  const Sums sums = sums_of(report);
  return Map{{"dataEntriesExpired", static_cast<std::int64_t>(report.expired.size())},
             {"versionsDeleted", sums.versions},
             {"bytesReclaimed", sums.bytes},
             {"dryRun", dry_run},
             {"expiredEntries", std::move(expired)},
             {"walPagesTotal", 0},
             {"walPagesCheckpointed", 0}};
}

Result<ExitCode> run(const Invocation& invocation, Io& io) {
  const bool dry_run = invocation.has("dry-run");
  SWAMP_TRY(auto session,
            open_session(invocation, io, dry_run ? Access::read_only : Access::normal));
  SWAMP_TRY(auto report, app::collect_data_garbage(*session, true));
  const Sums sums = sums_of(report);
  if (sums.versions == 0)
    return answer_with(report.warnings, invocation, io, document_of(report, dry_run),
                       "Nothing to collect.\n");
  const std::string what =
      fmt::format("{} ({}) of {} and {}", render::count_of(sums.versions, "version"),
                  size_text(sums.bytes), render::count_of(report.expired.size(), "expired name"),
                  render::count_of(report.pruned.size(), "name", "names") + " with too many");
  if (!dry_run) {
    SWAMP_TRY(const bool yes, confirm(invocation, io, fmt::format("Delete {}?", what)));
    if (!yes) return answer_cancelled(invocation, io);
    SWAMP_TRY(report, app::collect_data_garbage(*session, false));
  }
  return answer_with(report.warnings, invocation, io, document_of(report, dry_run),
                     fmt::format("{} {}.\n", dry_run ? "Would delete" : "Deleted", what));
}

}  // namespace

extern constexpr Command kDataGcCommand = {
    .path = "data gc",
    .summary = "Delete what outlived its lifetime",
    .options = kOptions,
    .shared = kInRepository | Shared::yes,
    .examples = kExamples,
    .run = run,
};

}  // namespace swamp::cli
