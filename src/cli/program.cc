#include "cli/program.h"

#include <fmt/format.h>

#include "cli/answer.h"
#include "cli/help.h"
#include "cli/parser.h"
#include "cli/version.h"
#include "render/error_text.h"
#include "render/json_document.h"

namespace swamp::cli {
namespace {

/// How things are told before, or without, a command that was understood.
struct Manner {
  bool json = false;
  bool colour_refused = false;

  render::Style style(const Io& io, Io::Stream stream) const {
    return style_for(io, stream, colour_refused);
  }
};

ExitCode tell(const Error& error, const Manner& manner, Io& io) {
  io.out().flush();
  io.err().write(manner.json ? render::json_document(render::error_document(error))
                             : render::error_text(error, manner.style(io, Io::Stream::err)));
  return exit_code_of(error);
}

class Performer {
 public:
  Performer(const CommandTable& table, Manner manner, Io& io)
      : table_(table), manner_(manner), io_(io) {}

  ExitCode operator()(const HelpAsked& asked) const {
    io_.out().write(help_text(table_, asked.path, manner_.style(io_, Io::Stream::out)));
    return ExitCode::success;
  }

  ExitCode operator()(const VersionAsked& asked) const {
    if (asked.json) {
      io_.out().write(render::json_document(Map{{"version", kVersion}}));
    } else {
      io_.out().write(fmt::format("{}{}\n", asked.bare ? "" : "swamp ", kVersion));
    }
    return ExitCode::success;
  }

  ExitCode operator()(const GroupAlone& group) const {
    if (!manner_.json) return (*this)(HelpAsked{group.path});
    List names;
    for (const auto child : table_.children(group.path, CommandTable::Which::present))
      names.emplace_back(last_word(child));
    const std::string line = group.path.empty() ? "swamp" : fmt::format("swamp {}", group.path);
    Value document =
        render::error_document({.code = ErrorCode::invalid_input,
                                .message = fmt::format("'{}' needs one of its commands", line),
                                .hint = fmt::format("see '{} --help'", line),
                                .name = "usage"});
    document.mutable_map().set("availableCommands", std::move(names));
    io_.err().write(render::json_document(document));
    return ExitCode::failure;
  }

  ExitCode operator()(const NotYet& wish) const {
    return tell({.code = ErrorCode::invalid_input,
                 .message = fmt::format("{} is not part of this version yet", wish.what),
                 .hint = wish.instead,
                 .name = "not_in_this_version"},
                manner_, io_);
  }

  ExitCode operator()(Invocation& invocation) const {
    if (manner_.colour_refused) io_.set_env("NO_COLOR", "1");
    if (!io_.is_terminal(Io::Stream::in) && !io_.is_terminal(Io::Stream::out))
      invocation.set_unattended();
    auto ended = invocation.command().run(invocation, io_);
    return ended ? *ended : tell(ended.error(), manner_, io_);
  }

 private:
  const CommandTable& table_;
  Manner manner_;
  Io& io_;
};

bool stands_in(const std::vector<std::string>& line, std::string_view word) {
  for (const std::string& each : line) {
    if (each == "--") return false;
    if (each == word) return true;
  }
  return false;
}

}  // namespace

ExitCode run_program(const CommandTable& table, std::vector<std::string> line, Io& io) {
  const Manner manner{.json = wants_json(line), .colour_refused = stands_in(line, "--no-color")};
  auto parsed = parse(table, std::move(line), [&](std::string_view name) { return io.env(name); });
  const ExitCode code =
      parsed ? std::visit(Performer(table, manner, io), *parsed) : tell(parsed.error(), manner, io);
  io.out().flush();
  io.err().flush();
  return code;
}

}  // namespace swamp::cli
