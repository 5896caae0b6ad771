#pragma once

#include <functional>
#include <string>
#include <vector>

#include "async/task.h"
#include "engine/engine_services.h"

namespace swamp::engine {

/// A run whose process had died, and what was done about it.
struct MendedRun {
  std::string run_id;
  std::string name;                // of the workflow; of a single call `model.method`
  std::vector<std::string> begun;  // runs within it
  std::string within;              // the mended run that this one is within, and goes on with
  bool had_died = false;      // while it was at work; else it only had to be looked at once more
  bool can_resume = false;    // a run of a workflow that was interrupted
  std::size_t restored = 0;   // versions of data that had to be written again
  std::vector<Error> losses;  // what could not be put right
};

/// Ends what processes of a run are left, wherever they are.
using EndLeftovers = std::function<Task<>(std::string run_id)>;

/// Puts right what runs left behind whose processes died, so that who comes after them finds whole
/// data and no strangers at work: ends their processes; writes data again that their journals name;
/// has the catalogue look at every instance they used; removes files that never got their names;
/// brings their records up to date. A run of a workflow then waits for somebody to resume it; a
/// single call has failed.
///
/// Looks at every journal that is `open`, and never touches a run that is alive or the run that
/// this process belongs to. What cannot be put right of one run stops no other.
Task<std::vector<MendedRun>> mend_left_runs(EngineServices& services, EndLeftovers end_leftovers);

}  // namespace swamp::engine
