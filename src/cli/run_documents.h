#pragma once

#include <cstddef>
#include <optional>

#include "app/session.h"
#include "cli/exit_code.h"
#include "cli/invocation.h"
#include "cli/io.h"
#include "engine/run_options.h"
#include "value/value.h"

namespace swamp::cli {

/// How a command ends that ran a workflow: one code for one outcome, in every output mode. Where
/// `--fail-on` fails the command though the run succeeded, that is said as a warning.
ExitCode code_of(const engine::RunOutcome& outcome, const app::Session& session);

/// The documents of one or several runs of one command, printed as `--json` and `--stream` ask for:
/// one run is its document, several are `{runs: […]}`; in a stream each is a line behind its
/// events. Without `--json` nothing.
class RunDocuments {
 public:
  /// `runs` is how many were asked for. Both references must outlive it.
  RunDocuments(const Invocation& invocation, Io& io, std::size_t runs)
      : invocation_(invocation), io_(io), several_(runs > 1) {}

  void add(Value document);

  /// The end, with the code of the last run. `error`: that one could not be begun; where there are
  /// documents of earlier ones it is told among them.
  Result<ExitCode> finish(ExitCode code, std::optional<Error> error = std::nullopt);

 private:
  const Invocation& invocation_;
  Io& io_;
  bool several_;
  List documents_;
};

}  // namespace swamp::cli
