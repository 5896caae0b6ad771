#include "spec/inputs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "spec/test_problems.h"
#include "value/json.h"

namespace swamp::spec {
namespace {

using testing::ElementsAre;

Value json(std::string_view text) {
  auto value = parse_json(text);
  EXPECT_TRUE(value) << text;
  return value ? *value : Value();
}

InputSchema schema(std::string_view text) {
  auto made = InputSchema::make(Field::written(json(text)));
  EXPECT_TRUE(made) << made.error().message;
  return made ? *made : InputSchema();
}

std::string bound(std::string_view given, std::string_view text, const InputNeeds& needs = {}) {
  auto result = bind_inputs(json(given).as_map(), schema(text), needs);
  return result ? write_json(*result) : "error: " + result.error().message;
}

std::vector<std::string> messages(std::string_view given, std::string_view text) {
  auto result = bind_inputs(json(given).as_map(), schema(text));
  std::vector<std::string> lines;
  if (result) return lines;
  EXPECT_EQ(result.error().name, "input_validation_failed");
  lines.push_back(result.error().message);
  for (const auto& other : result.error().also)
    lines.push_back(other.message);
  return lines;
}

TEST(InputsTest, TheFlatFormAndTheFormWithPropertiesMeanTheSame) {
  const auto flat =
      schema(R"({"who": {"type": "string", "default": "world"}, "n": {"type": "integer"}})");
  const auto full = schema(
      R"({"properties": {"who": {"type": "string", "default": "world"}, "n": {"type": "integer"}}})");
  EXPECT_EQ(flat.schema(), full.schema());
  EXPECT_THAT(flat.names(), ElementsAre("who", "n"));
  EXPECT_TRUE(flat.has_default("who"));
  EXPECT_FALSE(flat.has_default("n"));
}

TEST(InputsTest, TheFlatFormMaySayWhatIsRequired) {
  const auto flat = schema(R"({"type": "object", "required": ["who"], "who": {"type": "string"}})");
  EXPECT_THAT(flat.names(), ElementsAre("who"));
  EXPECT_THAT(flat.required(), ElementsAre("who"));
}

TEST(InputsTest, TextsBecomeWhatIsDeclared) {
  constexpr std::string_view kSchema =
      R"({"n": {"type": "number"}, "i": {"type": "integer"}, "b": {"type": "boolean"},
      "a": {"type": "array", "items": {"type": "integer"}}, "o": {"type": "object"}, "s": {"type": "string"}})";
  EXPECT_EQ(bound(R"({"n": "1.5"})", kSchema), R"({"n":1.5})");
  EXPECT_EQ(bound(R"({"n": "1e3"})", kSchema), R"({"n":1000})");
  EXPECT_EQ(bound(R"({"n": "0x10"})", kSchema), R"({"n":16})");
  EXPECT_EQ(bound(R"({"n": " 1 "})", kSchema), R"({"n":1})");
  EXPECT_EQ(bound(R"({"i": "9007199254740993"})", kSchema), R"({"i":9007199254740993})");
  EXPECT_EQ(bound(R"({"i": "-3"})", kSchema), R"({"i":-3})");
  EXPECT_EQ(bound(R"({"i": "2.0"})", kSchema), R"({"i":2})");
  EXPECT_EQ(bound(R"({"b": "true"})", kSchema), R"({"b":true})");
  EXPECT_EQ(bound(R"({"a": "[1,2]"})", kSchema), R"({"a":[1,2]})");
  EXPECT_EQ(bound(R"({"a": ["1", 2]})", kSchema), R"({"a":[1,2]})");
  EXPECT_EQ(bound(R"({"o": "{\"k\": 1}"})", kSchema), R"({"o":{"k":1}})");
  EXPECT_EQ(bound(R"({"s": "5"})", kSchema), R"({"s":"5"})");
}

TEST(InputsTest, WhatIsNoNumberIsRefusedRatherThanGuessed) {
  constexpr std::string_view kSchema =
      R"({"n": {"type": "number"}, "i": {"type": "integer"}, "b": {"type": "boolean"}})";
  EXPECT_THAT(messages(R"({"n": ""})", kSchema), ElementsAre("input 'n' must be a number"));
  EXPECT_THAT(messages(R"({"n": "12px"})", kSchema), ElementsAre("input 'n' must be a number"));
  EXPECT_THAT(messages(R"({"i": "1.7"})", kSchema), ElementsAre("input 'i' must be an integer"));
  EXPECT_THAT(messages(R"({"b": "yes"})", kSchema), ElementsAre("input 'b' must be a boolean"));
  EXPECT_THAT(messages(R"({"n": "nan"})", kSchema), ElementsAre("input 'n' must be a number"));
}

TEST(InputsTest, EverythingWrongIsToldAtOnce) {
  EXPECT_THAT(messages(R"({"env": "prd", "tags": [], "deep": {"list": [1, "x"]}})", R"({
                "required": ["name", "region", "env"],
                "properties": {
                  "name": {"type": "string"}, "region": {"type": "string"},
                  "env": {"type": "string", "enum": ["dev", "prod"]},
                  "tags": {"type": "array", "minItems": 1},
                  "deep": {"type": "object", "properties": {"list": {"type": "array", "items": {"type": "integer"}}}}}})"),
              testing::UnorderedElementsAre(
                  "input 'name' is required", "input 'region' is required",
                  "input 'env' must be one of: dev, prod", "input 'tags' must have at least 1 item",
                  "input 'deep.list[1]' must be an integer"));
}

TEST(InputsTest, AMisspeltChoiceGetsASuggestion) {
  const auto result =
      bind_inputs(Map{{"env", "prd"}}, schema(R"({"env": {"enum": ["dev", "prod"]}})"));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().hint, "did you mean 'prod'?");
}

TEST(InputsTest, DefaultsFillWhatIsAbsentOrNull) {
  constexpr std::string_view kSchema =
      R"({"properties": {"who": {"type": "string", "default": "world"}, "n": {"type": "integer"}}, "required": ["who"]})";
  EXPECT_EQ(bound("{}", kSchema), R"({"who":"world"})");
  EXPECT_EQ(bound(R"({"who": null})", kSchema), R"({"who":"world"})");
  EXPECT_EQ(bound(R"({"n": null})", kSchema), "error: input 'n' must be an integer");
}

TEST(InputsTest, UndeclaredKeysPassUnlessTheyAreKeptOut) {
  EXPECT_EQ(bound(R"({"x": 1})", R"({"n": {"type": "integer"}})"), R"({"x":1})");
  EXPECT_EQ(
      bound(R"({"x": 1})", R"({"properties": {}, "additionalProperties": false})").substr(0, 6),
      "error:");
  EXPECT_EQ(write_json(*bind_inputs(Map{{"x", 1}}, InputSchema())), R"({"x":1})");
}

TEST(InputsTest, OnlyNeededInputsAreRequiredWhereThatIsAsked) {
  constexpr std::string_view kSchema =
      R"({"properties": {"a": {"type": "string"}, "b": {"type": "string"}}, "required": ["a", "b"]})";
  EXPECT_EQ(bound(R"({"a": "x"})", kSchema, {.all = false, .names = {"a"}}), R"({"a":"x"})");
  EXPECT_EQ(bound(R"({"b": "x"})", kSchema, {.all = false, .names = {"a"}}),
            "error: input 'a' is required");
  EXPECT_EQ(bound("{}", kSchema, {.all = false, .names = {}}), "{}");
}

TEST(InputsTest, TheFullValidatorIsUsed) {
  EXPECT_THAT(
      messages(
          R"({"n": 5, "s": "abc"})",
          R"({"n": {"type": "integer", "maximum": 3}, "s": {"type": "string", "pattern": "^x"}})")
          .size(),
      2U);
}

TEST(InputsTest, ADefaultThatIsAnExpressionIsEvaluatedBefore) {
  const auto written = schema(R"({"home": {"type": "string", "default": "${{ env.HOME }}"}})");
  ASSERT_EQ(written.source().expressions().size(), 1U);
  EXPECT_EQ(written.source().expressions()[0].pointer, "/home/default");
  const auto evaluated = written.evaluated(
      json(R"({"home": {"type": "string", "default": "${{ not scanned again }}"}})"));
  ASSERT_TRUE(evaluated);
  EXPECT_FALSE(evaluated->source().has_expressions());
  EXPECT_EQ(write_json(*bind_inputs(Map{}, *evaluated)), R"({"home":"${{ not scanned again }}"})");
}

TEST(InputsTest, ASecretStaysASecret) {
  const auto origin = std::make_shared<const SecretOrigin>(
      SecretOrigin{.expression = "${{ vault.get('v', 'k') }}"});
  const auto result =
      bind_inputs(Map{{"pw", Value::secret("5", origin)}}, schema(R"({"pw": {"type": "string"}})"));
  ASSERT_TRUE(result);
  EXPECT_TRUE(result->find("pw")->is_secret());
}

TEST(InputsTest, ABadSchemaIsToldAtItsPlace) {
  const auto made =
      InputSchema::make(Field::written(json(R"({"n": {"type": "integer", "minimum": "x"}})")));
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::invalid_input);
}

TEST(InputsTest, MapsMergeAndEverythingElseReplaces) {
  EXPECT_EQ(write_json(deep_merge(json(R"({"a": {"x": 1, "y": [1]}, "b": 1})").as_map(),
                                  json(R"({"a": {"y": [2], "z": 3}, "b": {"c": 1}})").as_map())),
            R"({"a":{"x":1,"y":[2],"z":3},"b":{"c":1}})");
}

}  // namespace
}  // namespace swamp::spec
