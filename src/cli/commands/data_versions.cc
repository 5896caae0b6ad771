#include <fmt/format.h>

#include "cli/answer.h"
#include "cli/data_documents.h"
#include "cli/data_target.h"
#include "cli/open_session.h"
#include "cli/usage_error.h"

namespace swamp::cli {
namespace {

constexpr Option kOptions[] = {kModelOption, kNameOption};
constexpr Example kExamples[] = {
    {"swamp data versions web result", "all versions of 'result', newest first"}};

Result<ExitCode> run(const Invocation& invocation, Io& io) {
  SWAMP_TRY(auto target, data_target(invocation));
  if (target.model.empty() || target.name.empty())
    return usage_error("which data of which model?", "swamp data versions <model> <name>");
  SWAMP_TRY(auto session, open_session(invocation, io));
  SWAMP_TRY(auto found, app::list_data_versions(*session, target.model, target.name));
  List versions;
  for (const store::Artifact& artifact : found.versions) {
    const store::Metadata& data = artifact.metadata;
    Map version{{"version", std::int64_t{data.version}},
                {"createdAt", to_iso8601(data.created_at)}};
    if (data.size) version.set("size", *data.size);
    if (!data.checksum.empty()) version.set("checksum", data.checksum);
    version.set("isLatest", versions.empty());
    versions.push_back(std::move(version));
  }
  const auto total = static_cast<std::int64_t>(versions.size());
  return answer(invocation, io,
                Map{{"dataName", found.name},
                    {"modelId", found.model.id},
                    {"modelName", found.model.name},
                    {"modelType", found.model.type},
                    {"versions", std::move(versions)},
                    {"total", total}},
                "");
}

}  // namespace

extern constexpr Command kDataVersionsCommand = {
    .path = "data versions",
    .summary = "List the versions of an artifact",
    .arguments = kDataArguments,
    .options = kOptions,
    .shared = kInRepository,
    .examples = kExamples,
    .always_json = true,
    .run = run,
};

}  // namespace swamp::cli
