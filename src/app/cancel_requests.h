#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "store/layout.h"

namespace swamp::app {

/// What one process asks of another that runs something: to end one method. It lies as a file
/// `<run id>.<uuid>.cancel` beside the journals until the other takes it; SIGUSR1 has it look.
struct CancelRequest {
  std::string run_id;
  std::string step;  // `job/step`; empty: the single call of that run
  std::string reason;
};

/// Leaves a request for the process `pid` and wakes it. Fails with conflict when that process does
/// not hold the run's journal: numbers are given to others again. `path` is where the request lies.
Result<> ask_to_cancel(const store::Layout& layout, std::int64_t pid, const CancelRequest& request,
                       std::filesystem::path& path);

/// Takes the requests that `take` has something to do with; the others are for other processes.
void take_cancel_requests(const store::Layout& layout,
                          const std::function<bool(const CancelRequest&)>& take);

}  // namespace swamp::app
