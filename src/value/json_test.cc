#include "value/json.h"

#include <cmath>
#include <cstring>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "value/json_fault.h"

namespace swamp {
namespace {

/// A text read and written again, or what is wrong with it.
std::string read(std::string_view text) {
  const auto value = parse_json(text, "in.json");
  if (value) return write_json(*value);
  return value.error().where->to_string() + ": " + value.error().message;
}

TEST(JsonReadTest, ADocumentIsReadAndWrittenBack) {
  const std::string text =
      R"({"a":[1,-2,18446744073709551615,-9223372036854775808,0.5,true,false,null,"x\n"],"b":{},"c":[[]]})";
  EXPECT_EQ(read(text), text);
  EXPECT_EQ(read(" \t\r\n[ 1 , { \"a\" : 2 } ] \n"), R"([1,{"a":2}])");
  for (const char* scalar : {"1", "-0.5", "\"x\"", "true", "false", "null"}) {
    EXPECT_EQ(read(scalar), scalar);
  }
  EXPECT_EQ(read("\xEF\xBB\xBF{}"), "{}");
}

TEST(JsonReadTest, NumbersKeepTheirKind) {
  const Value numbers = *parse_json(
      "[9007199254740993, 9223372036854775808, 18446744073709551616, -9223372036854775809, 1.0, "
      "1e2, -0, 1e-400]");
  const List& list = numbers.as_list();
  EXPECT_EQ(list[0].as_int(), 9007199254740993);
  EXPECT_EQ(list[1].as_uint(), 9223372036854775808U);
  EXPECT_EQ(list[2].as_double(), 0x1p64);
  EXPECT_EQ(list[3].as_double(), -0x1p63);
  EXPECT_EQ(list[4].as_double(), 1.0);
  EXPECT_EQ(list[5].as_double(), 100.0);
  EXPECT_EQ(list[6].as_int(), 0);
  EXPECT_EQ(list[7].as_double(), 0.0);
}

TEST(JsonReadTest, OfEqualKeysTheLastWinsInThePlaceOfTheFirst) {
  EXPECT_EQ(read(R"({"a":1,"b":2,"a":3})"), R"({"a":3,"b":2})");
}

TEST(JsonReadTest, EscapesAreReadAndHalfSurrogatesReplaced) {
  EXPECT_EQ(*parse_json(R"("\"\\\/\b\f\n\r\tA\u00e9\ud83d\uDE00")"), Value("\"\\/\b\f\n\r\tAé😀"));
  EXPECT_EQ(*parse_json(R"("a\ud83d\n\udc00\u0041\ud83d\ud83d\ude00")"),
            Value("a\uFFFD\n\uFFFDA\uFFFD😀"));
  EXPECT_EQ(*parse_json(R"({"\ud800":"\u0000"})"), Value(Map{{"\uFFFD", std::string(1, '\0')}}));
}

TEST(JsonReadTest, ErrorsHavePlaceWordsAndHint) {
  const struct {
    std::string text, problem, hint;
  } cases[] = {
      {"", "1:1: text is empty", ""},
      {" \n", "1:1: text is empty", ""},
      {"{\"a\": 1,\n \"b\": 2,\n}", "2:8: ',' before '}'", "remove the comma"},
      {"[1,]", "1:3: ',' before ']'", "remove the comma"},
      {"[1 2]", "1:4: '2' where ',' or ']' is expected", ""},
      {"{\"a\" 1}", "1:6: '1' where ':' is expected", ""},
      {"{a: 1}", "1:2: 'a' where a key in quotes is expected", "write keys in double quotes"},
      {"{\"é\": 'x'}", "1:7: ''x'' is not a value", "write strings in double quotes"},
      {"[True]", "1:2: 'True' is not a value", ""},
      {"[1] // x", "1:5: '//' after the end of the document", ""},
      {"// x\n1", "1:1: '//' is not a value", "JSON has no comments"},
      {"{\"a\": [1", "1:7: '[' is never closed", ""},
      {"\n {", "2:2: '{' is never closed", ""},
      {"[\"x]", "1:2: '\"' is never closed", ""},
      {"[\"a\nb\"]", "1:4: line break inside a string", "write it as \\n"},
      {"\"a\tb\"", "1:3: control character U+0009 inside a string", "write it as \\u0009"},
      {R"("\x")", "1:2: '\\x' is not an escape of JSON", "write a backslash as \\\\"},
      {R"("\u12g4")", "1:2: '\\u12' is not an escape of JSON", "write a backslash as \\\\"},
      {"[01]", "1:2: '01' is not a number", ""},
      {"[1.]", "1:2: '1.' is not a number", ""},
      {"[-]", "1:2: '-' is not a number", ""},
      {std::string("[1\0]", 4), "1:2: '1 ' is not a number", ""},
      {"[1e999]", "1:2: number '1e999' is too large", ""},
      {"[NaN]", "1:2: 'NaN' is not a value", ""},
      {"{\"a\":1]", "1:7: ']' where ',' or '}' is expected", ""},
      {"[}", "1:2: '}' where a value is expected", ""},
      {"]", "1:1: ']' where a value is expected", ""},
      {"1,2", "1:2: ',' after the end of the document", ""},
      {"1]", "1:2: ']' after the end of the document", ""},
      {"1],[2", "1:2: ']' after the end of the document", ""},
      {"[\"\xFF\"]", "1:3: text is not valid UTF-8", ""},
  };
  for (const auto& [text, problem, hint] : cases) {
    EXPECT_EQ(read(text), "in.json:" + problem) << text;
    EXPECT_EQ(parse_json(text).error().hint, hint) << text;
  }
}

TEST(JsonReadTest, NestingIsLimitedToAThousandLevels) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_EQ(read(nested(1000)), nested(1000));
  EXPECT_EQ(read(nested(1001)), "in.json:1:1001: nested more than 1000 levels deep");
  EXPECT_EQ(read(std::string(1'000'000, '[')), "in.json:1:1001: nested more than 1000 levels deep");
}

TEST(JsonReadTest, EveryTextIsEitherReadOrHasAFault) {
  const auto piece = rc::gen::element<std::string>(
      "[", "]", "{", "}", ",", ":", "\"", "\\", "\\u12", "\\ud83d", "a", "1", "0", "-", ".", "e",
      "true", "null", "nul", " ", "\n", "\x01", "\xC3", "é", "/");
  EXPECT_TRUE(rc::check([&] {
    std::string text;
    for (const std::string& p : *rc::gen::container<std::vector<std::string>>(piece)) {
      text += p;
    }
    RC_LOG() << text << "\n";
    RC_ASSERT(parse_json(text).has_value() == !find_json_fault(text).has_value());
  }));
}

TEST(JsonWriteTest, NumbersArePrintedAsJavaScriptDoes) {
  const std::pair<double, const char*> cases[] = {
      {5.0, "5"},
      {-5.0, "-5"},
      {0.0, "0"},
      {-0.0, "0"},
      {0.1 + 0.2, "0.30000000000000004"},
      {1e-6, "0.000001"},
      {1e-7, "1e-7"},
      {1.5e-7, "1.5e-7"},
      {123456789012345680000.0, "123456789012345680000"},
      {1e21, "1e+21"},
      {1.5e21, "1.5e+21"},
      {-1e-9, "-1e-9"},
      {0.5, "0.5"},
      {1234.5678, "1234.5678"},
      {5e-324, "5e-324"},
      {1.7976931348623157e308, "1.7976931348623157e+308"},
      {9007199254740994.0, "9007199254740994"},
  };
  for (const auto& [number, text] : cases) {
    EXPECT_EQ(number_to_string(number), text);
    EXPECT_EQ(write_json(number), text);
  }
  EXPECT_EQ(number_to_string(NAN), "NaN");
  EXPECT_EQ(number_to_string(-INFINITY), "-Infinity");
  EXPECT_EQ(write_json(List{NAN, INFINITY, std::int64_t{9007199254740993}, UINT64_MAX}),
            "[null,null,9007199254740993,18446744073709551615]");
}

TEST(JsonWriteTest, StringsAreEscapedAsJsonStringifyDoes) {
  EXPECT_EQ(write_json("\"\\/\b\f\n\r\t\x01\x1f\x7fé😀\xE2\x80\xA8"),
            "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\x7fé😀\xE2\x80\xA8\"");
  EXPECT_EQ(write_json("a\xFF"
                       "b\xE2\x82"
                       "c\xED\xA0\x80"),
            "\"a\uFFFDb\uFFFDc\uFFFD\uFFFD\uFFFD\"");
}

TEST(JsonWriteTest, ALayoutWithIndentIsThatOfJsonStringify) {
  const Value value = *parse_json(R"({"a":[1,{"b":[]}],"c":{}})");
  EXPECT_EQ(write_json(value, {.indent = 2}),
            "{\n  \"a\": [\n    1,\n    {\n      \"b\": []\n    }\n  ],\n  \"c\": {}\n}");
}

TEST(JsonWriteTest, ASecretIsWrittenAsItsExpression) {
  auto origin = std::make_shared<SecretOrigin>();
  origin->expression = "${{ vault.get('v', 'k') }}";
  EXPECT_EQ(write_json(List{Value::secret("hunter2", origin)}),
            R"(["${{ vault.get('v', 'k') }}"])");
}

TEST(JsonWriteTest, WhateverIsWrittenReadsBackAsTheSameText) {
  EXPECT_TRUE(rc::check([](const std::string& text, double number) {
    const Value value(Map{
        {to_valid_utf8(text), List{to_valid_utf8(text), std::isfinite(number) ? number : 0.0}}});
    RC_ASSERT(write_json(*parse_json(write_json(value))) == write_json(value));
    RC_ASSERT(parse_json(write_json(value))->as_map().begin()->first == to_valid_utf8(text));
  }));
}

TEST(CanonicalJsonTest, KeysAreSortedByUtf16UnitAndNumbersWrittenByValue) {
  // The example of RFC 8785, section 3.2.3.
  const Value sorted = *parse_json(
      R"({"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One",)"
      R"("\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"})");
  EXPECT_EQ(write_canonical_json(sorted),
            "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\",\"ö\":\"Latin Small "
            "Letter O With Diaeresis\","
            "\"€\":\"Euro Sign\",\"😀\":\"Emoji: Grinning Face\",\"\uFB33\":\"Hebrew Letter Dalet "
            "With Dagesh\"}");
  EXPECT_EQ(write_canonical_json(*parse_json("[333333333.33333329, 1E30, 4.50, 2e-3, "
                                             "0.000000000000000000000000001, -0, 5.0, [], {}]")),
            "[333333333.3333333,1e+30,4.5,0.002,1e-27,0,5,[],{}]");
}

TEST(CanonicalJsonTest, EqualValuesHaveEqualForms) {
  EXPECT_EQ(write_canonical_json(0x1p63), write_canonical_json(std::uint64_t{1} << 63));
  EXPECT_EQ(write_canonical_json(0x1p60), write_canonical_json(std::int64_t{1} << 60));
  EXPECT_EQ(write_canonical_json(std::int64_t{9007199254740993}), "9007199254740993");
  EXPECT_EQ(write_canonical_json(Map{{"b", 1}, {"a", 2}}),
            write_canonical_json(Map{{"a", 2.0}, {"b", 1.0}}));
}

TEST(Utf8Test, EachBrokenSequenceBecomesOneReplacement) {
  EXPECT_EQ(to_valid_utf8("ok é"), "ok é");
  EXPECT_EQ(to_valid_utf8("\xF0\x9F\x98x\xC0\x80\x80"), "\uFFFDx\uFFFD\uFFFD\uFFFD");
  EXPECT_TRUE(is_valid_utf8("é"));
  EXPECT_FALSE(is_valid_utf8("\xED\xA0\x80"));
}

}  // namespace
}  // namespace swamp
