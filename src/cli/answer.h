#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cli/invocation.h"
#include "cli/io.h"
#include "render/style.h"
#include "render/table.h"
#include "value/value.h"

namespace swamp::cli {

/// Whether text on this stream stands out: on a terminal other than TERM=dumb, and wherever
/// CLICOLOR_FORCE asks for it, unless NO_COLOR or `--no-color` (`refused`) say no.
render::Style style_for(const Io& io, Io::Stream stream, bool refused);
render::Style style_of(const Invocation& invocation, const Io& io, Io::Stream stream);

/// A table as standard output takes it: not wider than a terminal, whole everywhere else.
std::string table_text(const Invocation& invocation, const Io& io, const render::Table& table);

/// Prints the result of a command: the document under `--json`, else the text.
Result<ExitCode> answer(const Invocation& invocation, Io& io, const Value& document,
                        std::string_view text);

/// The same with remarks: for people on stderr, in the document as `warnings`.
Result<ExitCode> answer_with(const std::vector<Error>& warnings, const Invocation& invocation,
                             Io& io, Map document, std::string_view text);

/// `document` with its `warnings`, where there are any.
Map with_warnings(Map document, const std::vector<Error>& warnings);

/// The same for the commands that print their document on one line.
Result<ExitCode> answer_line(const Invocation& invocation, Io& io, const Value& document,
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
