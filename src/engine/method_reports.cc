#include "engine/method_reports.h"

namespace swamp::engine {

Result<> make_reports(const MethodCall&, const model::Method&, CallContext&, MethodListener&, MethodOutcome&) { return {}; }

}  // namespace swamp::engine
