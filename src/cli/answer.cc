#include "cli/answer.h"

#include <fmt/format.h>

#include "render/error_text.h"
#include "render/json_document.h"

namespace swamp::cli {

render::Style style_for(const Io& io, Io::Stream stream, bool refused) {
  if (refused || !io.env("NO_COLOR").value_or("").empty()) return render::Style(false);
  const std::string forced = io.env("CLICOLOR_FORCE").value_or("0");
  const bool shows_colour = io.is_terminal(stream) && io.env("TERM") != "dumb";
  return render::Style(shows_colour || (!forced.empty() && forced != "0"));
}

render::Style style_of(const Invocation& invocation, const Io& io, Io::Stream stream) {
  return style_for(io, stream, invocation.globals().no_color);
}

std::string table_text(const Invocation& invocation, const Io& io, const render::Table& table) {
  if (invocation.json()) return {};  // standard output takes the document
  const bool is_terminal = io.is_terminal(Io::Stream::out);
  return table.to_string(style_of(invocation, io, Io::Stream::out),
                         is_terminal ? io.terminal_size().columns : 0);
}

Result<ExitCode> answer(const Invocation& invocation, Io& io, const Value& document,
                        std::string_view text) {
  if (invocation.json()) {
    io.out().write(render::json_document(document));
  } else {
    io.out().write(text);
  }
  return ExitCode::success;
}

Result<ExitCode> answer_with(const std::vector<Error>& warnings, const Invocation& invocation,
                             Io& io, Map document, std::string_view text) {
  for (const Error& warning : warnings)
    warn(invocation, io, warning);
  return answer(invocation, io, with_warnings(std::move(document), warnings), text);
}

Map with_warnings(Map document, const std::vector<Error>& warnings) {
  List texts;
  for (const Error& warning : warnings) {
    texts.push_back(warning.where
                        ? fmt::format("{}: {}", warning.where->to_string(), warning.message)
                        : warning.message);
  }
  if (!texts.empty()) document.set("warnings", std::move(texts));
  return document;
}

Result<ExitCode> answer_line(const Invocation& invocation, Io& io, const Value& document,
                             std::string_view text) {
  if (!invocation.json()) return answer(invocation, io, document, text);
  io.out().write(render::json_line(document));
  return ExitCode::success;
}

void warn(const Invocation& invocation, Io& io, const Error& warning) {
  const Globals globals = invocation.globals();
  if (globals.quiet || globals.json) return;
  io.err().write(render::warning_text(warning, style_of(invocation, io, Io::Stream::err)));
}

void show_error(const Invocation& invocation, Io& io, const Error& error) {
  io.out().flush();
  io.err().write(render::error_text(error, style_of(invocation, io, Io::Stream::err)));
}

Result<bool> confirm(const Invocation& invocation, Io& io, std::string_view question) {
  if (invocation.json() || invocation.has("yes") || invocation.has("force")) return true;
  if (!io.is_terminal(Io::Stream::in)) {
    return fail(ErrorCode::denied, fmt::format("nobody is at a terminal to answer: {}", question),
                "add '--yes'");
  }
  // On stderr: what goes to a file or a pipe is the result alone.
  io.err().write(fmt::format("{} [y/N] ", question));
  io.err().flush();
  const std::string reply = io.read_line().value_or("");
  return reply == "y" || reply == "Y" || reply == "yes" || reply == "Yes" || reply == "YES";
}

Result<ExitCode> answer_cancelled(const Invocation& invocation, Io& io) {
  return answer(invocation, io, Map{{"cancelled", true}}, "Nothing was changed.\n");
}

}  // namespace swamp::cli
