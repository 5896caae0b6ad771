#include "cel/time.h"

#include <array>
#include <charconv>

#include <fmt/format.h>

namespace swamp::cel {

namespace {

__extension__ typedef __int128
    Wide;  // nanoseconds over the years 1 to 9999 do not fit into 64 bits

constexpr std::int64_t kNanos = 1'000'000'000;
constexpr std::int64_t kDay = 86'400;
constexpr std::int64_t kFirstSecond = -62'135'596'800;  // 0001-01-01T00:00:00Z
constexpr std::int64_t kLastSecond = 253'402'300'799;   // 9999-12-31T23:59:59Z

std::int64_t floor_divide(std::int64_t a, std::int64_t b) {
  return a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0);
}

bool is_leap(std::int64_t year) {
  return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int days_in_month(std::int64_t year, int month) {
  static constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : kDays[static_cast<std::size_t>(month - 1)];
}

/// Takes text apart from the front; every step fails softly.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool take(char c) {
    if (rest_.empty() || rest_[0] != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool take_letter(char upper) { return take(upper) || take(static_cast<char>(upper - 'A' + 'a')); }

  /// Exactly `count` digits, within the bounds.
  bool number(std::size_t count, int least, int most, int& value) {
    if (rest_.size() < count) return false;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + count, value);
    if (error != std::errc() || end != rest_.data() + count || rest_[0] == '-') return false;
    rest_.remove_prefix(count);
    return value >= least && value <= most;
  }

  /// Digits of a fraction as nanoseconds; at least one, at most nine.
  bool fraction(std::int32_t& nanos) {
    int digits = 0;
    for (; digits < 9 && !rest_.empty() && rest_[0] >= '0' && rest_[0] <= '9'; ++digits) {
      nanos = nanos * 10 + (rest_[0] - '0');
      rest_.remove_prefix(1);
    }
    for (int i = digits; i < 9; ++i) {
      nanos *= 10;
    }
    return digits > 0;
  }

  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

std::string fraction_text(std::int64_t nanos) {
  if (nanos == 0) return {};
  std::string digits = fmt::format(".{:09}", nanos);
  digits.erase(digits.find_last_not_of('0') + 1);
  return digits;
}

}  // namespace

std::int64_t days_of(std::int64_t year, int month, int day) {
  // Howard Hinnant, "chrono-compatible low-level date algorithms": years begin in March.
  year -= month <= 2 ? 1 : 0;
  const std::int64_t era = floor_divide(year, 400);
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146'097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
         719'468;
}

Civil civil_at(Instant instant, std::int64_t offset) {
  const std::int64_t seconds = instant.seconds + offset;
  const std::int64_t days = floor_divide(seconds, kDay);
  const auto second_of_day = static_cast<int>(seconds - days * kDay);
  const std::int64_t shifted = days + 719'468;
  const std::int64_t era = floor_divide(shifted, 146'097);
  const std::int64_t day_of_era = shifted - era * 146'097;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t march_day =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t march_month = (5 * march_day + 2) / 153;

  Civil civil;
  civil.month = static_cast<int>(march_month < 10 ? march_month + 3 : march_month - 9);
  civil.year = year_of_era + era * 400 + (civil.month <= 2 ? 1 : 0);
  civil.day = static_cast<int>(march_day - (153 * march_month + 2) / 5 + 1);
  civil.hour = second_of_day / 3600;
  civil.minute = second_of_day / 60 % 60;
  civil.second = second_of_day % 60;
  civil.weekday = static_cast<int>(((days + 4) % 7 + 7) % 7);
  civil.day_of_year = static_cast<int>(days - days_of(civil.year, 1, 1));
  return civil;
}

bool is_in_range(Instant instant) {
  return instant.seconds >= kFirstSecond && instant.seconds <= kLastSecond;
}

std::optional<Instant> parse_timestamp(std::string_view text) {
  Reader in(text);
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  Instant instant;
  const bool has_date = in.number(4, 0, 9999, year) && in.take('-') && in.number(2, 1, 12, month) &&
                        in.take('-') && in.number(2, 1, days_in_month(year, month), day);
  const bool has_time = has_date && in.take_letter('T') && in.number(2, 0, 23, hour) &&
                        in.take(':') && in.number(2, 0, 59, minute) && in.take(':') &&
                        in.number(2, 0, 60, second);
  if (!has_time || (in.take('.') && !in.fraction(instant.nanos))) return std::nullopt;

  std::int64_t offset = 0;
  if (!in.take_letter('Z')) {
    const bool ahead = in.take('+');
    if (!ahead && !in.take('-')) return std::nullopt;
    int hours = 0, minutes = 0;
    if (!in.number(2, 0, 23, hours) || !in.take(':') || !in.number(2, 0, 59, minutes))
      return std::nullopt;
    offset = (hours * 60 + minutes) * (ahead ? 60 : -60);
  }
  if (!in.rest().empty()) return std::nullopt;
  instant.seconds = days_of(year, month, day) * kDay + hour * 3600 + minute * 60 + second - offset;
  if (!is_in_range(instant)) return std::nullopt;
  return instant;
}

std::string format_timestamp(Instant instant) {
  const Civil at = civil_at(instant, 0);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}Z", at.year, at.month, at.day, at.hour,
                     at.minute, at.second, fraction_text(instant.nanos));
}

std::optional<std::int64_t> parse_duration(std::string_view text) {
  struct Unit {
    std::string_view name;
    std::int64_t nanos;
  };
  static constexpr Unit kUnits[] = {{"ns", 1},          {"us", 1'000},
                                    {"µs", 1'000},      {"μs", 1'000},  // the Greek letter
                                    {"ms", 1'000'000},  {"h", 3600 * kNanos},
                                    {"m", 60 * kNanos}, {"s", kNanos}};
  const bool negative = !text.empty() && text[0] == '-';
  if (negative || (!text.empty() && text[0] == '+')) text.remove_prefix(1);
  if (text == "0") return 0;
  if (text.empty()) return std::nullopt;
  Wide total = 0;
  while (!text.empty()) {
    std::int64_t whole = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), whole);
    std::size_t digits =
        error == std::errc() && text[0] != '-' ? static_cast<std::size_t>(end - text.data()) : 0;
    if (error == std::errc::result_out_of_range) return std::nullopt;
    text.remove_prefix(digits);
    Wide scale = 1;
    Wide fraction = 0;
    if (!text.empty() && text[0] == '.') {
      text.remove_prefix(1);
      for (; !text.empty() && text[0] >= '0' && text[0] <= '9'; text.remove_prefix(1)) {
        ++digits;
        if (scale >= 1'000'000'000'000'000) continue;  // finer than a nanosecond of an hour
        fraction = fraction * 10 + (text[0] - '0');
        scale *= 10;
      }
    }
    const Unit* unit = nullptr;
    for (const Unit& candidate : kUnits) {
      if (unit == nullptr && text.substr(0, candidate.name.size()) == candidate.name)
        unit = &candidate;
    }
    if (digits == 0 || unit == nullptr) return std::nullopt;
    total += static_cast<Wide>(whole) * unit->nanos + fraction * unit->nanos / scale;
    if (total > INT64_MAX) return std::nullopt;
    text.remove_prefix(unit->name.size());
  }
  return static_cast<std::int64_t>(negative ? -total : total);
}

std::string format_duration(std::int64_t nanos) {
  const bool negative = nanos < 0;
  const std::uint64_t size =
      negative ? ~static_cast<std::uint64_t>(nanos) + 1 : static_cast<std::uint64_t>(nanos);
  return fmt::format("{}{}{}s", negative ? "-" : "", size / kNanos,
                     fraction_text(static_cast<std::int64_t>(size % kNanos)));
}

std::optional<Instant> add(Instant instant, std::int64_t nanos) {
  const Wide total = static_cast<Wide>(instant.seconds) * kNanos + instant.nanos + nanos;
  Instant result;
  result.seconds = static_cast<std::int64_t>(total / kNanos);
  result.nanos = static_cast<std::int32_t>(total % kNanos);
  if (result.nanos < 0) {
    result.nanos += kNanos;
    --result.seconds;
  }
  if (!is_in_range(result)) return std::nullopt;
  return result;
}

std::optional<std::int64_t> difference(Instant a, Instant b) {
  const Wide total = static_cast<Wide>(a.seconds - b.seconds) * kNanos + (a.nanos - b.nanos);
  if (total > INT64_MAX || total < INT64_MIN) return std::nullopt;
  return static_cast<std::int64_t>(total);
}

}  // namespace swamp::cel
