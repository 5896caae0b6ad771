#include "render/time_text.h"

#include <fmt/format.h>

namespace swamp::render {
namespace {

using namespace std::chrono_literals;

constexpr auto kDay = 24h;

/// Empty for what is not within the last week.
std::string ago(Timestamp time, Timestamp now) {
  const auto age = now - time;
  if (age < 0s || age >= 7 * kDay) return {};
  if (age < 1min) return fmt::format("{}s ago", age / 1s);
  if (age < 1h) return fmt::format("{}m ago", age / 1min);
  if (age < kDay) return fmt::format("{}h ago", age / 1h);
  return fmt::format("{}d ago", age / kDay);
}

}  // namespace

std::string when_text(Timestamp time, Timestamp now) {
  std::string text = ago(time, now);
  return text.empty() ? to_iso8601(time).substr(0, 10) : text;
}

std::string moment_text(Timestamp time, Timestamp now) {
  const std::string iso = to_iso8601(time);
  const std::string text = ago(time, now);
  return fmt::format("{} {} UTC{}", iso.substr(0, 10), iso.substr(11, 8),
                     text.empty() ? text : ", " + text);
}

}  // namespace swamp::render
