#include "schema/schema.h"

#include <gtest/gtest.h>

#include "value/json.h"

namespace swamp::schema {
namespace {

Value json(std::string_view text) {
  auto value = parse_json(text);
  EXPECT_TRUE(value) << text;
  return value ? *std::move(value) : Value();
}

/// The problems of a value, one a line: `/place: message (hint)`. Or why the schema does not
/// compile.
std::string check_value(std::string_view schema, const Value& value, const Options& options = {}) {
  const auto compiled = Schema::compile(json(schema), options);
  if (!compiled) return compiled.error().message;
  const auto problems = compiled->validate(value);
  EXPECT_EQ(compiled->accepts(value), problems.empty());
  std::string out;
  for (const Problem& problem : problems) {
    if (!out.empty()) out += "\n";
    out += problem.instance + ": " + problem.message;
    if (!problem.hint.empty()) out += " (" + problem.hint + ")";
  }
  return out;
}

std::string check(std::string_view schema, std::string_view value, const Options& options = {}) {
  return check_value(schema, json(value), options);
}

TEST(SchemaTest, EveryProblemOfAValueIsTold) {
  EXPECT_EQ(check(R"({
              "type": "object", "required": ["name", "size"], "additionalProperties": false,
              "properties": {"name": {"type": "string", "minLength": 3, "pattern": "^[a-z]+$"},
                             "tags": {"type": "array", "items": {"enum": ["red", "green"]}, "uniqueItems": true}}})",
                  R"({"name": "A", "tags": ["red", "gren", 3, "red"], "tag": 1})"),
            ": lacks the required key 'size'\n"
            "/name: must have at least 3 characters, has 1\n"
            "/name: 'A' does not match '^[a-z]+$'\n"
            "/tags: items 0 and 3 are equal\n"
            "/tags/1: expected 'red' or 'green', found 'gren' (did you mean 'green'?)\n"
            "/tags/2: expected 'red' or 'green', found 3\n"
            ": unknown key 'tag' (did you mean 'tags'?)");
}

TEST(SchemaTest, KindsAreNamedInPlainWords) {
  EXPECT_EQ(check(R"({"type": ["string", "integer", "null"]})", "1.5"),
            ": expected a string, a whole number or null, found 1.5");
  EXPECT_EQ(check(R"({"type": "object"})", "[]"), ": expected a map, found a list");
  EXPECT_EQ(check(R"({"type": "array"})", "null"), ": expected a list, found null");
  EXPECT_EQ(check(R"({"type": "integer"})", "5.0"), "");
  EXPECT_EQ(check(R"({"const": {"a": 1}})", "true"), ": expected a map, found true");
}

TEST(SchemaTest, NumbersAreComparedExactly) {
  EXPECT_EQ(check(R"({"maximum": 9007199254740992})", "9007199254740993"),
            ": must be at most 9007199254740992, is 9007199254740993");
  EXPECT_EQ(check(R"({"exclusiveMinimum": 18446744073709551614})", "18446744073709551615"), "");
  EXPECT_EQ(check(R"({"minimum": -1.5})", "-2"), ": must be at least -1.5, is -2");
  EXPECT_EQ(check(R"({"exclusiveMaximum": 1e300})", "18446744073709551615"), "");
}

TEST(SchemaTest, MultiplesAreThoseOfDecimals) {
  EXPECT_EQ(check(R"({"multipleOf": 0.0001})", "0.0075"), "");
  EXPECT_EQ(check(R"({"multipleOf": 0.01})", "19.99"), "");
  EXPECT_EQ(check(R"({"multipleOf": 0.01})", "19.995"), ": must be a multiple of 0.01, is 19.995");
  EXPECT_EQ(check(R"({"multipleOf": 7})", "18446744073709551614"), "");
  EXPECT_EQ(check(R"({"multipleOf": 3})", "1e300"), ": must be a multiple of 3, is 1e+300");
  EXPECT_EQ(check(R"({"multipleOf": 0.5})", "-1e308"), "");
}

TEST(SchemaTest, SizesCountCharactersItemsAndKeys) {
  EXPECT_EQ(check(R"({"maxLength": 2})", R"("é😀x")"), ": must have at most 2 characters, has 3");
  EXPECT_EQ(check(R"({"minItems": 1})", "[]"), ": must have at least 1 item, has none");
  EXPECT_EQ(check(R"({"maxProperties": 0})", R"({"a": 1})"), ": must have at most no keys, has 1");
}

TEST(SchemaTest, AWrongKindAmongAlternativesIsToldAsOneSentence) {
  EXPECT_EQ(check(R"({"anyOf": [{"type": "string"}, {"type": "number"}, {"type": "null"}]})", "[]"),
            ": expected a string, a number or null, found a list");
}

TEST(SchemaTest, TheAlternativeThatWasMeantIsTheOneThatIsExplained) {
  const char* schema = R"({"anyOf": [
      {"type": "string"},
      {"type": "object", "required": ["path"], "properties": {"path": {"type": "string"}}}]})";
  EXPECT_EQ(check(schema, R"({"path": 1})"), "/path: expected a string, found a number");
  const char* tagged = R"({"oneOf": [
      {"properties": {"kind": {"const": "file"}, "path": {"type": "string"}}},
      {"properties": {"kind": {"const": "url"}, "url": {"type": "string"}}}]})";
  EXPECT_EQ(check(tagged, R"({"kind": "url", "url": 7})"),
            "/url: expected a string, found a number");
  EXPECT_EQ(check(tagged, R"({"kind": "ftp"})"),
            ": fits none of 2 alternatives; the nearest: expected 'file', found 'ftp'");
  EXPECT_EQ(check(R"({"oneOf": [{"type": "number"}, {"type": "integer"}]})", "1"),
            ": fits more than one of 2 alternatives: number 1 and number 2");
}

TEST(SchemaTest, WhatIsNotAllowedIsSaid) {
  EXPECT_EQ(check(R"({"not": {"type": "string"}})", R"("x")"),
            ": 'x' is one of the values that are not allowed");
  EXPECT_EQ(check("false", "1"), ": nothing is allowed here");
  EXPECT_EQ(check(R"({"dependentRequired": {"user": ["password"]}})", R"({"user": 1})"),
            ": key 'user' needs key 'password' beside it");
  EXPECT_EQ(check(R"({"propertyNames": {"maxLength": 1}})", R"({"ab": 1})"),
            ": key 'ab' is not allowed: must have at most 1 character, has 2");
  EXPECT_EQ(check(R"({"contains": {"type": "string"}, "minContains": 2})", R"(["a", 1])"),
            ": must have at least 2 items that fit its schema, has 1");
  EXPECT_EQ(check(R"({"if": {"required": ["a"]}, "then": {"required": ["b"]}})", R"({"a": 1})"),
            ": lacks the required key 'b'");
}

TEST(SchemaTest, ProblemsNameTheirKeywordWhereverItIs) {
  const auto schema = Schema::compile(json(
      R"({"properties": {"a/b": {"$ref": "#/$defs/x"}}, "$defs": {"x": {"type": "string"}}})"));
  const auto problems = schema->validate(json(R"({"a/b": 1})"));
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems[0].instance, "/a~1b");
  EXPECT_EQ(problems[0].schema, "/$defs/x/type");
}

TEST(SchemaTest, ASecretIsJudgedByItsValueAndShownAsItsExpression) {
  auto origin = std::make_shared<SecretOrigin>();
  origin->expression = "${{ vault.get('v', 'k') }}";
  const Value secret = Value::secret("hunter2", origin);
  EXPECT_EQ(check_value(R"({"pattern": "^hunter"})", secret), "");
  EXPECT_EQ(check_value(R"({"enum": ["hunter3"]})", secret),
            ": expected 'hunter3', found '${{ vault.get('v', 'k') }}'");
}

TEST(SchemaTest, FormatsAreAssertedOnlyWhenAsked) {
  EXPECT_EQ(check(R"({"format": "date"})", R"("tomorrow")"), "");
  EXPECT_EQ(check(R"({"format": "date"})", R"("tomorrow")", {.assert_formats = true}),
            ": 'tomorrow' is not in the format 'date' (write it like '2026-01-31')");
  EXPECT_EQ(check(R"({"format": "no-such-format"})", R"("x")", {.assert_formats = true}), "");
}

TEST(SchemaTest, ASchemaThatIsWrongDoesNotCompile) {
  EXPECT_EQ(check("[]", "1"), "a schema must be a map or a boolean");
  EXPECT_EQ(check(R"({"properties": {"a": {"type": "text"}}})", "1"),
            "schema keyword '/properties/a/type' must be one or several of string, number, "
            "integer, boolean, object, array, null");
  EXPECT_EQ(check(R"({"minLength": -1})", "1"),
            "schema keyword '/minLength' must be a whole number from 0");
  EXPECT_EQ(check(R"({"multipleOf": 0})", "1"),
            "schema keyword '/multipleOf' must be a number above 0");
  EXPECT_EQ(check(R"({"allOf": [1]})", "1"), "schema keyword '/allOf' must be made of schemas");
  EXPECT_EQ(check(R"({"required": "a"})", "1"),
            "schema keyword '/required' must be made of strings");
  EXPECT_EQ(
      check(R"({"items": [true]})", "1"),
      "schema keyword '/items' must be a schema; give schemas of single items under prefixItems");
  EXPECT_EQ(check(R"({"$ref": "#/$defs/x"})", "1"),
            "schema keyword '/$ref': '#/$defs/x' leads nowhere");
  EXPECT_EQ(check(R"({"$ref": "http://example.com/x"})", "1"),
            "schema keyword '/$ref': no schema 'http://example.com/x' is known");
}

TEST(SchemaTest, APatternThatRe2CannotRunSaysSo) {
  EXPECT_EQ(check(R"x({"pattern": "a(?=b)"})x", "1"),
            "schema keyword '/pattern' has a pattern that cannot be used: regular expression "
            "'a(?=b)' looks ahead or behind, "
            "which RE2 cannot do");
  EXPECT_EQ(check(R"({"patternProperties": {"(a)\\1": true}})", "1"),
            "schema keyword '/patternProperties' has a pattern that cannot be used: regular "
            "expression '(a)\\1' refers back to a "
            "group, which RE2 cannot do");
}

TEST(SchemaTest, OtherDocumentsAreKnownByTheirUri) {
  const Options options = {.documents = {{"https://example.com/types",
                                          json(R"({"$defs": {"port": {"type": "integer"}}})")}}};
  EXPECT_EQ(check(R"({"$ref": "https://example.com/types#/$defs/port"})", R"("x")", options),
            ": expected a whole number, found a string");
}

TEST(SchemaTest, TheMetaSchemaIsKnown) {
  const char* meta = R"({"$ref": "https://json-schema.org/draft/2020-12/schema"})";
  EXPECT_EQ(check(meta, R"({"minLength": 3, "properties": {"a": true}})"), "");
  EXPECT_NE(check(meta, R"({"properties": {"a": {"minLength": -1}}})"), "");
}

TEST(SchemaTest, ASchemaThatRefersToItselfEnds) {
  EXPECT_EQ(check(R"({"$ref": "#"})", "1"), ": schema '' refers to itself without an end");
  EXPECT_EQ(
      check(R"({"anyOf": [{"$ref": "#/$defs/a"}], "$defs": {"a": {"not": {"$ref": "#"}}}})", "1"),
      ": schema '' refers to itself without an end");
  const char* tree = R"({"type": "object", "properties": {"next": {"$ref": "#"}}})";
  EXPECT_EQ(check(tree, R"({"next": {"next": {"next": 1}}})"),
            "/next/next/next: expected a map, found a number");
}

TEST(SchemaTest, AValueNestedBeyondMeasureIsRefusedRatherThanFollowed) {
  Value value = 1;
  for (int i = 0; i < 3000; ++i) {
    value = Map{{"next", std::move(value)}};
  }
  EXPECT_EQ(check_value(R"({"properties": {"next": {"$ref": "#"}}})", value),
            ": is nested deeper than its schema can be followed (2000 steps)");
}

TEST(SchemaTest, ASchemaThatDoublesAtEveryStepIsGivenUp) {
  std::string schema = R"({"$ref": "#/$defs/d40", "$defs": {"d0": true)";
  for (int i = 1; i <= 40; ++i) {
    const std::string last = R"({"$ref": "#/$defs/d)" + std::to_string(i - 1) + "\"}";
    schema += ",\"d" + std::to_string(i) + "\": {\"allOf\": [" + last + "," + last + "]}";
  }
  const auto compiled = Schema::compile(json(schema + "}}"), {.max_steps = 10'000});
  EXPECT_FALSE(compiled->accepts(1));
  EXPECT_EQ(compiled->validate(1)[0].message, "takes more than 10000 steps to check");
}

TEST(SchemaTest, ProblemsBecomeOneErrorWithReadablePlaces) {
  const auto schema = Schema::compile(
      json(R"({"properties": {"steps": {"items": {"type": "string"}}}, "required": ["name"]})"));
  const Error error = to_error(schema->validate(json(R"({"steps": ["a", 1]})")), "workflow inputs");
  EXPECT_EQ(error.code, ErrorCode::invalid_input);
  EXPECT_EQ(error.message, "workflow inputs: lacks the required key 'name'");
  ASSERT_EQ(error.also.size(), 1U);
  EXPECT_EQ(error.also[0].message,
            "workflow inputs at 'steps[1]': expected a string, found a number");
}

}  // namespace
}  // namespace swamp::schema
