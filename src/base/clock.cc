#include "base/clock.h"

#include <cctype>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <sys/random.h>

#include <fmt/format.h>

namespace swamp {
namespace {

class SystemClock final : public Clock {
 public:
  Timestamp now() const override {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  }
  std::chrono::steady_clock::time_point steady() const override {
    return std::chrono::steady_clock::now();
  }
};

/// Draws from the kernel in blocks: a system call per id would show at ten thousand steps.
class RandomIds final : public IdSource {
 public:
  std::string uuid() override {
    unsigned char bytes[16];
    {
      std::scoped_lock lock(mutex_);
      if (used_ + sizeof bytes > sizeof pool_) refill();
      std::memcpy(bytes, pool_ + used_, sizeof bytes);
      used_ += sizeof bytes;
    }
    bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0F) | 0x40);
    bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3F) | 0x80);
    return format_uuid(bytes);
  }

 private:
  void refill() {
    // getrandom(2) never gives less than asked for up to 256 bytes once the pool is initialised.
    while (::getrandom(pool_, sizeof pool_, 0) != static_cast<ssize_t>(sizeof pool_)) {
    }
    used_ = 0;
  }

  std::mutex mutex_;
  unsigned char pool_[256] = {};
  std::size_t used_ = sizeof pool_;
};

/// Reads exactly `digits` digits at `pos` and moves on; -1 when they are not there.
int read_number(std::string_view text, std::size_t& pos, int digits) {
  int value = 0;
  for (int i = 0; i < digits; ++i, ++pos) {
    if (pos >= text.size() || text[pos] < '0' || text[pos] > '9') return -1;
    value = value * 10 + (text[pos] - '0');
  }
  return value;
}

bool read_char(std::string_view text, std::size_t& pos, std::string_view any_of) {
  if (pos >= text.size() || any_of.find(text[pos]) == std::string_view::npos) return false;
  ++pos;
  return true;
}

}  // namespace

const Clock& system_clock() {
  static const SystemClock kClock;
  return kClock;
}

IdSource& random_ids() {
  static RandomIds ids;
  return ids;
}

// A run tells the time several times a step, and a format string has to be read each time.
std::string to_iso8601(Timestamp time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  std::string text;
  const auto append = [&text](std::size_t width, std::int64_t number, char behind) {
    const fmt::format_int digits(number);
    if (digits.size() < width) text.append(width - digits.size(), '0');
    text.append(digits.data(), digits.size()) += behind;
  };
  append(4, static_cast<int>(date.year()), '-');
  append(2, static_cast<unsigned>(date.month()), '-');
  append(2, static_cast<unsigned>(date.day()), 'T');
  append(2, clock.hours().count(), ':');
  append(2, clock.minutes().count(), ':');
  append(2, clock.seconds().count(), '.');
  append(3, clock.subseconds().count(), 'Z');
  return text;
}

std::optional<Timestamp> parse_iso8601(std::string_view text) {
  std::size_t pos = 0;
  const int year = read_number(text, pos, 4);
  if (year < 0 || !read_char(text, pos, "-")) return std::nullopt;
  const int month = read_number(text, pos, 2);
  if (month < 0 || !read_char(text, pos, "-")) return std::nullopt;
  const int day = read_number(text, pos, 2);
  if (day < 0 || !read_char(text, pos, "Tt ")) return std::nullopt;
  const int hour = read_number(text, pos, 2);
  if (hour < 0 || hour > 23 || !read_char(text, pos, ":")) return std::nullopt;
  const int minute = read_number(text, pos, 2);
  if (minute < 0 || minute > 59 || !read_char(text, pos, ":")) return std::nullopt;
  const int second = read_number(text, pos, 2);
  if (second < 0 || second > 60) return std::nullopt;

  int millis = 0;
  if (read_char(text, pos, ".")) {
    int scale = 100;
    const std::size_t first = pos;
    for (; pos < text.size() && text[pos] >= '0' && text[pos] <= '9'; ++pos, scale /= 10) {
      millis += (text[pos] - '0') * scale;
    }
    if (pos == first) return std::nullopt;
  }

  std::chrono::minutes offset(0);
  if (!read_char(text, pos, "Zz")) {
    const bool west = pos < text.size() && text[pos] == '-';
    if (!read_char(text, pos, "+-")) return std::nullopt;
    const int hours = read_number(text, pos, 2);
    if (hours < 0 || hours > 23 || !read_char(text, pos, ":")) return std::nullopt;
    const int minutes = read_number(text, pos, 2);
    if (minutes < 0 || minutes > 59) return std::nullopt;
    offset = std::chrono::minutes(hours * 60 + minutes) * (west ? -1 : 1);
  }
  if (pos != text.size()) return std::nullopt;

  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(unsigned(month)),
                                         std::chrono::day(unsigned(day))};
  if (!date.ok()) return std::nullopt;
  return Timestamp(std::chrono::sys_days(date)) + std::chrono::hours(hour) +
         std::chrono::minutes(minute) + std::chrono::seconds(second) +
         std::chrono::milliseconds(millis) - offset;
}

bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : std::isxdigit(static_cast<unsigned char>(text[i])) == 0)
      return false;
  }
  return true;
}

std::string format_uuid(const unsigned char (&bytes)[16]) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string text;
  text.reserve(36);
  for (int i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += kHex[bytes[i] >> 4];
    text += kHex[bytes[i] & 0x0F];
  }
  return text;
}

}  // namespace swamp
