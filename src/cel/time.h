#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "cel/datum.h"

namespace swamp::cel {

/// A date of the Gregorian calendar and a time of day.
struct Civil {
  std::int64_t year = 1970;
  int month = 1;  // from 1
  int day = 1;    // from 1
  int hour = 0;
  int minute = 0;
  int second = 0;
  int weekday = 4;      // Sunday is 0
  int day_of_year = 0;  // from 0
};

/// The civil time at a zone that is `offset` seconds ahead of UTC.
Civil civil_at(Instant instant, std::int64_t offset);

/// Days since 1970-01-01.
std::int64_t days_of(std::int64_t year, int month, int day);

/// Reads RFC 3339 with up to nine digits of fraction. Empty when it is none, or outside the years 1
/// to 9999.
std::optional<Instant> parse_timestamp(std::string_view text);

/// `2009-02-13T23:31:30.5Z`: as many digits of fraction as it takes.
std::string format_timestamp(Instant instant);

/// Whether the instant lies in the years 1 to 9999.
bool is_in_range(Instant instant);

/// Reads `1h30m`, `-1.5s`, `100ms`, `0`: units h m s ms us µs ns. Empty when it is none or over 292
/// years.
std::optional<std::int64_t> parse_duration(std::string_view text);

/// `5400s`, `0.1s`: seconds, with as many digits of fraction as it takes.
std::string format_duration(std::int64_t nanos);

/// Empty when the result is out of range.
std::optional<Instant> add(Instant instant, std::int64_t nanos);
std::optional<std::int64_t> difference(Instant a, Instant b);

}  // namespace swamp::cel
