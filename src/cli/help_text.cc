#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/embedded_file.h"
#include "cli/help.h"
#include "cli/version.h"
#include "render/text.h"

extern const std::span<const swamp::EmbeddedFile> swamp_help_files;

namespace swamp::cli {
namespace {

using render::Ink;
using render::Style;

constexpr std::size_t kWidth = 100;
constexpr std::size_t kGroupExamples = 5;

/// What somebody does who has just met the program.
constexpr Example kFirstSteps[] = {
    {"swamp init", "make the current folder a repository"},
    {"swamp model method run command/shell execute --input run='echo hello'",
     "run a method of a type: nothing is created by hand"},
    {"swamp workflow create hello", "write a workflow to begin with"},
    {"swamp workflow run hello", "run it"},
    {"swamp workflow history hello", "what its last run did"},
    {"swamp data query 'workflowName == \"hello\"'", "what its runs wrote"},
};

/// Two columns: a name and what it is, wrapped.
class Entries {
 public:
  void add(std::string name, std::string doc) {
    rows_.emplace_back(std::move(name), std::move(doc));
  }
  bool empty() const { return rows_.empty(); }

  std::string to_string(Style style, Ink ink) const {
    std::size_t width = 0;
    for (const auto& [name, doc] : rows_)
      width = std::max(width, std::min<std::size_t>(32, render::display_width(name)));
    std::string out;
    for (const auto& [name, doc] : rows_) {
      std::string left = render::pad_right(style.paint(ink, name), width);
      for (const auto& line : render::wrap(doc, kWidth - width - 4)) {
        out += fmt::format("  {}  {}\n", left, line);
        left.assign(width, ' ');
      }
      if (doc.empty()) out += fmt::format("  {}\n", style.paint(ink, name));
    }
    return out;
  }

 private:
  std::vector<std::pair<std::string, std::string>> rows_;
};

std::string title(std::string_view text, Style style) {
  return fmt::format("\n{}\n", style.paint(Ink::bold, text));
}

std::string option_name(const Option& option) {
  std::string name = option.letter != 0 ? fmt::format("-{}, --{}", option.letter, option.name)
                                        : fmt::format("    --{}", option.name);
  if (option.type != Option::Type::flag) name += fmt::format(" <{}>", option.value);
  return name;
}

std::string option_doc(const Option& option) {
  std::string doc(option.doc);
  if (!option.choices.empty()) {
    std::vector<std::string_view> choices;
    for_each_word(
        option.choices, [&](std::string_view choice) { choices.push_back(choice); }, '|');
    doc += fmt::format(": {}", fmt::join(choices, ", "));
  }
  std::vector<std::string> remarks;
  if (option.required) remarks.emplace_back("required");
  if (option.repeatable) remarks.emplace_back("may be repeated");
  if (!option.default_value.empty())
    remarks.push_back(fmt::format("default {}", option.default_value));
  if (!option.env.empty()) remarks.push_back(fmt::format("or {}", option.env));
  if (!remarks.empty()) doc += fmt::format(" ({})", fmt::join(remarks, "; "));
  return doc;
}

/// Words on as few lines as they need.
std::string words_section(std::string_view heading, const std::vector<std::string>& words,
                          Style style) {
  if (words.empty()) return {};
  std::string out = title(heading, style);
  for (const auto& line : render::wrap(fmt::format("{}", fmt::join(words, " ")), kWidth - 2)) {
    out += fmt::format("  {}\n", line);
  }
  return out;
}

std::string options_section(const Command& command, Style style) {
  Entries entries;
  std::vector<std::string> absent;
  for_each_option(command, [&](const Option& option) {
    if (option.hidden) return;
    if (option.instead.empty()) {
      entries.add(option_name(option), option_doc(option));
    } else {
      absent.push_back(fmt::format("--{}", option.name));
    }
  });
  std::string out = entries.empty()
                        ? std::string()
                        : title("Options:", style) + entries.to_string(style, Ink::cyan);
  return out + words_section("Known, but not part of this version yet:", absent, style);
}

std::string global_options_section(std::string_view path, Style style) {
  if (path.empty()) {
    Entries entries;
    for (const Option& option : global_options())
      entries.add(option_name(option), option_doc(option));
    entries.add("-h, --help", "help on the program, a group or a command");
    entries.add("-V, --version", "the version");
    return title("Options, for every command:", style) + entries.to_string(style, Ink::cyan);
  }
  std::vector<std::string> names;
  for (const Option& option : global_options())
    names.push_back(fmt::format("--{}", option.name));
  return words_section("Options of every command (see 'swamp --help'):", names, style);
}

std::string arguments_section(const Command& command, Style style) {
  Entries entries;
  for (const Argument& argument : command.arguments) {
    const bool optional = argument.need != Argument::Need::required;
    entries.add(std::string(argument.name),
                fmt::format("{}{}", argument.doc, optional ? " (optional)" : ""));
  }
  return entries.empty() ? std::string()
                         : title("Arguments:", style) + entries.to_string(style, Ink::cyan);
}

std::string commands_section(const CommandTable& table, std::string_view path, Style style) {
  std::string out;
  Entries entries;
  for (const auto child : table.children(path, CommandTable::Which::present)) {
    entries.add(std::string(last_word(child)), std::string(table.summary(child)));
  }
  if (!entries.empty()) out += title("Commands:", style) + entries.to_string(style, Ink::cyan);
  std::vector<std::string> absent;
  for (const auto child : table.children(path, CommandTable::Which::absent))
    absent.emplace_back(last_word(child));
  return out + words_section("Known, but not part of this version yet:", absent, style);
}

std::string examples_section(const CommandTable& table, std::string_view path, Style style) {
  std::vector<const Example*> examples;
  const Command* command = table.find(path);
  if (path.empty()) {
    for (const Example& example : kFirstSteps)
      examples.push_back(&example);
  } else if (command != nullptr) {
    for (const Example& example : command->examples)
      examples.push_back(&example);
  } else {
    for (const Command* below : table.below(path)) {
      if (!below->hidden && !below->examples.empty() && examples.size() < kGroupExamples)
        examples.push_back(&below->examples.front());
    }
  }
  if (examples.empty()) return {};
  std::string out = title("Examples:", style);
  for (const Example* example : examples) {
    out += fmt::format("  {}\n  {}\n", style.paint(Ink::dim, fmt::format("# {}", example->doc)),
                       example->line);
  }
  return out;
}

/// Paragraphs wrapped to the width of help; lines that are indented or begin a list stay as they
/// are.
std::string flowed(std::string_view text) {
  std::string out;
  std::string paragraph;
  const auto end_paragraph = [&] {
    for (const auto& line : render::wrap(std::exchange(paragraph, {}), kWidth))
      out += line + "\n";
  };
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (!line.empty() && std::string_view(" -|#").find(line.front()) == std::string_view::npos) {
      paragraph += fmt::format("{} ", line);
      continue;
    }
    end_paragraph();
    out += fmt::format("{}\n", line);
  }
  end_paragraph();
  return out;
}

std::string aliases_line(std::string_view aliases) {
  if (aliases.empty()) return {};
  std::vector<std::string_view> words;
  for_each_word(aliases, [&](std::string_view word) { words.push_back(word); });
  return fmt::format("Also called: {}\n", fmt::join(words, ", "));
}

}  // namespace

std::string_view long_help(const CommandTable& table, std::string_view path) {
  const Command* command = table.find(path);
  if (command != nullptr && !command->same_help_as.empty()) path = command->same_help_as;
  std::string name(path.empty() ? "swamp" : path);
  std::replace(name.begin(), name.end(), ' ', '_');
  std::replace(name.begin(), name.end(), '-', '_');
  name += ".md";
  for (const EmbeddedFile& file : swamp_help_files) {
    if (file.name == name) return file.text;
  }
  return {};
}

std::string usage_line(const CommandTable& table, std::string_view path) {
  std::string line = path.empty() ? "swamp" : fmt::format("swamp {}", path);
  const Command* command = table.find(path);
  if (command == nullptr) return line + " <command> [options]";
  for (const Argument& argument : command->arguments) {
    switch (argument.need) {
      case Argument::Need::required:
        line += fmt::format(" <{}>", argument.name);
        break;
      case Argument::Need::optional:
        line += fmt::format(" [{}]", argument.name);
        break;
      case Argument::Need::variadic:
        line += fmt::format(" [{}...]", argument.name);
        break;
    }
  }
  return line + " [options]";
}

std::string help_text(const CommandTable& table, std::string_view path, Style style) {
  const Command* command = table.find(path);
  std::string out =
      fmt::format("{} {}\n", style.paint(Ink::bold, "Usage:"), usage_line(table, path));
  if (path.empty()) out += fmt::format("{} {}\n", style.paint(Ink::bold, "Version:"), kVersion);
  const std::string_view text = long_help(table, path);
  out += "\n" + (text.empty() ? fmt::format("{}.\n", table.summary(path)) : flowed(text));
  if (command != nullptr && command->run == nullptr) {
    out += fmt::format("\nNot part of this version yet: {}.\n", command->instead);
  } else if (command != nullptr) {
    out += aliases_line(command->aliases);
    out += arguments_section(*command, style) + options_section(*command, style);
  }
  out += commands_section(table, path, style);
  out += global_options_section(path, style);
  out += examples_section(table, path, style);
  return out;
}

}  // namespace swamp::cli
