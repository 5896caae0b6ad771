#pragma once

#include "app/outputs.h"
#include "cli/invocation.h"
#include "cli/io.h"
#include "render/style.h"

// `model output …` and `model method history …` show the same records: what they have in common.
namespace swamp::cli {

Value output_document(const app::Output& output);
Value outputs_document(std::string_view query, const app::OutputList& list);
std::string outputs_text(const app::OutputList& list, render::Style style);

/// The bodies of `get` and `search` of both.
Result<ExitCode> run_output_get(const Invocation& invocation, Io& io);
Result<ExitCode> run_output_search(const Invocation& invocation, Io& io);

}  // namespace swamp::cli
