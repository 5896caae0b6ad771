#include "os/hash.h"

#include <string>

#include <gtest/gtest.h>

#include "support/temp_dir.h"

namespace swamp::os {
namespace {

constexpr std::string_view kAbc =
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

TEST(HashTest, Sha256IsThatOfTheStandard) {
  EXPECT_EQ(sha256_hex("abc"), kAbc);
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(HashTest, PiecesHashLikeTheWhole) {
  Sha256 hash;
  hash.update("a");
  hash.update("");
  hash.update("bc");
  EXPECT_EQ(to_hex(hash.finish()), kAbc);
}

TEST(HashTest, HmacIsThatOfRfc4231) {
  EXPECT_EQ(hmac_sha256_hex("Jefe", "what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hmac_sha256_hex("", "").size(), 64U);
}

TEST(HashTest, AFileHashesLikeItsBytes) {
  test::TempDir dir;
  const std::string bytes(700'000, 'x');
  dir.write("large", bytes);
  EXPECT_EQ(sha256_hex_of_file(dir / "large"), sha256_hex(bytes));
  EXPECT_EQ(sha256_hex_of_file(dir / "gone").error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace swamp::os
