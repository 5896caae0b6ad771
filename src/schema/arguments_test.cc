#include "schema/arguments.h"

#include <gtest/gtest.h>

#include "schema/schema.h"
#include "value/json.h"

namespace swamp::schema {
namespace {

Value json(std::string_view text) {
  return *parse_json(text);
}

std::string coerced(std::string_view text, std::string_view schema) {
  return write_json(coerce(Value(text), json(schema)));
}

TEST(CoerceTest, ATextBecomesWhatTheSchemaDeclares) {
  EXPECT_EQ(coerced("12", R"({"type": "number"})"), "12");
  EXPECT_EQ(coerced(" -1.5e3 ", R"({"type": "number"})"), "-1500");
  EXPECT_EQ(coerced("0x10", R"({"type": "integer"})"), "16");
  EXPECT_EQ(coerced("18446744073709551615", R"({"type": "integer"})"), "18446744073709551615");
  EXPECT_EQ(coerced("true", R"({"type": "boolean"})"), "true");
  EXPECT_EQ(coerced("[1, 2]", R"({"type": "array"})"), "[1,2]");
  EXPECT_EQ(coerced(R"({"a": 1})", R"({"type": "object"})"), R"({"a":1})");
  EXPECT_EQ(coerced("3", R"({"enum": [1, 2, 3]})"), "3");
}

TEST(CoerceTest, ATextThatReadsAsNothingDeclaredStaysForTheValidatorToRefuse) {
  EXPECT_EQ(coerced("", R"({"type": "number"})"), R"("")");
  EXPECT_EQ(coerced("  ", R"({"type": "integer"})"), R"("  ")");
  EXPECT_EQ(coerced("12px", R"({"type": "number"})"), R"("12px")");
  EXPECT_EQ(coerced("True", R"({"type": "boolean"})"), R"("True")");
  EXPECT_EQ(coerced("1", R"({"type": "boolean"})"), R"("1")");
  EXPECT_EQ(coerced("{}", R"({"type": "array"})"), R"("{}")");
  EXPECT_EQ(coerced("[1", R"({"type": "array"})"), R"("[1")");
}

TEST(CoerceTest, AFractionIsNotCutWhereAWholeNumberIsWanted) {
  const Value schema = json(R"({"type": "integer"})");
  const Value value = coerce(Value("1.7"), schema);
  EXPECT_EQ(value, Value(1.7));
  EXPECT_EQ(Schema::compile(schema)->validate(value)[0].message,
            "expected a whole number, found 1.7");
}

TEST(CoerceTest, AWholeNumberIsOneHoweverItIsWritten) {
  const Value schema = json(R"({"type": ["integer", "null"]})");
  for (const char* text : {"1000", "+1000", "1000.0", "1e3", "0x3e8"}) {
    const Value value = coerce(Value(text), schema);
    EXPECT_EQ(value.kind(), Value::Kind::int64) << text;
    EXPECT_EQ(value, Value(1000)) << text;
  }
  EXPECT_EQ(coerce(Value("1e300"), schema).kind(), Value::Kind::real);
  EXPECT_EQ(coerce(Value("1e3"), json(R"({"type": "number"})")).kind(), Value::Kind::real);
}

TEST(CoerceTest, ATextStaysATextWhereTextsAreTakenOrNothingIsDeclared) {
  for (const char* schema :
       {R"({"type": "string"})", R"({"type": ["number", "string"]})", "{}", "true",
        R"({"anyOf": [{"type": "number"}, {"type": "string"}]})", R"({"enum": ["1", 2]})"}) {
    EXPECT_EQ(coerced("1", schema), R"("1")") << schema;
  }
  auto origin = std::make_shared<SecretOrigin>();
  EXPECT_TRUE(coerce(Value::secret("1", origin), json(R"({"type": "number"})")).is_secret());
}

TEST(CoerceTest, MembersItemsReferencesAndNullableTypesAreFollowed) {
  const Value schema = json(R"({
      "properties": {"count": {"$ref": "#/$defs/n"}, "on": {"anyOf": [{"type": "boolean"}, {"type": "null"}]},
                     "list": {"type": "array", "prefixItems": [{"type": "string"}], "items": {"type": "number"}},
                     "deep": {"allOf": [{"properties": {"x": {"type": "number"}}}]}},
      "additionalProperties": {"type": "boolean"},
      "$defs": {"n": {"type": "integer"}}})");
  EXPECT_EQ(
      write_json(coerce(
          json(
              R"({"other": "true", "count": "1", "on": "false", "list": ["1", "2"], "deep": {"x": "3"}})"),
          schema)),
      R"({"other":true,"count":1,"on":false,"list":["1",2],"deep":{"x":3}})");
  EXPECT_EQ(write_json(coerce(json(R"({"list": "[\"1\", \"2\"]"})"), schema)),
            R"({"list":["1",2]})");
}

TEST(CoerceTest, WhatIsNoTextIsLeftAlone) {
  EXPECT_EQ(coerce(Value(1), json(R"({"type": "string"})")), Value(1));
  EXPECT_EQ(coerce(Value(), json(R"({"type": "number"})")), Value());
}

TEST(DefaultsTest, AbsentPropertiesGetTheirDefaultsInMapsThatAreThere) {
  const Value schema = json(R"({
      "properties": {"a": {"default": 1}, "b": {"$ref": "#/$defs/b"}, "deep": {"properties": {"c": {"default": [2]}}},
                     "absent": {"properties": {"d": {"default": 3}}}, "null": {"default": 4},
                     "list": {"items": {"properties": {"e": {"default": 5}}}}},
      "$defs": {"b": {"type": "string", "default": "x"}}})");
  EXPECT_EQ(write_json(apply_defaults(json(R"({"deep": {}, "null": null, "list": [{}, {"e": 0}]})"),
                                      schema)),
            R"({"deep":{"c":[2]},"null":null,"list":[{"e":5},{"e":0}],"a":1,"b":"x"})");
  EXPECT_EQ(apply_defaults(Value(1), schema), Value(1));
}

/// `a.b` for each sensitive field, with `@vault/key` where it says where it is kept.
std::vector<std::string> sensitive(std::string_view schema) {
  std::vector<std::string> out;
  for (const SensitiveField& field : sensitive_fields(json(schema))) {
    std::string text;
    for (const std::string& step : field.path) {
      text += (text.empty() ? "" : ".") + step;
    }
    if (!field.vault_name.empty()) text += "@" + field.vault_name + "/" + field.vault_key;
    out.push_back(text);
  }
  return out;
}

TEST(SensitiveTest, MarkedFieldsAreFoundThroughObjectsOnly) {
  EXPECT_EQ(
      sensitive(R"({
      "properties": {
        "plain": {"type": "string", "sensitive": false},
        "token": {"type": "string", "sensitive": true, "vaultName": "main", "vaultKey": "k"},
        "legacy": {"x-sensitive": true},
        "maybe": {"anyOf": [{"type": "string", "sensitive": true}, {"type": "null"}]},
        "whole": {"sensitive": true, "properties": {"inner": {"sensitive": true}}},
        "deep": {"properties": {"key": {"$ref": "#/$defs/secret"}}},
        "list": {"items": {"properties": {"key": {"sensitive": true}}}},
        "free": {"additionalProperties": {"sensitive": true}},
        "either": {"anyOf": [{"type": "number"}, {"type": "string", "sensitive": true}]}},
      "allOf": [{"properties": {"part": {"sensitive": true}}}],
      "$defs": {"secret": {"sensitive": true}}})"),
      (std::vector<std::string>{"token@main/k", "legacy", "maybe", "whole", "deep.key", "part"}));
}

TEST(SensitiveTest, ATypeThatContainsItselfEnds) {
  EXPECT_EQ(
      sensitive(
          R"({"properties": {"left": {"$ref": "#"}, "right": {"$ref": "#"}, "key": {"sensitive": true}}})"),
      std::vector<std::string>{"key"});
  EXPECT_TRUE(sensitive(R"({"$ref": "#"})").empty());
  EXPECT_TRUE(sensitive(R"({"allOf": [{"$ref": "#"}, {"$ref": "#"}]})").empty());
}

}  // namespace
}  // namespace swamp::schema
