#include "engine/report_choice.h"

namespace swamp::engine {

report::ReportRules report_rules(const spec::ReportSelection& reports) {
  report::ReportRules rules{.skip = reports.skip};
  for (const spec::ReportSelection::Required& required : reports.require) {
    rules.require.push_back({required.name, required.methods});
  }
  return rules;
}

report::ReportFlags report_flags(const Selection& selection) {
  return {.skip_all = selection.skip_reports,
          .skip_names = selection.skip_report,
          .skip_labels = selection.skip_report_label,
          .names = selection.report,
          .labels = selection.report_label};
}

}  // namespace swamp::engine
