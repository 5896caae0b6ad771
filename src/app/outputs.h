#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/session.h"
#include "store/output_record.h"

// What people ask of past method runs: their records, data and logs.
namespace swamp::app {

/// A record with the name of its model as far as it is known.
struct Output {
  store::FoundOutput found;
  std::string model_name;  // empty when the model is gone
};

/// By id or the beginning of one (3 hex digits or more), else the latest of the model of that name
/// or id. Fails with not_found.
Result<Output> find_output(Session& session, std::string_view output_or_model);

struct OutputList {
  std::vector<Output> outputs;  // newest first
  std::vector<Error> warnings;  // records that cannot be read
};
/// Those in whose id, definition, model, type, method or status `query` occurs, case ignored.
OutputList search_outputs(Session& session, std::string_view query);

/// An artifact of a method run, as it was when the run wrote it.
struct OutputData {
  Output output;
  store::Artifact artifact;
  std::string content;
};
/// The artifact called `name`, else the first. `version` overrides the recorded one.
Result<OutputData> get_output_data(Session& session, std::string_view output, std::string_view name,
                                   std::optional<std::uint32_t> version);

/// Lines of a text, the last `tail` of them when that is given.
struct Lines {
  std::vector<std::string> lines;
  std::size_t total = 0;
};
Lines last_lines(std::string_view text, std::optional<std::size_t> tail);

/// The log file of a method run.
struct OutputLog {
  Output output;
  std::string path;  // relative to the repository; empty when the run has none
  std::optional<std::string> text = std::nullopt;  // absent when the file is gone
};
Result<OutputLog> read_output_log(Session& session, std::string_view output_or_model);

/// The artifacts of a method run that are logs (of spec or type `log`), joined.
struct OutputLogArtifacts {
  Output output;
  std::vector<std::string> names;
  std::string text;
};
Result<OutputLogArtifacts> read_output_log_artifacts(Session& session, std::string_view output);

}  // namespace swamp::app
