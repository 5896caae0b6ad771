#include "cli/input.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/exit_code.h"
#include "value/json.h"

namespace swamp::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

InputContext context() {
  return {.read_file = [](const std::filesystem::path& path) -> Result<std::string> {
            if (path == "notes.txt") return "two\nlines\n";
            if (path == "/home/ada/key") return "secret";
            return fail(ErrorCode::not_found, "no file '" + path.string() + "'");
          },
          .home = "/home/ada"};
}

/// The inputs as JSON, or `!` and the message.
std::string inputs(std::vector<std::string> texts) {
  auto result = parse_inputs(texts, context(), "--input");
  return result ? write_json(*result) : "!" + result.error().message;
}

TEST(InputTest, ValuesAreTextsSplitAtTheFirstEqualsSign) {
  EXPECT_EQ(inputs({"q=a=b", "n=5", "empty="}), R"({"q":"a=b","n":"5","empty":""})");
}

TEST(InputTest, DotsNestAndReplaceAScalarInTheWay) {
  EXPECT_EQ(inputs({"o.k.z=1", "o.k.y=2"}), R"({"o":{"k":{"z":"1","y":"2"}}})");
  EXPECT_EQ(inputs({"o=1", "o.k=2"}), R"({"o":{"k":"2"}})");
}

TEST(InputTest, AJsonKeyHoldsJson) {
  EXPECT_EQ(inputs({R"(tags:json=["a"])", R"(srv.cfg:json={"p":1})", "at:json=\"@x\""}),
            R"({"tags":["a"],"srv":{"cfg":{"p":1}},"at":"@x"})");
}

TEST(InputTest, AnAtSignNamesAFile) {
  EXPECT_EQ(inputs({"a=@notes.txt", "b=@~/key"}), R"({"a":"two\nlines\n","b":"secret"})");
  EXPECT_EQ(inputs({R"(a=\@notes.txt)"}), R"({"a":"@notes.txt"})");
}

TEST(InputTest, ScopedNamesAreNoFiles) {
  EXPECT_EQ(inputs({"a=@acme/web", "b=@acme/web/site-2"}),
            R"({"a":"@acme/web","b":"@acme/web/site-2"})");
  EXPECT_EQ(inputs({"a=@acme/web.yaml"}), "!no file 'acme/web.yaml'");
  EXPECT_EQ(inputs({"a=@/etc"}), "!no file '/etc'");
}

TEST(InputTest, AMissingFileNamesTheEscapes) {
  auto result = parse_inputs(std::vector<std::string>{"who=@ada"}, context(), "--input");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().hint,
            R"(for a value that begins with '@' write 'who=\@…' or 'who:json="@…"')");
  EXPECT_THAT(result.error().notes, ElementsAre("reading the file that input 'who' names"));
  EXPECT_EQ(exit_code_of(result.error()), ExitCode::failure);
}

TEST(InputTest, AJsonObjectIsMergedInItsTurn) {
  EXPECT_EQ(inputs({"a.x=1", R"({"a":{"y":2},"l":[1]})", R"({"l":[2]})", "a.y=3"}),
            R"({"a":{"x":"1","y":"3"},"l":[2]})");
}

TEST(InputTest, WhatIsNoPairIsAUsageError) {
  EXPECT_EQ(inputs({"name"}), "!'--input' needs key=value, not 'name'");
  EXPECT_EQ(inputs({"=x"}), "!'--input' needs key=value, not '=x'");
  EXPECT_EQ(inputs({"a..b=x"}), "!the key 'a..b' of '--input' has an empty part");
  auto bad = parse_inputs(std::vector<std::string>{"{\"a\":"}, context(), "--input");
  ASSERT_FALSE(bad);
  EXPECT_EQ(exit_code_of(bad.error()), ExitCode::usage);
  auto bad_value = parse_inputs(std::vector<std::string>{"a:json=[1"}, context(), "--input");
  ASSERT_FALSE(bad_value);
  EXPECT_EQ(exit_code_of(bad_value.error()), ExitCode::usage);
}

TEST(InputTest, AKeyOfAThousandDotsIsRefused) {
  std::string key = "a";
  for (int i = 0; i < 100'000; ++i)
    key += ".a";
  EXPECT_EQ(inputs({key + "=1"}), "!a key of '--input' nests more than 100 levels");
}

TEST(InputTest, WithoutTheJsonFormABraceIsPartOfAKey) {
  auto result = parse_key_values(std::vector<std::string>{"{\"a\":1}"}, context(), "--global-arg");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message, "'--global-arg' needs key=value, not '{\"a\":1}'");
}

TEST(InputFileTest, MayBeYamlOrJsonButMustBeAMapping) {
  EXPECT_EQ(write_json(*parse_input_file("a: 1\nb: [x]\n", "in.yaml")), R"({"a":1,"b":["x"]})");
  EXPECT_EQ(write_json(*parse_input_file(R"({"a": 1})", "in.json")), R"({"a":1})");
  auto list = parse_input_file("- a\n", "in.yaml");
  ASSERT_FALSE(list);
  EXPECT_EQ(list.error().message, "the input file 'in.yaml' holds a list, not a mapping");
}

/// The records as JSON, or `!` and the message.
std::string records(std::string_view text) {
  auto result = parse_records(text);
  if (!result) return "!" + result.error().message;
  return write_json(List(result->begin(), result->end()));
}

TEST(RecordsTest, ComeAsObjectListLinesOrYaml) {
  EXPECT_EQ(records(R"({"a":1})"), R"([{"a":1}])");
  EXPECT_EQ(records("{\n  \"a\": 1\n}\n"), R"([{"a":1}])");
  EXPECT_EQ(records(R"([{"a":1},{"a":2}])"), R"([{"a":1},{"a":2}])");
  EXPECT_EQ(records("{\"a\":1}\n\n{\"a\":2}\n"), R"([{"a":1},{"a":2}])");
  EXPECT_EQ(records("a: 1\nb: x\n"), R"([{"a":1,"b":"x"}])");
}

TEST(RecordsTest, NothingAtAllIsNoRecord) {
  EXPECT_EQ(records(""), "[]");
}

TEST(RecordsTest, SayWhatIsWrong) {
  EXPECT_EQ(records(" \n"), "!standard input holds only blanks");
  EXPECT_EQ(records("[]"), "!standard input holds an empty list");
  EXPECT_EQ(records("[{}, 1]"), "!item 2 of the list on standard input is a number, not an object");
  EXPECT_EQ(records("{\"a\":1}\n5\n"), "!line 2 of standard input is a number, not an object");
  EXPECT_EQ(records("just words"), "!standard input holds a string, not inputs");
}

TEST(TagsTest, ArePlainPairs) {
  auto tags = parse_tags(std::vector<std::string>{"team=ops", "a.b=@x=y", "empty="}, "--tag");
  ASSERT_TRUE(tags);
  EXPECT_THAT(*tags, ElementsAre(Pair("team", "ops"), Pair("a.b", "@x=y"), Pair("empty", "")));
  auto bad = parse_tags(std::vector<std::string>{"team"}, "--tag");
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().message, "'--tag' needs key=value, not 'team'");
}

TEST(InputExpressionTest, NamesAKeyAndAnExpression) {
  auto found = parse_input_expressions(std::vector<std::string>{"a.b=1 == 2"});
  ASSERT_TRUE(found);
  ASSERT_EQ(found->size(), 1U);
  EXPECT_THAT(found->front().path, ElementsAre("a", "b"));
  EXPECT_EQ(found->front().text, "1 == 2");
  EXPECT_FALSE(parse_input_expressions(std::vector<std::string>{"a="}));
}

}  // namespace
}  // namespace swamp::cli
