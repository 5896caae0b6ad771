#include "cel/time.h"

#include <gtest/gtest.h>

#include "cel/testing.h"
#include "cel/zone.h"

namespace swamp::cel {
namespace {

std::string round_trip(std::string_view text) {
  const auto instant = parse_timestamp(text);
  return instant ? format_timestamp(*instant) : "none";
}

TEST(TimeTest, TimestampsAreReadAndPrintedAsRfc3339) {
  EXPECT_EQ(round_trip("2009-02-13T23:31:30Z"), "2009-02-13T23:31:30Z");
  EXPECT_EQ(round_trip("2009-02-13t23:31:30.120000z"), "2009-02-13T23:31:30.12Z");
  EXPECT_EQ(round_trip("0001-01-01T00:00:00.000000001Z"), "0001-01-01T00:00:00.000000001Z");
  EXPECT_EQ(round_trip("2024-02-29T23:00:00-02:30"), "2024-03-01T01:30:00Z");
  for (const std::string_view bad :
       {"2023-02-29T00:00:00Z", "2024-01-01", "2024-01-01T00:00:00", "2024-01-01T24:00:00Z",
        "2024-13-01T00:00:00Z", "2024-01-01T00:00:00.Z", "0000-01-01T00:00:00Z",
        "9999-12-31T23:59:59-00:01", "2024-01-01T00:00:00+0100", "-024-01-01T00:00:00Z"}) {
    EXPECT_EQ(round_trip(bad), "none") << bad;
  }
}

TEST(TimeTest, CivilTimeIsRightOverCenturies) {
  for (std::int64_t day = days_of(1, 1, 1); day < days_of(9999, 12, 31); day += 397) {
    const Civil civil = civil_at({.seconds = day * 86'400}, 0);
    ASSERT_EQ(days_of(civil.year, civil.month, civil.day), day);
    ASSERT_EQ(civil.day_of_year, day - days_of(civil.year, 1, 1));
  }
  EXPECT_EQ(civil_at({.seconds = -1}, 0).second, 59);
}

std::string duration(std::string_view text) {
  const auto nanos = parse_duration(text);
  return nanos ? format_duration(*nanos) : "none";
}

TEST(TimeTest, DurationsHaveUnits) {
  EXPECT_EQ(duration("1h30m"), "5400s");
  EXPECT_EQ(duration("-1.5s"), "-1.5s");
  EXPECT_EQ(duration("100ms"), "0.1s");
  EXPECT_EQ(duration("1us2ns"), "0.000001002s");
  EXPECT_EQ(duration("0"), "0s");
  EXPECT_EQ(duration(".5h"), "1800s");
  for (const std::string_view bad :
       {"", "5", "1d", "h", "-", "1h30", "1.2.3s", "300y", "9999999999999h", "1 h"}) {
    EXPECT_EQ(duration(bad), "none") << bad;
  }
}

std::int64_t offset(std::string_view zone, std::string_view time) {
  auto opened = Zone::open(zone);
  EXPECT_TRUE(opened) << zone;
  return opened ? (*opened)->offset_at(parse_timestamp(time)->seconds) / 60 : -9999;
}

TEST(ZoneTest, ZonesOfTheDatabaseKnowTheirHistoryAndFuture) {
  EXPECT_EQ(offset("Europe/Berlin", "2024-01-15T12:00:00Z"), 60);
  EXPECT_EQ(offset("Europe/Berlin", "2024-07-15T12:00:00Z"), 120);
  EXPECT_EQ(offset("Europe/Berlin", "2024-03-31T00:59:59Z"), 60);
  EXPECT_EQ(offset("Europe/Berlin", "2024-03-31T01:00:00Z"), 120);
  EXPECT_EQ(offset("Europe/Berlin", "2099-07-15T12:00:00Z"), 120);
  EXPECT_EQ(offset("Europe/Berlin", "2099-12-15T12:00:00Z"), 60);
  EXPECT_EQ(offset("Australia/Sydney", "2099-01-15T12:00:00Z"), 660);
  EXPECT_EQ(offset("Australia/Sydney", "2099-07-15T12:00:00Z"), 600);
  EXPECT_EQ(offset("America/New_York", "1900-01-01T12:00:00Z"), -300);
  EXPECT_EQ(offset("Asia/Kathmandu", "2050-01-01T00:00:00Z"), 345);
}

TEST(ZoneTest, OffsetsAreZonesToo) {
  EXPECT_EQ(offset("UTC", "2024-01-15T12:00:00Z"), 0);
  EXPECT_EQ(offset("+11:00", "2024-01-15T12:00:00Z"), 660);
  EXPECT_EQ(offset("-09:30", "2024-01-15T12:00:00Z"), -570);
  EXPECT_EQ(offset("02:00", "2024-01-15T12:00:00Z"), 120);
}

TEST(ZoneTest, WhatIsNoZoneIsRefused) {
  for (const std::string_view bad : {"", "Mars/Base", "../../../etc/passwd", "/etc/passwd",
                                     "Europe", "+25:00", "1:00", "Europe/Berlin\n"}) {
    EXPECT_FALSE(Zone::open(bad)) << bad;
  }
  EXPECT_EQ(testing::complaint("timestamp(0).getHours('Mars/Base')"),
            "there is no time zone 'Mars/Base' @1:14 «getHours»  zones are called as in "
            "Europe/Berlin, or written as an offset such as +02:00");
}

TEST(ZoneTest, ADamagedFileIsRefused) {
  EXPECT_FALSE(Zone::parse(""));
  EXPECT_FALSE(Zone::parse("TZif2"));
  std::string header = "TZif2" + std::string(15, '\0') + std::string(24, '\xff');
  EXPECT_FALSE(Zone::parse(header));
  EXPECT_FALSE(Zone::parse(header + header));
}

}  // namespace
}  // namespace swamp::cel
