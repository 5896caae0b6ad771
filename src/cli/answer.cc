#include "cli/answer.h"

#include <fmt/format.h>

#include "render/error_text.h"
#include "render/json_document.h"

namespace swamp::cli {

render::Style style_for(const Io& io, Io::Stream stream, bool refused) {
  const bool plain = refused || io.env("NO_COLOR").has_value() || io.env("TERM") == "dumb";
  return render::Style(!plain && io.is_terminal(stream));
}

render::Style style_of(const Invocation& invocation, const Io& io, Io::Stream stream) {
  return style_for(io, stream, invocation.globals().no_color);
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
    return fail(ErrorCode::denied, "this needs a yes, and there is no terminal to ask on",
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
