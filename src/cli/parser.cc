#include "cli/parser.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/suggest.h"
#include "cli/option_checks.h"
#include "cli/usage_error.h"

namespace swamp::cli {
namespace {

// Written by hand over the constant rows rather than with CLI11, which builds an object with
// several strings and callbacks for each of the two hundred commands and fifteen hundred options at
// every start, throws, knows no did-you-mean, and takes options of a subcommand only after its
// word.

std::string help_hint(std::string_view path) {
  return path.empty() ? "see 'swamp --help'" : fmt::format("see 'swamp {} --help'", path);
}

/// An option as typed: `--name=value`, `-l` or a bundle of letters.
struct Typed {
  std::string_view name;  // long form; empty: letters
  std::string_view letters;
  std::optional<std::string_view> value;
};

Typed read_option(std::string_view word) {
  if (!word.starts_with("--")) return {.letters = word.substr(1)};
  const std::size_t equals = word.find('=');
  Typed typed{.name = word.substr(2, equals == std::string_view::npos ? equals : equals - 2)};
  if (equals != std::string_view::npos) typed.value = word.substr(equals + 1);
  return typed;
}

class Parser {
 public:
  Parser(const CommandTable& table, std::vector<std::string> line, const ReadVariable& env)
      : table_(table), line_(std::move(line)), env_(env) {}

  Result<Parsed> parse();

 private:
  void move_type_behind_method_run();
  void find_command();
  bool takes_next(std::string_view word, std::string_view path) const;
  std::vector<std::size_t> words() const;

  Result<Parsed> parse_without_command() const;
  tl::unexpected<Error> unknown_word(std::string_view word) const;
  tl::unexpected<Error> unknown_option(std::string_view typed) const;

  Result<> read_words();
  Result<> read_long(const Typed& typed, std::size_t& at);
  Result<> read_letters(std::string_view letters, std::size_t& at);
  Result<> add(const Option& option, std::string value);
  Result<std::string> value_of(const Option& option, std::size_t& at) const;
  const Option* find_option(std::string_view name, char letter) const;

  void add_variables();
  Result<> check_values() const;
  Result<> check_options() const;
  Result<> check_arguments() const;
  std::optional<NotYet> find_not_yet() const;
  bool was_given(std::string_view name) const;

  const CommandTable& table_;
  std::vector<std::string> line_;
  const ReadVariable& env_;

  std::string path_;
  const Command* command_ = nullptr;
  std::vector<bool> is_path_word_;
  std::vector<std::string> arguments_;
  std::vector<Invocation::Given> given_;
};

// --- which command ---

/// Whether the word after this option is its value, as far as that can be told before the command
/// is known: by the first row below `path` that has such an option.
bool Parser::takes_next(std::string_view word, std::string_view path) const {
  const Typed typed = read_option(word);
  if (typed.value || typed.letters.size() > 1) return false;
  const auto matches = [&](const Option& option) {
    return typed.name.empty() ? option.letter != 0 && option.letter == typed.letters[0]
                              : option.name == typed.name;
  };
  for (const Option& option : global_options()) {
    if (matches(option)) return option.type != Option::Type::flag;
  }
  if (path.empty() && typed.name == "version") return false;
  const Option* found = nullptr;
  for (const Command* command : table_.below(path)) {
    for_each_option(*command, [&](const Option& option) {
      if (found == nullptr && matches(option)) found = &option;
    });
  }
  return found != nullptr && found->type != Option::Type::flag;
}

/// The positions of everything that is neither an option nor the value of one.
std::vector<std::size_t> Parser::words() const {
  std::vector<std::size_t> positions;
  std::string path;
  for (std::size_t i = 0; i < line_.size() && line_[i] != "--"; ++i) {
    if (looks_like_option(line_[i])) {
      if (takes_next(line_[i], path)) ++i;
      continue;
    }
    positions.push_back(i);
    if (const auto step = table_.child(path, line_[i]); !step.empty()) path = step;
  }
  return positions;
}

/// `model @type method run m` means `model method run @type m`.
void Parser::move_type_behind_method_run() {
  const auto at = words();
  if (at.size() < 3 || line_[at[0]] != "model" || line_[at[2]] != "method") return;
  if (!line_[at[1]].starts_with('@')) return;
  const auto from = line_.begin() + static_cast<std::ptrdiff_t>(at[1]);
  const auto to = line_.begin() + static_cast<std::ptrdiff_t>(at.size() > 3 ? at[3] : at[2]);
  std::rotate(from, from + 1, to + 1);
}

void Parser::find_command() {
  is_path_word_.assign(line_.size(), false);
  for (const std::size_t at : words()) {
    const std::string_view step = table_.child(path_, line_[at]);
    if (step.empty()) break;
    path_ = step;
    is_path_word_[at] = true;
  }
  command_ = table_.find(path_);
}

// --- no command ---

Result<Parsed> Parser::parse_without_command() const {
  bool help = false;
  std::optional<VersionAsked> version;
  for (std::size_t i = 0; i < line_.size(); ++i) {
    const std::string& word = line_[i];
    if (is_path_word_[i] || word == "--") continue;
    if (!looks_like_option(word)) return unknown_word(word);
    if (word == "--help" || word == "-h") {
      help = true;
    } else if (path_.empty() && (word == "--version" || word == "-V")) {
      version = VersionAsked{.bare = word == "-V", .json = wants_json(line_)};
    } else if (takes_next(word, path_)) {
      ++i;
    } else if (const Typed typed = read_option(word);
               typed.letters.size() <= 1 &&
               find_option(typed.name, typed.letters.empty() ? char{0} : typed.letters[0]) ==
                   nullptr) {
      return unknown_option(word);
    }
  }
  if (help) return HelpAsked{path_};
  if (version) return *version;
  return GroupAlone{path_};
}

tl::unexpected<Error> Parser::unknown_word(std::string_view word) const {
  const std::string message = path_.empty()
                                  ? fmt::format("unknown command '{}'", word)
                                  : fmt::format("'{}' is not a command of 'swamp {}'", word, path_);
  if (auto near = nearest(word, table_.words(path_))) {
    return usage_error(message, fmt::format("did you mean 'swamp {}{}{}'?", path_,
                                            path_.empty() ? "" : " ", *near));
  }
  const auto elsewhere = table_.paths_ending_in(word);
  if (!elsewhere.empty())
    return usage_error(message, fmt::format("did you mean 'swamp {}'?", elsewhere.front()));
  // `swamp run deploy`: the group is what elsewhere is a command.
  if (const auto meant = table_.paths_ending_in(last_word(path_)); !meant.empty())
    return usage_error(message,
                       fmt::format("did you mean 'swamp {} {}'?",
                                   fmt::join(meant, fmt::format(" {}' or 'swamp ", word)), word));
  std::vector<std::string_view> names;
  for (const auto child : table_.children(path_, CommandTable::Which::present))
    names.push_back(last_word(child));
  if (path_.empty() || names.empty()) return usage_error(message, help_hint(path_));
  return usage_error(message, fmt::format("its commands are {}", fmt::join(names, ", ")));
}

tl::unexpected<Error> Parser::unknown_option(std::string_view typed) const {
  std::vector<std::string> known = {"--help"};
  for (const Option& option : global_options())
    known.push_back(spelled(option));
  if (command_ != nullptr) {
    for_each_option(*command_, [&](const Option& option) {
      if (!option.hidden) known.push_back(spelled(option));
    });
  } else if (path_.empty()) {
    known.emplace_back("--version");
  }
  const std::string name(typed.substr(0, typed.find('=')));
  auto hint = name.starts_with("--") ? did_you_mean(name, known) : std::string();
  return usage_error(fmt::format("unknown option '{}'", name),
                     hint.empty() ? help_hint(path_) : std::move(hint));
}

// --- options and arguments of a command ---

const Option* Parser::find_option(std::string_view name, char letter) const {
  const Option* found = nullptr;
  const auto consider = [&](const Option& option) {
    const bool same = letter != 0 ? option.letter == letter : option.name == name;
    if (found == nullptr && same) found = &option;
  };
  if (command_ != nullptr) for_each_option(*command_, consider);
  for (const Option& option : global_options())
    consider(option);
  return found;
}

Result<> Parser::read_words() {
  bool options_end = false;
  for (std::size_t i = 0; i < line_.size(); ++i) {
    if (is_path_word_[i]) continue;
    const std::string& word = line_[i];
    if (!options_end && word == "--") {
      options_end = true;
    } else if (options_end || !looks_like_option(word)) {
      arguments_.push_back(word);
    } else if (const Typed typed = read_option(word); typed.name.empty()) {
      SWAMP_CHECK(read_letters(typed.letters, i));
    } else {
      SWAMP_CHECK(read_long(typed, i));
    }
  }
  return {};
}

Result<> Parser::read_long(const Typed& typed, std::size_t& at) {
  const Option* option = find_option(typed.name, 0);
  if (option == nullptr) return unknown_option(line_[at]);
  if (option->type == Option::Type::flag) {
    if (typed.value)
      return usage_error(fmt::format("option '{}' takes no value", spelled(*option)),
                         help_hint(path_));
    return add(*option, {});
  }
  if (typed.value) return add(*option, std::string(*typed.value));
  SWAMP_TRY(std::string value, value_of(*option, at));
  return add(*option, std::move(value));
}

Result<> Parser::read_letters(std::string_view letters, std::size_t& at) {
  for (std::size_t i = 0; i < letters.size(); ++i) {
    const Option* option = find_option({}, letters[i]);
    if (option == nullptr) return unknown_option(fmt::format("-{}", letters[i]));
    if (option->type == Option::Type::flag) {
      SWAMP_CHECK(add(*option, {}));
      continue;
    }
    std::string_view rest = letters.substr(i + 1);
    if (rest.starts_with('=')) rest.remove_prefix(1);
    if (!rest.empty()) return add(*option, std::string(rest));
    SWAMP_TRY(std::string value, value_of(*option, at));
    return add(*option, std::move(value));
  }
  return {};
}

Result<std::string> Parser::value_of(const Option& option, std::size_t& at) const {
  const bool there = at + 1 < line_.size() && !is_path_word_[at + 1] &&
                     !looks_like_option(line_[at + 1]) && line_[at + 1] != "--";
  if (!there) {
    return usage_error(fmt::format("option '{}' needs a value", spelled(option)),
                       fmt::format("write '{}=<{}>'", spelled(option), option.value));
  }
  return line_[++at];
}

Result<> Parser::add(const Option& option, std::string value) {
  if (was_given(option.name)) {
    if (option.type == Option::Type::flag) return {};
    if (!option.repeatable)
      return usage_error(fmt::format("option '{}' is given more than once", spelled(option)),
                         help_hint(path_));
  }
  given_.push_back({&option, std::move(value)});
  return {};
}

// --- what the row demands ---

bool Parser::was_given(std::string_view name) const {
  return std::any_of(given_.begin(), given_.end(),
                     [&](const auto& given) { return given.option->name == name; });
}

void Parser::add_variables() {
  const auto consider = [&](const Option& option) {
    if (option.env.empty() || was_given(option.name)) return;
    auto value = env_(option.env);
    if (!value || value->empty()) return;
    if (option.type == Option::Type::flag) {
      if (*value != "0" && *value != "false") given_.push_back({&option, {}, true});
      return;
    }
    given_.push_back({&option, *std::move(value), true});
  };
  for_each_option(*command_, consider);
  for (const Option& option : global_options())
    consider(option);
}

Result<> Parser::check_values() const {
  for (const Invocation::Given& given : given_)
    SWAMP_CHECK(check_value(given));
  return {};
}

Result<> Parser::check_options() const {
  for (const Invocation::Given& given : given_) {
    const Option* option = given.option;
    std::string_view other;
    for_each_word(option->conflicts, [&](std::string_view name) {
      if (other.empty() && was_given(name)) other = name;
    });
    if (!other.empty()) {
      return usage_error(
          fmt::format("options '{}' and '--{}' exclude each other", spelled(*option), other));
    }
    if (!option->needs.empty() && !was_given(option->needs)) {
      return usage_error(fmt::format("option '{}' needs '--{}'", spelled(*option), option->needs));
    }
  }
  const Option* missing = nullptr;
  for_each_option(*command_, [&](const Option& option) {
    if (missing == nullptr && option.required && !was_given(option.name)) missing = &option;
  });
  if (missing == nullptr) return {};
  return usage_error(fmt::format("option '{}' is required", spelled(*missing)), help_hint(path_));
}

Result<> Parser::check_arguments() const {
  std::vector<std::string> missing;
  bool variadic = false;
  for (std::size_t i = 0; i < command_->arguments.size(); ++i) {
    const Argument& argument = command_->arguments[i];
    variadic = variadic || argument.need == Argument::Need::variadic;
    if (argument.need == Argument::Need::required && i >= arguments_.size())
      missing.push_back(fmt::format("<{}>", argument.name));
  }
  if (!missing.empty()) {
    return usage_error(fmt::format("missing {} {}", missing.size() == 1 ? "argument" : "arguments",
                                   fmt::join(missing, ", ")),
                       help_hint(path_));
  }
  if (variadic || arguments_.size() <= command_->arguments.size()) return {};
  const std::string& extra = arguments_[command_->arguments.size()];
  if (arguments_.size() == 1) {
    // `vault lst`: a word under something that takes no arguments was rather meant as a command.
    const auto words = table_.words(path_);
    if (!words.empty()) return unknown_word(extra);
  }
  return usage_error(fmt::format("'swamp {}' does not take the argument '{}'", path_, extra),
                     help_hint(path_));
}

std::optional<NotYet> Parser::find_not_yet() const {
  for (const Invocation::Given& given : given_) {
    const Option& option = *given.option;
    if (option.instead.empty()) continue;
    const std::string from = given.from_variable ? fmt::format(" (set by {})", option.env) : "";
    return NotYet{fmt::format("option '{}'{}", spelled(option), from), std::string(option.instead)};
  }
  return std::nullopt;
}

Result<Parsed> Parser::parse() {
  move_type_behind_method_run();
  find_command();
  if (command_ == nullptr) return parse_without_command();
  const auto end = std::find(line_.begin(), line_.end(), "--");
  if (std::any_of(line_.begin(), end,
                  [](const auto& word) { return word == "--help" || word == "-h"; })) {
    return HelpAsked{path_};
  }
  if (command_->run == nullptr && command_->hidden) {
    return usage_error(fmt::format("there is no command 'swamp {}'", path_),
                       std::string(command_->instead));
  }
  if (command_->run == nullptr) {
    return NotYet{fmt::format("command 'swamp {}'", path_), std::string(command_->instead)};
  }
  SWAMP_CHECK(read_words());
  add_variables();
  if (auto not_yet = find_not_yet()) return *std::move(not_yet);
  SWAMP_CHECK(check_values());
  SWAMP_CHECK(check_options());
  SWAMP_CHECK(check_arguments());
  if (command_->no_json && was_given("json")) {
    return usage_error(fmt::format("'swamp {}' has no JSON form", path_), "leave out '--json'");
  }
  return Invocation(*command_, std::move(arguments_), std::move(given_));
}

}  // namespace

Result<Parsed> parse(const CommandTable& table, std::vector<std::string> line,
                     const ReadVariable& env) {
  return Parser(table, std::move(line), env).parse();
}

bool wants_json(const std::vector<std::string>& line) {
  const auto end = std::find(line.begin(), line.end(), "--");
  return std::find(line.begin(), end, "--json") != end;
}

bool looks_like_option(std::string_view word) {
  const auto is_letter = [&](std::size_t i) {
    return i < word.size() &&
           ((word[i] >= 'a' && word[i] <= 'z') || (word[i] >= 'A' && word[i] <= 'Z'));
  };
  return word.starts_with("--") ? is_letter(2) : word.starts_with('-') && is_letter(1);
}

}  // namespace swamp::cli
