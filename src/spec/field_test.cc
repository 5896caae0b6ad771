#include "spec/field.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "value/json.h"

namespace swamp::spec {
namespace {

using testing::ElementsAre;

Value json(std::string_view text) {
  return *parse_json(text);
}

std::string evaluated(const Field& field, Map variables) {
  const auto outcome = field.evaluate(cel::PlainScope(std::move(variables)), cel::Answers());
  if (!outcome) return "error: " + outcome.error().message;
  return std::holds_alternative<Value>(*outcome) ? write_json(std::get<Value>(*outcome)) : "asks";
}

/// A scope in which data.latest is asked for.
class AskingScope final : public cel::Scope {
 public:
  const Value* find_root(std::string_view) const override { return nullptr; }
  std::size_t asked_root_depth(std::string_view) const override { return 0; }
  bool is_asked_function(std::string_view name) const override { return name == "data.latest"; }
  std::vector<std::string> names() const override { return {"data.latest"}; }
};

TEST(FieldTest, ExpressionsAreReplacedAtTheirPlaces) {
  const auto field =
      Field::written(json(R"({"a": "${{ x }}", "list": ["p ${{ x }} q", 5], "plain": "y"})"));
  EXPECT_EQ(evaluated(field, Map{{"x", 7}}), R"({"a":7,"list":["p 7 q",5],"plain":"y"})");
}

TEST(FieldTest, WhatAnExpressionGivesIsNeverSearchedAgain) {
  const auto field = Field::written("${{ x }}-${{ y }}");
  EXPECT_EQ(evaluated(field, Map{{"x", "${{ y }}"}, {"y", "z"}}), R"("${{ y }}-z")");
}

TEST(FieldTest, DataHoldsNoExpressions) {
  const auto field = Field::data(json(R"({"a": "${{ x }}"})"));
  EXPECT_FALSE(field.has_expressions());
  EXPECT_EQ(evaluated(field, Map{}), R"({"a":"${{ x }}"})");
}

TEST(FieldTest, KeysAreNeverSearched) {
  EXPECT_FALSE(Field::written(json(R"({"${{ x }}": 1})")).has_expressions());
}

TEST(FieldTest, AnAbsentFieldIsNullAndHoldsNothing) {
  const Field field;
  EXPECT_FALSE(field.is_set());
  EXPECT_EQ(field.text(), "");
  EXPECT_EQ(evaluated(field, Map{}), "null");
  EXPECT_TRUE(field.expressions().empty());
}

TEST(FieldTest, WhatMustBeKnownFirstIsAskedForAtOnce) {
  const auto field =
      Field::written(json(R"(["${{ data.latest('a', 'b') }}", "${{ data.latest('c', 'd') }}",
                                             "${{ data.latest('a', 'b') }}"])"));
  const AskingScope scope;
  const auto outcome = field.evaluate(scope, cel::Answers());
  ASSERT_TRUE(outcome) << outcome.error().message;
  const auto& asks = std::get<std::vector<cel::Ask>>(*outcome);
  ASSERT_EQ(asks.size(), 2U);  // equal questions are one
  EXPECT_EQ(asks[0].arguments, (List{"a", "b"}));

  cel::Answers answers;
  answers.add(asks[0], Value("one"));
  answers.add(asks[1], Value("two"));
  EXPECT_EQ(std::get<Value>(*field.evaluate(scope, answers)), Value(List{"one", "two", "one"}));
}

TEST(FieldTest, SyntaxErrorsPointIntoTheFile) {
  const auto source =
      std::make_shared<const SourceText>(SourceText{.name = "f.yaml", .text = "k: a ${{ 1 + }}\n"});
  const auto field = Field::written(
      "a ${{ 1 + }}", SourceSpan{.source = source, .line = 1, .column = 4, .length = 12});
  const auto errors = field.check_syntax();
  ASSERT_EQ(errors.size(), 1U);
  ASSERT_TRUE(errors[0].where);
  EXPECT_EQ(errors[0].where->line, 1U);
  EXPECT_GE(errors[0].where->column, 10U);
}

TEST(FieldTest, AMemberKeepsItsPlacesAndExpressions) {
  const auto field =
      Field::written(json(R"({"env": {"A/B": "${{ x }}", "C": 1}, "env2": "${{ y }}"})"));
  const auto env = field.member("env");
  ASSERT_EQ(env.expressions().size(), 1U);
  EXPECT_EQ(env.expressions()[0].pointer, "/A~1B");
  EXPECT_EQ(evaluated(env, Map{{"x", "v"}}), R"({"A/B":"v","C":1})");
  EXPECT_FALSE(field.member("none").is_set());
}

TEST(FieldTest, OnlyOneExpressionAloneKeepsItsType) {
  EXPECT_TRUE(Field::written("${{ x }}").is_whole_expression());
  EXPECT_FALSE(Field::written("${{ x }}-${{ y }}").is_whole_expression());
  EXPECT_FALSE(Field::written("x").is_whole_expression());
  EXPECT_TRUE(Field::written("${{ {'a': {'b': 1}} }}").is_whole_expression());
}

TEST(FieldTest, MentionsAreThoseOfAllExpressions) {
  const auto field = Field::written(
      json(R"(["${{ inputs.a.b }}", "${{ env.X }}", "${{ vault.get('v', 'k') }}", "${{ 1 +"])"));
  EXPECT_TRUE(field.references().mentions("inputs"));
  EXPECT_TRUE(field.references().mentions("env"));
  EXPECT_THAT(field.references().constant_calls, ElementsAre(ElementsAre("vault.get", "v", "k")));
}

TEST(PointerTest, AnyKeyCanBeReached) {
  Value tree = json(R"({"a/b": {"~": [1, {"": 2}]}})");
  const auto pointer = pointer_to(pointer_to(pointer_to(pointer_to("", "a/b"), "~"), "1"), "");
  EXPECT_EQ(pointer, "/a~1b/~0/1/");
  ASSERT_NE(find_at(tree, pointer), nullptr);
  EXPECT_TRUE(set_at(tree, pointer, "x"));
  EXPECT_EQ(write_json(tree), R"({"a/b":{"~":[1,{"":"x"}]}})");
  EXPECT_FALSE(set_at(tree, "/a~1b/~0/2", 1));
  EXPECT_EQ(find_at(tree, "/nothing/at/all"), nullptr);
}

TEST(ExpressionTest, ABareExpressionIsCompiledOnce) {
  const Expression expression("inputs.n > 1");
  ASSERT_TRUE(expression.program());
  EXPECT_EQ(&expression.program(), &expression.program());
  EXPECT_FALSE(Expression("1 +").program());
}

}  // namespace
}  // namespace swamp::spec
