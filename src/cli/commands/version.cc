#include "cli/version.h"

#include <fmt/format.h>

#include "cli/answer.h"

namespace swamp::cli {
namespace {

constexpr Example kExamples[] = {
    {"swamp version", "the version"},
    {"swamp version --json", "as a document"},
};

Result<ExitCode> run(const Invocation& invocation, Io& io) {
  return answer(invocation, io, Map{{"version", kVersion}}, fmt::format("{}\n", kVersion));
}

}  // namespace

extern constexpr Command kVersionCommand = {
    .path = "version",
    .summary = "Print the version",
    .shared = Shared::server | Shared::ca_cert,
    .examples = kExamples,
    .run = run,
};

}  // namespace swamp::cli
