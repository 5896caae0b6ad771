#include <gtest/gtest.h>

#include "cel/program.h"
#include "cel/testing.h"

namespace swamp::cel {
namespace {

using testing::complaint;
using testing::eval;
using testing::strict;

TEST(DialectTest, ANumberFromDataDividesAsADoubleAndStaysWholeOtherwise) {
  EXPECT_EQ(eval("5 / 2"), "2");
  EXPECT_EQ(eval("inputs.n / 2"), "2.5");
  EXPECT_EQ(eval("inputs.n / 0"), "null");  // Infinity, which JSON cannot say
  EXPECT_EQ(eval("string(inputs.n / 0)"), "\"+Inf\"");
  EXPECT_EQ(eval("inputs.big + 2"), "9007199254740995");
  EXPECT_EQ(eval("(inputs.n * 2) / 4"), "2.5");
  EXPECT_EQ(eval("inputs.big * inputs.big > 8e31"), "true");  // beyond 64 bits it is a double
  EXPECT_EQ(eval("-inputs.n % 3"), "-2");
  EXPECT_EQ(eval("string(inputs.n % 0)"), "\"NaN\"");
  EXPECT_EQ(eval("int(inputs.n) / 2"), "2");
  EXPECT_EQ(eval("type(inputs.n) == double && type(inputs.n + 1) == double"), "true");
  EXPECT_EQ(eval("inputs.list[inputs.n - 4]"), "2");
  EXPECT_EQ(eval("'abcdef'.substring(inputs.n)"), "\"f\"");
  EXPECT_EQ(eval("math.ceil(inputs.n)"), "5");
  EXPECT_EQ(eval("5.5 % 2.0"), "1.5");
}

TEST(DialectTest, StrictCelHasNoSuchNumberAndDoesNotMixKinds) {
  EXPECT_EQ(strict("inputs.n / 2"), "2");
  EXPECT_EQ(strict("1 + 1.0"), "error: '+' does not take int and double");
  EXPECT_EQ(strict("1u + 1"), "error: '+' does not take uint and int");
  EXPECT_EQ(strict("5.5 % 2.0"), "error: '%' does not take double and double");
  EXPECT_EQ(strict("inputs.nul.?x"), "error: 'inputs.nul' is null and has no member 'x'");
  EXPECT_EQ(strict("b'a'.hex()"), "error: there is no function 'hex'");
}

TEST(DialectTest, SelectingFromNothingGivesNothing) {
  EXPECT_EQ(eval("inputs.nul.?x.?y.orValue('d')"), "\"d\"");
  EXPECT_EQ(eval("inputs.?zz.a.b.orValue('d')"), "\"d\"");
  EXPECT_EQ(eval("inputs.?nul.x.orValue('d')"), "\"d\"");
  EXPECT_EQ(eval("inputs.?nul.orValue('d')"), "null");
  EXPECT_EQ(eval("inputs.s.?x"), "null");
  EXPECT_EQ(eval("has(inputs.nul.x)"), "false");
}

TEST(DialectTest, KeysOfMapsAreTexts) {
  EXPECT_EQ(eval("{1: 'a', true: 'b', null: 'c', 1.5: 'd', inputs.n: 'e'}"),
            R"({"1":"a","true":"b","null":"c","1.5":"d","5":"e"})");
  EXPECT_EQ(eval("{1: 'a', '1': 'b'}"), R"({"1":"b"})");
  EXPECT_EQ(eval("{1: 'a'}[1] + {1: 'a'}['1']"), "\"aa\"");
  EXPECT_EQ(eval("inputs.n in {5: 'x'}"), "true");
  EXPECT_EQ(strict("{1: 'a', 1u: 'b'}"), "error: the key is there twice");
}

TEST(DialectTest, EqualityAcrossKindsIsFalseAndMixedBranchesAreFine) {
  EXPECT_EQ(eval("1 == '1' || null == 1 || [1] == ['1']"), "false");
  EXPECT_EQ(eval("[1] == [1.0] && 1 == 1.0 && 1u == 1"), "true");
  EXPECT_EQ(eval("inputs.yes ? 1 : null"), "1");
  EXPECT_EQ(eval("[1] + ['a', null]"), R"([1,"a",null])");
}

TEST(DialectTest, ALiteralThatIsNoConditionIsRefusedBeforeAnythingRuns) {
  EXPECT_EQ(complaint("'x' || true"), "each side of '||' must be true or false @1:1 «'x'»");
  EXPECT_EQ(complaint("true && [1]"), "each side of '&&' must be true or false @1:9 «[1]»");
  EXPECT_EQ(strict("'x' || true"), "true");
}

TEST(LeavingTest, WhatOnlyExpressionsKnowBecomesPlainData) {
  EXPECT_EQ(eval("timestamp('2024-01-15T14:30:45.120+01:00')"), "\"2024-01-15T13:30:45.12Z\"");
  EXPECT_EQ(eval("duration('90m')"), "\"5400s\"");
  EXPECT_EQ(eval("b'hi'"), "\"aGk=\"");
  EXPECT_EQ(eval("18446744073709551615u"), "18446744073709551615");
  EXPECT_EQ(eval("type([])"), "\"list\"");
  EXPECT_EQ(eval("[optional.none(), optional.of(1), {'a': optional.of(b'x')}]"),
            R"([null,1,{"a":"eA=="}])");
  EXPECT_EQ(eval("{'a': ip('::1'), 'b': cidr('10.0.0.0/8')}"), R"({"a":"::1","b":"10.0.0.0/8"})");
}

TEST(LeavingTest, DataGoesThroughWithoutACopy) {
  const Value data(Map{{"list", List{1, 2, 3}}});
  auto program = Program::compile("cel.bind(d, data, [d.list][0])", Dialect::swamp);
  ASSERT_TRUE(program);
  auto outcome = program->evaluate(PlainScope(Map{{"data", data}}), Answers());
  ASSERT_TRUE(outcome);
  EXPECT_EQ(&std::get<Value>(*outcome).as_list(), &data["list"].as_list());
}

TEST(ErrorTest, AMissingKeyIsNamedWithWhatIsNear) {
  EXPECT_EQ(complaint("inputs.lisst"),
            "there is no 'lisst' in 'inputs' @1:8 «lisst»  did you mean 'list'?");
  EXPECT_EQ(complaint("inputs.m.deep.y"), "there is no 'y' in 'inputs.m.deep' @1:15 «y»");
  EXPECT_EQ(complaint("inputs['lisst']"),
            "there is no 'lisst' in 'inputs' @1:8 «'lisst'»  did you mean 'list'?");
  EXPECT_EQ(complaint("inputs.list.map(x, inputs.m).all(e, e.q == 1)"),
            "there is no 'q' in 'e' @1:39 «q»");
  EXPECT_EQ(complaint("inputs.nul.x"),
            "'inputs.nul' is null and has no member 'x' @1:12 «x»  write .?x and "
            "orValue(…) for what may be missing");
  EXPECT_EQ(complaint("inputs.s.x"), "'inputs.s' is string and has no member 'x' @1:10 «x»");
}

TEST(ErrorTest, AnUnknownNameOrFunctionComesWithASuggestion) {
  EXPECT_EQ(complaint("inputz.n"),
            "there is no 'inputz' here @1:1 «inputz»  did you mean 'inputs'?");
  EXPECT_EQ(complaint("1 + siz('a')"),
            "there is no function 'siz' @1:5 «siz»  did you mean 'size'?");
  EXPECT_EQ(complaint("inputs.s.startWith('h')"),
            "there is no function 'startWith' @1:10 «startWith»  did you mean 'startsWith'?");
  EXPECT_EQ(complaint("math.flor(1.5)"),
            "there is no function 'math.flor' @1:6 «flor»  did you mean 'math.floor'?");
}

TEST(ErrorTest, OperatorsAndFunctionsSayWhatTheyWereGiven) {
  EXPECT_EQ(complaint("1 == 1 && inputs.s + inputs.n == ''"),
            "'+' does not take string and number @1:11 «inputs.s + inputs.n»  make it text with "
            "string(…)");
  EXPECT_EQ(complaint("'abc'.substring('x')"),
            "'substring' does not take string.(string) @1:7 «substring»  it is string.(int) -> "
            "string or string.(int, int) -> string");
  EXPECT_EQ(complaint("!inputs.n"), "'!' does not take number @1:1 «!inputs.n»");
  EXPECT_EQ(complaint("-inputs.s"), "'-' does not take string @1:1 «-inputs.s»");
  EXPECT_EQ(complaint("inputs.n ? 1 : 2"),
            "a condition must be true or false, not number @1:1 «inputs.n»");
  EXPECT_EQ(complaint("inputs.list[7]"),
            "there is no place 7 in 'inputs.list', which has 3 elements @1:13 «7»");
  EXPECT_EQ(complaint("inputs.list['a']"), "a place in a list is an int, not string @1:13 «'a'»");
  EXPECT_EQ(complaint("inputs.s[0]"),
            "string has no elements @1:10 «0»  the character at a place is charAt(…)");
  EXPECT_EQ(complaint("inputs.list.all(x, x)"),
            "the condition of a loop must be true or false, not number @1:20 «x»");
  EXPECT_EQ(complaint("inputs.s.map(x, x)"), "string cannot be looped over @1:10 «map»");
  EXPECT_EQ(complaint("'a'.matches('(?=x)')"),
            "the pattern is not one that RE2 takes: invalid perl operator: (?= @1:5 «matches»  "
            "there is no look-around and no back reference");
  EXPECT_EQ(complaint("9223372036854775807 + 1"),
            "'+' leaves the range of 64 bits @1:1 «9223372036854775807 + 1»");
  EXPECT_EQ(complaint("1 + 2 + 'a' + 3"),
            "'+' does not take int and string @1:1 «1 + 2 + 'a'»  make it text with string(…)");
}

TEST(ErrorTest, ThePlaceIsInTheFileWhenThatIsKnown) {
  const auto source = std::make_shared<SourceText>(
      SourceText{.name = "workflows/w.yaml", .text = "name: w\nguard: inputs.x > 1\n"});
  const SourceSpan where{.source = source, .line = 2, .column = 8, .length = 12};
  auto program = Program::compile("inputs.x > 1", Dialect::swamp, &where);
  ASSERT_TRUE(program);
  auto outcome = program->evaluate(PlainScope(testing::inputs()), Answers());
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().where->to_string(), "workflows/w.yaml:2:15");
}

TEST(LogicTest, OneSideThatDecidesAbsorbsWhatGoesWrongOnTheOther) {
  EXPECT_EQ(eval("inputs.zz == 1 || true"), "true");
  EXPECT_EQ(eval("inputs.zz == 1 && false"), "false");
  EXPECT_EQ(eval("inputs.n || true"), "true");
  EXPECT_EQ(eval("[0, 1].exists(x, 1 / x == 1)"), "true");
  EXPECT_EQ(complaint("inputs.zz || false"), "there is no 'zz' in 'inputs' @1:8 «zz»");
  EXPECT_EQ(complaint("inputs.n && true"),
            "each side of '&&' must be true or false, not number @1:1 «inputs»");
}

/// The result under a limit that is reached soon.
std::string limited(std::string_view text) {
  return eval(text, Dialect::swamp, {.cost = 300'000});
}

TEST(LimitTest, ALoopOverAThousandMillionElementsEndsInAnErrorAtOnce) {
  const std::string stopped = "error: the expression takes too much work";
  EXPECT_EQ(eval("range(1000000000).map(x, x)"), stopped);
  EXPECT_EQ(limited("range(30000).all(x, range(30000).all(y, x + y >= 0))"), stopped);
  EXPECT_EQ(limited("range(30000).exists(x, range(30000).exists(y, x == -1)) || true"), stopped);
  EXPECT_EQ(limited("range(3000).map(x, range(3000).map(y, x)).size() > 0 ? 1 : 2"), stopped);
}

TEST(LimitTest, TextsAndListsThatGrowWithoutEndAreStopped) {
  std::string doubling = "'xxxxxxxxxxxxxxxx'";
  std::string nesting = "[1, 2]";
  for (int i = 0; i < 60; ++i) {
    doubling = "cel.bind(a, " + doubling + ", a + a)";
    nesting = "cel.bind(a, " + nesting + ", [a, a])";
  }
  EXPECT_EQ(limited(doubling), "error: the expression takes too much work");
  EXPECT_EQ(limited(nesting), "error: the result is too large");
  EXPECT_EQ(limited("cel.bind(a, " + nesting + ", a == a)"),
            "error: the expression takes too much work");
  EXPECT_EQ(limited("cel.bind(a, " + nesting + ", '%s'.format([a]))"),
            "error: the expression takes too much work");
  EXPECT_EQ(limited("range(5000).map(x, 'aaaaaaaaaa').join('').replace('a', range(5000).map(x, "
                    "'b').join(''))"),
            "error: the expression takes too much work");
}

TEST(LimitTest, TheCostCanBeSet) {
  EXPECT_EQ(eval("1 + 2 + 3", Dialect::swamp, {.cost = 3}),
            "error: the expression takes too much work");
  EXPECT_EQ(eval("1 + 2", Dialect::swamp, {.cost = 10}), "3");
}

TEST(MacroTest, OptionalsAndLaterEntriesOfABlockAreEvaluatedOnlyWhenWanted) {
  EXPECT_EQ(eval("inputs.?s.orValue(inputs.zz)"), "\"hi\"");
  EXPECT_EQ(eval("inputs.?s.or(inputs.zz)"), "\"hi\"");
  EXPECT_EQ(eval("cel.block([inputs.zz, 1], cel.index(1))"), "1");
  EXPECT_EQ(eval("cel.bind(x, 1, [2].map(x, x)[0] + x)"), "3");
}

TEST(MacroTest, SortByKeepsTheOrderOfEqualKeys) {
  EXPECT_EQ(eval("['bb', 'a', 'cc', 'd'].sortBy(x, size(x))"), R"(["a","d","bb","cc"])");
  EXPECT_EQ(eval("[1, 'a'].sortBy(x, x)"), "error: int and string have no order");
  EXPECT_EQ(eval("[0.0 / 0.0, 1.0, 0.0].sort().slice(1, 3)"), "[0,1]");
}

}  // namespace
}  // namespace swamp::cel
