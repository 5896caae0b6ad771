#pragma once

#include <memory>

#include "app/session.h"
#include "cli/input.h"
#include "cli/invocation.h"
#include "cli/io.h"

namespace swamp::cli {

/// The repository that a command is about: `--repo-dir`, else the one around the current folder.
/// Both must outlive the session; its remarks go to stderr. `read_only`: see app::SessionOptions.
enum class Access : std::uint8_t { normal, read_only };
Result<std::unique_ptr<app::Session>> open_session(const Invocation& invocation, Io& io,
                                                   Access access = Access::normal);

/// What inputs may refer to: files count from the current folder.
InputContext input_context(Io& io);

}  // namespace swamp::cli
