#include "vault/secret.h"

#include <sstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace swamp::vault {
namespace {

TEST(SecretTest, PrintsAsStars) {
  const Secret secret("hunter2");
  std::ostringstream stream;
  stream << secret;
  EXPECT_EQ(stream.str(), "***");
  EXPECT_EQ(fmt::format("[{}] [{:>5}]", secret, secret), "[***] [  ***]");
}

TEST(SecretTest, GivesItsTextOnlyWhenAskedTo) {
  const Secret secret(std::string_view("a\0b", 3));
  EXPECT_EQ(secret.reveal(), std::string_view("a\0b", 3));
  EXPECT_EQ(secret.size(), 3U);
  EXPECT_TRUE(Secret().empty());
  EXPECT_EQ(Secret().reveal(), "");
}

TEST(SecretTest, CopiesShareOneBuffer) {
  const Secret secret("hunter2");
  const Secret copy = secret;  // NOLINT(performance-unnecessary-copy-initialization)
  EXPECT_EQ(copy.reveal().data(), secret.reveal().data());
}

TEST(SecretTest, IsEqualByText) {
  EXPECT_EQ(Secret("abc"), Secret("abc"));
  EXPECT_FALSE(Secret("abc") == Secret("abd"));
  EXPECT_FALSE(Secret("abc") == Secret("abcd"));
  EXPECT_EQ(Secret(""), Secret());
}

TEST(SecretTest, TakingASecretWipesTheWholeTextItCameFrom) {
  std::string text(100, 'x');
  text.resize(60);  // the rest of the allocation still holds what was there
  const Secret secret = Secret::take(text);
  EXPECT_EQ(secret.reveal(), std::string(60, 'x'));
  EXPECT_TRUE(text.empty());
  text.resize(text.capacity(), '.');
  EXPECT_EQ(text.find('x'), std::string::npos);
}

TEST(SecretTest, ABufferIsWipedHoweverItsScopeIsLeft) {
  std::string text = "hunter2 hunter2 hunter2";
  const char* memory = text.data();
  { const WipedAtEnd wiped(text); }
  EXPECT_TRUE(text.empty());
  EXPECT_EQ(std::string_view(memory, 23),
            std::string_view("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 23));
}

}  // namespace
}  // namespace swamp::vault
