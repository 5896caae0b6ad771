#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "store/artifact.h"
#include "store/layout.h"
#include "value/value.h"

namespace swamp::store {

enum class OutputStatus : std::uint8_t { pending, running, succeeded, failed, cancelled };
std::string_view to_string(OutputStatus status);
std::optional<OutputStatus> parse_output_status(std::string_view text);

/// Where a method call came from. An empty text means that the key is absent.
struct Provenance {
  std::string definition_hash;
  std::string model_version;
  std::string triggered_by;  // manual, workflow, model
  std::string workflow_id;
  std::string workflow_run_id;
  std::string step_name;
  std::string parent_output_id;
  std::string caller_extension;
  std::string initiated_by;
  std::string bundle_fingerprint;
  std::string job_name;       // ours
  std::uint32_t attempt = 1;  // ours: written when above 1
};

/// The record of one method call. Texts must be redacted before it is written.
struct OutputRecord {
  std::string id;
  std::string definition_id;
  std::string method;
  OutputStatus status = OutputStatus::succeeded;
  Timestamp started_at{};
  std::int64_t retry_count = 0;
  Provenance provenance;
  std::vector<ArtifactRef> artifacts;
  std::optional<Timestamp> completed_at;
  std::optional<std::int64_t> duration_ms;
  struct Failure {
    std::string message;
    std::string stack;
  };
  std::optional<Failure> error;
  std::string log_file;  // relative to the repository
  std::optional<std::int64_t> pid;

  Value to_value() const;
  static Result<OutputRecord> from_value(const Value& value);
};

/// A record and where it was found; the folder alone tells the type.
struct FoundOutput {
  std::string type;
  OutputRecord record;
  std::filesystem::path path;
};

/// The output records of a repository: one file per call, written once, never changed.
/// Safe from any thread.
class OutputStore {
 public:
  explicit OutputStore(Layout layout);

  /// Writes the record whole and returns its path. A file that is there already is never replaced:
  /// the name then gets
  /// `-2`, `-3`, … before its ending.
  Result<std::filesystem::path> write(std::string_view type, const OutputRecord& record);

  /// By whole id or a prefix of at least 3 hex digits (dashes do not count). Fails with not_found,
  /// or with invalid_input when several match (the hint lists them).
  Result<FoundOutput> find(std::string_view id_or_prefix) const;

  /// The output of this definition that started last.
  Result<std::optional<FoundOutput>> latest(std::string_view type,
                                            std::string_view definition_id) const;

  struct Listing {
    std::vector<FoundOutput> outputs;  // newest start first
    std::vector<Error> warnings;       // files that could not be read
  };
  /// Of one definition when `definition_id` is not empty.
  Listing list(std::string_view definition_id = {}) const;

  /// Removes the record and the log file it names, if that lies among the outputs. Fails with
  /// not_found.
  Result<> remove(const FoundOutput& output);

  /// The path a log of this call has: beside its record, with the same stem.
  std::filesystem::path log_path(std::string_view type, std::string_view method,
                                 std::string_view definition_id, Timestamp started_at) const;

 private:
  Layout layout_;
};

}  // namespace swamp::store
