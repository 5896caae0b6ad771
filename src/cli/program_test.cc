#include "cli/program.h"

#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/answer.h"
#include "cli/completion.h"
#include "cli/fake_io.h"
#include "cli/help.h"
#include "cli/parser.h"
#include "cli/version.h"
#include "value/json.h"

namespace swamp::cli {
namespace {

using test::FakeIo;
using ::testing::HasSubstr;

struct Ended {
  int code;
  std::string out;
  std::string err;
};

Ended ended(std::vector<std::string> line, bool terminal = false) {
  FakeIo io;
  io.terminal = terminal;
  const ExitCode code = run_program(all_commands(), std::move(line), io);
  return {static_cast<int>(code), io.out().text(), io.err().text()};
}

TEST(ProgramTest, PrintsItsVersionInThreeForms) {
  const std::string version(kVersion);
  EXPECT_EQ(ended({"-V"}).out, version + "\n");
  EXPECT_EQ(ended({"--version"}).out, "swamp " + version + "\n");
  EXPECT_EQ(ended({"version"}).out, version + "\n");
  const std::string document = "{\n  \"version\": \"" + version + "\"\n}\n";
  EXPECT_EQ(ended({"--json", "version"}).out, document);
  EXPECT_EQ(ended({"version", "--json"}).out, document);
}

TEST(ProgramTest, AUsageErrorIsShortAndOnStderr) {
  const Ended text = ended({"verzion"});
  EXPECT_EQ(text.code, 2);
  EXPECT_EQ(text.out, "");
  EXPECT_EQ(text.err, "error: unknown command 'verzion'\nhelp: did you mean 'swamp version'?\n");
}

TEST(ProgramTest, UnderJsonAUsageErrorIsADocumentOnStderr) {
  const Ended json = ended({"verzion", "--json"});
  EXPECT_EQ(json.code, 2);
  EXPECT_EQ(json.out, "");
  const auto document = parse_json(json.err);
  ASSERT_TRUE(document) << json.err;
  EXPECT_EQ((*document)["error"], Value("unknown command 'verzion'"));
  EXPECT_EQ((*document)["code"], Value("usage"));
  EXPECT_EQ((*document)["kind"], Value("invalid_input"));
  EXPECT_EQ((*document)["hint"], Value("did you mean 'swamp version'?"));
}

TEST(ProgramTest, AGroupAloneShowsItsHelpAndUnderJsonItsCommands) {
  const Ended text = ended({"completions"});
  EXPECT_EQ(text.code, 0);
  EXPECT_THAT(text.out, HasSubstr("Usage: swamp completions <command> [options]"));
  const Ended json = ended({"completions", "--json"});
  EXPECT_EQ(json.code, 1);
  EXPECT_EQ(json.out, "");
  const auto document = parse_json(json.err);
  ASSERT_TRUE(document);
  EXPECT_EQ((*document)["availableCommands"], Value(List{"bash", "zsh", "fish"}));
}

TEST(ProgramTest, ACommandOfALaterVersionSaysWhatToUse) {
  const Ended text = ended({"quest", "--full"});
  EXPECT_EQ(text.code, 1);
  EXPECT_EQ(text.err,
            "error: command 'swamp quest' is not part of this version yet\n"
            "help: this version works without an account\n");
}

TEST(ProgramTest, NoCommandIsSentToAServer) {
  const Ended text = ended({"version", "--server", "ws://x"});
  EXPECT_EQ(text.code, 1);
  EXPECT_THAT(text.err, HasSubstr("option '--server' is not part of this version yet"));
}

TEST(ProgramTest, ColoursAreForTerminalsOnly) {
  EXPECT_THAT(ended({"--help"}, true).out, HasSubstr("\x1b["));
  EXPECT_THAT(ended({"--help"}, false).out, ::testing::Not(HasSubstr("\x1b[")));
  EXPECT_THAT(ended({"--help", "--no-color"}, true).out, ::testing::Not(HasSubstr("\x1b[")));
  EXPECT_THAT(ended({"verzion", "--no-color"}, true).err, ::testing::Not(HasSubstr("\x1b[")));
}

TEST(ProgramTest, AnEmptyNoColorSaysNothing) {
  FakeIo io;
  io.terminal = true;
  io.set_env("NO_COLOR", "");
  run_program(all_commands(), {"--help"}, io);
  EXPECT_THAT(io.out().text(), HasSubstr("\x1b["));
}

TEST(ProgramTest, NoColorIsPassedOnToWhatIsStarted) {
  FakeIo io;
  run_program(all_commands(), {"version", "--no-color"}, io);
  EXPECT_EQ(io.env("NO_COLOR"), "1");
}

TEST(HelpTest, EveryCommandHasALongHelpAndExamplesOfItself) {
  for (const Command* command : all_commands().below("")) {
    if (command->run == nullptr) continue;
    EXPECT_FALSE(long_help(all_commands(), command->path).empty()) << command->path;
    EXPECT_FALSE(command->summary.empty()) << command->path;
    if (command->hidden) continue;
    EXPECT_FALSE(command->examples.empty()) << command->path;
  }
}

/// The words of an example, as far as the shell would not change them.
std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words(1);
  char quote = 0;
  for (const char c : line) {
    if (quote != 0 ? c == quote : c == '\'' || c == '"') {
      quote = quote != 0 ? '\0' : c;
    } else if (c == ' ' && quote == 0) {
      words.emplace_back();
    } else {
      words.back() += c;
    }
  }
  return words;
}

TEST(HelpTest, EveryExampleIsUnderstood) {
  for (const Command* command : all_commands().below("")) {
    for (const Example& example : command->examples) {
      EXPECT_FALSE(example.doc.empty()) << example.line;
      auto words = words_of(example.line);
      const auto pipe = std::find_if(words.begin(), words.end(), [](const auto& w) {
        return w == "|" || w == ">" || w == "<";
      });
      words.erase(pipe, words.end());
      if (words.front() != "swamp") continue;  // within a larger shell line
      words.erase(words.begin());
      const auto parsed =
          parse(all_commands(), words, [](std::string_view) { return std::nullopt; });
      ASSERT_TRUE(parsed) << example.line << ": " << parsed.error().message;
      const auto* invocation = std::get_if<Invocation>(&*parsed);
      ASSERT_NE(invocation, nullptr) << example.line;
      EXPECT_EQ(invocation->command().path, command->path) << example.line;
    }
  }
}

TEST(ProgramTest, AListIsATableForPeopleAndADocumentForPrograms) {
  const Command list{.path = "list",
                     .summary = "List",
                     .json_to_programs = true,
                     .run = [](const Invocation& invocation, Io& io) {
                       return answer(invocation, io, Map{{"results", List{}}}, "nothing\n");
                     }};
  const Command* present[] = {&list};
  const CommandTable table(present, {}, {});
  FakeIo program;
  run_program(table, {"list"}, program);
  EXPECT_EQ(program.out().text(), "{\n  \"results\": []\n}\n");
  FakeIo person;
  person.terminal = true;
  run_program(table, {"list"}, person);
  EXPECT_EQ(person.out().text(), "nothing\n");
}

TEST(HelpTest, IsTextOnATerminalAndADocumentElsewhere) {
  EXPECT_THAT(ended({"help", "completions", "--no-color"}, true).out,
              HasSubstr("Usage: swamp completions"));
  EXPECT_EQ(ended({"help", "completions", "--json"}, true).out, ended({"help", "completions"}).out);
}

TEST(HelpTest, NamesTheGlobalOptionsAndTheCommands) {
  const std::string text = ended({"--help"}).out;
  for (const char* part : {"Usage: swamp <command> [options]", "Version: ", "--json", "--quiet",
                           "--verbose", "version", "Examples:"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
}

TEST(HelpTest, TheDocumentHasTypesConflictsAndVersionOptions) {
  constexpr Option options[] = {{.name = "version",
                                 .letter = 'n',
                                 .type = Option::Type::number,
                                 .value = "n",
                                 .doc = "which",
                                 .default_value = "1",
                                 .conflicts = "all"}};
  constexpr Argument arguments[] = {{.name = "name", .doc = "whose"}};
  const Command get{
      .path = "data get",
      .summary = "Show",
      .arguments = arguments,
      .options = options,
      .run = [](const Invocation&, Io&) -> Result<ExitCode> { return ExitCode::success; }};
  const Command* present[] = {&get};
  constexpr Group groups[] = {{"data", "Data", "artifact"}};
  const CommandTable table(present, {}, groups);
  const Value node = help_document(table, "data")["root"];
  EXPECT_EQ(node["name"], Value("data"));
  EXPECT_EQ(node["aliases"], Value(List{"artifact"}));
  EXPECT_EQ(
      write_json(node["subcommands"]),
      R"([{"name":"get","description":"Show","arguments":[{"name":"name","required":true,"variadic":false,"description":"whose"}],)"
      R"("options":[{"flags":"-n, --version","description":"which","required":false,"default":1,"collect":false,"type":"integer",)"
      R"("conflicts":["--all"]}],"subcommands":[]}])");
}

TEST(HelpTest, AnUnknownPathIsAnErrorWithASuggestion) {
  const Ended text = ended({"help", "completions", "bsh"});
  EXPECT_EQ(text.code, 1);
  EXPECT_EQ(text.out, "");
  EXPECT_EQ(text.err,
            "error: there is no command 'swamp completions bsh'\nhelp: did you mean 'bash'?\n");
}

std::vector<std::string> completed(std::vector<std::string> words) {
  std::vector<std::string> found;
  for (auto& candidate : complete(all_commands(), std::move(words)))
    found.push_back(std::move(candidate.word));
  return found;
}

TEST(CompletionTest, OffersWhatFitsBehindTheWordsSoFar) {
  using ::testing::Contains;
  using ::testing::ElementsAre;
  EXPECT_THAT(completed({"vers"}), ElementsAre("version"));
  EXPECT_THAT(completed({"completions", ""}), ElementsAre("bash", "zsh", "fish"));
  EXPECT_THAT(completed({"completions", "bash", "--na"}), ElementsAre("--name"));
  EXPECT_THAT(completed({"version", "--log-level", "e"}), ElementsAre("error"));
  EXPECT_THAT(completed({"version", "--log-level", "error", "--js"}), ElementsAre("--json"));
  EXPECT_THAT(completed({"version", "--ser"}), ElementsAre());
}

TEST(CompletionTest, TheScriptCompletesTheNameItWasMadeFor) {
  const std::string script = ended({"completions", "bash", "--name", "sw"}).out;
  EXPECT_THAT(script, HasSubstr("complete -o default -F _sw_complete sw\n"));
  EXPECT_THAT(script, HasSubstr("\"${COMP_WORDS[@]:1:COMP_CWORD}\""));
  EXPECT_EQ(ended({"completions", "bash", "--name", "a;b"}).code, 2);
}

}  // namespace
}  // namespace swamp::cli
