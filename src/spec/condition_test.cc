#include "spec/condition.h"

#include <gtest/gtest.h>

#include "spec/cron.h"
#include "value/json.h"

namespace swamp::spec {
namespace {

using Kind = Condition::Kind;

Condition leaf(Kind kind) {
  return {.kind = kind};
}
Condition of(Kind kind, std::vector<Condition> parts) {
  return {.kind = kind, .parts = std::move(parts)};
}

/// The endings for which a condition holds, as their first letters.
std::string holding(const Condition& condition) {
  std::string text;
  if (holds(condition, Ending::succeeded)) text += 's';
  if (holds(condition, Ending::failed)) text += 'f';
  if (holds(condition, Ending::skipped)) text += 'k';
  return text;
}

TEST(ConditionTest, EachKindHoldsForItsEndings) {
  EXPECT_EQ(holding(leaf(Kind::always)), "sfk");
  EXPECT_EQ(holding(leaf(Kind::succeeded)), "s");
  EXPECT_EQ(holding(leaf(Kind::failed)), "f");
  EXPECT_EQ(holding(leaf(Kind::completed)), "sf");
  EXPECT_EQ(holding(leaf(Kind::skipped)), "k");
  EXPECT_EQ(holding(of(Kind::negation, {leaf(Kind::succeeded)})), "fk");
  EXPECT_EQ(holding(of(Kind::any_of, {leaf(Kind::failed), leaf(Kind::skipped)})), "fk");
  EXPECT_EQ(
      holding(of(Kind::all_of, {leaf(Kind::completed), of(Kind::negation, {leaf(Kind::failed)})})),
      "s");
}

TEST(ConditionTest, AConditionReadsLikeASentence) {
  const auto condition =
      of(Kind::any_of,
         {leaf(Kind::failed),
          of(Kind::negation, {of(Kind::all_of, {leaf(Kind::always), leaf(Kind::skipped)})})});
  EXPECT_EQ(to_string(condition), "(failed or not (always and skipped))");
  EXPECT_EQ(
      write_json(to_value(condition)),
      R"({"type":"or","conditions":[{"type":"failed"},{"type":"not","condition":{"type":"and","conditions":[{"type":"always"},{"type":"skipped"}]}}]})");
}

TEST(ConditionTest, WhatItMentionsIsFoundAtAnyDepth) {
  const auto condition =
      of(Kind::negation, {of(Kind::any_of, {leaf(Kind::failed), leaf(Kind::skipped)})});
  EXPECT_TRUE(mentions(condition, Kind::failed));
  EXPECT_TRUE(mentions(condition, Kind::negation));
  EXPECT_FALSE(mentions(condition, Kind::always));
}

TEST(CronTest, SchedulesPeopleWriteAreFine) {
  for (const auto* text :
       {"* * * * *", "0 3 * * MON-FRI", "*/5 0-6,22 1,15 jan,Jul ?", "30 0 3 L * 5L",
        "0 0 LW * 1#2", "0 0 15W * 7", "  0   3 * * *  ", "1-59/2 * * * *"}) {
    EXPECT_TRUE(check_cron(text)) << text;
  }
}

TEST(CronTest, ABadFieldIsNamed) {
  const auto problem = [](std::string_view text) { return check_cron(text).error().message; };
  EXPECT_EQ(problem("0 24 * * *"), "schedule '0 24 * * *' has '24' as hour");
  EXPECT_EQ(problem("0 3 * * FUN"), "schedule '0 3 * * FUN' has 'FUN' as weekday");
  EXPECT_EQ(problem("*/0 * * * *"), "schedule '*/0 * * * *' has '*/0' as minute");
  EXPECT_EQ(problem("0 3 5-1 * *"), "schedule '0 3 5-1 * *' has '5-1' as day");
  EXPECT_EQ(problem("61 0 3 * * *"), "schedule '61 0 3 * * *' has '61' as second");
  EXPECT_EQ(problem("0 3 1,,2 * *"), "schedule '0 3 1,,2 * *' has '' as day");
  EXPECT_EQ(problem("0 3 * *"), "schedule '0 3 * *' has 4 fields, not 5 or 6");
  EXPECT_EQ(problem("@daily"), "schedule '@daily' has 1 fields, not 5 or 6");
  EXPECT_EQ(check_cron("0 24 * * *").error().hint,
            "hour is a number from 0 to 23, a range, '*' or '*/n'");
}

}  // namespace
}  // namespace swamp::spec
