#include "cel/parser.h"

#include <gtest/gtest.h>

#include "cel/testing.h"

namespace swamp::cel {
namespace {

/// The expression as it is printed from its tree, or the fault.
std::string parsed(std::string_view text, Dialect dialect = Dialect::swamp) {
  auto tree = parse(text, dialect);
  return tree ? print(*tree) : "fault: " + tree.error().message;
}

TEST(ParserTest, BlanksCommentsAndSuperfluousParenthesesGo) {
  EXPECT_EQ(parsed("( a +  b )*c // sum\n - (d*e)"), "(a + b) * c - d * e");
  EXPECT_EQ(parsed("a || (b && c)"), "a || b && c");
  EXPECT_EQ(parsed("(a || b) && !(c)"), "(a || b) && !c");
  EXPECT_EQ(parsed("a ? b : (c ? d : e)"), "a ? b : c ? d : e");
  EXPECT_EQ(parsed("(a ? b : c) ? d : e"), "(a ? b : c) ? d : e");
}

TEST(ParserTest, OperatorsOfOneLevelAreOneNodeAndParenthesesKeepThemApart) {
  EXPECT_EQ(parsed("a - b + c"), "a - b + c");
  EXPECT_EQ(parsed("a - (b + c)"), "a - (b + c)");
  EXPECT_EQ(parsed("(a - b) + c"), "(a - b) + c");
  auto tree = parse("a - b + c", Dialect::strict);
  ASSERT_TRUE(tree);
  EXPECT_EQ((*tree)[tree->root()].child_count, 3U);
}

TEST(ParserTest, AMinusBeforeANumberBelongsToIt) {
  EXPECT_EQ(parsed("-9223372036854775808"), "-9223372036854775808");
  EXPECT_EQ(parsed("-(5)"), "-(5)");
  EXPECT_EQ(parsed("--5"), "--5");
  EXPECT_EQ(parsed("9223372036854775808"),
            "fault: '9223372036854775808' does not fit into 64 bits");
}

TEST(ParserTest, AllKindsOfLiteralsAreRead) {
  EXPECT_EQ(parsed("[0x1F, 5u, 0xFFu, .5, 1e3, 1.5E-3, true, null]"),
            "[31, 5u, 255u, 0.5, 1000.0, 0.0015, true, null]");
  EXPECT_EQ(parsed(R"(["a\n", 'b"', r'\d', b'\xff', '''x'y''', """p"q""", rb'\x', bR"\y"])"),
            R"(['a\n', 'b"', '\\d', b'\xff', 'x\'y', 'p"q', b'\\x', b'\\y'])");
  EXPECT_EQ(parsed(R"('\x41\u00e9\U0001F600\101')"), "'Aé😀A'");
}

TEST(ParserTest, OptionalSyntaxIsKept) {
  EXPECT_EQ(parsed("a.?b[?c].d"), "a.?b[?c].d");
  EXPECT_EQ(parsed("{?a: b, c: d}"), "{?a: b, c: d}");
  EXPECT_EQ(parsed("[?a, b,]"), "[?a, b]");
  EXPECT_EQ(parsed("a.`content-type`.`x`"), "a.`content-type`.x");
  EXPECT_EQ(parsed(".a.b"), ".a.b");
}

TEST(ParserTest, MacrosArePrintedAsTheyWereWritten) {
  for (const std::string& text : std::vector<std::string>{
           "has(a.b)", "a.all(x, x > 0)", "a.existsOne(i, x, i == x)", "a.map(x, x > 1, x * 2)",
           "a.transformMapEntry(k, v, {v: k})", "cel.bind(x, a, x + x)",
           "cel.block([a, cel.index(0)], cel.index(1))", "a.optFlatMap(x, x.?b)",
           "a.sortBy(x, x.name)", "[1].exists(cel.iterVar(0, 0), cel.iterVar(0, 0) > 0)"}) {
    EXPECT_EQ(parsed(text), text);
  }
}

TEST(ParserTest, AMacroWithOtherArgumentsIsRefused) {
  EXPECT_EQ(testing::complaint("inputs.list.map(x)"),
            "'map' does not take 1 argument @1:13 «map»  write list|map.map(x, expression) -> list "
            "or list|map.map(x, condition, expression) -> list");
  EXPECT_EQ(testing::complaint("has(inputs['n'])"),
            "'has' wants a member such as a.b @1:5 «inputs['n']»  write 'k' in a for a['k']");
  EXPECT_EQ(testing::complaint("inputs.list.all(x.y, true)"),
            "'all' wants a plain name for its variable @1:17 «x.y»  write list|map.all(x, "
            "condition) -> bool");
  EXPECT_EQ(testing::complaint("inputs.m.all(k, k, true)"), "'all' declares 'k' twice @1:17 «k»");
}

TEST(ParserTest, AFaultPointsAtTheTokenThatIsWrong) {
  EXPECT_EQ(testing::complaint(""), "the expression ends where a value is expected @1:1 «»");
  EXPECT_EQ(testing::complaint("1 +"), "the expression ends where a value is expected @1:4 «»");
  EXPECT_EQ(testing::complaint("a b"), "expected the end, found 'b' @1:3 «b»");
  EXPECT_EQ(testing::complaint("f(a"), "the expression ends where ',' or ')' is expected @1:4 «»");
  EXPECT_EQ(testing::complaint("[1, 2"),
            "the expression ends where ',' or ']' is expected @1:6 «»");
  EXPECT_EQ(testing::complaint("{'a' 1}"), "expected ':', found '1' @1:6 «1»");
  EXPECT_EQ(testing::complaint("a.in"), "expected the name of a member, found 'in' @1:3 «in»");
  EXPECT_EQ(testing::complaint("for + 1"), "'for' is a reserved word @1:1 «for»");
  EXPECT_EQ(testing::complaint("a = 1"), "unexpected '=' @1:3 «=»  equality is '=='");
  EXPECT_EQ(testing::complaint("a & b"), "unexpected '&' @1:3 «&»  and is '&&'");
  EXPECT_EQ(
      testing::complaint("'abc"),
      "the string has no end @1:1 «'»  a string over several lines stands between three quotes");
  EXPECT_EQ(testing::complaint("'a\\d'"),
            "no escape is written '\\d' @1:3 «\\d»  a backslash itself is '\\\\'; in r'…' it needs "
            "no doubling");
  EXPECT_EQ(testing::complaint("'\\u12'"), "the escape needs 4 hexadecimal digits @1:2 «\\u12'»");
  EXPECT_EQ(testing::complaint("'\\ud800'"), "the escape names no character @1:2 «\\ud800»");
  EXPECT_EQ(testing::complaint("'\\udfff'"), "the escape names no character @1:2 «\\udfff»");
  EXPECT_EQ(testing::complaint("'\\U00110000'"),
            "the escape names no character @1:2 «\\U00110000»");
  EXPECT_EQ(testing::complaint("b'\\u0041'"),
            "no escape is written '\\u' @1:3 «\\u»  a backslash itself is '\\\\'; in r'…' it needs "
            "no doubling");
  EXPECT_EQ(testing::complaint("12ab"), "'12ab' is neither a number nor a name @1:1 «12ab»");
  EXPECT_EQ(testing::complaint("1e999"), "'1e999' is too large for a number @1:1 «1e999»");
  EXPECT_EQ(testing::complaint("`a`"), "expected a value, found '`a`' @1:1 «`a`»");
  EXPECT_EQ(testing::complaint("a.`x$`"),
            "'x$' cannot be a quoted name @1:3 «`x$`»  letters, digits, '_', '.', '-', '/' and "
            "blanks may stand between back quotes; write a['…']");
  EXPECT_EQ(testing::complaint("a.`x"), "the quoted name has no end @1:3 «`»");
  EXPECT_EQ(testing::complaint("a{b: 1}"),
            "a map literal cannot follow a value @1:2 «{»  there are no message types to build; an "
            "operator is missing");
  EXPECT_EQ(testing::complaint("1 #"), "unexpected '#' @1:3 «#»");
}

TEST(ParserTest, ColumnsCountCharacters) {
  EXPECT_EQ(testing::complaint("'é😀' +\n  'ü' + #"), "unexpected '#' @2:9 «#»");
}

TEST(ParserTest, TextThatIsNotUtf8IsRefused) {
  EXPECT_EQ(testing::eval("'a\xff'"), "error: the expression is not UTF-8");
}

TEST(ParserTest, HyphenatedModelNamesAreOneNameBeforeAMember) {
  EXPECT_EQ(parsed("model.my-model.resource.a"), "model.`my-model`.resource.a");
  EXPECT_EQ(parsed("model.5dc1b13c-0e8c-4366-b717-0051376f0ecf.input"),
            "model.`5dc1b13c-0e8c-4366-b717-0051376f0ecf`.input");
  EXPECT_EQ(parsed("model.a-b.name"), "model.a - b.name");
  EXPECT_EQ(parsed("model.a-b.resources"), "model.a - b.resources");
  EXPECT_EQ(parsed("model.a-b.resource", Dialect::strict), "model.a - b.resource");
  EXPECT_EQ(parsed("inputs.foo-bar"), "inputs.foo - bar");
  EXPECT_EQ(parsed("'model.a-b.file'"), "'model.a-b.file'");
}

TEST(ParserTest, NamesInVaultGetNeedNoQuotes) {
  EXPECT_EQ(parsed("vault.get(my-vault, api-key)"), "vault.get(my-vault, api-key)");
  EXPECT_EQ(parsed("vault.get( prod , 2fa/key.v1 )"), "vault.get(prod, 2fa/key.v1)");
  EXPECT_EQ(parsed("vault.get(`any thing`, \"k\")"), "vault.get('any thing', 'k')");
  EXPECT_EQ(parsed("vault.get(inputs.v, 'a' + 'b')"), "vault.get(inputs.v, 'a' + 'b')");
  EXPECT_EQ(parsed("vault.get(op://x, y)"), "vault.get(op://x, y)");
  EXPECT_EQ(parsed("vault.get()"), "vault.get()");
  EXPECT_EQ(parsed("vault.get(a b, c)"), "fault: expected ',' or ')', found 'b'");
  EXPECT_EQ(parsed("vault.get(my-vault, k)", Dialect::strict), "vault.get(my - vault, k)");
}

std::string repeated(std::string_view text, int count) {
  std::string all;
  for (int i = 0; i < count; ++i) {
    all += text;
  }
  return all;
}

TEST(ParserTest, DeepNestingIsAClearError) {
  const std::string message = "error: the expression is nested more than 250 levels deep";
  for (const std::string& text :
       {repeated("(", 10'000) + "1" + repeated(")", 10'000), repeated("[", 10'000),
        repeated("!", 10'000) + "true", repeated("-", 10'001) + "x", "a" + repeated(".b", 10'000),
        "a" + repeated("[0]", 10'000), "a" + repeated(".f()", 10'000),
        repeated("a ? b : ", 10'000) + "c", repeated("{1: ", 10'000), repeated("f(", 10'000),
        repeated("[1].map(x, ", 10'000)}) {
    EXPECT_EQ(testing::eval(text), message) << text.substr(0, 20);
  }
}

TEST(ParserTest, ExpressionsMayBeLong) {
  EXPECT_EQ(testing::eval("size('a'" + repeated(" + 'bcd'", 130'000) + ")"), "390001");  // 1 MB
  EXPECT_EQ(testing::eval("size('" + std::string(1 << 20, 'x') + "')"), "1048576");
  EXPECT_EQ(testing::eval("1" + repeated(" + 1", 20'000)), "20001");
  EXPECT_EQ(testing::eval("true" + repeated(" && true", 20'000)), "true");
  EXPECT_EQ(testing::eval("size([1" + repeated(", 1", 20'000) + "])"), "20001");
  EXPECT_EQ(testing::eval(std::string(17 << 20, ' ')),
            "error: the expression is longer than 16 MiB");
}

}  // namespace
}  // namespace swamp::cel
