#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "os/terminal.h"
#include "render/output.h"

namespace swamp::cli {

/// What a command sees of the process around it. Handed in, so that tests are the process.
class Io {
 public:
  enum class Stream : std::uint8_t { in, out, err };

  virtual ~Io() = default;

  virtual render::Output& out() = 0;  // results
  virtual render::Output& err() = 0;  // everything else for people, and error documents

  virtual bool is_terminal(Stream stream) const = 0;

  /// The size of the terminal behind standard output, as it is now.
  virtual os::TerminalSize terminal_size() const = 0;

  /// All of standard input. Fails with invalid_input when it is longer than `limit` bytes.
  virtual Result<std::string> read_input(std::size_t limit) = 0;

  /// The next line of standard input without its end; empty at the end of input.
  virtual std::optional<std::string> read_line() = 0;

  /// The same for a line that must not be seen while it is typed.
  virtual std::optional<std::string> read_hidden_line() = 0;

  virtual std::optional<std::string> env(std::string_view name) const = 0;

  /// Sets a variable for this process and those it starts.
  virtual void set_env(std::string_view name, std::string_view value) = 0;

  /// The folder in which the command was typed.
  virtual std::filesystem::path directory() const = 0;
};

}  // namespace swamp::cli
