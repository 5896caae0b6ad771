#include "yaml/parse.h"

#include <cmath>

#include <gtest/gtest.h>

#include "value/json.h"

namespace swamp::yaml {
namespace {

/// What a document means, as JSON; or its problems, one a line.
std::string read(std::string text, const Limits& limits = {}) {
  const auto document = parse(std::move(text), "file.yaml", limits);
  if (document) return write_json(document->to_value());
  const auto line = [](const Error& error) {
    return error.where->to_string() + ": " + error.message;
  };
  std::string out = line(document.error());
  for (const Error& also : document.error().also) {
    out += "\n" + line(also);
  }
  return out;
}

std::string hint_of(std::string text) {
  return parse(std::move(text), "file.yaml").error().hint;
}

TEST(ParseTest, PlainScalarsMeanWhatTheCoreSchemaSays) {
  EXPECT_EQ(read("[~, null, Null, NULL, nULL]"), R"([null,null,null,null,"nULL"])");
  EXPECT_EQ(read("[true, True, FALSE, tRue, yes, no, on, off, y, n]"),
            R"([true,true,false,"tRue","yes","no","on","off","y","n"])");
  EXPECT_EQ(read("[0, -0, +5, 007, 0o17, 0x1F, 1_000, 0b1, 0o8, 0x, -0x1]"),
            R"([0,0,5,7,15,31,"1_000","0b1","0o8","0x","-0x1"])");
  EXPECT_EQ(read("[1.5, -.5, 1., 1e3, 1.5E-3, 1.5.2, ., e3, -, +]"),
            R"([1.5,-0.5,1,1000,0.0015,"1.5.2",".","e3","-","+"])");
  EXPECT_EQ(read("[2026-01-02, 2026-01-02T03:04:05Z, 12:30, 1 2]"),
            R"(["2026-01-02","2026-01-02T03:04:05Z","12:30","1 2"])");
}

TEST(ParseTest, WholeNumbersStayExact) {
  const auto document = parse(
      "[9223372036854775807, 18446744073709551615, 18446744073709551616, 0xFFFFFFFFFFFFFFFFF]",
      "n");
  const Value numbers = document->to_value();
  EXPECT_EQ(numbers.as_list()[0], Value(INT64_MAX));
  EXPECT_EQ(numbers.as_list()[1], Value(UINT64_MAX));
  EXPECT_EQ(numbers.as_list()[2], Value(0x1p64));
  EXPECT_EQ(numbers.as_list()[3], Value(0x1p68));
}

TEST(ParseTest, InfinitiesAndNotANumberAreDoubles) {
  const Value numbers = parse("[.inf, -.INF, +.Inf, .nan]", "n")->to_value();
  EXPECT_EQ(numbers.as_list()[0], Value(INFINITY));
  EXPECT_EQ(numbers.as_list()[1], Value(-INFINITY));
  EXPECT_EQ(numbers.as_list()[2], Value(INFINITY));
  EXPECT_TRUE(std::isnan(numbers.as_list()[3].as_double()));
}

TEST(ParseTest, ANumberTooLargeForADoubleIsAnErrorRatherThanInfinity) {
  EXPECT_EQ(read("commit: 12e4567"), "file.yaml:1:9: number '12e4567' is too large");
  EXPECT_EQ(hint_of("commit: 12e4567"), "put it in quotes if it is a text");
  EXPECT_EQ(read("tiny: 1e-999"), R"({"tiny":0})");
}

TEST(ParseTest, TextsComeInEveryStyle) {
  EXPECT_EQ(read("'it''s'"), R"("it's")");
  EXPECT_EQ(read(R"("tab\t \x41\u00e9\U0001F600")"), "\"tab\\t Aé😀\"");
  EXPECT_EQ(read("plain over\n  two lines\n\n  and a break"),
            R"("plain over two lines\nand a break")");
  EXPECT_EQ(read("\"quoted \\\n  joined\""), R"("quoted joined")");
  EXPECT_EQ(read("a: |\n  one\n   two\n\n  three\n"), R"({"a":"one\n two\n\nthree\n"})");
  EXPECT_EQ(read("a: |-\n  one\nb: |+\n  two\n\nc: |2\n   three\n"),
            R"({"a":"one","b":"two\n\n","c":" three\n"})");
  EXPECT_EQ(read("a: >\n  one\n  two\n\n  three\n   four\n  five\n"),
            R"({"a":"one two\nthree\n four\nfive\n"})");
}

TEST(ParseTest, AnEmptyFileIsANull) {
  EXPECT_EQ(read(""), "null");
  EXPECT_EQ(read("# nothing\n"), "null");
  EXPECT_EQ(read("---\n...\n"), "null");
}

TEST(ParseTest, AByteOrderMarkIsNoPartOfTheText) {
  EXPECT_EQ(read("\xEF\xBB\xBF"
                 "a: 1\n"),
            R"({"a":1})");
  EXPECT_EQ(read("\xEF\xBB\xBF"
                 "a: @\n"),
            "file.yaml:1:4: a text without quotes cannot begin with '@'");
}

TEST(ParseTest, JsonIsYaml) {
  EXPECT_EQ(read("{\"a\":[1,{\"b\":null}],\n\t\"c\":\"http://x/y\"}"),
            R"({"a":[1,{"b":null}],"c":"http://x/y"})");
}

TEST(ParseTest, AnAliasIsWhatItsAnchorNames) {
  EXPECT_EQ(read("a: &x {p: 1}\nb: *x\nc: &x 2\nd: *x"),
            R"({"a":{"p":1},"b":{"p":1},"c":2,"d":2})");
}

TEST(ParseTest, AMergedKeyYieldsToOneThatIsWrittenOut) {
  EXPECT_EQ(read("base: &b {p: 1, q: 2}\nx: {q: 3, <<: *b, r: 4}\ny: {<<: *b, q: 5}"),
            R"({"base":{"p":1,"q":2},"x":{"q":3,"p":1,"r":4},"y":{"p":1,"q":5}})");
  EXPECT_EQ(read("{<<: [{a: 1}, {a: 2, b: 3}]}"), R"({"a":1,"b":3})");
  EXPECT_EQ(read("{'<<': {a: 1}}"), R"({"<<":{"a":1}})");
  EXPECT_EQ(read("{<<: [1]}"), "file.yaml:1:6: '<<' takes a map or a list of maps, not a number");
}

TEST(ParseTest, KeysThatAreNoStringsGoByTheirText) {
  EXPECT_EQ(read("{1.10: a, True: b, ~: c, 0x10: d}"),
            R"({"1.10":"a","true":"b","null":"c","0x10":"d"})");
  EXPECT_EQ(read("? [a]\n: b"), "file.yaml:1:3: a list cannot be a key");
}

TEST(ParseTest, AKeyGivenTwiceIsAnErrorThatNamesBothPlaces) {
  EXPECT_EQ(read("a: 1\nb: {c: 1, 'c': 2}\na: 3\n"),
            "file.yaml:2:11: key 'c' is given twice, first at 2:5\n"
            "file.yaml:3:1: key 'a' is given twice, first at 1:1");
}

TEST(ParseTest, AKeyGivenTwiceIsFoundInALargeMapToo) {
  std::string text;
  for (int i = 0; i < 1000; ++i) {
    text += "k" + std::to_string(i) + ": 1\n";
  }
  EXPECT_TRUE(parse(text, "file.yaml"));
  EXPECT_EQ(read(text + "k16: 2\n"), "file.yaml:1001:1: key 'k16' is given twice, first at 17:1");
}

TEST(ParseTest, TagsOfTheCoreSchemaAreFollowedOthersAreErrors) {
  EXPECT_EQ(read("[!!str 12, !!int '12', !!float 1, !!null '', !!bool 'true', !!seq [], !!map {}]"),
            R"(["12",12,1,null,true,[],{}])");
  EXPECT_EQ(read("a: !env HOME\nb: !!int x\nc: !!binary aGk=\nd: !!seq {}"),
            "file.yaml:1:9: unknown tag '!env'\n"
            "file.yaml:2:10: 'x' is not what its tag '!!int' says\n"
            "file.yaml:3:13: unknown tag '!!binary'\n"
            "file.yaml:4:10: tag '!!seq' does not fit here");
}

TEST(ParseTest, ASecondDocumentIsAnErrorAtItsPlace) {
  EXPECT_EQ(read("a: 1\n---\nb: 2\n"), "file.yaml:2:1: a second document begins here");
}

TEST(ParseTest, SyntaxErrorsAreToldInOurWordsWithPlaceAndHint) {
  const struct {
    std::string text, problem, hint;
  } cases[] = {
      {"a:\n\tb: 1\n", "2:1: tab used for indentation", "indent with blanks"},
      {"a: \"x\nb: 1\n", "1:4: quote is never closed", "add the closing quote"},
      {"a: b: c\n", "1:5: ':' does not fit here",
       "put a text that holds ': ' in quotes, or check the indentation"},
      {"a:\n  - 1\n - 2\n", "3:2: no key where one is expected",
       "check the indentation of this line and of the lines above it"},
      {"- a\nb: 1\n", "2:1: no '-' where the next item of a list is expected",
       "check the indentation of this line and of the lines above it"},
      {"a: |\n x\nb\n", "3:1: ':' is missing after this key",
       "check the indentation of this line and of the lines above it"},
      {"[1, 2\n", "2:1: ',' or ']' is missing in a list", "close the list that begins above"},
      {"a: @x\n", "1:4: a text without quotes cannot begin with '@'", "put the text in quotes"},
      {"a: \"\\q\"\n", "1:5: unknown escape in a text in double quotes",
       "write a backslash as \\\\, or use single quotes"},
      {"a: *b\n", "1:4: alias '*b' names no anchor above it", ""},
      {"abcd: &abcd 1\nb: *abce\n", "2:4: alias '*abce' names no anchor above it",
       "did you mean 'abcd'?"},
      {"a: &a [*a]\n", "1:8: alias '*a' is inside the node that it names", ""},
      {"a: \x01\n", "1:4: control character in the text",
       "remove it, or write it as an escape in double quotes"},
      {"é: \xFF\n", "1:4: text is not valid UTF-8", "save the file as UTF-8"},
  };
  for (const auto& [text, problem, hint] : cases) {
    EXPECT_EQ(read(text), "file.yaml:" + problem) << text;
    EXPECT_EQ(hint_of(text), hint) << text;
  }
}

TEST(ParseTest, NestingIsLimited) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_TRUE(parse(nested(200), "n"));
  EXPECT_EQ(read(nested(201)), "file.yaml:1:201: nested more than 200 levels deep");
  EXPECT_EQ(read("[a, &x [1], [[*x]]]", {.depth = 3}),
            "file.yaml:1:14: nested more than 3 levels deep");
}

TEST(ParseTest, AliasesCannotBlowADocumentUp) {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 9; ++i) {
    const std::string last = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int j = 0; j < 10; ++j) {
      bomb += (j > 0 ? ", " : "") + last;
    }
    bomb += "]\n";
  }
  EXPECT_EQ(read(bomb),
            "file.yaml:6:9: more than 1000000 values, counting each alias as what it names");
  EXPECT_EQ(read("a: &a {p: 1, q: 2}\nb: {<<: *a, <<: *a, <<: *a, <<: *a, <<: *a}", {.nodes = 9}),
            "file.yaml:1:7: more than 9 values are merged by '<<'");
}

TEST(ParseTest, AFileThatIsTooLargeIsRefusedUnread) {
  EXPECT_EQ(read("a: 12345", {.bytes = 7}),
            "file.yaml:1:1: file has 8 bytes, more than the 7 that are read");
}

TEST(NodeTest, NodesAreFoundByNameWithTheirPlaces) {
  const auto document = parse("jobs:\n  - name: build\n    steps: []\n", "w.yaml");
  const Node root = document->root();
  ASSERT_TRUE(root.is_mapping());
  const Node job = root.find("jobs")->items()[0];
  EXPECT_EQ(root.find("job"), nullptr);
  EXPECT_EQ(job.find("name")->as_string(), "build");
  EXPECT_EQ(job.find("name")->where().to_string(), "w.yaml:2:11");
  EXPECT_EQ(job.find("name")->where().length, 5U);
  EXPECT_EQ(job.find_entry("steps")->key.where().to_string(), "w.yaml:3:5");
  EXPECT_EQ(job.entries()[1].name, "steps");
  EXPECT_EQ(job.entries()[1].value.kind_name(), "list");
}

TEST(NodeTest, ANodeOfAnotherKindIsAnErrorAtItsPlace) {
  const auto document = parse("count: yes\nname: 12\nlist: {}\n", "w.yaml");
  const Node root = document->root();
  EXPECT_EQ(root.find("count")->as_int().error().message,
            "expected a whole number, found a string");
  EXPECT_EQ(root.find("count")->as_bool().error().message, "expected a boolean, found a string");
  EXPECT_EQ(root.find("name")->as_string().error().message, "expected a string, found a number");
  EXPECT_EQ(root.find("name")->as_string().error().hint, "put it in quotes: '12'");
  EXPECT_EQ(root.find("list")->as_sequence().error().message, "expected a list, found a map");
  EXPECT_EQ(root.find("list")->as_sequence().error().where->to_string(), "w.yaml:3:7");
  EXPECT_EQ(root.as_mapping()->size(), 3U);
  EXPECT_EQ(root.find("name")->as_int(), 12);
  EXPECT_EQ(root.find("name")->as_double(), 12.0);
}

TEST(NodeTest, ColumnsCountCharactersAndLinesEndOnlyAtLineFeeds) {
  const auto document = parse("{a: 'é\xE2\x80\xA8é', b: 1,\r\n c: 2}\n", "w.yaml");
  ASSERT_TRUE(document) << document.error().message;
  EXPECT_EQ(document->root().find("b")->where().to_string(), "w.yaml:1:15");
  EXPECT_EQ(document->root().find("c")->where().to_string(), "w.yaml:2:5");
}

TEST(NodeTest, ATaggedOrAnchoredNodeBeginsBehindItsProperties) {
  const auto document = parse("a: !!str &x # why\n  abc\nb: &y\n  c: 1\nd: &z\n", "w.yaml");
  EXPECT_EQ(document->root().find("a")->where().to_string(), "w.yaml:2:3");
  EXPECT_EQ(document->root().find("b")->where().to_string(), "w.yaml:4:3");
  EXPECT_TRUE(document->root().find("d")->is_null());
}

/// The line and column at which `word` of the only value's text is written, as place_in() has it
/// and as it is.
void expect_place(const std::string& text, const std::string& word) {
  const auto document = parse("key: " + text, "w.yaml");
  ASSERT_TRUE(document) << text << document.error().message;
  const Node node = *document->root().find("key");
  const std::size_t offset = node.text().find(word);
  ASSERT_NE(offset, std::string::npos) << node.text();
  const SourceSpan place = node.place_in(offset);
  const std::string_view line = document->source()->line(place.line);
  std::size_t byte = 0;  // columns count characters
  for (std::uint32_t column = 1; column < place.column; ++column) {
    do {
      ++byte;
    } while (byte < line.size() && (line[byte] & 0xC0) == 0x80);
  }
  EXPECT_TRUE(line.substr(byte).starts_with(word)) << text << " -> " << place.to_string();
}

TEST(NodeTest, APlaceInsideATextIsFoundInEveryStyle) {
  expect_place("plain ünd here", "here");
  expect_place("'it''s   here'", "here");
  expect_place(R"("a\tb\x41\u00e9\U0001F600\" here")", "here");
  expect_place("plain over\n  two lines\n\n\n  and here\n", "here");
  expect_place("\"quoted   \n  over \\\n  \\  lines and here\"", "here");
  expect_place("'quoted   \n  over lines\n\n  it''s here'", "here");
  expect_place("|\n  one\n    here\n  three\n", "here");
  expect_place("|-\n\n  one\n\n  twö here", "here");
  expect_place("|2\n   one\n  here\n", "here");
  expect_place("|\r\n  one\r\n  here\r\n", "here");
  expect_place(">-\n  one\n  two\n\n   three  \n  four and here\n", "here");
  expect_place(">\n\n  here\n", "here");
  expect_place("!!str &x\n  over here", "here");
}

TEST(NodeTest, APlaceBehindTheTextIsItsEnd) {
  const auto document = parse("a: 'bc'\nd: ef\n", "w.yaml");
  EXPECT_EQ(document->root().find("a")->place_in(2).to_string(), "w.yaml:1:7");
  EXPECT_EQ(document->root().find("d")->place_in(99).to_string(), "w.yaml:2:6");
}

}  // namespace
}  // namespace swamp::yaml
