#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/command_table.h"

// Holds the table of commands against the surface that scripts and agents already use
// (test/data/cli-surface.txt).
namespace swamp::cli {
namespace {

// What this version does not have yet. A command that arrives leaves this list; none is ever added.
constexpr std::string_view kNotYet[] = {
    "workflow trigger set",
    "workflow trigger get",
    "workflow trigger remove",
    "vault annotate",
    "vault inspect",
    "vault audit-trail",
    "vault edit",
    "vault migrate",
    "report search",
    "report get",
    "report describe",
    "report type search",
    "report list",
    "extension pull",
    "extension install",
    "extension list",
    "extension rm",
    "extension search",
    "extension info",
    "extension update",
    "extension outdated",
    "extension version",
    "extension trust list",
    "extension trust add",
    "extension trust rm",
    "extension trust auto-trust",
    "extension source list",
    "extension source add",
    "extension source rm",
    "extension fmt",
    "extension quality",
    "extension push",
    "extension yank",
    "extension unyank",
    "extension deprecate",
    "extension undeprecate",
    "extension promote",
    "datastore status",
    "datastore setup",
    "datastore setup filesystem",
    "datastore setup extension",
    "datastore setup s3",
    "datastore sync",
    "datastore lock status",
    "datastore lock release",
    "datastore compact",
    "datastore migrate-index",
    "datastore namespace set",
    "datastore namespace unset",
    "datastore namespace migrate",
    "datastore namespace list",
    "datastore catalog pull",
    "datastore type search",
    "doctor audit",
    "doctor datastores",
    "doctor extensions",
    "doctor install",
    "doctor secrets",
    "doctor vaults",
    "doctor workflows",
    "summarise",
    "audit",
    "audit record",
    "telemetry stats",
    "access token mint",
    "access token list",
    "access token revoke",
    "access token rotate",
    "access grant create",
    "access grant list",
    "access grant revoke",
    "access group create",
    "access group add-member",
    "access group remove-member",
    "access group list",
    "access group list-idp",
    "access group members",
    "access can-i",
    "access check",
    "access reload",
    "worker token create",
    "worker token list",
    "worker token revoke",
    "worker list",
    "worker queue",
    "worker connect",
    "worker verify",
    "worker daemon enable",
    "worker daemon disable",
    "worker daemon status",
    "serve",
    "serve reload",
    "serve daemon enable",
    "serve daemon disable",
    "serve daemon status",
    "auth login",
    "auth logout",
    "auth whoami",
    "auth server-login",
    "auth token create",
    "issue search",
    "issue get",
    "issue edit",
    "issue bug",
    "issue feature",
    "issue security",
    "issue ripple",
    "quest",
    "update",
    "config get",
    "config set",
    "config list",
    "source fetch",
    "source path",
    "source clean",
    "agent setup",
    "agent list",
    "agent rm",
};

/// A flag of the surface: `-y, --yes`, `--from !`, `--input …`, `--limit=50`.
struct Flag {
  std::string name;
  std::string letter;
  std::string default_value;
  bool required = false;
  bool repeatable = false;
};

struct Row {
  std::string path;
  std::vector<std::string> arguments;  // `<name>`, `[name]`, `[name...]`
  std::vector<Flag> flags;
};

Flag read_flag(std::string text) {
  Flag flag;
  if (text.starts_with("-") && !text.starts_with("--")) {
    flag.letter = text.substr(1, 1);
    text.erase(0, 4);
  }
  flag.required = text.ends_with(" !");
  flag.repeatable = text.ends_with(" …");
  text.erase(std::min(text.find(' '), text.size()));
  const std::size_t equals = text.find('=');
  if (equals != std::string::npos) flag.default_value = text.substr(equals + 1);
  flag.name = text.substr(2, equals == std::string::npos ? equals : equals - 2);
  if (flag.default_value == "False") flag.default_value.clear();
  return flag;
}

std::vector<Flag> read_flags(std::string line) {
  std::vector<Flag> flags;
  line.erase(0, line.find_first_not_of(' '));
  for (std::size_t end = 0; !line.empty();
       line.erase(0, end == std::string::npos ? end : end + 2)) {
    end = line.find("  ");
    flags.push_back(read_flag(line.substr(0, end)));
  }
  return flags;
}

std::vector<Row> read_surface() {
  std::ifstream file("test/data/cli-surface.txt");
  std::vector<Row> rows;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("#") || line.empty()) continue;
    if (line.starts_with(" ")) {
      rows.back().flags = read_flags(line);
      continue;
    }
    std::istringstream words(line.substr(5));
    Row row;
    for (std::string word; words >> word;) {
      if (word[0] == '<' || word[0] == '[') {
        row.arguments.push_back(word);
      } else {
        row.path += (row.path.empty() ? "" : " ") + word;
      }
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<std::string> arguments_of(const Command& command) {
  std::vector<std::string> arguments;
  for (const Argument& argument : command.arguments) {
    const std::string name(argument.name);
    arguments.push_back(argument.need == Argument::Need::required   ? "<" + name + ">"
                        : argument.need == Argument::Need::optional ? "[" + name + "]"
                                                                    : "[" + name + "...]");
  }
  return arguments;
}

/// How the command's option differs from the flag; empty when it does not.
std::string difference(const Command* command, const Flag& flag) {
  const Option* found = nullptr;
  const auto consider = [&](const Option& option) {
    if (found == nullptr && option.name == flag.name) found = &option;
  };
  if (command != nullptr) for_each_option(*command, consider);
  for (const Option& option : global_options())
    consider(option);
  if (found == nullptr) return "is missing";
  if (!flag.letter.empty() && found->letter != flag.letter[0]) return "has another letter";
  if (found->required != flag.required) return "differs in being required";
  if (found->repeatable != flag.repeatable) return "differs in being repeatable";
  if (found->default_value != flag.default_value) return "has another default";
  return {};
}

TEST(SurfaceTest, EveryCommandIsThereOrSaysThatItIsNotYet) {
  const auto rows = read_surface();
  ASSERT_GT(rows.size(), 180U);
  for (const Row& row : rows) {
    if (row.path.empty()) continue;
    const bool known =
        all_commands().find(row.path) != nullptr || all_commands().find_group(row.path) != nullptr;
    EXPECT_TRUE(known) << row.path;
  }
}

TEST(SurfaceTest, OnlyTheCommandsOfTheListAreMissing) {
  std::vector<std::string_view> missing;
  for (const Command* command : all_commands().below("")) {
    if (command->run == nullptr && !command->hidden) missing.push_back(command->path);
  }
  EXPECT_THAT(missing, ::testing::UnorderedElementsAreArray(kNotYet));
}

TEST(SurfaceTest, CommandsTakeTheArgumentsAndFlagsOfTheSurface) {
  for (const Row& row : read_surface()) {
    const Command* command = all_commands().find(row.path);
    if (!row.path.empty() && (command == nullptr || command->run == nullptr)) continue;
    if (command != nullptr) {
      EXPECT_THAT(arguments_of(*command), ::testing::ElementsAreArray(row.arguments)) << row.path;
    }
    for (const Flag& flag : row.flags)
      EXPECT_EQ(difference(command, flag), "") << "'swamp " << row.path << "' --" << flag.name;
  }
}

TEST(SurfaceTest, NamesOfOptionsAreUniqueWithinACommand) {
  for (const Command* command : all_commands().below("")) {
    std::map<std::string_view, int> names;
    std::map<char, int> letters;
    const auto count = [&](const Option& option) {
      EXPECT_EQ(++names[option.name], 1) << command->path << " --" << option.name;
      if (option.letter != 0) {
        EXPECT_EQ(++letters[option.letter], 1) << command->path << " -" << option.letter;
      }
    };
    for_each_option(*command, count);
    for (const Option& option : global_options())
      count(option);
  }
}

}  // namespace
}  // namespace swamp::cli
