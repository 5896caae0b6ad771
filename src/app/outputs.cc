#include "app/outputs.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "base/ascii.h"
#include "os/file.h"
#include "store/record_file.h"

namespace swamp::app {
namespace {

std::string model_name_of(Session& session, const store::FoundOutput& output) {
  auto model = find_model(session, output.record.definition_id);
  return model ? model->name : std::string();
}

Output with_name(Session& session, store::FoundOutput found) {
  std::string name = model_name_of(session, found);
  return {std::move(found), std::move(name)};
}

/// The version that a record names, in the folder of its instance.
Result<store::Artifact> find_artifact(Session& session, const store::FoundOutput& output,
                                      const store::ArtifactRef& recorded,
                                      std::optional<std::uint32_t> version) {
  const store::ArtifactKey key{output.type, output.record.definition_id, recorded.name};
  const std::uint32_t number = version.value_or(recorded.version);
  SWAMP_TRY(auto artifact, session.artifacts().version(key, number));
  if (artifact) return *std::move(artifact);
  return fail(ErrorCode::not_found,
              fmt::format("version {} of '{}' is gone", number, recorded.name),
              "garbage collection or 'data delete' removed it since the run");
}

}  // namespace

Result<Output> find_output(Session& session, std::string_view output_or_model) {
  // A model may be called 'cafe': its name counts before an id that only begins so.
  if (auto model = find_model(session, output_or_model)) {
    SWAMP_TRY(auto latest, session.outputs().latest(model->type, model->id));
    if (latest) return Output{*std::move(latest), model->name};
    if (!store::may_be_id(output_or_model)) {
      return fail(ErrorCode::not_found, fmt::format("model '{}' has not run yet", model->name),
                  fmt::format("run it with 'swamp model method run {} <method>'", model->name));
    }
  } else if (!store::may_be_id(output_or_model)) {
    return fail(Error{.code = ErrorCode::not_found,
                      .message = fmt::format("no output or model '{}'", output_or_model),
                      .hint = model.error().hint,
                      .name = model.error().name});
  }
  SWAMP_TRY(auto found, session.outputs().find(output_or_model));
  return with_name(session, std::move(found));
}

OutputList search_outputs(Session& session, std::string_view query) {
  auto listing = session.outputs().list();
  OutputList result{.warnings = std::move(listing.warnings)};
  std::map<std::string, std::string> names;
  for (store::FoundOutput& found : listing.outputs) {
    auto name = names.find(found.record.definition_id);
    if (name == names.end())
      name = names.emplace(found.record.definition_id, model_name_of(session, found)).first;
    const std::string_view fields[] = {found.record.id,     found.record.definition_id,
                                       name->second,        found.type,
                                       found.record.method, store::to_string(found.record.status)};
    const bool matches =
        std::any_of(std::begin(fields), std::end(fields),
                    [&](std::string_view field) { return contains_in_any_case(field, query); });
    if (matches) result.outputs.push_back({std::move(found), name->second});
  }
  return result;
}

Result<OutputData> get_output_data(Session& session, std::string_view output, std::string_view name,
                                   std::optional<std::uint32_t> version) {
  SWAMP_TRY(auto found, session.outputs().find(output));
  OutputData data{.output = with_name(session, std::move(found))};
  const auto& recorded = data.output.found.record.artifacts;
  auto wanted = recorded.begin();
  if (!name.empty()) {
    wanted = std::find_if(recorded.begin(), recorded.end(),
                          [&](const auto& one) { return one.name == name; });
  }
  if (wanted == recorded.end()) {
    std::string names;
    for (const auto& one : recorded) {
      names += (names.empty() ? "" : ", ") + one.name;
    }
    return fail(ErrorCode::not_found,
                name.empty() ? fmt::format("output {} wrote no data", data.output.found.record.id)
                             : fmt::format("output {} wrote no data '{}'",
                                           data.output.found.record.id, name),
                names.empty() ? "" : "it wrote: " + names);
  }
  SWAMP_TRY(data.artifact, find_artifact(session, data.output.found, *wanted, version));
  SWAMP_TRY(data.content, session.artifacts().content(data.artifact));
  return data;
}

Lines last_lines(std::string_view text, std::optional<std::size_t> tail) {
  Lines result;
  if (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  while (!text.empty()) {
    const auto end = text.find('\n');
    result.lines.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  result.total = result.lines.size();
  if (tail && *tail < result.lines.size()) {
    result.lines.erase(result.lines.begin(),
                       result.lines.end() - static_cast<std::ptrdiff_t>(*tail));
  }
  return result;
}

Result<OutputLog> read_output_log(Session& session, std::string_view output_or_model) {
  OutputLog log;
  SWAMP_TRY(log.output, find_output(session, output_or_model));
  log.path = log.output.found.record.log_file;
  if (log.path.empty()) return log;
  if (auto text = os::read_file(session.layout().repository / log.path))
    log.text = *std::move(text);
  return log;
}

Result<OutputLogArtifacts> read_output_log_artifacts(Session& session, std::string_view output) {
  OutputLogArtifacts logs;
  SWAMP_TRY(auto found, session.outputs().find(output));
  logs.output = with_name(session, std::move(found));
  for (const store::ArtifactRef& recorded : logs.output.found.record.artifacts) {
    if (recorded.tags.get("specName") != "log" && recorded.tags.get("type") != "log") continue;
    SWAMP_TRY(auto artifact, find_artifact(session, logs.output.found, recorded, std::nullopt));
    SWAMP_TRY(auto content, session.artifacts().content(artifact));
    logs.names.push_back(recorded.name);
    logs.text += content;
    if (!content.empty() && content.back() != '\n') logs.text += '\n';
  }
  if (logs.names.empty()) {
    return fail(ErrorCode::not_found,
                fmt::format("output {} wrote no logs", logs.output.found.record.id),
                fmt::format("'swamp model method history logs {}' shows what it printed",
                            logs.output.found.record.id.substr(0, 8)));
  }
  return logs;
}

}  // namespace swamp::app
