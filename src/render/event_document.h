#pragma once

#include "base/clock.h"
#include "engine/run_event.h"
#include "value/value.h"

namespace swamp::render {

/// An event for machines: `{kind, time, …}`, with the names of kinds and keys that clients of the
/// event stream know (docs/run-events.md). Events of nested runs have `parents`. Keys without a
/// value are absent.
Value event_document(const engine::RunEvent& event, Timestamp time);

}  // namespace swamp::render
