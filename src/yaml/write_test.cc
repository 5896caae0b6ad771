#include "yaml/write.h"

#include <cmath>
#include <cstring>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "value/json.h"
#include "yaml/parse.h"

namespace swamp::yaml {
namespace {

TEST(WriteTest, MapsAndListsAreIndentedByTwo) {
  const Value value = *parse_json(R"({"a":{"b":[1,{"c":2,"d":[]},[3,[4]]]},"e":{},"f":[[]]})");
  EXPECT_EQ(write(value),
            "a:\n"
            "  b:\n"
            "    - 1\n"
            "    - c: 2\n"
            "      d: []\n"
            "    - - 3\n"
            "      - - 4\n"
            "e: {}\n"
            "f:\n"
            "  - []\n");
  EXPECT_EQ(write(Map()), "{}\n");
  EXPECT_EQ(write(Value()), "null\n");
}

std::string written(const Value& value) {
  return write(List{value}).substr(2);
}

TEST(WriteTest, OnlyStringsThatNeedQuotesHaveThem) {
  for (const char* plain :
       {"abc", "a b", "it's", "a-b", "/path", "$x", "1.2.3", "v1", "_1", "é", "<", "=", "0x",
        "a\\b", "20260206.200442.0", "12e", "echo \"hello\"", "2026-1-2"}) {
    EXPECT_EQ(written(plain), std::string(plain) + "\n");
  }
  for (const char* quoted : {"",
                             "true",
                             "Null",
                             "~",
                             "12",
                             "-1.5",
                             "1e3",
                             ".inf",
                             "0x1f",
                             "0o17",
                             "0b11",
                             "1_000",
                             "007",
                             "y",
                             "No",
                             "on",
                             "<<",
                             "2026-01-02",
                             "2026-11-20T21:28:59.034Z",
                             "a, b",
                             "[x",
                             "{{x}}",
                             "a: b",
                             "http://x",
                             "a#b",
                             "- x",
                             "-x",
                             "@a/b",
                             "&x",
                             "*x",
                             "!x",
                             "|",
                             ">",
                             "%x",
                             "`x`",
                             "\"x\"",
                             " x",
                             "x ",
                             "?"}) {
    EXPECT_EQ(written(quoted), "'" + std::string(quoted) + "'\n");
  }
  EXPECT_EQ(written("'it''s'"), "'''it''''s'''\n");
  EXPECT_EQ(write(Map{{"n", 1}, {"12", 2}, {"<<", 3}, {"", 4}, {"a\nb", 5}}),
            "'n': 1\n'12': 2\n'<<': 3\n'': 4\n\"a\\nb\": 5\n");
}

TEST(WriteTest, CharactersThatDoNotPrintAreEscaped) {
  EXPECT_EQ(written("a\tb"), "\"a\\tb\"\n");
  EXPECT_EQ(written(std::string("\0\x1b\x7f\"\\\r\n", 7)), "\"\\0\\e\\x7F\\\"\\\\\\r\\n\"\n");
  EXPECT_EQ(written("\xC2\x85\xC2\xA0\xE2\x80\xA8\xEF\xBB\xBF"), "\"\\N\\_\\L\\uFEFF\"\n");
  EXPECT_EQ(written("😀"), "\"\\U0001F600\"\n");
  EXPECT_EQ(written("bad \xFF byte"), "bad \xEF\xBF\xBD byte\n");
}

TEST(WriteTest, TextsOfSeveralLinesAreBlocks) {
  const Value value(Map{
      {"a", "one\ntwo"}, {"b", "one\n\ntwo\n"}, {"c", "one\n\n"}, {"d", " one\ntwo"}, {"e", "\n"}});
  EXPECT_EQ(write(value),
            "a: |-\n  one\n  two\n"
            "b: |\n  one\n\n  two\n"
            "c: |+\n  one\n\n"
            "d: |2-\n   one\n  two\n"
            "e: |+\n\n");
}

TEST(WriteTest, LongTextsAreFolded) {
  const std::string word(39, 'x');
  const Value value(
      Map{{"fits", std::string(78, 'x')},
          {"no-blank", std::string(79, 'x')},
          {"words", word + " " + word + " " + word},
          {"lines", "short\n" + word + " " + word + "\n  " + word + word + "\nend\n"}});
  EXPECT_EQ(write(value), "fits: " + std::string(78, 'x') + "\n" +                             //
                              "no-blank: >-\n  " + std::string(79, 'x') + "\n" +               //
                              "words: >-\n  " + word + "\n  " + word + "\n  " + word + "\n" +  //
                              "lines: >\n  short\n\n  " + word + "\n  " + word + "\n    " + word +
                              word + "\n  end\n");
}

TEST(WriteTest, TheDeeperATextLiesTheNarrowerItIsFoldedDownToForty) {
  Value value(std::string(41, 'x'));
  for (int i = 0; i < 20; ++i) {
    value = Map{{"k", std::move(value)}};
  }
  const std::string text = write(value);
  EXPECT_TRUE(text.ends_with("k: >-\n" + std::string(40, ' ') + std::string(41, 'x') + "\n"))
      << text;
}

TEST(WriteTest, NumbersAreWrittenAsTheOriginalDoes) {
  const Value value(
      List{1, 5.0, 0.1 + 0.2, 1e21, 1e-7, -0.0, INFINITY, -INFINITY, NAN, UINT64_MAX, 1.5e300});
  EXPECT_EQ(write(value),
            "- 1\n- 5\n- 0.30000000000000004\n- 1.e+21\n- 1.e-7\n- -0.0\n- .inf\n- -.inf\n- .nan\n"
            "- 18446744073709551615\n- 1.5e+300\n");
}

TEST(WriteTest, DoubleQuotesCanBeChosen) {
  EXPECT_EQ(
      write(Map{{"at", "2026-11-20T21:28:59Z"}, {"n", "y"}, {"q", "\"a\": b"}, {"p", "plain"}},
            {.quote = '"'}),
      "at: \"2026-11-20T21:28:59Z\"\n\"n\": \"y\"\nq: \"\\\"a\\\": b\"\np: plain\n");
}

TEST(WriteTest, ASecretIsWrittenAsItsExpression) {
  auto origin = std::make_shared<SecretOrigin>();
  origin->expression = "${{ vault.get('v', 'k') }}";
  EXPECT_EQ(write(Map{{"password", Value::secret("hunter2", origin)}}),
            "password: '${{ vault.get(''v'', ''k'') }}'\n");
}

TEST(WriteTest, PieceByPieceItIsTheSameText) {
  const Map step{{"name", "a"}, {"output", Map{{"list", List{1, List{"x", "y"}}}}}};
  const Value whole = Map{{"id", "1"},
                          {"jobs", List{Map{{"job", "b"}, {"steps", List{step, "text", step}}},
                                        Map{{"steps", List{List{}}}, {"reason", "c\nd"}}}},
                          {"tags", Map{{"k", "v"}}}};
  DocumentWriter document;
  document.member("id", "1");
  document.begin_list("jobs");
  document.begin_map();
  document.member("job", "b");
  document.begin_list("steps");
  document.item(step);
  document.item("text");
  document.item(step);
  document.end_list();
  document.end_map();
  document.begin_map();
  document.begin_list("steps");
  document.item(List{});
  document.end_list();
  document.member("reason", "c\nd");
  document.end_map();
  document.end_list();
  document.members(Map{{"tags", Map{{"k", "v"}}}});
  EXPECT_EQ(std::move(document).finish(), write(whole));
}

TEST(WriteTest, AKeyTooLongForOneLineIsWrittenWithAQuestionMark) {
  const Value value(Map{{std::string(1500, 'k'), Map{{"a", 1}}}, {std::string(1500, ':'), "x"}});
  EXPECT_EQ(parse(write(value), "w")->to_value(), value);
}

/// Strings made of the pieces that matter to YAML.
rc::Gen<std::string> any_text() {
  const auto piece = rc::gen::element<std::string>(
      " ", "  ", "\n", "\n\n", "\t", "\r", ":", ": ", "#", " #", "-", "- ", "---", "...", "?", "'",
      "\"", "\\", "&", "*", "!", "|", ">", "%", "@", "`", ",", "[", "]", "{", "}", "${{ ", " }}",
      "<<", "=", "~", "null", "true", "yes", "0", "1", "0x", ".", "e", "_", "é", "😀", "\xC2\x85",
      "\xC2\xA0", "\xE2\x80\xA8", "\xEF\xBB\xBF", "word", "words words words",
      "a-very-long-word-that-will-not-fit-into-forty-columns-of-a-page", std::string(1, '\0'),
      "\x7f");
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(piece),
                      [](const std::vector<std::string>& pieces) {
                        std::string text;
                        for (const std::string& p : pieces) {
                          text += p;
                        }
                        return text;
                      });
}

rc::Gen<Value> any_value(int depth) {
  const auto leaf = rc::gen::oneOf(
      rc::gen::just(Value()),
      rc::gen::map(rc::gen::arbitrary<bool>(), [](bool b) { return Value(b); }),
      rc::gen::map(rc::gen::arbitrary<std::int64_t>(), [](std::int64_t n) { return Value(n); }),
      rc::gen::map(rc::gen::arbitrary<std::uint64_t>(), [](std::uint64_t n) { return Value(n); }),
      rc::gen::map(rc::gen::arbitrary<std::uint64_t>(),
                   [](std::uint64_t bits) {
                     double number = 0;
                     std::memcpy(&number, &bits, sizeof number);
                     return Value(std::isnan(number) ? 0.5 : number);
                   }),
      rc::gen::map(any_text(), [](std::string text) { return Value(std::move(text)); }));
  if (depth == 0) return leaf;
  const auto list =
      rc::gen::map(rc::gen::container<std::vector<Value>>(any_value(depth - 1)),
                   [](std::vector<Value> items) { return Value(List(std::move(items))); });
  const auto map = rc::gen::map(rc::gen::container<std::vector<std::pair<std::string, Value>>>(
                                    rc::gen::pair(any_text(), any_value(depth - 1))),
                                [](std::vector<std::pair<std::string, Value>> members) {
                                  Map entries;
                                  for (auto& [key, value] : members) {
                                    entries.set(std::move(key), std::move(value));
                                  }
                                  return Value(std::move(entries));
                                });
  return rc::gen::oneOf(leaf, list, map);
}

TEST(WriteTest, WhateverIsWrittenReadsBackAsTheSameValue) {
  EXPECT_TRUE(rc::check([] {
    const Value value = *rc::gen::scale(0.3, any_value(2));
    for (const char quote : {'\'', '"'}) {
      const std::string text = write(value, {.quote = quote});
      const auto document = parse(text, "written.yaml");
      RC_LOG() << text << "\n";
      if (!document) RC_FAIL(document.error().where->to_string() + ": " + document.error().message);
      RC_ASSERT(document->to_value() == value);
    }
  }));
}

TEST(WriteTest, WhateverTextIsWrittenReadsBackAsTheSameText) {
  EXPECT_TRUE(rc::check([] {
    const std::string inner = *any_text();
    const Value value(Map{{"a", inner}, {"b", List{inner, inner + "\n"}}, {"c", inner}});
    const auto document = parse(write(value), "written.yaml");
    RC_LOG() << write(value) << "\n";
    if (!document) RC_FAIL(document.error().where->to_string() + ": " + document.error().message);
    RC_ASSERT(document->to_value() == value);
    const auto root = parse(write(Value(inner)), "written.yaml");
    RC_LOG() << write(Value(inner)) << "\n";
    RC_ASSERT(root && root->to_value() == Value(inner));
  }));
}

}  // namespace
}  // namespace swamp::yaml
