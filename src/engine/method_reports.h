#pragma once

#include "base/result.h"
#include "engine/method_context.h"
#include "engine/method_runner.h"

namespace swamp::engine {

/// Makes the reports of method and model scope that apply to a call that has ended and stores both
/// halves of each; they are added to `outcome`, and the listener hears of each. A required report
/// that fails turns the outcome into a failure, any other is told as a notice.
Result<> make_reports(const MethodCall& call, const model::Method& method, CallContext& context,
                      MethodListener& listener, MethodOutcome& outcome);

}  // namespace swamp::engine
