#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.h"

namespace swamp::cli {

/// All commands and groups, as a tree of words. Looking something up is a walk over a few hundred
/// rows.
class CommandTable {
 public:
  /// `present` and `absent` are rows with and without a run function; all must outlive the table.
  constexpr CommandTable(std::span<const Command* const> present, std::span<const Command> absent,
                         std::span<const Group> groups)
      : present_(present), absent_(absent), groups_(groups) {}

  /// The command with exactly this path (no aliases), or null.
  const Command* find(std::string_view path) const;

  /// The group with exactly this path, or null. A path may be both: `model output` is.
  const Group* find_group(std::string_view path) const;

  /// The path that `word` leads to below `path`, aliases understood; empty when it leads nowhere.
  std::string_view child(std::string_view path, std::string_view word) const;

  /// The paths one word below `path`, in order, each once; hidden ones and those that are only
  /// signposts left out.
  enum class Which : std::uint8_t { present, absent };
  std::vector<std::string_view> children(std::string_view path, Which which) const;

  /// What could have been meant by a word below `path`: names and aliases, also of what is not
  /// there yet.
  std::vector<std::string> words(std::string_view path) const;

  /// The commands of which `word` is the last word.
  std::vector<std::string_view> paths_ending_in(std::string_view word) const;

  /// Every row below `path`, and that of `path` itself.
  std::vector<const Command*> below(std::string_view path) const;

  /// The one line about a command or group.
  std::string_view summary(std::string_view path) const;

 private:
  template <class Visit>
  void for_each(Visit visit) const {
    for (const Command* command : present_)
      visit(*command);
    for (const Command& command : absent_)
      visit(command);
  }

  std::span<const Command* const> present_;
  std::span<const Command> absent_;
  std::span<const Group> groups_;
};

/// The table of this program.
const CommandTable& all_commands();

/// `list` of `vault list`; `vault` of `vault`.
constexpr std::string_view last_word(std::string_view path) {
  return path.substr(path.rfind(' ') + 1);
}

/// `vault` of `vault list`; empty for a single word.
constexpr std::string_view parent_of(std::string_view path) {
  const std::size_t end = path.rfind(' ');
  return end == std::string_view::npos ? std::string_view() : path.substr(0, end);
}

/// Whether `path` lies below `ancestor` (everything lies below the empty path).
constexpr bool is_below(std::string_view path, std::string_view ancestor) {
  return ancestor.empty() || (path.size() > ancestor.size() && path.starts_with(ancestor) &&
                              path[ancestor.size()] == ' ');
}

/// The first word of `path` after `ancestor`, as a path: `model method` for `model method run`
/// below `model`.
constexpr std::string_view step_below(std::string_view path, std::string_view ancestor) {
  return path.substr(0, path.find(' ', ancestor.empty() ? 0 : ancestor.size() + 1));
}

}  // namespace swamp::cli
