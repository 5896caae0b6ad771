#include <fmt/format.h>

#include "app/outputs.h"
#include "cli/answer.h"
#include "cli/data_documents.h"
#include "cli/open_session.h"
#include "cli/output_documents.h"
#include "render/text.h"
#include "value/json.h"

namespace swamp::cli {
namespace {

using Type = Option::Type;

constexpr Argument kWhich[] = {
    {"output_id_or_model_name",
     "id of a run (3 digits or more are enough), or a model: its latest run"}};
constexpr Argument kOutput[] = {{"output_id", "id of a run; 3 digits or more are enough"}};
constexpr Argument kQuery[] = {
    {"query", "part of an id, model, type, method or status", Argument::Need::optional}};
constexpr Option kTail[] = {{.name = "tail",
                             .type = Type::number,
                             .value = "n",
                             .doc = "only the last n lines",
                             .least = 1}};
constexpr Option kDataOptions[] = {
    {.name = "name", .type = Type::text, .value = "name", .doc = "this artifact, not the first"},
    {.name = "field", .type = Type::text, .value = "key", .doc = "only this key of the content"},
    {.name = "version",
     .type = Type::number,
     .value = "n",
     .doc = "this version, not the one that the run wrote",
     .least = 1},
};
constexpr Example kGetExamples[] = {
    {"swamp model output get web", "the latest run of the model 'web'"},
    {"swamp model output get 3f9", "the run whose id begins so"}};
constexpr Example kOutputExamples[] = {
    {"swamp model output web", "the latest run of the model 'web'"}};
constexpr Example kHistoryExamples[] = {
    {"swamp model method history web", "the latest run of the model 'web'"}};
constexpr Example kHistoryGetExamples[] = {
    {"swamp model method history get 3f9", "the run whose id begins so"}};
constexpr Example kHistorySearchExamples[] = {
    {"swamp model method history search failed", "runs that failed"}};
constexpr Example kHistoryLogsExamples[] = {
    {"swamp model method history logs web --tail 20", "the end of its latest log"}};
constexpr Example kSearchExamples[] = {{"swamp model output search failed", "runs that failed"}};
constexpr Example kDataExamples[] = {
    {"swamp model output data 3f9 --field exitCode", "one value of what the run wrote"}};
constexpr Example kLogsExamples[] = {
    {"swamp model output logs 3f9 --tail 20", "the end of what a run logged"}};

Value lines_of(const std::vector<std::string>& lines) {
  List list;
  for (const std::string& line : lines) {
    list.push_back(to_valid_utf8(line));
  }
  return list;
}

std::string text_of(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) {
    text += to_valid_utf8(line) + "\n";
  }
  return text;
}

std::optional<std::size_t> tail_of(const Invocation& invocation) {
  auto tail = invocation.number("tail");
  return tail ? std::optional(static_cast<std::size_t>(*tail)) : std::nullopt;
}

Result<ExitCode> run_data(const Invocation& invocation, Io& io) {
  SWAMP_TRY(auto session, open_session(invocation, io));
  std::optional<std::uint32_t> version;
  if (auto number = invocation.number("version")) version = static_cast<std::uint32_t>(*number);
  SWAMP_TRY(auto data, app::get_output_data(*session, invocation.argument("output_id"),
                                            invocation.text("name").value_or(""), version));
  Value content = content_document(data.artifact.metadata, data.content);
  const auto field = invocation.text("field");
  if (field) {
    const Value* member = content.is_map() ? content.as_map().find(*field) : nullptr;
    if (member == nullptr) {
      std::string fields;
      if (content.is_map()) {
        for (const auto& [key, value] : content.as_map()) {
          fields += (fields.empty() ? "" : ", ") + key;
        }
      }
      return fail(
          ErrorCode::not_found,
          fmt::format("field '{}' was not found in '{}'", *field, data.artifact.metadata.name),
          fields.empty() ? "" : "it has: " + fields);
    }
    content = Value(*member);
  }
  const std::string text =
      content.is_string() ? content.as_string() : write_json(content, {.indent = 2});
  return answer(invocation, io,
                Map{{"outputId", data.output.found.record.id},
                    {"methodName", data.output.found.record.method},
                    {"dataId", data.artifact.metadata.id},
                    {"dataName", data.artifact.metadata.name},
                    {"version", std::int64_t{data.artifact.metadata.version}},
                    {"contentType", data.artifact.metadata.content_type},
                    {"field", field ? Value(*field) : Value()},
                    {"data", content}},
                text + "\n");
}

Result<ExitCode> run_logs(const Invocation& invocation, Io& io) {
  SWAMP_TRY(auto session, open_session(invocation, io));
  SWAMP_TRY(auto logs, app::read_output_log_artifacts(*session, invocation.argument("output_id")));
  const auto lines = app::last_lines(logs.text, tail_of(invocation));
  List names(logs.names.begin(), logs.names.end());
  return answer(invocation, io,
                Map{{"outputId", logs.output.found.record.id},
                    {"methodName", logs.output.found.record.method},
                    {"logArtifacts", std::move(names)},
                    {"lines", lines_of(lines.lines)},
                    {"totalLines", static_cast<std::int64_t>(lines.total)},
                    {"showingLines", static_cast<std::int64_t>(lines.lines.size())}},
                text_of(lines.lines));
}

Result<ExitCode> run_history_logs(const Invocation& invocation, Io& io) {
  SWAMP_TRY(auto session, open_session(invocation, io));
  SWAMP_TRY(auto log,
            app::read_output_log(*session, invocation.argument("output_id_or_model_name")));
  const store::OutputRecord& record = log.output.found.record;
  if (log.path.empty() || !log.text) {
    const std::string what = log.path.empty() ? "this run has no log file"
                                              : fmt::format("the log file '{}' is gone", log.path);
    Map document{{"outputId", record.id}};
    if (!log.output.model_name.empty()) document.set("modelName", log.output.model_name);
    document.set("methodName", record.method);
    document.set("error", what);
    return answer(invocation, io, document, what + "\n");
  }
  const auto lines = app::last_lines(*log.text, tail_of(invocation));
  Map document;
  if (lines.lines.empty()) document = Map{{"outputId", record.id}, {"methodName", record.method}};
  document.set("path", log.path);
  document.set("lines", lines_of(lines.lines));
  document.set("lineCount", static_cast<std::int64_t>(lines.lines.size()));
  return answer(invocation, io, document,
                lines.lines.empty() ? "The log is empty.\n" : text_of(lines.lines));
}

}  // namespace

extern constexpr Command kModelOutputCommand = {.path = "model output",
                                                .summary = "Show the latest output record",
                                                .arguments = kWhich,
                                                .shared = kInRepository,
                                                .examples = kOutputExamples,
                                                .same_help_as = "model output get",
                                                .always_json = true,
                                                .run = run_output_get};
extern constexpr Command kModelOutputGetCommand = {.path = "model output get",
                                                   .summary = "Show an output record",
                                                   .arguments = kWhich,
                                                   .shared = kInRepository,
                                                   .examples = kGetExamples,
                                                   .always_json = true,
                                                   .run = run_output_get};
extern constexpr Command kModelOutputSearchCommand = {.path = "model output search",
                                                      .summary = "List output records",
                                                      .arguments = kQuery,
                                                      .shared = kInRepository,
                                                      .examples = kSearchExamples,
                                                      .hidden_aliases = "list",
                                                      .json_to_programs = true,
                                                      .run = run_output_search};
extern constexpr Command kModelOutputDataCommand = {
    .path = "model output data",
    .summary = "Show the content that a run produced",
    .arguments = kOutput,
    .options = kDataOptions,
    .shared = kInRepository,
    .examples = kDataExamples,
    .run = run_data};
extern constexpr Command kModelOutputLogsCommand = {.path = "model output logs",
                                                    .summary = "Show the log artifacts of a run",
                                                    .arguments = kOutput,
                                                    .options = kTail,
                                                    .shared = kInRepository,
                                                    .examples = kLogsExamples,
                                                    .run = run_logs};
extern constexpr Command kModelMethodHistoryCommand = {.path = "model method history",
                                                       .summary = "Show the latest run of a method",
                                                       .arguments = kWhich,
                                                       .shared = kInRepository,
                                                       .examples = kHistoryExamples,
                                                       .same_help_as = "model output get",
                                                       .always_json = true,
                                                       .run = run_output_get};
extern constexpr Command kModelMethodHistoryGetCommand = {.path = "model method history get",
                                                          .summary = "Show one run of a method",
                                                          .arguments = kWhich,
                                                          .shared = kInRepository,
                                                          .examples = kHistoryGetExamples,
                                                          .same_help_as = "model output get",
                                                          .always_json = true,
                                                          .run = run_output_get};
extern constexpr Command kModelMethodHistorySearchCommand = {.path = "model method history search",
                                                             .summary = "List runs of methods",
                                                             .arguments = kQuery,
                                                             .shared = kInRepository,
                                                             .examples = kHistorySearchExamples,
                                                             .hidden_aliases = "list",
                                                             .same_help_as = "model output search",
                                                             .json_to_programs = true,
                                                             .run = run_output_search};
extern constexpr Command kModelMethodHistoryLogsCommand = {.path = "model method history logs",
                                                           .summary = "Show the log of a run",
                                                           .arguments = kWhich,
                                                           .options = kTail,
                                                           .shared = kInRepository,
                                                           .examples = kHistoryLogsExamples,
                                                           .run = run_history_logs};

}  // namespace swamp::cli
