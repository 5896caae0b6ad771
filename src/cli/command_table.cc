#include "cli/command_table.h"

#include <algorithm>

namespace swamp::cli {
namespace {

/// A row that only says which other command is meant.
bool is_signpost(const Command& command) {
  return command.run == nullptr && command.hidden;
}

}  // namespace

const Command* CommandTable::find(std::string_view path) const {
  const Command* found = nullptr;
  for_each([&](const Command& command) {
    if (found == nullptr && command.path == path) found = &command;
  });
  return found;
}

const Group* CommandTable::find_group(std::string_view path) const {
  for (const Group& group : groups_) {
    if (group.path == path) return &group;
  }
  return nullptr;
}

std::string_view CommandTable::child(std::string_view path, std::string_view word) const {
  std::string_view by_name;
  std::string_view by_alias;
  const auto consider = [&](std::string_view row, std::string_view aliases,
                            std::string_view hidden_aliases) {
    if (!is_below(row, path)) return;
    const std::string_view step = step_below(row, path);
    if (last_word(step) == word) by_name = step;
    if (step != row) return;
    if (has_word(aliases, word) || has_word(hidden_aliases, word)) by_alias = step;
  };
  for_each([&](const Command& command) {
    consider(command.path, command.aliases, command.hidden_aliases);
  });
  for (const Group& group : groups_)
    consider(group.path, group.aliases, {});
  return by_name.empty() ? by_alias : by_name;
}

std::vector<std::string_view> CommandTable::children(std::string_view path, Which which) const {
  std::vector<std::string_view> present;
  std::vector<std::string_view> absent;
  for_each([&](const Command& command) {
    if (command.hidden || !is_below(command.path, path)) return;
    const std::string_view step = step_below(command.path, path);
    auto& list = command.run != nullptr ? present : absent;
    if (std::find(list.begin(), list.end(), step) == list.end()) list.push_back(step);
  });
  if (which == Which::present) return present;
  std::erase_if(absent, [&](std::string_view step) {
    return std::find(present.begin(), present.end(), step) != present.end();
  });
  return absent;
}

std::vector<std::string> CommandTable::words(std::string_view path) const {
  std::vector<std::string> words;
  const auto add = [&](std::string_view word) {
    if (std::find(words.begin(), words.end(), word) == words.end()) words.emplace_back(word);
  };
  for_each([&](const Command& command) {
    if (!is_below(command.path, path) || is_signpost(command)) return;
    const std::string_view step = step_below(command.path, path);
    if (!command.hidden || step != command.path) add(last_word(step));
    if (step != command.path) return;
    for_each_word(command.aliases, add);
    for_each_word(command.hidden_aliases, add);
  });
  for (const Group& group : groups_) {
    if (parent_of(group.path) == path) for_each_word(group.aliases, add);
  }
  return words;
}

std::vector<std::string_view> CommandTable::paths_ending_in(std::string_view word) const {
  std::vector<std::string_view> paths;
  for_each([&](const Command& command) {
    if (!command.hidden && last_word(command.path) == word) paths.push_back(command.path);
  });
  return paths;
}

std::vector<const Command*> CommandTable::below(std::string_view path) const {
  std::vector<const Command*> rows;
  for_each([&](const Command& command) {
    if (command.path == path || is_below(command.path, path)) rows.push_back(&command);
  });
  return rows;
}

std::string_view CommandTable::summary(std::string_view path) const {
  if (const Group* group = find_group(path)) return group->summary;
  if (const Command* command = find(path)) return command->summary;
  return {};
}

}  // namespace swamp::cli
