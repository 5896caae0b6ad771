#include "model/builtin/shell_output.h"

#include <gtest/gtest.h>

#include "model/builtin/spool.h"

namespace swamp::model {
namespace {

TEST(BoundedTextTest, WithinTheLimitOnlyTheFinalNewlineIsLost) {
  BoundedText text(100);
  text.append("a\nb\n");
  EXPECT_EQ(text.text(), "a\nb");
  EXPECT_FALSE(text.is_truncated());
}

TEST(BoundedTextTest, BeyondTheLimitHeadAndTailStayHoweverItComes) {
  std::string all;
  for (int i = 0; i < 100; ++i) {
    all += static_cast<char>('a' + i % 26);
  }
  for (std::size_t piece : {1U, 3U, 7U, 19U, 20U, 21U, 50U, 100U}) {
    BoundedText text(20);
    for (std::size_t at = 0; at < all.size(); at += piece) {
      text.append(std::string_view(all).substr(at, piece));
    }
    EXPECT_EQ(text.text(), all.substr(0, 10) + "\n[... 80 bytes left out; the log has them ...]\n" +
                               all.substr(90))
        << "in pieces of " << piece;
  }
}

TEST(SpoolTest, WhatIsBeyondTheMemoryLimitComesBackInOrder) {
  Spool spool(10);
  std::string expected;
  for (int i = 0; i < 50; ++i) {
    const std::string piece = std::to_string(i) + ",";
    expected += piece;
    ASSERT_TRUE(spool.append(piece));
  }
  std::string all;
  ASSERT_TRUE(spool.replay([&](std::string_view piece) {
    all += piece;
    return Result<>{};
  }));
  EXPECT_EQ(all, expected);
}

}  // namespace
}  // namespace swamp::model
