#include "cli/completion.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/embedded_file.h"
#include "cli/parser.h"

extern const std::span<const swamp::EmbeddedFile> swamp_completion_files;  // in the order of Shell

namespace swamp::cli {
namespace {

class Completion {
 public:
  Completion(const CommandTable& table, std::string word) : table_(table), word_(std::move(word)) {}

  void offer(std::string_view word, std::string_view doc) {
    if (word.starts_with(word_)) found_.push_back({std::string(word), doc});
  }

  void offer_commands(std::string_view path) {
    for (const auto child : table_.children(path, CommandTable::Which::present))
      offer(last_word(child), table_.summary(child));
  }

  void offer_options(std::string_view path) {
    const auto add = [&](const Option& option) {
      if (!option.hidden && option.instead.empty())
        offer(fmt::format("--{}", option.name), option.doc);
    };
    if (const Command* command = table_.find(path)) for_each_option(*command, add);
    for (const Option& option : global_options())
      add(option);
    offer("--help", "help");
  }

  void offer_choices(const Option& option) {
    for_each_word(
        option.choices, [&](std::string_view choice) { offer(choice, {}); }, '|');
  }

  std::vector<Candidate> take() { return std::move(found_); }

 private:
  const CommandTable& table_;
  std::string word_;
  std::vector<Candidate> found_;
};

/// The option of the command that still wants its value after `word`, or null.
const Option* awaiting_value(const CommandTable& table, std::string_view path,
                             std::string_view word) {
  const Option* found = nullptr;
  const auto consider = [&](const Option& option) {
    const bool same = word == fmt::format("--{}", option.name) ||
                      (option.letter != 0 && word == fmt::format("-{}", option.letter));
    if (same && option.type != Option::Type::flag) found = &option;
  };
  for (const Option& option : global_options())
    consider(option);
  if (const Command* command = table.find(path)) for_each_option(*command, consider);
  return found;
}

}  // namespace

std::vector<Candidate> complete(const CommandTable& table, std::vector<std::string> words) {
  if (words.empty()) words.emplace_back();
  const std::string last = words.back();
  words.pop_back();
  std::string path;
  const Option* option = nullptr;
  for (const std::string& word : words) {
    if (option != nullptr) {
      option = nullptr;
      continue;
    }
    if (looks_like_option(word)) {
      option = awaiting_value(table, path, word);
    } else if (const auto child = table.child(path, word); !child.empty()) {
      path = child;
    }
  }
  Completion completion(table, last);
  if (option != nullptr) {
    completion.offer_choices(*option);
  } else if (last.starts_with('-')) {
    completion.offer_options(path);
  } else {
    completion.offer_commands(path);
  }
  return completion.take();
}

std::string completion_script(Shell shell, std::string_view name) {
  constexpr std::string_view kPlaceholder = "@COMMAND@";
  std::string script(swamp_completion_files[static_cast<std::size_t>(shell)].text);
  for (std::size_t at = script.find(kPlaceholder); at != std::string::npos;
       at = script.find(kPlaceholder, at)) {
    script.replace(at, kPlaceholder.size(), name);
  }
  return script;
}

bool is_command_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c == '-' || c == '.';
  }) && name.front() != '-';
}

}  // namespace swamp::cli
