#include <fmt/format.h>

#include "app/data.h"
#include "cli/answer.h"
#include "cli/data_target.h"
#include "cli/open_session.h"
#include "cli/usage_error.h"

namespace swamp::cli {
namespace {

using Type = Option::Type;

constexpr Argument kArguments[] = {
    kModelArgument,
    {"old_name", "name that the data has", Argument::Need::optional},
    {"new_name", "name that it gets", Argument::Need::optional},
};
constexpr Option kOptions[] = {
    kModelOption,
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
  SWAMP_TRY(const auto names, by_option_or_place(invocation, {"model", "name", "new-name"}));
  const std::string& model = names[0];
  const std::string& from = names[1];
  const std::string& to = names[2];
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
    .shared = kInRepository,
    .examples = kExamples,
    .run = run,
};

}  // namespace swamp::cli
