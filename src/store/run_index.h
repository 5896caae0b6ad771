#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "store/run_record.h"

namespace swamp::store {

/// The index of one workflow's runs, a JSON document of the original: {"version": 2, "entries":
/// {run id: summary}}. It may lag behind the records, never the other way round; who reads it
/// compares.
struct RunIndex {
  std::vector<RunSummary> entries;  // in order of the file

  RunSummary* find(std::string_view run_id);
  void set(RunSummary summary);
  void erase(std::string_view run_id);

  std::string to_json() const;

  /// An index, as to_json() wrote it, with one more run, without reading the others: there may be
  /// thousands. Nothing when it names the run already, or is not written like that.
  static std::optional<std::string> with_new(std::string_view json, const RunSummary& run);

  /// Fails with invalid_input when the text is of another version, or broken.
  static Result<RunIndex> from_json(std::string_view text);
};

}  // namespace swamp::store
