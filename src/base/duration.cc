#include "base/duration.h"

#include <cctype>
#include <charconv>
#include <cmath>
#include <limits>
#include <span>

#include <fmt/format.h>

namespace swamp {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t millis;
};

constexpr std::int64_t kSecond = 1000;
constexpr std::int64_t kDay = 24 * 3600 * kSecond;
constexpr Unit kLimitUnits[] = {{"ms", 1},           {"s", kSecond},
                                {"m", 60 * kSecond}, {"h", 3600 * kSecond},
                                {"d", kDay},         {"", kSecond}};
constexpr Unit kAgeUnits[] = {{"m", 60 * kSecond}, {"h", 3600 * kSecond}, {"d", kDay},
                              {"w", 7 * kDay},     {"mo", 30 * kDay},     {"y", 365 * kDay}};

const Unit* find_unit(std::span<const Unit> units, std::string_view name) {
  for (const Unit& unit : units) {
    if (unit.name == name) return &unit;
  }
  return nullptr;
}

}  // namespace

Result<std::chrono::milliseconds> parse_time_limit(std::string_view text) {
  double number = 0;
  auto [end, problem] =
      std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  const auto* unit =
      problem == std::errc() ? find_unit(kLimitUnits, text.substr(end - text.data())) : nullptr;
  const double millis =
      unit != nullptr ? std::round(number * static_cast<double>(unit->millis)) : 0;
  if (unit == nullptr || !(millis >= 1) || millis > 9e15) {
    return fail(ErrorCode::invalid_input, fmt::format("'{}' is not a time limit", text),
                "write a number above zero with ms, s, m, h or d, such as 30s or 5m");
  }
  return std::chrono::milliseconds(static_cast<std::int64_t>(millis));
}

Result<std::chrono::milliseconds> parse_age(std::string_view text) {
  std::int64_t number = 0;
  auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  const auto* unit = problem == std::errc() && number >= 0
                         ? find_unit(kAgeUnits, text.substr(end - text.data()))
                         : nullptr;
  if (unit == nullptr || number > std::numeric_limits<std::int64_t>::max() / unit->millis) {
    return fail(ErrorCode::invalid_input, fmt::format("'{}' is not a duration", text),
                "write a whole number with m, h, d, w, mo or y, such as 1h, 7d or 1mo");
  }
  return std::chrono::milliseconds(number * unit->millis);
}

std::string to_human(std::chrono::milliseconds duration) {
  const std::int64_t millis = duration.count();
  if (millis < 1000) return fmt::format("{}ms", millis);
  const std::int64_t tenths = millis / 100;
  if (millis < 60'000) return fmt::format("{}.{}s", tenths / 10, tenths % 10);
  if (millis < 3'600'000) return fmt::format("{}m{}s", millis / 60'000, millis / 1000 % 60);
  return fmt::format("{}h{}m", millis / 3'600'000, millis / 60'000 % 60);
}

}  // namespace swamp
