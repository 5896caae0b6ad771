#include "base/ascii.h"

#include <gtest/gtest.h>

namespace swamp {
namespace {

static_assert(is_digit('0') && is_digit('9') && !is_digit('/') && !is_digit(':'));
static_assert(is_letter('a') && is_letter('Z') && !is_letter('@') && !is_letter('[') &&
              !is_letter('\xc4'));
static_assert(is_hex_digit('f') && is_hex_digit('A') && !is_hex_digit('g') && !is_hex_digit('G'));
static_assert(is_alphanumeric('7') && is_alphanumeric('q') && !is_alphanumeric('_'));
static_assert(to_lower('Z') == 'z' && to_lower('[') == '[' && to_upper('a') == 'A');

TEST(AsciiTest, OnlyLettersOfAsciiChangeTheirCase) {
  EXPECT_EQ(to_lower("Grün-Ä 9Z"), "grün-Ä 9z");
}

TEST(AsciiTest, AWordIsFoundInLettersOfEitherCase) {
  EXPECT_TRUE(contains_in_any_case("a Release", "rElea"));
  EXPECT_FALSE(contains_in_any_case("a Release", "releases"));
  EXPECT_TRUE(contains_in_any_case("", ""));
  EXPECT_FALSE(contains_in_any_case("", "x"));
}

}  // namespace
}  // namespace swamp
