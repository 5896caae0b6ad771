#pragma once

#include <string>

#include "base/clock.h"

namespace swamp::render {

/// When something was, for a column: `12s ago`, `5m ago`, `3h ago`, `2d ago`, and `2026-01-02` for
/// what is older than a week or lies ahead.
std::string when_text(Timestamp time, Timestamp now);

/// The same for a line of its own: `2026-01-02 03:04:05 UTC, 5m ago`.
std::string moment_text(Timestamp time, Timestamp now);

}  // namespace swamp::render
