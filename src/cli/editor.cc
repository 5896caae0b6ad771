#include "cli/editor.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <spawn.h>
#include <sys/wait.h>

#include <fmt/format.h>

extern char** environ;  // NOLINT(readability-redundant-declaration): POSIX asks for it

namespace swamp::cli {
namespace {

constexpr std::size_t kTextLimit = 32U << 20;

/// Whether a program of this name is on the path.
bool is_installed(Io& io, std::string_view program) {
  const std::string path = io.env("PATH").value_or("/usr/bin:/bin");
  for (std::string_view rest = path; !rest.empty();) {
    const auto colon = rest.find(':');
    std::error_code ignored;
    if (std::filesystem::exists(std::filesystem::path(rest.substr(0, colon)) / program, ignored))
      return true;
    rest.remove_prefix(colon == std::string_view::npos ? rest.size() : colon + 1);
  }
  return false;
}

Result<std::string> choose_editor(Io& io) {
  if (auto chosen = io.env("EDITOR"); chosen && !chosen->empty()) return *chosen;
  for (const char* editor : {"code", "zed", "nvim", "vim", "nano", "emacs"}) {
    if (is_installed(io, editor)) return std::string(editor);
  }
  return fail(ErrorCode::unavailable, "no editor was found", "set EDITOR to the one you like");
}

}  // namespace

Result<std::optional<std::string>> piped_text(const Invocation& invocation, Io& io,
                                              std::string_view name) {
  if (io.is_terminal(Io::Stream::in)) return std::nullopt;
  SWAMP_TRY(auto text, io.read_input(kTextLimit));
  if (text.find_first_not_of(" \t\r\n") == std::string::npos) {
    return fail(ErrorCode::invalid_input,
                "nothing was piped in, and there is no terminal to edit at",
                fmt::format("swamp {} {} < file", invocation.command().path, name));
  }
  return text;
}

Result<std::string> edit_file(Io& io, const std::filesystem::path& file) {
  if (!io.is_terminal(Io::Stream::in) || !io.is_terminal(Io::Stream::out)) {
    return fail(ErrorCode::invalid_input, "there is no terminal to edit at",
                "pipe the new text in, as in: … edit <name> < file");
  }
  SWAMP_TRY(auto editor, choose_editor(io));
  // The variable may hold options (`code --wait`), so the shell splits it.
  std::string script = editor + " \"$1\"";
  std::string target = file.string();
  std::array<char*, 6> argv = {const_cast<char*>("sh"), const_cast<char*>("-c"), script.data(),
                               const_cast<char*>("sh"), target.data(),           nullptr};
  pid_t child = 0;
  if (const int problem = ::posix_spawnp(&child, "sh", nullptr, nullptr, argv.data(), environ);
      problem != 0) {
    return fail(ErrorCode::unavailable,
                fmt::format("cannot start '{}': {}", editor, std::strerror(problem)));
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    return fail(ErrorCode::unavailable,
                fmt::format("'{}' did not end well; the file is as it left it", editor));
  }
  return editor;
}

Map edit_document(const std::string& path, const std::string& editor) {
  Map document{{"path", path}};
  if (!editor.empty()) document.set("editor", editor);
  document.set("status", editor.empty() ? "updated" : "opened");
  return document;
}

}  // namespace swamp::cli
