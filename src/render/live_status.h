#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "os/terminal.h"
#include "render/run_progress.h"
#include "render/style.h"

namespace swamp::render {

/// What runs at this moment as a tree of jobs and steps, and how far the run is: the lines that a
/// live view keeps below the log. At most half the rows of the terminal, never as wide as it.
///
///     build  3/10  1m2s
///       ⠹ compile  web.execute   12s  cc main.c
///       ⠹ docs     site.execute   3s
///       and 2 more
///     ━━━━━━━━────────────  12/50 steps · 4 running · 1 failed · 1m2s
///
/// A run of one job has no line for it. `frame` moves the spinners.
std::vector<std::string> live_status(const RunProgress& progress, RunProgress::Time now,
                                     os::TerminalSize size, Style style, std::size_t frame);

}  // namespace swamp::render
