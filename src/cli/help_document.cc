#include <algorithm>

#include <fmt/format.h>

#include "cli/help.h"
#include "cli/version.h"

namespace swamp::cli {
namespace {

List words_of(std::string_view words, char separator = ' ', std::string_view prefix = {}) {
  List list;
  for_each_word(
      words, [&](std::string_view word) { list.push_back(fmt::format("{}{}", prefix, word)); },
      separator);
  return list;
}

std::string_view type_of(const Option& option) {
  switch (option.type) {
    case Option::Type::flag:
      return "boolean";
    case Option::Type::text:
    case Option::Type::time_limit:
    case Option::Type::age:
      return "string";
    case Option::Type::number:
      return "integer";
  }
  return "string";
}

Value default_of(const Option& option) {
  if (option.type == Option::Type::number)
    return std::int64_t{std::stoll(std::string(option.default_value))};
  return option.default_value;
}

Value option_document(const Option& option) {
  Map document{{"flags", option.letter != 0 ? fmt::format("-{}, --{}", option.letter, option.name)
                                            : fmt::format("--{}", option.name)},
               {"description", option.doc},
               {"required", option.required}};
  if (!option.default_value.empty()) document.set("default", default_of(option));
  document.set("collect", option.repeatable);
  document.set("type", type_of(option));
  if (!option.choices.empty()) document.set("choices", words_of(option.choices, '|'));
  if (!option.conflicts.empty()) document.set("conflicts", words_of(option.conflicts, ' ', "--"));
  if (!option.needs.empty()) document.set("needs", fmt::format("--{}", option.needs));
  if (!option.env.empty()) document.set("env", option.env);
  if (!option.instead.empty()) document.set("available", false);
  return document;
}

Value argument_document(const Argument& argument) {
  return Map{{"name", argument.name},
             {"required", argument.need == Argument::Need::required},
             {"variadic", argument.need == Argument::Need::variadic},
             {"description", argument.doc}};
}

List global_options_document() {
  List list;
  for (const Option& option : global_options())
    list.push_back(option_document(option));
  return list;
}

Map node_document(const CommandTable& table, std::string_view path) {
  const Command* command = table.find(path);
  const Group* group = table.find_group(path);
  Map node{{"name", path.empty() ? "swamp" : last_word(path)},
           {"description", table.summary(path)}};
  const std::string_view aliases = command != nullptr ? command->aliases
                                   : group != nullptr ? group->aliases
                                                      : "";
  if (!aliases.empty()) node.set("aliases", words_of(aliases));
  if (command != nullptr && command->run == nullptr) node.set("available", false);
  List arguments;
  List options;
  if (command != nullptr) {
    for (const Argument& argument : command->arguments)
      arguments.push_back(argument_document(argument));
    for_each_option(*command, [&](const Option& option) {
      if (!option.hidden) options.push_back(option_document(option));
    });
  }
  node.set("arguments", std::move(arguments));
  node.set("options", path.empty() ? global_options_document() : std::move(options));
  return node;
}

List subcommands_document(const CommandTable& table, std::string_view path) {
  List list;
  for (const auto which : {CommandTable::Which::present, CommandTable::Which::absent}) {
    for (const auto child : table.children(path, which)) {
      Map node = node_document(table, child);
      node.set("subcommands", subcommands_document(table, child));
      list.emplace_back(std::move(node));
    }
  }
  return list;
}

}  // namespace

Value help_document(const CommandTable& table, std::string_view path) {
  Map root = node_document(table, path);
  if (!path.empty()) root.set("globalOptions", global_options_document());
  root.set("subcommands", subcommands_document(table, path));
  return Map{{"version", kVersion}, {"root", std::move(root)}};
}

}  // namespace swamp::cli
