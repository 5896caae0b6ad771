#pragma once

#include <map>
#include <string>
#include <vector>

#include "cli/input.h"
#include "cli/invocation.h"
#include "cli/io.h"
#include "engine/method_runner.h"

// What the commands that run something have in common.
namespace swamp::cli {

/// What the options say: a file, over it `--arg`, over that `--input` and `--input-expr`.
Result<Map> given_inputs(const Invocation& invocation, Io& io);

/// The inputs of each run that is asked for: those of the options, or with `--stdin` one set a
/// record with the options merged over it. At least one.
Result<std::vector<Map>> input_records(const Invocation& invocation, Io& io);

/// `--skip-checks`, `--report`, …
engine::Selection selection_of(const Invocation& invocation);

/// TRACEPARENT and TRACESTATE, as options or variables give them.
std::map<std::string, std::string> trace_of(const Invocation& invocation);

}  // namespace swamp::cli
