#include "cli/parser.h"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace swamp::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Result<ExitCode> nothing(const Invocation&, Io&) {
  return ExitCode::success;
}

constexpr Option kGetOptions[] = {
    {.name = "version", .type = Option::Type::number, .value = "n", .least = 1},
    {.name = "all", .letter = 'a', .conflicts = "version"},
    {.name = "tool",
     .letter = 't',
     .type = Option::Type::text,
     .value = "tool",
     .repeatable = true},
    {.name = "kind",
     .type = Option::Type::text,
     .value = "kind",
     .choices = "log|file",
     .default_value = "file"},
    {.name = "kafka", .type = Option::Type::text, .value = "url", .instead = "use files"},
};
constexpr Option kSetOptions[] = {
    {.name = "schedule", .type = Option::Type::text, .value = "cron", .required = true},
    {.name = "timeout", .type = Option::Type::time_limit, .value = "duration"},
    {.name = "since", .type = Option::Type::age, .value = "age"},
    {.name = "until", .type = Option::Type::age, .value = "age", .needs = "since"},
};
constexpr Argument kName[] = {{.name = "name"}, {.name = "more", .need = Argument::Need::optional}};
constexpr Argument kWords[] = {{.name = "words", .need = Argument::Need::variadic}};
constexpr Argument kRun[] = {{.name = "model"},
                             {.name = "method"},
                             {.name = "definition", .need = Argument::Need::optional}};

constexpr Command kDataGet{.path = "data get",
                           .arguments = kName,
                           .options = kGetOptions,
                           .shared = Shared::repo,
                           .aliases = "show",
                           .run = nothing};
constexpr Command kDataList{.path = "data list", .hidden_aliases = "ls", .run = nothing};
constexpr Command kHistory{.path = "history", .arguments = kName, .run = nothing};
constexpr Command kHistoryGet{.path = "history get", .arguments = kName, .run = nothing};
constexpr Command kSet{.path = "trigger set", .options = kSetOptions, .run = nothing};
constexpr Command kSay{.path = "say", .arguments = kWords, .no_json = true, .run = nothing};
constexpr Command kMethodRun{
    .path = "model method run", .arguments = kRun, .shared = Shared::repo, .run = nothing};
constexpr const Command* kPresent[] = {&kDataGet, &kDataList, &kHistory,  &kHistoryGet,
                                       &kSet,     &kSay,      &kMethodRun};
constexpr Command kAbsent[] = {
    {.path = "quest", .instead = "nothing to do"},
    {.path = "data status", .hidden = true, .instead = "use 'swamp data list'"},
};
constexpr Group kGroups[] = {{"data", "Data", "artifact"},
                             {"trigger", "Schedules"},
                             {"model", "Models"},
                             {"model method", "Methods"}};
constexpr CommandTable kTable(kPresent, kAbsent, kGroups);

using Variables = std::map<std::string, std::string, std::less<>>;

Result<Parsed> parsed(std::vector<std::string> line, Variables variables = {}) {
  return parse(kTable, std::move(line), [&](std::string_view name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  });
}

Invocation understood(std::vector<std::string> line, Variables variables = {}) {
  auto result = parsed(std::move(line), std::move(variables));
  if (!result) throw std::runtime_error(result.error().message);
  return std::get<Invocation>(*std::move(result));
}

/// `message | hint` of a usage error.
std::string refused(std::vector<std::string> line) {
  auto result = parsed(std::move(line));
  if (result) return "understood";
  EXPECT_EQ(exit_code_of(result.error()), ExitCode::usage);
  return result.error().message + " | " + result.error().hint;
}

TEST(ParserTest, OptionsStandAnywhere) {
  for (const auto& line : std::vector<std::vector<std::string>>{
           {"--repo-dir", "/r", "--json", "data", "get", "x", "--version", "3"},
           {"data", "--json", "--repo-dir=/r", "get", "--version=3", "x"},
           {"data", "get", "x", "--version", "3", "--json", "--repo-dir", "/r"}}) {
    const Invocation invocation = understood(line);
    EXPECT_EQ(invocation.command().path, "data get");
    EXPECT_EQ(invocation.argument("name"), "x");
    EXPECT_EQ(invocation.number("version"), 3);
    EXPECT_EQ(invocation.text("repo-dir"), "/r");
    EXPECT_TRUE(invocation.json());
  }
}

TEST(ParserTest, LettersMayBeBundledAndCarryAValue) {
  const Invocation invocation =
      understood({"data", "get", "-aqtclaude", "-t", "kiro", "x", "-t=none"});
  EXPECT_TRUE(invocation.has("all"));
  EXPECT_TRUE(invocation.globals().quiet);
  EXPECT_THAT(invocation.texts("tool"), ElementsAre("claude", "kiro", "none"));
}

TEST(ParserTest, ADefaultStandsInAndDoesNotCountAsGiven) {
  const Invocation invocation = understood({"data", "get", "x"});
  EXPECT_EQ(invocation.text("kind"), "file");
  EXPECT_FALSE(invocation.has("kind"));
  EXPECT_EQ(invocation.find_argument("more"), std::nullopt);
}

TEST(ParserTest, AVariableStandsInForAnOption) {
  EXPECT_EQ(understood({"data", "get", "x"}, {{"SWAMP_REPO_DIR", "/v"}}).text("repo-dir"), "/v");
  EXPECT_EQ(understood({"data", "get", "x", "--repo-dir", "/o"}, {{"SWAMP_REPO_DIR", "/v"}})
                .text("repo-dir"),
            "/o");
  EXPECT_TRUE(understood({"data", "get", "x"}, {{"SWAMP_LOG_LEVEL", "debug"}}).globals().verbose);
}

TEST(ParserTest, DurationsAreCheckedAndUnderstood) {
  using namespace std::chrono_literals;
  const Invocation invocation =
      understood({"trigger", "set", "--schedule", "x", "--timeout", "1.5s", "--since", "2w"});
  EXPECT_EQ(invocation.duration("timeout"), 1500ms);
  EXPECT_EQ(invocation.duration("since"), 14 * 24h);
  EXPECT_EQ(
      understood({"trigger", "set", "--schedule", "x", "--timeout", "2w"}).duration("timeout"),
      14 * 24h);
  EXPECT_EQ(understood({"trigger", "set", "--schedule", "x"}).duration("timeout"), std::nullopt);
  EXPECT_EQ(refused({"trigger", "set", "--schedule", "x", "--timeout", "0"}),
            "'0' is not a time limit of option '--timeout' | write a number above zero with ms, s, "
            "m, h or d, such as 30s or 5m");
  EXPECT_EQ(refused({"trigger", "set", "--schedule", "x", "--since", "30s"}),
            "'30s' is not a duration of option '--since' | write a whole number with m, h, d, w, "
            "mo or y, such as 1h, 7d or 1mo");
}

TEST(ParserTest, ABadVariableIsNamedAsItself) {
  auto result = parsed({"data", "list"}, {{"SWAMP_LOG_LEVEL", "loud"}});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message, "'loud' is not a value of variable 'SWAMP_LOG_LEVEL'");
}

TEST(ParserTest, QuietWinsOverVerbose) {
  const Globals globals = understood({"data", "list", "-v", "-q"}).globals();
  EXPECT_TRUE(globals.quiet);
  EXPECT_FALSE(globals.verbose);
}

TEST(ParserTest, AliasesLeadToTheirCommand) {
  EXPECT_EQ(understood({"data", "show", "x"}).command().path, "data get");
  EXPECT_EQ(understood({"data", "ls"}).command().path, "data list");
  EXPECT_EQ(understood({"artifact", "get", "x"}).command().path, "data get");
}

TEST(ParserTest, AWordBelowACommandIsASubcommandBeforeItIsAnArgument) {
  EXPECT_EQ(understood({"history", "ship"}).command().path, "history");
  EXPECT_EQ(understood({"history", "get", "ship"}).command().path, "history get");
}

TEST(ParserTest, AfterTwoDashesNothingIsAnOption) {
  EXPECT_THAT(understood({"say", "a", "--", "--json", "-x"}).rest(),
              ElementsAre("a", "--json", "-x"));
  EXPECT_THAT(understood({"say"}).rest(), IsEmpty());
}

TEST(ParserTest, ValuesThatBeginWithADashAreValuesUnlessTheyLookLikeOptions) {
  EXPECT_EQ(understood({"trigger", "set", "--schedule", "-----BEGIN KEY"}).text("schedule"),
            "-----BEGIN KEY");
  EXPECT_EQ(refused({"trigger", "set", "--schedule", "--json"}),
            "option '--schedule' needs a value | write '--schedule=<cron>'");
}

TEST(ParserTest, ATypeBeforeMethodRunMovesBehindIt) {
  for (const auto& line : std::vector<std::vector<std::string>>{
           {"model", "@acme/web", "method", "run", "start", "site"},
           {"--repo-dir", "/r", "model", "@acme/web", "method", "--json", "run", "start", "site"},
           {"model", "method", "run", "@acme/web", "start", "site"}}) {
    const Invocation invocation = understood(line);
    EXPECT_EQ(invocation.command().path, "model method run");
    EXPECT_EQ(invocation.argument("model"), "@acme/web");
    EXPECT_EQ(invocation.argument("method"), "start");
    EXPECT_EQ(invocation.argument("definition"), "site");
  }
}

TEST(ParserTest, HelpIsUnderstoodEverywhere) {
  EXPECT_EQ(std::get<HelpAsked>(*parsed({"--help"})).path, "");
  EXPECT_EQ(std::get<HelpAsked>(*parsed({"data", "-h"})).path, "data");
  EXPECT_EQ(std::get<HelpAsked>(*parsed({"data", "get", "--help"})).path, "data get");
  EXPECT_EQ(std::get<HelpAsked>(*parsed({"--help", "quest"})).path, "quest");
  EXPECT_EQ(understood({"say", "--", "--help"}).command().path, "say");
}

TEST(ParserTest, TheVersionIsAnOptionOfTheProgramOnly) {
  EXPECT_TRUE(std::get<VersionAsked>(*parsed({"-V"})).bare);
  EXPECT_FALSE(std::get<VersionAsked>(*parsed({"--version"})).bare);
  EXPECT_EQ(understood({"data", "get", "x", "--version", "2"}).number("version"), 2);
}

TEST(ParserTest, AGroupAloneIsNoCommand) {
  EXPECT_EQ(std::get<GroupAlone>(*parsed({"data"})).path, "data");
  EXPECT_EQ(std::get<GroupAlone>(*parsed({})).path, "");
  EXPECT_EQ(std::get<GroupAlone>(*parsed({"--json", "model", "method"})).path, "model method");
}

TEST(ParserTest, WhatThisVersionDoesNotHaveIsKnown) {
  EXPECT_EQ(std::get<NotYet>(*parsed({"quest", "--full", "x"})).what, "command 'swamp quest'");
  const auto option = std::get<NotYet>(*parsed({"data", "get", "x", "--kafka", "u"}));
  EXPECT_EQ(option.what, "option '--kafka'");
  EXPECT_EQ(option.instead, "use files");
}

TEST(ParserTest, UsageErrorsSayWhatIsWrongAndWhatToDo) {
  EXPECT_EQ(refused({"dta"}), "unknown command 'dta' | did you mean 'swamp data'?");
  EXPECT_EQ(refused({"data", "gte"}),
            "'gte' is not a command of 'swamp data' | did you mean 'swamp data get'?");
  EXPECT_EQ(refused({"data", "incomprehensible"}),
            "'incomprehensible' is not a command of 'swamp data' | its commands are get, list");
  EXPECT_EQ(refused({"data", "run"}),
            "'run' is not a command of 'swamp data' | did you mean 'swamp model method run'?");
  EXPECT_EQ(refused({"data", "status"}),
            "there is no command 'swamp data status' | use 'swamp data list'");
  EXPECT_EQ(refused({"quset"}), "unknown command 'quset' | did you mean 'swamp quest'?");
  EXPECT_EQ(refused({"--jsn"}), "unknown option '--jsn' | did you mean '--json'?");
  EXPECT_EQ(refused({"data", "get", "x", "--verison=1"}),
            "unknown option '--verison' | did you mean '--version'?");
  EXPECT_EQ(refused({"data", "get", "-z"}), "unknown option '-z' | see 'swamp data get --help'");
  EXPECT_EQ(refused({"data", "get"}), "missing argument <name> | see 'swamp data get --help'");
  EXPECT_EQ(refused({"model", "method", "run"}),
            "missing arguments <model>, <method> | see 'swamp model method run --help'");
  EXPECT_EQ(refused({"data", "get", "a", "b", "c"}),
            "'swamp data get' does not take the argument 'c' | see 'swamp data get --help'");
  EXPECT_EQ(refused({"data", "get", "a", "--version"}),
            "option '--version' needs a value | write '--version=<n>'");
  EXPECT_EQ(refused({"data", "get", "a", "--version", "x"}),
            "option '--version' needs a whole number, not 'x' | ");
  EXPECT_EQ(refused({"data", "get", "a", "--version", "0"}),
            "option '--version' must be at least 1, not 0 | ");
  EXPECT_EQ(refused({"data", "get", "a", "--version", "1", "--version", "2"}),
            "option '--version' is given more than once | see 'swamp data get --help'");
  EXPECT_EQ(refused({"data", "get", "a", "--all", "--version", "1"}),
            "options '--all' and '--version' exclude each other | ");
  EXPECT_EQ(refused({"trigger", "set", "--schedule", "x", "--until", "1d"}),
            "option '--until' needs '--since' | ");
  EXPECT_EQ(refused({"data", "get", "a", "--kind", "fil"}),
            "'fil' is not a value of option '--kind' | did you mean 'file'?");
  EXPECT_EQ(refused({"data", "get", "a", "--kind", "resource"}),
            "'resource' is not a value of option '--kind' | use one of log, file");
  EXPECT_EQ(refused({"data", "get", "a", "--all=yes"}),
            "option '--all' takes no value | see 'swamp data get --help'");
  EXPECT_EQ(refused({"trigger", "set"}),
            "option '--schedule' is required | see 'swamp trigger set --help'");
  EXPECT_EQ(refused({"say", "--json"}), "'swamp say' has no JSON form | leave out '--json'");
}

TEST(ParserTest, AFlagMayBeRepeated) {
  EXPECT_TRUE(understood({"--json", "data", "list", "--json"}).json());
}

TEST(ParserTest, JsonIsWantedWhereverItStandsButNotBehindTwoDashes) {
  EXPECT_TRUE(wants_json({"nonsense", "--json", "--more"}));
  EXPECT_FALSE(wants_json({"say", "--", "--json"}));
}

}  // namespace
}  // namespace swamp::cli
