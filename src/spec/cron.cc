#include "spec/cron.h"

#include <array>
#include <charconv>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "base/ascii.h"

namespace swamp::spec {
namespace {

struct CronField {
  std::string_view name;
  int lowest;
  int highest;
  std::string_view names = {};  // three letters each, the first means `lowest`
};

constexpr std::array kFields{
    CronField{"second", 0, 59},
    CronField{"minute", 0, 59},
    CronField{"hour", 0, 23},
    CronField{"day", 1, 31},
    CronField{"month", 1, 12, "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC"},
    CronField{"weekday", 0, 7, "SUNMONTUEWEDTHUFRISAT"},
};

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == text.npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> found;
  while (true) {
    const auto begin = text.find_first_not_of(" \t\n");
    if (begin == text.npos) return found;
    text.remove_prefix(begin);
    found.push_back(text.substr(0, text.find_first_of(" \t\n")));
    text.remove_prefix(found.back().size());
  }
}

std::optional<int> read_number(std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || text.front() == '-' || error != std::errc{} ||
      end != text.data() + text.size())
    return {};
  return number;
}

std::optional<int> read_name(std::string_view text, const CronField& field) {
  if (text.size() != 3) return {};
  std::string upper;
  for (char c : text)
    upper += to_upper(c);
  for (std::size_t at = 0; at < field.names.size(); at += 3) {
    if (field.names.substr(at, 3) == upper) return field.lowest + static_cast<int>(at / 3);
  }
  return {};
}

std::optional<int> read_value(std::string_view text, const CronField& field) {
  auto value = read_number(text);
  if (!value) value = read_name(text, field);
  return value && *value >= field.lowest && *value <= field.highest ? value : std::nullopt;
}

/// `L`, `LW`, `15W` among days; `5L`, `1#2` among weekdays.
bool is_special(std::string_view item, const CronField& field) {
  if (field.name == "day") {
    if (item == "L" || item == "LW") return true;
    return item.ends_with('W') && read_value(item.substr(0, item.size() - 1), field);
  }
  if (field.name != "weekday") return false;
  if (item.ends_with('L'))
    return item.size() == 1 || read_value(item.substr(0, item.size() - 1), field);
  const auto hash = item.find('#');
  if (hash == item.npos) return false;
  const auto nth = read_number(item.substr(hash + 1));
  return read_value(item.substr(0, hash), field) && nth && *nth >= 1 && *nth <= 5;
}

bool is_item(std::string_view item, const CronField& field) {
  if (is_special(item, field)) return true;
  if (const auto slash = item.find('/'); slash != item.npos) {
    const auto step = read_number(item.substr(slash + 1));
    if (!step || *step < 1 || *step > field.highest) return false;
    item = item.substr(0, slash);
  }
  if (item == "*" || item == "?") return true;
  const auto dash = item.find('-');
  if (dash == item.npos) return read_value(item, field).has_value();
  const auto from = read_value(item.substr(0, dash), field);
  const auto to = read_value(item.substr(dash + 1), field);
  return from && to && *from <= *to;
}

}  // namespace

Result<> check_cron(std::string_view text) {
  const auto fields = words(text);
  if (fields.size() != 5 && fields.size() != 6) {
    return fail(ErrorCode::invalid_input,
                fmt::format("schedule '{}' has {} fields, not 5 or 6", text, fields.size()),
                "write minute hour day month weekday, as in '0 3 * * MON-FRI'; a sixth field in "
                "front is seconds");
  }
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const auto& field = kFields[i + kFields.size() - fields.size()];
    for (const auto item : split(fields[i], ',')) {
      if (is_item(item, field)) continue;
      return fail(ErrorCode::invalid_input,
                  fmt::format("schedule '{}' has '{}' as {}", text, item, field.name),
                  fmt::format("{} is a number from {} to {}, a range, '*' or '*/n'", field.name,
                              field.lowest, field.highest));
    }
  }
  return {};
}

}  // namespace swamp::spec
