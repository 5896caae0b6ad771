#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "cli/invocation.h"
#include "cli/io.h"
#include "render/style.h"
#include "value/value.h"

namespace swamp::cli {

/// Whether text on this stream stands out: on a terminal, unless NO_COLOR, TERM=dumb or
/// `--no-color` (`refused`) say no.
render::Style style_for(const Io& io, Io::Stream stream, bool refused);
render::Style style_of(const Invocation& invocation, const Io& io, Io::Stream stream);

/// Prints the result of a command: the document under `--json`, else the text.
Result<ExitCode> answer(const Invocation& invocation, Io& io, const Value& document,
                        std::string_view text);

/// A remark for people on stderr; with `--quiet` or `--json` nothing (documents carry their
/// warnings themselves).
void warn(const Invocation& invocation, Io& io, const Error& warning);

/// The error of something that the command did, when its result is told besides: for people, on
/// stderr.
void show_error(const Invocation& invocation, Io& io, const Error& error);

/// Asks a question that is answered with yes or no. Without asking it is yes under `--json`,
/// `--yes` and `--force`. Fails when there is nobody to ask.
Result<bool> confirm(const Invocation& invocation, Io& io, std::string_view question);

/// What a command says when the answer was no.
Result<ExitCode> answer_cancelled(const Invocation& invocation, Io& io);

}  // namespace swamp::cli
