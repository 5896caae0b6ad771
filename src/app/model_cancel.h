#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/session.h"

namespace swamp::app {

/// A method that runs just now on this machine, by itself or as a step of a run.
struct RunningCall {
  std::string run_id;  // of the run, or of the single call
  std::string step;    // `job/step`; empty: a single call
  std::string workflow;
  std::string model_id;
  std::string model_name;
  std::string type;
  std::string method;
  std::int64_t pid = 0;
};

/// Ends every running method of a model, named by name or id, and waits for that; of all models
/// when none is named. A single call ends as cancelled, a step has failed with the reason
/// `cancelled`, and its run goes on as after any other failure. Fails with not_found when the model
/// does not exist or none of its methods run, with timed_out when one does not end.
Result<std::vector<RunningCall>> cancel_calls(Session& session,
                                              std::optional<std::string_view> model,
                                              std::string_view reason);

}  // namespace swamp::app
