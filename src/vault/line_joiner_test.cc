#include "vault/line_joiner.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

namespace swamp::vault {
namespace {

const std::string kLine(LineJoiner::kLeastLine, 'A');

std::string joined(std::string_view text) {
  return std::string(LineJoiner().feed(text));
}

TEST(LineJoinerTest, TakesOutTheLineEndsOfWhatIsEncoded) {
  EXPECT_EQ(joined(kLine + "\n" + kLine), kLine + kLine);
  EXPECT_EQ(joined(kLine + "\r\n" + "BC\nD"), kLine + "BC\nD");
  EXPECT_EQ(joined("x: " + kLine + "\n  \t" + kLine + "\nend"), "x: " + kLine + kLine + "end");
}

TEST(LineJoinerTest, LeavesOrdinaryLinesAlone) {
  for (const std::string& text :
       {std::string("done\nnext\n"), kLine.substr(1) + "\nB", kLine + " \nB", kLine + ".\nB"}) {
    EXPECT_EQ(joined(text), text);
  }
}

TEST(LineJoinerTest, BlanksThatGoOnAndOnAreNoIndentation) {
  const std::string blanks(1000, ' ');
  EXPECT_EQ(joined(kLine + "\n" + blanks + "B").size(), kLine.size() + 1000 - 256 + 2);
}

RC_GTEST_PROP(LineJoinerProperty, EveryByteThatIsLeftKnowsItsPlaceHoweverTheTextIsCut, ()) {
  const auto parts = *rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
      "A", "=", kLine, "\n", "\r\n", " ", "\t", ".", std::string(300, ' ')));
  std::string text;
  for (const std::string& part : parts)
    text += part;
  const std::string whole = joined(text);
  LineJoiner joiner;
  std::string out;
  std::size_t known = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto size = *rc::gen::inRange<std::size_t>(1, 50);
    out += joiner.feed(std::string_view(text).substr(at, size));
    at += size;
    known = *rc::gen::inRange<std::size_t>(known, out.size() + 1);
    joiner.forget_before(known);
    for (std::size_t i = known; i < out.size(); ++i)
      RC_ASSERT(text[joiner.place_of(i)] == out[i]);
  }
  RC_ASSERT(out == whole);
}

}  // namespace
}  // namespace swamp::vault
