#include <fmt/format.h>

#include "app/data.h"
#include "cli/answer.h"
#include "cli/open_session.h"
#include "cli/usage_error.h"

namespace swamp::cli {
namespace {

using Type = Option::Type;

constexpr Argument kArguments[] = {
    {"model_id_or_name", "name or id of the model", Argument::Need::optional},
    {"old_name", "name that the data has", Argument::Need::optional},
    {"new_name", "name that it gets", Argument::Need::optional},
};
constexpr Option kOptions[] = {
    {.name = "model",
     .type = Type::text,
     .value = "name",
     .doc = "the model, instead of the argument"},
    {.name = "name",
     .type = Type::text,
     .value = "name",
     .doc = "the old name, instead of the argument"},
    {.name = "new-name",
     .type = Type::text,
     .value = "name",
     .doc = "the new name, instead of the argument"},
};
constexpr Example kExamples[] = {
    {"swamp data rename web result outcome", "readers of 'result' are sent on to 'outcome'"}};

Result<ExitCode> run(const Invocation& invocation, Io& io) {
  const auto given = [&](std::string_view option, std::string_view argument) {
    return std::string(invocation.option_or_argument(option, argument).value_or(""));
  };
  const std::string model = given("model", "model_id_or_name");
  const std::string from = given("name", "old_name");
  const std::string to = given("new-name", "new_name");
  if (model.empty() || from.empty() || to.empty()) {
    return usage_error("a model, an old and a new name are needed",
                       "swamp data rename <model> <old> <new>");
  }
  SWAMP_TRY(auto session, open_session(invocation, io));
  SWAMP_TRY(auto done, app::rename_data(*session, model, from, to));
  const std::string warning = fmt::format(
      "whatever still writes '{}' makes it a name of its own again; change its producers", from);
  return answer(invocation, io,
                Map{{"oldName", from},
                    {"newName", to},
                    {"modelId", done.model.id},
                    {"modelName", done.model.name},
                    {"modelType", done.model.type},
                    {"copiedVersion", std::int64_t{done.renamed.from.metadata.version}},
                    {"newVersion", std::int64_t{done.renamed.to.metadata.version}},
                    {"warning", warning}},
                fmt::format("Renamed {} (v{}) of {} to {} (v{}).\nNote: {}.\n", from,
                            done.renamed.from.metadata.version, done.model.name, to,
                            done.renamed.to.metadata.version, warning));
}

}  // namespace

extern constexpr Command kDataRenameCommand = {
    .path = "data rename",
    .summary = "Give an artifact another name",
    .arguments = kArguments,
    .options = kOptions,
    .shared = Shared::repo | Shared::server | Shared::ca_cert,
    .examples = kExamples,
    .run = run,
};

}  // namespace swamp::cli
