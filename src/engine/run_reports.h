#pragma once

#include <vector>

#include "base/result.h"
#include "engine/method_runner.h"
#include "engine/run_event.h"
#include "spec/workflow.h"
#include "store/artifact_store.h"
#include "store/run_record.h"

namespace swamp::engine {

/// What the reports of a run left.
struct RunReports {
  std::vector<WrittenArtifact> written;
  std::vector<ReportEnded> ended;
  bool required_failed = false;
};

/// Makes the reports of workflow scope of a run that ends as `status` (succeeded or failed), from
/// its record, which need not say so yet, and stores both halves of each under the workflow. A
/// report that cannot be stored fails; a required one that nobody knows makes the run fail.
Result<RunReports> make_run_reports(const spec::Workflow& workflow, const store::RunRecord& record,
                                    RunStatus status, const Selection& selection,
                                    store::Artifacts& artifacts);

}  // namespace swamp::engine
