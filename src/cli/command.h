#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

#include "base/result.h"
#include "cli/exit_code.h"

// The command line as data: one constant row a command. Parsing, help, completion and did-you-mean
// all read the rows; nothing is built at start-up.
namespace swamp::cli {

class Invocation;
class Io;

struct Argument {
  enum class Need : std::uint8_t {
    required,
    optional,
    variadic
  };  // variadic: any number, also none; the last one
  std::string_view name;
  std::string_view doc;
  Need need = Need::required;
};

struct Option {
  /// Numbers are whole; a time limit is `30s`, `5m` or a bare number of seconds; an age is `1h`,
  /// `7d`, `1mo`.
  enum class Type : std::uint8_t { flag, text, number, time_limit, age };
  std::string_view name;  // without the dashes
  char letter = 0;        // `-y`; 0: none
  Type type = Type::flag;
  std::string_view value = {};  // what help calls the value
  std::string_view doc = {};
  std::string_view choices = {};        // `low|medium|high`; empty: anything
  std::string_view default_value = {};  // as if it had been typed
  std::string_view env = {};            // the variable that stands in for the option
  std::string_view conflicts = {};      // names of options, with blanks between
  std::string_view needs = {};          // the option without which it says nothing
  std::int64_t least = std::numeric_limits<std::int64_t>::min();  // of numbers
  bool required = false;
  bool repeatable = false;
  bool hidden = false;
  /// Not empty: the option is known but not part of this version, and this is what to do instead.
  std::string_view instead = {};
};

/// Options that many commands have; combined with `|`.
enum class Shared : unsigned {
  none = 0,
  repo = 1,        // --repo-dir
  server = 2,      // --server, --token
  ca_cert = 4,     // --ca-cert
  yes = 8,         // --yes, --force: don't ask
  inputs = 16,     // --input, --arg, --input-file, --input-expr
  records = 32,    // --stdin
  selection = 64,  // --tag, --skip-checks, --skip-report, …
  trace = 128,     // --traceparent, --tracestate
  views = 256,     // --junit, --out, --stream: how a run is shown
};
constexpr Shared operator|(Shared a, Shared b) {
  return static_cast<Shared>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}
/// What a command about a repository takes when a server could do it too.
inline constexpr Shared kInRepository = Shared::repo | Shared::server | Shared::ca_cert;

constexpr bool contains(Shared set, Shared one) {
  return (static_cast<unsigned>(set) & static_cast<unsigned>(one)) != 0;
}

struct Example {
  std::string_view line;  // a whole command line
  std::string_view doc;
};

/// Does the command. The result goes to `io.out()`; an Error is printed by the caller.
using Run = Result<ExitCode> (*)(const Invocation& invocation, Io& io);

struct Command {
  std::string_view path;     // `model method run`
  std::string_view summary;  // one line, no full stop
  std::span<const Argument> arguments = {};
  std::span<const Option> options = {};
  Shared shared = Shared::none;
  std::span<const Example> examples = {};
  std::string_view aliases = {};         // other last words, with blanks between
  std::string_view hidden_aliases = {};  // likewise, shown nowhere
  std::string_view same_help_as = {};    // the path whose long help this one shares
  bool hidden = false;
  bool always_json = false;       // prints its document whether or not `--json` is given
  bool json_to_programs = false;  // prints it too when no terminal is around: lists
  bool no_json = false;           // has no JSON form: `--json` is refused
  /// Null: the command is known but not part of this version, or, when hidden, only a word that
  /// people try; `instead` says what to use.
  Run run = nullptr;
  std::string_view instead = {};
};

/// A word that only leads to other commands.
struct Group {
  std::string_view path;
  std::string_view summary;
  std::string_view aliases = {};
};

/// Of `views`, for the one command that runs something and has no asserts.
inline constexpr Option kStreamOption = {
    .name = "stream",
    .doc = "with --json: one event a line as it happens, the run as the last line",
    .needs = "json"};

/// The options that every command takes.
std::span<const Option> global_options();

/// The options of each shared set, in the order in which help lists them.
struct SharedOptions {
  Shared set;
  std::span<const Option> options;
};
std::span<const SharedOptions> shared_options();

/// Calls `visit(option)` for the options of a command: its own, then the shared ones.
template <class Visit>
void for_each_option(const Command& command, Visit visit) {
  for (const Option& option : command.options)
    visit(option);
  for (const auto& [set, options] : shared_options()) {
    if (!contains(command.shared, set)) continue;
    for (const Option& option : options)
      visit(option);
  }
}

/// Calls `visit(word)` for each of the words that blanks (or another separator) keep apart.
template <class Visit>
constexpr void for_each_word(std::string_view words, Visit visit, char separator = ' ') {
  while (!words.empty()) {
    const std::size_t end = words.find(separator);
    if (end != 0) visit(words.substr(0, end));
    words.remove_prefix(end == std::string_view::npos ? words.size() : end + 1);
  }
}

constexpr bool has_word(std::string_view words, std::string_view word, char separator = ' ') {
  bool found = false;
  for_each_word(
      words, [&](std::string_view each) { found = found || each == word; }, separator);
  return found;
}

}  // namespace swamp::cli
