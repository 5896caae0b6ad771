#include "vault/reference.h"

#include <gtest/gtest.h>

namespace swamp::vault {
namespace {

SensitiveField field_of(std::string path) {
  return {.type = "@john/pod",
          .model_id = "7b1c",
          .method = "create",
          .spec = "state",
          .instance = "main",
          .version = 3,
          .path = std::move(path)};
}

TEST(ReferenceTest, IsWrittenAsTheOriginalWritesIt) {
  EXPECT_EQ((Reference{"prod", "API_KEY"}).to_string(), "${{ vault.get('prod', 'API_KEY') }}");
}

TEST(ReferenceTest, ReadsAReferenceAndNothingElse) {
  const Reference reference{"my vault", "a/b \"c\""};
  EXPECT_EQ(parse_reference(reference.to_string()), reference);
  EXPECT_EQ(parse_reference("${{vault.get('v','k')}}"), (Reference{"v", "k"}));
  for (const char* other :
       {"", "text", "vault.get('v', 'k')", " ${{ vault.get('v', 'k') }}",
        "${{ vault.get('v', 'k') }} ", "${{ vault.get(\"v\", \"k\") }}", "${{ vault.get('v') }}",
        "${{ vault.get('v', 'k', 'x') }}", "${{ vault.get('v', 'k') + 'x' }}",
        "${{ vault.get(v, k) }}", "${{ vault.get('v', 'k }}",
        "${{ vault.get('v', 'k') }}${{ vault.get('v', 'k') }}"}) {
    EXPECT_EQ(parse_reference(other), std::nullopt) << other;
  }
}

TEST(SensitiveKeyTest, NamesTheFieldAndTheDataVersion) {
  EXPECT_EQ(sensitive_key(field_of("token"), "s"), "john-pod-7b1c-create-state-main-token-3");
  EXPECT_EQ(sensitive_key(field_of("token"), 5), "john-pod-7b1c-create-state-main-token-3.json");
  SensitiveField varied = field_of("token");
  varied.vary = "eu";
  EXPECT_EQ(sensitive_key(varied, "s"), "john-pod-7b1c-create-state-main-token-eu-3");
  SensitiveField fixed = field_of("token");
  fixed.fixed_key = "MY_TOKEN";
  EXPECT_EQ(sensitive_key(fixed, 5), "MY_TOKEN");
}

TEST(SensitiveKeyTest, TwoFieldsNeverShareAKey) {
  SensitiveField first = field_of("b-c");
  first.instance = "a";
  SensitiveField second = field_of("c");
  second.instance = "a-b";
  SensitiveField third = field_of("b/c");
  third.instance = "a";
  SensitiveField fourth = field_of("b");
  fourth.instance = "a";
  fourth.vary = "c";
  const std::string keys[] = {sensitive_key(first, "s"), sensitive_key(second, "s"),
                              sensitive_key(third, "s"), sensitive_key(fourth, "s")};
  EXPECT_EQ(keys[0].substr(0, keys[0].size() - 15), keys[1].substr(0, keys[1].size() - 15));
  for (int i = 0; i < 4; ++i) {
    for (int k = 0; k < i; ++k)
      EXPECT_NE(keys[i], keys[k]);
  }
}

TEST(SensitiveKeyTest, IsAlwaysAFileNameThatAReferenceCanHold) {
  SensitiveField field = field_of("it's \\ a\n/../" + std::string(300, 'x') + "\xC3\xBC");
  const std::string key = sensitive_key(field, 1);
  EXPECT_LE(key.size(), 251U);
  EXPECT_EQ(key.find_first_of("'/\\\n"), std::string::npos) << key;
  EXPECT_EQ(key.find(".."), std::string::npos);
  EXPECT_TRUE(is_typed_key(key));
}

TEST(SensitiveKeyTest, OnlyKeysOfTheFieldAreItsKeys) {
  const SensitiveField field = field_of("token");
  EXPECT_TRUE(is_key_of(field, "john-pod-7b1c-create-state-main-token-3"));
  EXPECT_TRUE(is_key_of(field, "john-pod-7b1c-create-state-main-token-3.json"));
  EXPECT_TRUE(is_key_of(field, "john-pod-7b1c-create-state-main-token"))
      << "as the original names it";
  EXPECT_FALSE(is_key_of(field, "john-pod-7b1c-create-state-main-token-2"));
  EXPECT_FALSE(is_key_of(field, "john-pod-7b1c-create-state-main-other-3"));
  EXPECT_FALSE(is_key_of(field, "API_KEY"));
  SensitiveField fixed = field;
  fixed.fixed_key = "API_KEY";
  EXPECT_TRUE(is_key_of(fixed, "API_KEY"));
  EXPECT_FALSE(is_key_of(fixed, "john-pod-7b1c-create-state-main-token-3"));
}

TEST(SensitiveKeyTest, OnlyGeneratedKeysSayThatAValueHasAType) {
  EXPECT_TRUE(is_typed_key("a-3.json"));
  EXPECT_FALSE(is_typed_key("a-3"));
  EXPECT_FALSE(is_typed_key("credentials.json"));
  EXPECT_FALSE(is_typed_key("-.json"));
}

}  // namespace
}  // namespace swamp::vault
