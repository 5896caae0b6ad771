#include "yaml/core_schema.h"

#include <charconv>
#include <limits>

#include "base/ascii.h"
#include "value/number.h"

namespace swamp::yaml {
namespace {

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

/// `0x…` and `0o…` behind their prefix; empty when other digits are among them.
std::optional<Value> read_based(std::string_view digits, int base) {
  if (digits.empty()) return std::nullopt;
  const char* end = digits.data() + digits.size();
  std::uint64_t whole = 0;
  const auto read = std::from_chars(digits.data(), end, whole, base);
  if (read.ptr != end) return std::nullopt;
  if (read.ec == std::errc()) return Value(whole);
  double number = 0;  // more than 64 bits
  for (const char c : digits) {
    int digit = 0;
    std::from_chars(&c, &c + 1, digit, base);
    number = number * base + digit;
  }
  return Value(number);
}

std::size_t skip_digits(std::string_view text, std::size_t at) {
  while (at < text.size() && is_digit(text[at])) {
    ++at;
  }
  return at;
}

/// `digits [. digits] [e[±]digits]` where the digits on one side of the point may be missing; no
/// sign.
bool is_decimal(std::string_view text) {
  std::size_t at = skip_digits(text, 0);
  std::size_t digits = at;
  if (at < text.size() && text[at] == '.') {
    const std::size_t end = skip_digits(text, at + 1);
    digits += end - at - 1;
    at = end;
  }
  if (digits == 0) return false;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    const std::size_t end = skip_digits(text, at);
    if (end == at) return false;
    at = end;
  }
  return at == text.size();
}

std::optional<Value> resolve_number(std::string_view text) {
  if (text.starts_with("0x") || text.starts_with("0o")) {
    return read_based(text.substr(2), text[1] == 'x' ? 16 : 8).value_or(Value(text));
  }
  if (is_one_of(text, {".nan", ".NaN", ".NAN"})) {
    return Value(std::numeric_limits<double>::quiet_NaN());
  }
  const bool negative = text[0] == '-';
  const std::string_view unsigned_text = text.substr(negative || text[0] == '+' ? 1 : 0);
  if (is_one_of(unsigned_text, {".inf", ".Inf", ".INF"})) {
    const double infinity = std::numeric_limits<double>::infinity();
    return Value(negative ? -infinity : infinity);
  }
  if (!is_decimal(unsigned_text)) return Value(text);
  return read_decimal(negative ? text : unsigned_text);
}

}  // namespace

std::optional<Value> resolve_plain(std::string_view text) {
  if (text.empty()) return Value();
  switch (text[0]) {
    case '~':
    case 'n':
    case 'N':
      return is_one_of(text, {"~", "null", "Null", "NULL"}) ? Value() : Value(text);
    case 't':
    case 'T':
      return is_one_of(text, {"true", "True", "TRUE"}) ? Value(true) : Value(text);
    case 'f':
    case 'F':
      return is_one_of(text, {"false", "False", "FALSE"}) ? Value(false) : Value(text);
    default:
      break;
  }
  const bool may_be_number =
      is_digit(text[0]) || text[0] == '-' || text[0] == '+' || text[0] == '.';
  return may_be_number ? resolve_number(text) : Value(text);
}

}  // namespace swamp::yaml
