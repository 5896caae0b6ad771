#include "cel/template.h"

#include <gtest/gtest.h>

#include "cel/testing.h"

namespace swamp::cel {
namespace {

/// The template's value as JSON, or the error.
std::string filled(std::string_view text) {
  auto compiled = Template::compile(text, Dialect::swamp);
  if (!compiled) return "error: " + testing::shown(compiled.error());
  auto outcome = compiled->evaluate(PlainScope(testing::inputs()), Answers());
  if (!outcome) return "error: " + testing::shown(outcome.error());
  return write_json(std::get<Value>(*outcome));
}

TEST(TemplateTest, AWholeExpressionKeepsItsType) {
  EXPECT_EQ(filled("${{ inputs.n }}"), "5");
  EXPECT_EQ(filled("${{inputs.list}}"), "[1,2,3]");
  EXPECT_EQ(filled("${{ inputs.nul }}"), "null");
  EXPECT_EQ(filled("${{ inputs.n }}\n  \n"), "5");
}

TEST(TemplateTest, ALeadingBlankMakesItText) {
  EXPECT_EQ(filled(" ${{ inputs.n }}"), "\" 5\"");
  EXPECT_EQ(filled("\n${{ inputs.n }}"), "\"\\n5\"");
}

TEST(TemplateTest, SeveralExpressionsAreSeveral) {
  EXPECT_EQ(filled("${{ inputs.s }}-${{ inputs.n }}"), "\"hi-5\"");
  EXPECT_EQ(filled("${{inputs.s}}${{inputs.s}}"), "\"hihi\"");
  EXPECT_EQ(filled("a ${{ inputs.s }} b ${{ inputs.s }} c"), "\"a hi b hi c\"");
}

TEST(TemplateTest, ValuesArePutIntoTextAsTheOriginalDoes) {
  EXPECT_EQ(filled("<${{ null }}>"), "\"<>\"");
  EXPECT_EQ(filled("<${{ 5.0 }} ${{ 0.1 + 0.2 }} ${{ 1e21 }} ${{ true }} ${{ 9007199254740993 }}>"),
            "\"<5 0.30000000000000004 1e+21 true 9007199254740993>\"");
  EXPECT_EQ(filled("<${{ inputs.n / 0 }}>"), "\"<Infinity>\"");
  EXPECT_EQ(filled("<${{ [1, {'a': 'b'}] }}>"), R"("<[\n  1,\n  {\n    \"a\": \"b\"\n  }\n]>")");
  EXPECT_EQ(filled("<${{ inputs.?zz }}${{ duration('90s') }}>"), "\"<90s>\"");
}

TEST(TemplateTest, BracesAndMarksInsideAnExpressionDoNotEndIt) {
  EXPECT_EQ(filled("${{ {'a': {'b': 1}} }}"), R"({"a":{"b":1}})");
  EXPECT_EQ(filled("${{{'a': {'b': 1}}}}"), R"({"a":{"b":1}})");
  EXPECT_EQ(filled("${{ {'a': {}}}}."), R"("{\n  \"a\": {}\n}.")");
  EXPECT_EQ(filled("${{ '}}' }}"), "\"}}\"");
  EXPECT_EQ(filled("${{ \"it's }}\" + '\"}}' }}!"), "\"it's }}\\\"}}!\"");
  EXPECT_EQ(filled("${{ \"${{ x }}\" }}"), "\"${{ x }}\"");
  EXPECT_EQ(filled("${{ '''it's }}''' + r'\\' }}!"), "\"it's }}\\\\!\"");
  EXPECT_EQ(filled("${{ inputs.n // a }} in a comment"), "\"5 in a comment\"");
  EXPECT_EQ(filled("${{ inputs.n // it's\n + 1 }}"), "6");
  EXPECT_EQ(filled("${{ inputs.n }}}"), "\"5}\"");
}

TEST(TemplateTest, OnlyTheTextIsSearchedAndNotWhatIsPutIntoIt) {
  EXPECT_EQ(filled("a ${{ '${{ inputs.n }}' }}"), "\"a ${{ inputs.n }}\"");
  EXPECT_EQ(filled("${{ '${{ inputs' }} + ${{ 'x' }}"), "\"${{ inputs + x\"");
}

TEST(TemplateTest, ThereIsNoEscapeAndNothingElseIsAnExpression) {
  EXPECT_EQ(filled("$${{ inputs.n }}"), "\"$5\"");
  EXPECT_EQ(filled("\\${{ inputs.n }}"), "\"\\\\5\"");
  EXPECT_EQ(filled("${{}}"), "\"${{}}\"");
  EXPECT_EQ(filled("{{ a }} ${ b } ${c} }}"), "\"{{ a }} ${ b } ${c} }}\"");
  EXPECT_EQ(filled("a ${{ b"), "\"a ${{ b\"");
  EXPECT_FALSE(Template::has_expression("${{}} {{ x }} ${{"));
  EXPECT_TRUE(Template::has_expression("${{}} ${{ }}"));
}

TEST(TemplateTest, FaultsPointIntoTheText) {
  EXPECT_EQ(filled("${{ }}"), "error: the expression ends where a value is expected @1:5 «}»");
  EXPECT_EQ(filled("x ${{ 1 + }} y"),
            "error: the expression ends where a value is expected @1:10 « »");
  EXPECT_EQ(filled("a\n  b ${{ 1 #\n }}"), "error: unexpected '#' @2:11 «#»");
  EXPECT_EQ(filled("é ${{\n inputs.zz }}"), "error: there is no 'zz' in 'inputs' @2:9 «zz»");
  EXPECT_EQ(filled("x ${{ {'a': 1 }}"),
            "error: the expression has no end @1:3 «${{»  its '}}' stands inside a string or map "
            "literal");
  EXPECT_EQ(filled("${{ it's }}"),
            "error: the string has no end @1:7 «'»  a string over several lines stands between "
            "three quotes");
}

TEST(TemplateTest, ThePlaceIsInTheFile) {
  const auto source = std::make_shared<SourceText>(
      SourceText{.name = "w.yaml", .text = "name: x\nrun: echo ${{ inputs.zz }}\n"});
  const SourceSpan where{.source = source, .line = 2, .column = 6, .length = 21};
  auto compiled = Template::compile("echo ${{ inputs.zz }}", Dialect::swamp, &where);
  ASSERT_TRUE(compiled);
  auto outcome = compiled->evaluate(PlainScope(testing::inputs()), Answers());
  ASSERT_FALSE(outcome);
  EXPECT_EQ(testing::shown(outcome.error()), "there is no 'zz' in 'inputs' @2:22 «zz»");
  EXPECT_EQ(outcome.error().where->to_string(), "w.yaml:2:22");
}

TEST(TemplateTest, WhatATextMentionsIsKnown) {
  auto compiled =
      Template::compile("${{ inputs.a }} ${{ vault.get(v, k) + env.HOME }}", Dialect::swamp);
  ASSERT_TRUE(compiled);
  EXPECT_TRUE(compiled->references().mentions("vault"));
  EXPECT_TRUE(compiled->references().mentions("env"));
  EXPECT_FALSE(compiled->references().mentions("self"));
  EXPECT_EQ(compiled->programs().size(), 2U);
  EXPECT_FALSE(compiled->is_whole());
}

TEST(TemplateTest, NamesThatLookLikeOtherNamespacesAreMembers) {
  EXPECT_EQ(filled("${{ inputs.env.name }}-${{ self.env.x }}"), "\"prod-7\"");
  auto compiled = Template::compile("${{ inputs.env.name }} ${{ 'my env. var' }}", Dialect::swamp);
  ASSERT_TRUE(compiled);
  EXPECT_FALSE(compiled->references().mentions("env"));
}

}  // namespace
}  // namespace swamp::cel
