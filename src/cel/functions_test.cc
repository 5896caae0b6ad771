#include <fstream>
#include <iterator>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "cel/functions/function.h"
#include "cel/macros.h"
#include "cel/testing.h"

namespace swamp::cel {
namespace {

TEST(FunctionsTest, EveryExampleIsTrue) {
  for (const auto family : function_families()) {
    for (const Function& function : family) {
      EXPECT_EQ(testing::eval(function.example), "true")
          << function.name << ": " << function.example;
      if (!function.only_swamp) {
        EXPECT_EQ(testing::strict(function.example), "true")
            << function.name << ": " << function.example;
      }
      EXPECT_NE(function.example.find(function.name), std::string_view::npos) << function.name;
    }
  }
}

TEST(FunctionsTest, EveryMacroExampleIsTrue) {
  for (const MacroForm& macro : macro_forms()) {
    EXPECT_EQ(testing::eval(macro.example), "true") << macro.name << ": " << macro.example;
  }
}

/// `list|map.map(x, e)` in a table of Markdown.
std::string cell(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '|') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

std::string guide_row(std::string_view form, std::string_view doc, std::string_view example) {
  return fmt::format("\n| `{}` | {} | `{}` |", cell(form), cell(doc), cell(example));
}

TEST(FunctionsTest, TheGuideShowsEveryFunctionAndMacroAsItIs) {
  std::ifstream file("docs/expressions.md");
  const std::string guide{std::istreambuf_iterator<char>(file), {}};
  ASSERT_FALSE(guide.empty());
  std::size_t length = 0;
  const auto expect_row = [&](const std::string& row) {
    EXPECT_NE(guide.find(row), std::string::npos) << "docs/expressions.md lacks" << row;
    length += row.size();
  };
  for (const auto family : function_families()) {
    for (const Function& function : family) {
      const std::string_view type = function.type.text();
      const std::size_t open = type.find('(');
      expect_row(
          guide_row(fmt::format("{}{}{}", type.substr(0, open), function.name, type.substr(open)),
                    function.doc, function.example));
    }
  }
  for (const MacroForm& macro : macro_forms()) {
    expect_row(guide_row(macro.type, macro.doc, macro.example));
  }
  // Nor does it show others: the tables under the two headings are as long as these rows.
  const std::size_t begin = guide.find("## Loops and other macros");
  const std::size_t end = guide.find("## Names");
  std::size_t shown = 0;
  for (std::size_t at = guide.find("\n| `", begin); at < end; at = guide.find("\n| `", at + 1)) {
    shown += guide.find('\n', at + 1) - at;
  }
  EXPECT_EQ(shown, length);
}

TEST(SignatureTest, ATypeIsReadFromItsText) {
  constexpr Signature kType = "string|bytes.(int, dyn...) -> int";
  EXPECT_TRUE(kType.has_receiver());
  EXPECT_EQ(kType.count(), 3U);
  EXPECT_TRUE(kType.is_variadic());
  EXPECT_EQ(kType.parameter(0), kinds_of(Kind::string) | kinds_of(Kind::bytes));
  EXPECT_EQ(kType.parameter(1), kinds_of(Kind::integer));
  EXPECT_EQ(kType.parameter(9), kAnyKind);
  constexpr Signature kNone = "() -> optional";
  EXPECT_FALSE(kNone.has_receiver());
  EXPECT_EQ(kNone.count(), 0U);
}

TEST(FunctionsTest, TextsAreMadeOfCharacters) {
  EXPECT_EQ(testing::eval("'😀a'.indexOf('a')"), "1");
  EXPECT_EQ(testing::eval("'a😀'.substring(1, 2)"), "\"😀\"");
  EXPECT_EQ(testing::eval("'é😀'.split('')"), R"(["é","😀"])");
  EXPECT_EQ(testing::eval("'é😀'.reverse()"), "\"😀é\"");
  EXPECT_EQ(testing::eval("'é'.charAt(1)"), "\"\"");
  EXPECT_EQ(testing::eval("'é'.charAt(2)"),
            "error: place 2 lies outside the text, which has 1 characters");
}

TEST(FunctionsTest, ReplaceAndSplitGoByWhatIsThere) {
  EXPECT_EQ(testing::eval("'abc'.replace('', '-')"), "\"-a-b-c-\"");
  EXPECT_EQ(testing::eval("'abc'.replace('', '-', 2)"), "\"-a-bc\"");
  EXPECT_EQ(testing::eval("''.replace('', 'x')"), "\"x\"");
  EXPECT_EQ(testing::eval("'aaa'.replace('aa', 'b')"), "\"ba\"");
  EXPECT_EQ(testing::eval("''.split(',')"), "[\"\"]");
  EXPECT_EQ(testing::eval("''.split('')"), "[]");
  EXPECT_EQ(testing::eval("'a,b,'.split(',')"), R"(["a","b",""])");
  EXPECT_EQ(testing::eval("'abc'.split('', 2)"), R"(["a","bc"])");
}

TEST(FunctionsTest, FormatSaysWhatItCannotFill) {
  EXPECT_EQ(testing::eval("'%d'.format(['x'])"), "error: '%d' takes whole numbers, not string");
  EXPECT_EQ(testing::eval("'%s %s'.format([1])"),
            "error: the format has more clauses than the 1 arguments");
  EXPECT_EQ(testing::eval("'%q'.format([1])"), "error: there is no clause '%q'");
  EXPECT_EQ(testing::eval("'100%'.format([1])"),
            "error: the clause at the end of the format is not complete");
  EXPECT_EQ(testing::eval("'%.99999f'.format([1])"),
            "error: more than 1000 digits cannot be asked for");
  EXPECT_EQ(testing::eval("'%d %.2f %x'.format([inputs.n, inputs.n, inputs.n])"), "\"5 5.00 5\"");
}

TEST(FunctionsTest, ListsAreCutFlattenedAndSorted) {
  EXPECT_EQ(testing::eval("[1, [2, [3, [4]]]].flatten(2)"), "[1,2,3,[4]]");
  EXPECT_EQ(testing::eval("[1, 1.0, 'a', 'a', null, null].distinct()"), R"([1,"a",null])");
  EXPECT_EQ(testing::eval("[3, 1.5, 2].sort()"), "[1.5,2,3]");
  EXPECT_EQ(testing::eval("[1, 2].slice(1, 3)"),
            "error: the places 1 to 3 do not lie in a list of 2");
  EXPECT_EQ(testing::eval("range(-5)"), "[]");
  EXPECT_EQ(testing::eval("[].last()"), "null");
}

TEST(FunctionsTest, WhatAPatternFitsIsTakenOrReplaced) {
  EXPECT_EQ(testing::eval("regex.extract('none', 'x')"), "null");
  EXPECT_EQ(testing::eval("regex.extract('ac', 'a(b)?c')"), "null");
  EXPECT_EQ(testing::eval("regex.extractAll('ac abc', 'a(b)?c')"), R"(["b"])");
  EXPECT_EQ(testing::eval("regex.extractAll('aé😀', '.')"), R"(["a","é","😀"])");
  EXPECT_EQ(testing::eval("regex.extractAll('aab', 'a*')"), R"(["aa",""])");
  EXPECT_EQ(testing::eval("regex.replace('é😀', '', '-')"), "\"-é-😀-\"");
  EXPECT_EQ(testing::eval("regex.replace('aab', 'a*', '-')"), "\"-b-\"");
  EXPECT_EQ(testing::eval("regex.replace('a.b', '[.]', r'\\\\\\0')"), "\"a\\\\.b\"");
  EXPECT_EQ(testing::eval("regex.replace('aaa', 'a', 'b', 0) + regex.replace('aa', 'a', 'b', -1)"),
            "\"aaabb\"");
  EXPECT_EQ(testing::eval("regex.replace('^a', '^a', 'b') + regex.replace('aa', '^a', 'b')"),
            "\"^aba\"");
  EXPECT_EQ(testing::eval("regex.extract('a', '(a)(b)?')"),
            "error: the pattern has 2 groups, of which only one can be taken");
  EXPECT_EQ(testing::eval("regex.replace('a', 'a', r'\\1')"),
            "error: the replacement does not fit the pattern");
}

/// What no function makes sense of is an error, in both dialects.
TEST(FunctionsTest, WhatAFunctionCannotDoIsAnError) {
  for (const char* text : {
           "'abc'.charAt(-1)",
           "'abc'.charAt(4)",
           "'abc'.indexOf('c', 9)",
           "'abc'.indexOf('c', -1)",
           "'abc'.lastIndexOf('c', -1)",
           "'abc'.lastIndexOf('c', 9)",
           "'abc'.substring(-1)",
           "'abc'.substring(9)",
           "'abc'.substring(2, 1)",
           "'abc'.substring(-1, 2)",
           "'abc'.substring(1, 9)",
           "[1, 2].join()",
           "['a', 1].join(',')",
           "strings.quote(1)",
           "'a'.reverse(1)",
           "'a'.trim('b')",
           "'a'.replace('b')",
           "base64.decode('%%')",
           "base64.encode(1)",
           "math.greatest()",
           "math.greatest('a')",
           "math.greatest([])",
           "math.greatest(['a'])",
           "math.greatest(1, 'a')",
           "math.least()",
           "math.least([])",
           "math.least(true)",
           "math.bitShiftLeft(1, -1)",
           "math.bitShiftRight(1, -1)",
           "math.bitAnd(1, 1u)",
           "math.bitOr(1.5, 1)",
           "math.bitNot(1.5)",
           "math.ceil('1')",
           "math.floor(true)",
           "math.round('a')",
           "math.trunc(null)",
           "math.sign('a')",
           "math.sqrt('a')",
           "math.abs(-9223372036854775808)",
           "range('a')",
           "lists.range(null)",
           "[1, 2].slice(-1, 1)",
           "[1, 2].slice(1, 5)",
           "[1, 2].slice(2, 1)",
           "[1, 'a'].sort()",
           "[[1], [2]].sort()",
           "[1, 2].sortBy(e, [e])",
           "[1].flatten(-1)",
           "{}.distinct()",
           "sets.contains(1, [1])",
           "sets.equivalent([1])",
           "sets.intersects({}, [])",
           "'%d'.format(['a'])",
           "'%s'.format([])",
           "'%z'.format([1])",
           "'%'.format([1])",
           "'%x'.format([1.5])",
           "'%b'.format(['a'])",
           "'%f'.format(['a'])",
           "'%e'.format([true])",
           "'%d'.format([1.5])",
           "'%o'.format([true])",
           "'%s'.format(1)",
           "optional.none().value()",
           "optional.of()",
           "[1].unwrapOpt()",
           "{}.?a.value()",
           "[1].optMap(x, x)",
           "ip('256.0.0.1')",
           "ip('1.2.3')",
           "ip('fe80::1%eth0')",
           "ip(1)",
           "ip.isCanonical('x')",
           "cidr('192.168.0.0')",
           "cidr('1.2.3.4/33')",
           "cidr('::/129')",
           "cidr('1.2.3.4/-1')",
           "cidr('10.0.0.0/8').containsIP('x')",
           "cidr('10.0.0.0/8').containsCIDR('10.0.0.0')",
           "[1].all(i, v, i)",
           "[1, 2].transformMapEntry(i, v, {'a': 1})",
           "[1].transformList(v)",
           "[1].transformMapEntry(i, v, i)",
           "regex.replace('a', '(', 'x')",
           "regex.extract('a', '[')",
           "regex.extractAll('a', '*')",
           "regex.extract('a', '(a)(b)?')",
           "regex.extract(1, 'a')",
       }) {
    EXPECT_TRUE(testing::eval(text).starts_with("error: "))
        << text << " is " << testing::eval(text);
    EXPECT_TRUE(testing::strict(text).starts_with("error: ")) << text;
  }
}

TEST(FunctionsTest, ConversionsOfTheDialectAreLenient) {
  EXPECT_EQ(testing::eval("[int('+5'), int(' 4 '), int('0x10'), int(double('0x10'))]"),
            "[5,4,16,16]");
  EXPECT_EQ(testing::eval("int('')"), "error: '' is no whole number");
  EXPECT_EQ(testing::eval("int('1.5')"), "error: '1.5' is no whole number");
  EXPECT_EQ(testing::strict("int(' 4')"), "error: ' 4' is no whole number");
  EXPECT_EQ(testing::eval("string(double('-inf')) + string(double('nan'))"), "\"-InfNaN\"");
}

TEST(FunctionsTest, AddressesHaveOneForm) {
  for (const auto& [text, wanted] : std::vector<std::pair<std::string, std::string>>{
           {"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
           {"::", "::"},
           {"1::", "1::"},
           {"::1", "::1"},
           {"1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7"},
           {"0:0:1::", "0:0:1::"}}) {
    EXPECT_EQ(testing::eval("string(ip('" + text + "'))"), "\"" + wanted + "\"");
  }
  for (const char* text : {"1.2.3", "1.2.3.4.5", "01.2.3.4", "256.1.1.1", "1::2::3",
                           "1:2:3:4:5:6:7:8:9", ":1:2:3:4:5:6:7", "g::", "12345::", "", ":"}) {
    EXPECT_EQ(testing::eval(std::string("isIP('") + text + "')"), "false") << text;
  }
}

}  // namespace
}  // namespace swamp::cel
