#pragma once

#include "cli/invocation.h"
#include "cli/io.h"
#include "render/graph/text.h"

namespace swamp::cli {

/// How a graph is drawn on standard output: as wide as the terminal (100 columns where there is
/// none), in colour and in Unicode where it can show them.
render::graph::TextOptions graph_options(const Invocation& invocation, const Io& io);

}  // namespace swamp::cli
