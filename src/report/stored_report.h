#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/report.h"
#include "report/selection.h"
#include "store/artifact.h"

namespace swamp::report {

/// One half of a report as data of its model or workflow: its name, content type, lifetime,
/// retention and tags are those of `metadata`; ids, version, owner and times are for the store to
/// fill in.
struct StoredReport {
  store::Metadata metadata;
  std::string content;
};

/// `report-swamp-method-summary-eu` for `@swamp/method-summary` and the vary suffix `eu`; `-json`
/// follows for the other half.
std::string data_name(std::string_view report, std::string_view vary);

/// Both halves, to be written as one; none when there is nothing to read in it. `vary` is the
/// suffix of a forEach iteration, else empty.
std::vector<StoredReport> stored_report(std::string_view name, Scope scope, std::string_view vary,
                                        const Report& report);

}  // namespace swamp::report
