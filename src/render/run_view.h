#pragma once

#include "engine/run_event.h"

namespace swamp::render {

/// Shows a run to somebody while it lasts. Used from the thread of the run.
class RunView : public engine::RunListener {
 public:
  /// To be called about ten times a second: time passes without events too.
  virtual void tick() {}

  /// To be called once, after the last event or when the run ends without one: leaves the terminal
  /// as it was found and writes out what was held back.
  virtual void finish() {}
};

}  // namespace swamp::render
