#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "cli/command.h"

namespace swamp::cli {

/// What the global options ask for.
struct Globals {
  bool json = false;
  bool log = false;
  bool quiet = false;    // also `--log-level error|fatal`; wins over verbose
  bool verbose = false;  // also `--log-level debug|trace`
  bool no_color = false;
  bool show_properties = false;
};

/// The value of a time limit or an age.
Result<std::chrono::milliseconds> parse_duration_option(const Option& option,
                                                        std::string_view value);

/// A command line that was understood: the command and what was given to it. All names asked for
/// must be declared in the command's row (asserted).
class Invocation {
 public:
  struct Given {
    const Option* option;
    std::string value;           // of flags: empty
    bool from_variable = false;  // not typed: the option's environment variable
  };

  Invocation(const Command& command, std::vector<std::string> arguments, std::vector<Given> given)
      : command_(&command), arguments_(std::move(arguments)), given_(std::move(given)) {}

  const Command& command() const { return *command_; }
  Globals globals() const;
  bool json() const;

  /// Programs read the answer: neither input nor output is a terminal.
  void set_unattended() { unattended_ = true; }

  /// A required argument.
  std::string_view argument(std::string_view name) const;
  std::optional<std::string_view> find_argument(std::string_view name) const;

  /// All arguments, in the order in which they were typed.
  std::span<const std::string> arguments() const { return arguments_; }

  /// All values of the variadic argument.
  std::span<const std::string> rest() const;

  /// Whether the option was typed, or its variable is set.
  bool has(std::string_view option) const;

  /// The value of an option: typed, from its variable, or its default.
  std::optional<std::string_view> text(std::string_view option) const;
  std::optional<std::int64_t> number(std::string_view option) const;
  std::optional<std::chrono::milliseconds> duration(
      std::string_view option) const;  // time limits and ages
  /// All values of a repeatable option, in order.
  std::vector<std::string> texts(std::string_view option) const;

 private:
  const Option& declared(std::string_view option) const;
  std::size_t position(std::string_view argument) const;

  const Command* command_;
  std::vector<std::string> arguments_;
  std::vector<Given> given_;
  bool unattended_ = false;
};

}  // namespace swamp::cli
