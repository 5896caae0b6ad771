#pragma once

#include "cli/invocation.h"
#include "cli/io.h"

// `model output …` and `model method history …` show the same records: the bodies of `get` and
// `search` of both.
namespace swamp::cli {

Result<ExitCode> run_output_get(const Invocation& invocation, Io& io);
Result<ExitCode> run_output_search(const Invocation& invocation, Io& io);

}  // namespace swamp::cli
