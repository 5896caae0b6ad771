#include <fmt/format.h>

#include "cli/answer.h"
#include "cli/data_documents.h"
#include "cli/open_session.h"
#include "cli/usage_error.h"

namespace swamp::cli {
namespace {

constexpr Argument kArguments[] = {
    {"model_id_or_name", "name or id of the model", Argument::Need::optional},
    {"data_name", "name of the data", Argument::Need::optional},
};
constexpr Option kOptions[] = {
    {.name = "model",
     .type = Option::Type::text,
     .value = "name",
     .doc = "the model, instead of the argument"},
    {.name = "name",
     .type = Option::Type::text,
     .value = "name",
     .doc = "the data, instead of the argument"},
};
constexpr Example kExamples[] = {
    {"swamp data versions web result", "all versions of 'result', newest first"}};

Result<ExitCode> run(const Invocation& invocation, Io& io) {
  SWAMP_TRY(auto session, open_session(invocation, io));
  const auto model = invocation.option_or_argument("model", "model_id_or_name");
  const auto name = invocation.option_or_argument("name", "data_name");
  if (!model || !name)
    return usage_error("which data of which model?", "swamp data versions <model> <name>");
  SWAMP_TRY(auto found, app::list_data_versions(*session, *model, *name));
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
    .arguments = kArguments,
    .options = kOptions,
    .shared = Shared::repo | Shared::server | Shared::ca_cert,
    .examples = kExamples,
    .always_json = true,
    .run = run,
};

}  // namespace swamp::cli
