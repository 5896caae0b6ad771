#pragma once

#include "base/clock.h"
#include "render/output.h"
#include "render/run_view.h"

namespace swamp::render {

/// A run as NDJSON: one event a line, as it happens. Each line is written out at once, whole.
class JsonStream final : public RunView {
 public:
  JsonStream(Output& out, const Clock& clock) : out_(out), clock_(clock) {}

  void on_event(const engine::RunEvent& event) override;

 private:
  Output& out_;
  const Clock& clock_;
};

}  // namespace swamp::render
