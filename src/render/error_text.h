#pragma once

#include <string>

#include "base/result.h"
#include "render/style.h"
#include "value/value.h"

namespace swamp::render {

/// An error for people: what happened, where in their file, what was being done, what to try.
/// Further problems of the same document follow, each in the same form. Ends with a line end.
///
///     error: step 'deploy' depends on 'biuld', which job 'release' does not have
///       --> workflows/workflow-release.yaml:14:20
///        |
///     14 |           - step: biuld
///        |                   ^^^^^
///       while reading workflow 'release'
///     help: did you mean 'build'?
std::string error_text(const Error& error, Style style);

/// A remark on something that does not stop the command: `warning: …`, with the same lines below
/// it.
std::string warning_text(const Error& warning, Style style);

/// The same for machines: `{error, code, kind, where, notes, hint, details}`, every key always
/// there, null when there is nothing to say. `code` is the error's own name or else its kind;
/// `details` are the further problems.
Value error_document(const Error& error);

}  // namespace swamp::render
