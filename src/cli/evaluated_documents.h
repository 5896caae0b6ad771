#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/session.h"
#include "cli/exit_code.h"
#include "cli/invocation.h"
#include "cli/io.h"
#include "value/value.h"

namespace swamp::cli {

/// A definition or workflow that an `evaluate` command has evaluated.
struct EvaluatedDocument {
  std::string name;
  std::string path;             // of what it evaluated to, absolute
  std::vector<Error> warnings;  // told by the answer
  Map document;                 // under --json
};

/// Answers with one document. `kind` is the noun: `model`, `workflow`.
Result<ExitCode> answer_evaluated(const Invocation& invocation, Io& io, const app::Session& session,
                                  std::string_view kind, const EvaluatedDocument& one);

/// Answers with all of them: `{items, total, evaluated}`.
Result<ExitCode> answer_evaluated(const Invocation& invocation, Io& io, const app::Session& session,
                                  std::string_view kind, std::vector<EvaluatedDocument> all);

}  // namespace swamp::cli
