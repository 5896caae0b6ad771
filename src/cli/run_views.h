#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "app/workflow_run.h"
#include "cli/invocation.h"
#include "cli/io.h"
#include "render/json_view.h"
#include "render/junit.h"
#include "render/log_detail.h"
#include "render/run_view.h"

namespace swamp::cli {

/// How much a run tells, as the options ask.
render::LogDetail log_detail(const Invocation& invocation, const Io& io);

/// The views that show one run: chosen by the options and by what the streams are.
class RunViews {
 public:
  /// All outlive it.
  RunViews(const Invocation& invocation, Io& io, const Clock& clock);

  engine::RunListener& listener() { return fan_; }

  /// What moves the view while nothing happens; empty when nothing moves.
  std::function<void()> tick();

  void finish();

  /// The document of `--json`.
  Value document(const app::WorkflowRun& run) const;

  /// With `--junit`: prints the XML or writes the file.
  Result<> write_junit();

 private:
  /// Tells every view.
  class Fan final : public engine::RunListener {
   public:
    void on_event(const engine::RunEvent& event) override {
      for (render::RunView* view : views)
        view->on_event(event);
    }
    std::vector<render::RunView*> views;
  };

  const Invocation& invocation_;
  Io& io_;
  std::unique_ptr<render::RunView>
      shown_;  // the log, the live view or the event stream; null under plain --json
  std::optional<render::JsonView> json_;
  std::optional<render::Junit> junit_;
  Fan fan_;
};

}  // namespace swamp::cli
