#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace swamp::cel {

/// How far a place's clocks are ahead of UTC, now and at any other time.
class Zone {
 public:
  /// `UTC`, an offset such as `+11:00`, `-09:30` or `02:00`, or a name of the system's time zone
  /// database such as `Europe/Berlin`, whose file is read. Fails with invalid_input for a name that
  /// is none.
  static Result<std::shared_ptr<const Zone>> open(std::string_view name);

  /// Reads the content of a TZif file (RFC 8536).
  static Result<std::shared_ptr<const Zone>> parse(std::string_view content);

  /// Seconds ahead of UTC at `seconds` since 1970.
  std::int64_t offset_at(std::int64_t seconds) const;

 private:
  /// A day and second on which clocks are changed every year.
  struct YearlyChange {
    enum class Rule : std::uint8_t {
      weekday_of_month,
      day_without_leap,
      day_of_year
    } rule = Rule::weekday_of_month;
    int month = 1, week = 1, weekday = 0;  // the week-th weekday of the month; 5 is the last
    int day = 0;
    std::int64_t second = 7200;  // of that day, by the clock before the change

    std::int64_t at(std::int64_t year) const;
  };
  struct Change {
    std::int64_t at = 0;
    std::int64_t offset = 0;  // from then on
  };

  friend class ZoneReader;

  std::int64_t first_offset_ = 0;
  std::vector<Change> changes_;  // in order of time
  // After the last change.
  bool has_rule_ = false;
  std::int64_t standard_ = 0;
  bool has_summer_ = false;
  std::int64_t summer_ = 0;
  YearlyChange summer_begins_;
  YearlyChange summer_ends_;
};

}  // namespace swamp::cel
