#pragma once

#include "engine/method_runner.h"
#include "report/selection.h"
#include "spec/settings.h"

namespace swamp::engine {

// Which reports are made, in the words of the report room.

/// What a definition or workflow says.
report::ReportRules report_rules(const spec::ReportSelection& reports);

/// What the caller says.
report::ReportFlags report_flags(const Selection& selection);

}  // namespace swamp::engine
