#include <gtest/gtest.h>

#include "base/base64.h"
#include "base/clock.h"
#include "base/duration.h"
#include "base/result.h"
#include "base/suggest.h"

namespace swamp {
namespace {

TEST(ClockTest, ATimestampSurvivesBeingWrittenAndRead) {
  const std::string text = "2026-11-20T21:28:59.034Z";
  auto time = parse_iso8601(text);
  ASSERT_TRUE(time);
  EXPECT_EQ(to_iso8601(*time), text);
}

TEST(ClockTest, OffsetsAndFractionsAreUnderstood) {
  EXPECT_EQ(to_iso8601(*parse_iso8601("2026-01-01T00:30:00.5+01:00")), "2025-12-31T23:30:00.500Z");
  EXPECT_FALSE(parse_iso8601("2026-02-30T00:00:00Z"));
  EXPECT_FALSE(parse_iso8601("2026-01-01"));
}

TEST(IdTest, ANewIdIsAVersion4Uuid) {
  const std::string id = random_ids().uuid();
  EXPECT_TRUE(is_uuid(id));
  EXPECT_EQ(id[14], '4');
  EXPECT_NE(id, random_ids().uuid());
}

TEST(DurationTest, TimeLimitsTakeUnitsAndBareSeconds) {
  EXPECT_EQ(parse_time_limit("1.5s")->count(), 1500);
  EXPECT_EQ(parse_time_limit("250ms")->count(), 250);
  EXPECT_EQ(parse_time_limit("2")->count(), 2000);
  EXPECT_FALSE(parse_time_limit("0s"));
  EXPECT_FALSE(parse_time_limit("5 m"));
  EXPECT_FALSE(parse_time_limit("-1s"));
}

TEST(DurationTest, AgesHaveNoSeconds) {
  EXPECT_EQ(parse_age("1mo")->count(), 30LL * 24 * 3600 * 1000);
  EXPECT_FALSE(parse_age("10s"));
  EXPECT_FALSE(parse_age("10"));
}

TEST(SuggestTest, TheNearestWordIsFoundWithoutRegardToCase) {
  const std::string words[] = {"build", "deploy"};
  EXPECT_EQ(did_you_mean("biuld", words), "did you mean 'build'?");
  EXPECT_EQ(nearest("DEPLOY", words), "deploy");
  EXPECT_EQ(nearest("zzz", words), std::nullopt);
}

TEST(ErrorTest, ProblemsOfADocumentAreSortedByPlace) {
  Error late{.code = ErrorCode::invalid_input, .message = "late", .where = SourceSpan{.line = 9}};
  Error early{.code = ErrorCode::invalid_input, .message = "early", .where = SourceSpan{.line = 2}};
  const Error all = combine({late, early});
  EXPECT_EQ(all.message, "early");
  EXPECT_EQ(all.also.at(0).message, "late");
}

TEST(Base64Test, IsThatOfRfc4648) {
  const std::pair<const char*, const char*> cases[] = {{"", ""},
                                                       {"f", "Zg=="},
                                                       {"fo", "Zm8="},
                                                       {"foo", "Zm9v"},
                                                       {"foob", "Zm9vYg=="},
                                                       {"fooba", "Zm9vYmE="},
                                                       {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : cases) {
    EXPECT_EQ(base64_encode(bytes), text);
    EXPECT_EQ(base64_decode_canonical(text), bytes);
  }
  for (const char* text : {"Z", "Zg=", "Zg==Zg==", "Z===", "Zm9%"})
    EXPECT_EQ(base64_decode_canonical(text), std::nullopt) << text;
}

}  // namespace
}  // namespace swamp
