#include <cstdint>
#include <optional>

#include "base/ascii.h"
#include "schema/format_rules.h"

namespace swamp::schema::rules {
namespace {

/// Takes a number of exactly `count` digits off the front.
std::optional<int> take_number(std::string_view& text, std::size_t count) {
  if (text.size() < count) return std::nullopt;
  int number = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (!is_digit(text[i])) return std::nullopt;
    number = number * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return number;
}

bool take(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

bool take_any_case(std::string_view& text, char upper) {
  return take(text, upper) || take(text, static_cast<char>(upper - 'A' + 'a'));
}

int days_in(int year, int month) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : kDays[month - 1];
}

bool take_date(std::string_view& text) {
  const auto year = take_number(text, 4);
  if (!year || !take(text, '-')) return false;
  const auto month = take_number(text, 2);
  if (!month || *month < 1 || *month > 12 || !take(text, '-')) return false;
  const auto day = take_number(text, 2);
  return day && *day >= 1 && *day <= days_in(*year, *month);
}

/// Minutes of `hh:mm`.
std::optional<int> take_minutes(std::string_view& text) {
  const auto hour = take_number(text, 2);
  if (!hour || *hour > 23 || !take(text, ':')) return std::nullopt;
  const auto minute = take_number(text, 2);
  if (!minute || *minute > 59) return std::nullopt;
  return *hour * 60 + *minute;
}

/// Minutes to take from local time; `Z`, `+hh:mm` or `-hh:mm`.
std::optional<int> take_offset(std::string_view& text) {
  if (take_any_case(text, 'Z')) return 0;
  const bool behind = text.starts_with('-');
  if (!take(text, '+') && !take(text, '-')) return std::nullopt;
  const auto minutes = take_minutes(text);
  if (!minutes) return std::nullopt;
  return behind ? -*minutes : *minutes;
}

bool take_time(std::string_view& text) {
  const auto minutes = take_minutes(text);
  if (!minutes || !take(text, ':')) return false;
  const auto second = take_number(text, 2);
  if (!second || *second > 60) return false;
  if (take(text, '.')) {
    if (!take_number(text, 1)) return false;
    while (take_number(text, 1)) {
    }
  }
  const auto offset = take_offset(text);
  if (!offset) return false;
  constexpr int kDay = 24 * 60;
  // A leap second is the last of a day in UTC.
  return *second < 60 || (*minutes - *offset + kDay) % kDay == kDay - 1;
}

/// Takes `<digits><unit>` for units of `units` that follow one another in that order without a gap;
/// how many.
std::size_t take_units(std::string_view& text, std::string_view units) {
  std::size_t taken = 0;
  std::size_t next = 0;
  while (!text.empty() && is_digit(text[0])) {
    const std::size_t digits = text.find_first_not_of("0123456789");
    if (digits == std::string_view::npos) break;
    const std::size_t unit = units.find(text[digits], next);
    if (unit == std::string_view::npos || (taken > 0 && unit != next)) break;
    text.remove_prefix(digits + 1);
    next = unit + 1;
    ++taken;
  }
  return taken;
}

}  // namespace

bool is_date(std::string_view text) {
  return take_date(text) && text.empty();
}

bool is_time(std::string_view text) {
  return take_time(text) && text.empty();
}

bool is_date_time(std::string_view text) {
  return take_date(text) && take_any_case(text, 'T') && take_time(text) && text.empty();
}

bool is_duration(std::string_view text) {
  if (!take(text, 'P')) return false;
  if (std::string_view weeks = text; take_units(weeks, "W") == 1 && weeks.empty()) return true;
  std::size_t units = take_units(text, "YMD");
  if (take(text, 'T')) {
    const std::size_t of_time = take_units(text, "HMS");
    if (of_time == 0) return false;
    units += of_time;
  }
  return units > 0 && text.empty();
}

}  // namespace swamp::schema::rules
