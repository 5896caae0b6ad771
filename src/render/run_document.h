#pragma once

#include <string>
#include <vector>

#include "engine/run_event.h"
#include "store/run_record.h"
#include "value/value.h"

namespace swamp::render {

/// What a run's record does not say.
struct RunDocumentExtras {
  std::string path = {};  // of the record; empty: left out
  std::vector<engine::ReportEnded> reports =
      {};               // as they were told; without `bodies` only failures are looked at
  bool bodies = false;  // reports with their markdown and JSON, steps with their output
  std::vector<Value> warnings = {};  // `{kind, message, …}`
};

/// The run view: what `workflow run`, `workflow resume` and `workflow history get` print under
/// `--json`. The same run gives the same document, except for what only those who were there can
/// know (failed reports, bodies, warnings).
Value run_document(const store::RunRecord& record, const RunDocumentExtras& extras);

}  // namespace swamp::render
