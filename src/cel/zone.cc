#include "cel/zone.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <optional>

#include "base/ascii.h"
#include "cel/characters.h"
#include "cel/time.h"

namespace swamp::cel {

namespace {

constexpr std::int64_t kDay = 86'400;
constexpr std::size_t kLargestFile = 1 << 20;

tl::unexpected<Error> broken() {
  return fail(ErrorCode::invalid_input, "the time zone's file is damaged");
}

/// `+11:00`, `-09:30`, `02:00`.
std::optional<std::int64_t> fixed_offset(std::string_view text) {
  const bool behind = !text.empty() && text[0] == '-';
  if (behind || (!text.empty() && text[0] == '+')) text.remove_prefix(1);
  int hours = 0, minutes = 0;
  const bool has_form = text.size() == 5 && text[2] == ':';
  if (!has_form) return std::nullopt;
  const auto hour_end = std::from_chars(text.data(), text.data() + 2, hours).ptr;
  const auto minute_end = std::from_chars(text.data() + 3, text.data() + 5, minutes).ptr;
  if (hour_end != text.data() + 2 || minute_end != text.data() + 5) return std::nullopt;
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return std::nullopt;
  return (hours * 60 + minutes) * (behind ? -60 : 60);
}

bool is_zone_name(std::string_view name) {
  const bool has_letters = !name.empty() && name.size() < 64 &&
                           name.find("..") == std::string_view::npos && name[0] != '/';
  return has_letters && std::all_of(name.begin(), name.end(), [](char c) {
           return is_alphanumeric(c) || c == '/' || c == '_' || c == '-' || c == '+';
         });
}

}  // namespace

/// RFC 8536: a header; transition times; their types; types; names; leap seconds; indicators. Then,
/// from version 2 on, all of that again with times of 64 bits, and a line with the rule for the
/// years after.
class ZoneReader {
 public:
  explicit ZoneReader(std::string_view content) : rest_(content) {}

  Result<std::shared_ptr<const Zone>> run() {
    Counts counts;
    if (!header(counts)) return broken();
    if (version_ >= '2') {
      if (!skip(counts.size_with(4)) || !header(counts) || !body(counts, 8) || !footer())
        return broken();
    } else if (!body(counts, 4)) {
      return broken();
    }
    return std::make_shared<const Zone>(std::move(zone_));
  }

 private:
  struct Counts {
    std::uint32_t ut = 0, standard = 0, leap = 0, time = 0, type = 0, chars = 0;

    std::size_t size_with(std::size_t width) const {
      return std::size_t{time} * (width + 1) + std::size_t{type} * 6 + chars +
             std::size_t{leap} * (width + 4) + standard + ut;
    }
  };

  bool skip(std::size_t size) {
    if (size > rest_.size()) return false;
    rest_.remove_prefix(size);
    return true;
  }

  std::int64_t number(std::size_t at, std::size_t width) const {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < width; ++i) {
      value = value << 8 | static_cast<unsigned char>(rest_[at + i]);
    }
    return width == 4 ? static_cast<std::int32_t>(static_cast<std::uint32_t>(value))
                      : static_cast<std::int64_t>(value);
  }

  bool header(Counts& counts) {
    if (rest_.size() < 44 || rest_.substr(0, 4) != "TZif") return false;
    version_ = rest_[4];
    std::uint32_t* const fields[] = {&counts.ut,   &counts.standard, &counts.leap,
                                     &counts.time, &counts.type,     &counts.chars};
    for (std::size_t i = 0; i < 6; ++i) {
      *fields[i] = static_cast<std::uint32_t>(number(20 + 4 * i, 4));
    }
    return skip(44) && counts.type > 0;
  }

  bool body(const Counts& counts, std::size_t width) {
    if (counts.size_with(width) > rest_.size()) return false;
    const std::size_t types = std::size_t{counts.time} * (width + 1);
    const auto offset_of = [&](std::size_t type) { return number(types + type * 6, 4); };
    zone_.first_offset_ = offset_of(0);
    for (std::size_t i = 0; i < counts.time; ++i) {
      const auto type = static_cast<unsigned char>(rest_[counts.time * width + i]);
      if (type >= counts.type) return false;
      const std::int64_t at = number(i * width, width);
      if (!zone_.changes_.empty() && at < zone_.changes_.back().at) return false;
      zone_.changes_.push_back({at, offset_of(type)});
    }
    return skip(counts.size_with(width));
  }

  /// A line such as `CET-1CEST,M3.5.0,M10.5.0/3`; empty when there is no rule.
  bool footer() {
    if (!take('\n')) return false;
    if (take('\n')) return true;
    zone_.has_rule_ = true;
    if (!name() || !offset(zone_.standard_)) return false;
    zone_.standard_ = -zone_.standard_;
    if (take('\n')) return true;
    zone_.has_summer_ = true;
    zone_.summer_ = zone_.standard_ + 3600;
    if (!name()) return false;
    if (!rest_.empty() && rest_[0] != ',') {
      if (!offset(zone_.summer_)) return false;
      zone_.summer_ = -zone_.summer_;
    }
    return take(',') && yearly(zone_.summer_begins_) && take(',') && yearly(zone_.summer_ends_);
  }

  bool take(char c) {
    if (rest_.empty() || rest_[0] != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  /// `CET` or `<-03>`.
  bool name() {
    if (take('<')) {
      const auto end = rest_.find('>');
      return end != std::string_view::npos && skip(end + 1);
    }
    const auto end = rest_.find_first_of("+-0123456789,\n");
    return end != 0 && end != std::string_view::npos && skip(end);
  }

  bool whole(int least, int most, int& value) {
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (error != std::errc() || value < least || value > most) return false;
    return skip(static_cast<std::size_t>(end - rest_.data()));
  }

  /// `[+-]hh[:mm[:ss]]`
  bool offset(std::int64_t& seconds) {
    const bool negative = take('-');
    if (!negative) (void)take('+');
    int hours = 0, minutes = 0, rest = 0;
    if (!whole(0, 167, hours)) return false;
    if (take(':') && !whole(0, 59, minutes)) return false;
    if (take(':') && !whole(0, 59, rest)) return false;
    seconds = (hours * 3600 + minutes * 60 + rest) * (negative ? -1 : 1);
    return true;
  }

  bool yearly(Zone::YearlyChange& change) {
    if (take('M')) {
      const bool has_day = whole(1, 12, change.month) && take('.') && whole(1, 5, change.week) &&
                           take('.') && whole(0, 6, change.weekday);
      if (!has_day) return false;
    } else if (take('J')) {
      change.rule = Zone::YearlyChange::Rule::day_without_leap;
      if (!whole(1, 365, change.day)) return false;
    } else {
      change.rule = Zone::YearlyChange::Rule::day_of_year;
      if (!whole(0, 365, change.day)) return false;
    }
    return !take('/') || offset(change.second);
  }

  std::string_view rest_;
  char version_ = '1';
  Zone zone_;
};

std::int64_t Zone::YearlyChange::at(std::int64_t year) const {
  switch (rule) {
    case Rule::day_of_year:
      return (days_of(year, 1, 1) + day) * kDay + second;
    case Rule::day_without_leap: {
      const bool has_leap_day = days_of(year, 3, 1) - days_of(year, 2, 1) == 29;
      return (days_of(year, 1, 1) + day - 1 + (has_leap_day && day >= 60 ? 1 : 0)) * kDay + second;
    }
    case Rule::weekday_of_month:
      break;
  }
  const std::int64_t first = days_of(year, month, 1);
  const std::int64_t next_month =
      month == 12 ? days_of(year + 1, 1, 1) : days_of(year, month + 1, 1);
  const int first_weekday = static_cast<int>(((first + 4) % 7 + 7) % 7);
  std::int64_t on = first + (weekday - first_weekday + 7) % 7 + (week - 1) * 7;
  if (on >= next_month) on -= 7;
  return on * kDay + second;
}

std::int64_t Zone::offset_at(std::int64_t seconds) const {
  const auto after =
      std::upper_bound(changes_.begin(), changes_.end(), seconds,
                       [](std::int64_t at, const Change& change) { return at < change.at; });
  if (after != changes_.end() || !has_rule_)
    return after == changes_.begin() ? first_offset_ : std::prev(after)->offset;
  if (!has_summer_) return standard_;
  const std::int64_t year = civil_at({.seconds = seconds}, standard_).year;
  const std::int64_t begin = summer_begins_.at(year) - standard_;
  const std::int64_t end = summer_ends_.at(year) - summer_;
  const bool is_summer =
      begin < end ? seconds >= begin && seconds < end : seconds >= begin || seconds < end;
  return is_summer ? summer_ : standard_;
}

Result<std::shared_ptr<const Zone>> Zone::parse(std::string_view content) {
  return ZoneReader(content).run();
}

Result<std::shared_ptr<const Zone>> Zone::open(std::string_view name) {
  if (name == "UTC" || name == "Z") return std::make_shared<const Zone>();
  if (const auto offset = fixed_offset(name)) {
    Zone zone;
    zone.first_offset_ = *offset;
    return std::make_shared<const Zone>(std::move(zone));
  }
  const auto unknown = [&] {
    return fail(ErrorCode::invalid_input, "there is no time zone " + in_quotes(name),
                "zones are called as in Europe/Berlin, or written as an offset such as +02:00");
  };
  if (!is_zone_name(name)) return unknown();
  const std::filesystem::path path = std::filesystem::path("/usr/share/zoneinfo") / name;
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) return unknown();
  std::ifstream file(path, std::ios::binary);
  std::string content(kLargestFile, '\0');
  file.read(content.data(), static_cast<std::streamsize>(content.size()));
  content.resize(static_cast<std::size_t>(file.gcount()));
  return parse(content);
}

}  // namespace swamp::cel
