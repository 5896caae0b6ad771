#pragma once

#include <string>
#include <vector>

#include "report/report.h"

namespace swamp::report {

/// The steps of one job, in the order in which they ended.
struct JobGroup {
  std::string job;
  std::vector<const StepRun*> steps;

  /// Failed when a step failed, skipped when all were, else succeeded.
  Ending ending() const;
};

/// Groups by job, in the order in which the jobs first appear.
std::vector<JobGroup> by_job(const std::vector<const StepRun*>& steps);

struct Counts {
  std::int64_t succeeded = 0;
  std::int64_t failed = 0;
  std::int64_t skipped = 0;
  std::int64_t total() const { return succeeded + failed + skipped; }
};
Counts count(const std::vector<const StepRun*>& steps);

/// `swamp data get <model> <data>` for each thing that a step wrote.
std::vector<std::string> retrieval_commands(const StepRun& step);

/// Texts as a list of values.
Value to_list(const std::vector<std::string>& texts);

}  // namespace swamp::report
