#include "render/json_view.h"

#include <variant>

#include "render/json_document.h"

namespace swamp::render {
namespace {

// A step can give notice of the same thing thousands of times.
constexpr std::size_t kMostWarnings = 100;

}  // namespace

void JsonView::on_event(const engine::RunEvent& event) {
  if (const auto* report = std::get_if<engine::ReportEnded>(&event)) {
    if (extras_.bodies || !report->success) extras_.reports.push_back(*report);
    return;
  }
  if (extras_.warnings.size() >= kMostWarnings) return;
  if (const auto* notice = std::get_if<engine::RunNotice>(&event)) {
    extras_.warnings.emplace_back(Map{{"kind", notice->kind}, {"message", notice->message}});
  } else if (const auto* about_step = std::get_if<engine::StepNotice>(&event)) {
    extras_.warnings.push_back(without_nulls(Map{{"kind", about_step->kind},
                                                 {"message", about_step->message},
                                                 {"job", about_step->path.job},
                                                 {"step", about_step->path.step},
                                                 {"details", about_step->details}}));
  }
}

Value JsonView::document(const store::RunRecord& record, std::string path) const {
  RunDocumentExtras extras = extras_;
  extras.path = std::move(path);
  return run_document(record, extras);
}

}  // namespace swamp::render
