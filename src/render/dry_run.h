#pragma once

#include <cstddef>
#include <string>

#include "engine/dry_run.h"
#include "render/style.h"
#include "value/value.h"

namespace swamp::render {

/// What a run would do, for people: one entry a step, numbered by its wave, with what it would be
/// given:
///
///       1  build/checkout  command/shell execute
///            run: git clone
///       2  build/compile   command/shell execute · after checkout
///
/// No line is longer than `width`.
std::string dry_run_text(const engine::DryRun& run, std::size_t width, Style style);

/// The same as a document.
Value dry_run_document(const engine::DryRun& run);

}  // namespace swamp::render
