#include "value/number.h"

#include <charconv>
#include <cmath>
#include <cstdlib>

#include "base/ascii.h"
#include "value/json.h"

namespace swamp {
namespace {

std::size_t skip_digits(std::string_view text, std::size_t at) {
  while (at < text.size() && is_digit(text[at])) {
    ++at;
  }
  return at;
}

/// The shortest decimal digits that read back as `number` (positive and finite), and the place of
/// the point: the value is 0.d₁d₂d₃… × 10^point.
struct Digits {
  char text[20];
  int count = 0;
  int point = 0;
};

Digits shortest_digits(double number) {
  char buffer[40];
  const auto end =
      std::to_chars(buffer, buffer + sizeof buffer, number, std::chars_format::scientific).ptr;
  Digits digits;
  const char* at = buffer;
  for (; *at != 'e'; ++at) {
    if (*at != '.') digits.text[digits.count++] = *at;
  }
  ++at;
  if (*at == '+') ++at;  // from_chars knows only the minus
  std::from_chars(at, end, digits.point);
  ++digits.point;
  return digits;
}

std::string in_scientific_form(const Digits& digits) {
  std::string out(1, digits.text[0]);
  if (digits.count > 1) out.append(".").append(digits.text + 1, digits.text + digits.count);
  const int exponent = digits.point - 1;
  return out.append(exponent < 0 ? "e-" : "e+").append(std::to_string(std::abs(exponent)));
}

template <class Integer>
std::optional<Value> read_whole(std::string_view token) {
  Integer number = 0;
  const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), number);
  if (error != std::errc() || end != token.data() + token.size()) return std::nullopt;
  return Value(number);
}

}  // namespace

bool is_json_number(std::string_view token) {
  std::size_t at = token.starts_with('-') ? 1 : 0;
  const std::size_t whole = skip_digits(token, at);
  if (whole == at || (token[at] == '0' && whole > at + 1)) return false;
  at = whole;
  if (at < token.size() && token[at] == '.') {
    const std::size_t fraction = skip_digits(token, at + 1);
    if (fraction == at + 1) return false;
    at = fraction;
  }
  if (at < token.size() && (token[at] == 'e' || token[at] == 'E')) {
    ++at;
    if (at < token.size() && (token[at] == '+' || token[at] == '-')) ++at;
    const std::size_t exponent = skip_digits(token, at);
    if (exponent == at) return false;
    at = exponent;
  }
  return at == token.size();
}

std::optional<Value> read_decimal(std::string_view token) {
  if (auto number = read_whole<std::int64_t>(token)) return number;
  if (auto number = read_whole<std::uint64_t>(token)) return number;
  double number = 0;
  const auto error = std::from_chars(token.data(), token.data() + token.size(), number).ec;
  // from_chars does not say in which direction a number leaves the range; strtod does.
  if (error == std::errc::result_out_of_range)
    number = std::strtod(std::string(token).c_str(), nullptr);
  if (std::isinf(number)) return std::nullopt;
  return Value(number);
}

// ECMA-262, Number::toString: plain digits up to 1e21 and down to 1e-6, an exponent beyond.
std::string number_to_string(double number) {
  if (std::isnan(number)) return "NaN";
  if (number == 0) return "0";
  const std::string sign = number < 0 ? "-" : "";
  if (std::isinf(number)) return sign + "Infinity";

  const Digits digits = shortest_digits(std::fabs(number));
  const std::string_view text(digits.text, static_cast<std::size_t>(digits.count));
  if (digits.point > 21 || digits.point <= -6) return sign + in_scientific_form(digits);
  if (digits.point >= digits.count) {
    const auto zeros = static_cast<std::size_t>(digits.point - digits.count);
    return sign + std::string(text) + std::string(zeros, '0');
  }
  if (digits.point > 0) {
    const auto whole = static_cast<std::size_t>(digits.point);
    return sign + std::string(text.substr(0, whole)) + "." + std::string(text.substr(whole));
  }
  return sign + "0." + std::string(static_cast<std::size_t>(-digits.point), '0') +
         std::string(text);
}

}  // namespace swamp
