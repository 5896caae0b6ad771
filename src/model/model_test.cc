#include <gtest/gtest.h>

#include "model/builtin/all.h"
#include "model/identity.h"
#include "model/registry.h"

namespace swamp::model {
namespace {

IdentityContext context() {
  return {.secret_key = "key", .workspace_path = "/ws/1", .run_id = "run-1"};
}

Value secret(std::string value, std::string vault = "", std::string key = "") {
  auto origin = std::make_shared<SecretOrigin>();
  origin->expression = "${{ … }}";
  origin->vault = std::move(vault);
  origin->key = std::move(key);
  return Value::secret(std::move(value), std::move(origin));
}

TEST(IdentityTest, TheNameIsTheTypesLastSegmentAndTheHash) {
  auto instance = identify("@john/pod", Map{{"namespace", "x"}}, context());
  ASSERT_TRUE(instance);
  EXPECT_EQ(instance->name.substr(0, 4), "pod-");
  EXPECT_EQ(instance->name.size(), 4 + 12);
  EXPECT_EQ(instance->id[14], '8');
  EXPECT_TRUE(instance->ephemeral);
}

TEST(IdentityTest, OrderOfKeysAndKindOfNumberDoNotCount) {
  const Value a = Map{{"a", 1}, {"b", 2.0}};
  const Value b = Map{{"b", 2}, {"a", 1.0}};
  EXPECT_EQ(identify("t", a, context())->id, identify("t", b, context())->id);
}

TEST(IdentityTest, NullDiffersFromAbsentAndAnEmptyMapDoesNot) {
  EXPECT_NE(identify("t", Map{{"a", nullptr}}, context())->id, identify("t", Map{}, context())->id);
  EXPECT_EQ(identify("t", Value(), context())->id, identify("t", Map{}, context())->id);
}

TEST(IdentityTest, AVaultsSecretCountsByItsNameNotItsValue) {
  const Value old_value = Map{{"pw", secret("old", "v", "k")}};
  const Value new_value = Map{{"pw", secret("new", "v", "k")}};
  EXPECT_EQ(identify("t", old_value, context())->id, identify("t", new_value, context())->id);
  EXPECT_NE(identify("t", Map{{"pw", secret("old")}}, context())->id,
            identify("t", Map{{"pw", secret("new")}}, context())->id);
}

TEST(IdentityTest, WhatBelongsToTheRunDoesNotCount) {
  auto other = context();
  other.workspace_path = "/ws/2";
  EXPECT_EQ(identify("t", Map{{"dir", "/ws/1/src"}}, context())->id,
            identify("t", Map{{"dir", "/ws/2/src"}}, other)->id);
}

TEST(IdentityTest, ALiteralNulIsRefused) {
  auto instance = identify("t", Map{{"a", std::string("x\0y", 3)}}, context());
  ASSERT_FALSE(instance);
  EXPECT_EQ(instance.error().message, "a global argument holds the character U+0000");
}

TEST(RegistryTest, AnUnknownTypeIsAnsweredWithTheNearest) {
  auto type = builtin_types().require("command/shel");
  ASSERT_FALSE(type);
  EXPECT_EQ(type.error().message, "no model type 'command/shel' is installed");
  EXPECT_EQ(type.error().hint, "did you mean 'command/shell'?");
  EXPECT_EQ(type.error().name, "unknown_model_type");
}

TEST(RegistryTest, TheShellHasOneMethodThatCountsAsMutating) {
  auto type = builtin_types().find("command/shell");
  ASSERT_NE(type, nullptr);
  ASSERT_NE(type->find_method("execute"), nullptr);
  EXPECT_TRUE(type->find_method("execute")->is_mutating());
}

}  // namespace
}  // namespace swamp::model
