#include <charconv>
#include <cmath>
#include <cstdlib>

#include <fmt/format.h>

#include "cel/characters.h"
#include "cel/functions/function.h"
#include "cel/network.h"
#include "cel/time.h"
#include "value/json.h"
#include "value/utf8.h"

namespace swamp::cel {

namespace {

Datum not_readable(std::string_view text, std::string_view as, std::string hint = {}) {
  return Datum::failure(fmt::format("{} is no {}", in_quotes(text), as), std::move(hint));
}

/// Digits with an optional sign. The dialect allows blanks around them and hexadecimal.
template <class Number>
std::optional<Number> whole_number(std::string_view text, Dialect dialect) {
  int base = 10;
  if (dialect == Dialect::swamp) text = trimmed(text);
  if (!text.empty() && text[0] == '+') {
    text.remove_prefix(1);
    if (!text.empty() && text[0] == '-') return std::nullopt;
  }
  if (dialect == Dialect::swamp && text.size() > 2 && text[0] == '0' &&
      (text[1] == 'x' || text[1] == 'X')) {
    text.remove_prefix(2);
    base = 16;
  }
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

Datum same(Call& call) {
  return call[0];
}

Datum int_of_uint(Call& call) {
  if (call[0].as_uint() > INT64_MAX) return Datum::failure("the number does not fit into an int");
  return Datum::integer(static_cast<std::int64_t>(call[0].as_uint()));
}
Datum int_of_number(Call& call) {
  return Datum::integer(call[0].as_int());
}
Datum int_of_double(Call& call) {
  const double real = call[0].as_real();
  if (!(real > -0x1p63 && real < 0x1p63))
    return Datum::failure("the number does not fit into an int");
  return Datum::integer(static_cast<std::int64_t>(real));
}
Datum int_of_string(Call& call) {
  const auto number = whole_number<std::int64_t>(call.text(0), call.dialect);
  return number ? Datum::integer(*number) : not_readable(call.text(0), "whole number");
}
Datum int_of_timestamp(Call& call) {
  return Datum::integer(call[0].as_timestamp().seconds);
}

Datum uint_of_whole(Call& call) {
  if (call[0].as_int() < 0) return Datum::failure("a negative number does not fit into a uint");
  return Datum::unsigned_integer(static_cast<std::uint64_t>(call[0].as_int()));
}
Datum uint_of_double(Call& call) {
  const double real = call[0].as_real();
  if (!(real > -1 && real < 0x1p64)) return Datum::failure("the number does not fit into a uint");
  return Datum::unsigned_integer(static_cast<std::uint64_t>(real));
}
Datum uint_of_string(Call& call) {
  const auto number = whole_number<std::uint64_t>(call.text(0), call.dialect);
  return number ? Datum::unsigned_integer(*number)
                : not_readable(call.text(0), "whole number without a sign");
}

Datum double_of_number(Call& call) {
  return Datum::real(call[0].to_double());
}
Datum double_of_string(Call& call) {
  std::string_view text = call.text(0);
  if (call.dialect == Dialect::swamp) text = trimmed(text);
  if (const auto hexadecimal = whole_number<std::int64_t>(text, call.dialect)) {
    if (text[0] != '-') return Datum::real(static_cast<double>(*hexadecimal));
  }
  if (!text.empty() && text[0] == '+') text.remove_prefix(1);
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc::result_out_of_range)
    number = std::strtod(std::string(text).c_str(), nullptr);
  if (error == std::errc::invalid_argument || end != text.data() + text.size())
    return not_readable(text, "number");
  return Datum::real(number);
}

Datum string_of_whole(Call& call) {
  return Datum::string(fmt::to_string(call[0].as_int()));
}
Datum string_of_uint(Call& call) {
  return Datum::string(fmt::to_string(call[0].as_uint()));
}
Datum string_of_double(Call& call) {
  const double real = call[0].as_real();
  if (std::isinf(real)) return Datum::string(real > 0 ? "+Inf" : "-Inf");
  return Datum::string(number_to_string(real));
}
Datum string_of_bool(Call& call) {
  return Datum::string(call[0].as_bool() ? "true" : "false");
}
Datum string_of_bytes(Call& call) {
  if (first_invalid_utf8(call.text(0)) != std::string_view::npos)
    return Datum::failure("the bytes are no UTF-8 text");
  return call.string(call.text(0));
}
Datum string_of_timestamp(Call& call) {
  return Datum::string(format_timestamp(call[0].as_timestamp()));
}
Datum string_of_duration(Call& call) {
  return Datum::string(format_duration(call[0].as_int()));
}
Datum string_of_ip(Call& call) {
  return Datum::string(format_ip(call[0].as_network()));
}
Datum string_of_cidr(Call& call) {
  return Datum::string(format_cidr(call[0].as_network()));
}

Datum bool_of_string(Call& call) {
  const std::string& text = call.text(0);
  for (const std::string_view yes : {"1", "t", "true", "TRUE", "True"}) {
    if (text == yes) return Datum::boolean(true);
  }
  for (const std::string_view no : {"0", "f", "false", "FALSE", "False"}) {
    if (text == no) return Datum::boolean(false);
  }
  return not_readable(text, "bool");
}

Datum bytes_of_string(Call& call) {
  return Datum::bytes(call.text(0), call[0].origin());
}

Datum timestamp_of_string(Call& call) {
  const auto instant = parse_timestamp(call.text(0));
  return instant ? Datum::timestamp(*instant)
                 : not_readable(call.text(0), "time", "a time is written as 2026-11-20T10:20:30Z");
}
Datum timestamp_of_int(Call& call) {
  const Instant instant{.seconds = call[0].as_int()};
  return is_in_range(instant) ? Datum::timestamp(instant)
                              : Datum::failure("the time leaves the years 1 to 9999");
}
Datum duration_of_string(Call& call) {
  const auto nanos = parse_duration(call.text(0));
  return nanos ? Datum::duration(*nanos)
               : not_readable(call.text(0), "duration",
                              "a duration is written as 1h30m; units are h m s ms us ns");
}

Datum type_of_any(Call& call) {
  return Datum::type(type_of(call[0]));
}

constexpr Function kConversionFunctions[] = {
    {.name = "int",
     .type = "(int) -> int",
     .doc = "the number itself",
     .example = "int(5) == 5",
     .call = same},
    {.name = "int",
     .type = "(uint) -> int",
     .doc = "the same number",
     .example = "int(5u) == 5",
     .call = int_of_uint},
    {.name = "int",
     .type = "(number) -> int",
     .doc = "the number from data as an int",
     .example = "int(bytes('[7]').json()[0]) / 2 == 3",
     .call = int_of_number,
     .only_swamp = true},
    {.name = "int",
     .type = "(double) -> int",
     .doc = "the number without its fraction",
     .example = "int(-1.9) == -1",
     .call = int_of_double},
    {.name = "int",
     .type = "(string) -> int",
     .doc = "the number that the text is",
     .example = "int('42') == 42",
     .call = int_of_string,
     .tells_secrets = true},
    {.name = "int",
     .type = "(timestamp) -> int",
     .doc = "seconds since 1970",
     .example = "int(timestamp('2009-02-13T23:31:30Z')) == 1234567890",
     .call = int_of_timestamp},
    {.name = "uint",
     .type = "(uint) -> uint",
     .doc = "the number itself",
     .example = "uint(5u) == 5u",
     .call = same},
    {.name = "uint",
     .type = "(int) -> uint",
     .doc = "the same number",
     .example = "uint(5) == 5u",
     .call = uint_of_whole},
    {.name = "uint",
     .type = "(double) -> uint",
     .doc = "the number without its fraction",
     .example = "uint(3.9) == 3u",
     .call = uint_of_double},
    {.name = "uint",
     .type = "(string) -> uint",
     .doc = "the number that the text is",
     .example = "uint('42') == 42u",
     .call = uint_of_string,
     .tells_secrets = true},
    {.name = "double",
     .type = "(double|int|uint) -> double",
     .doc = "the number as a double",
     .example = "double(3) / 2.0 == 1.5",
     .call = double_of_number},
    {.name = "double",
     .type = "(string) -> double",
     .doc = "the number that the text is",
     .example = "double('1e3') == 1000.0",
     .call = double_of_string,
     .tells_secrets = true},
    {.name = "string",
     .type = "(string) -> string",
     .doc = "the text itself",
     .example = "string('a') == 'a'",
     .call = same},
    {.name = "string",
     .type = "(int|number) -> string",
     .doc = "the digits of the number",
     .example = "string(-5) == '-5'",
     .call = string_of_whole},
    {.name = "string",
     .type = "(uint) -> string",
     .doc = "the digits of the number",
     .example = "string(5u) == '5'",
     .call = string_of_uint},
    {.name = "string",
     .type = "(double) -> string",
     .doc = "the shortest digits that give the number again",
     .example = "string(0.1 + 0.2) == '0.30000000000000004'",
     .call = string_of_double},
    {.name = "string",
     .type = "(bool) -> string",
     .doc = "true or false",
     .example = "string(true) == 'true'",
     .call = string_of_bool},
    {.name = "string",
     .type = "(bytes) -> string",
     .doc = "the text whose UTF-8 the bytes are",
     .example = "string(b'\\xc3\\xa9') == 'é'",
     .call = string_of_bytes},
    {.name = "string",
     .type = "(timestamp) -> string",
     .doc = "the time as RFC 3339",
     .example = "string(timestamp(0)) == '1970-01-01T00:00:00Z'",
     .call = string_of_timestamp},
    {.name = "string",
     .type = "(duration) -> string",
     .doc = "the duration in seconds",
     .example = "string(duration('1m')) == '60s'",
     .call = string_of_duration},
    {.name = "string",
     .type = "(ip) -> string",
     .doc = "the address in its canonical form",
     .example = "string(ip('2001:DB8::1')) == '2001:db8::1'",
     .call = string_of_ip},
    {.name = "string",
     .type = "(cidr) -> string",
     .doc = "address and length",
     .example = "string(cidr('10.0.0.0/8')) == '10.0.0.0/8'",
     .call = string_of_cidr},
    {.name = "bool",
     .type = "(bool) -> bool",
     .doc = "the value itself",
     .example = "bool(true)",
     .call = same},
    {.name = "bool",
     .type = "(string) -> bool",
     .doc = "what 1, t, true and 0, f, false say",
     .example = "bool('true')",
     .call = bool_of_string,
     .tells_secrets = true},
    {.name = "bytes",
     .type = "(bytes) -> bytes",
     .doc = "the bytes themselves",
     .example = "bytes(b'a') == b'a'",
     .call = same},
    {.name = "bytes",
     .type = "(string) -> bytes",
     .doc = "the UTF-8 of the text",
     .example = "bytes('é') == b'\\xc3\\xa9'",
     .call = bytes_of_string},
    {.name = "timestamp",
     .type = "(timestamp) -> timestamp",
     .doc = "the time itself",
     .example = "timestamp(timestamp(0)) == timestamp(0)",
     .call = same},
    {.name = "timestamp",
     .type = "(string) -> timestamp",
     .doc = "the time that the text is, in RFC 3339",
     .example = "timestamp('1970-01-01T01:00:00+01:00') == timestamp(0)",
     .call = timestamp_of_string,
     .tells_secrets = true},
    {.name = "timestamp",
     .type = "(int) -> timestamp",
     .doc = "the time so many seconds after 1970",
     .example = "timestamp(60) - timestamp(0) == duration('1m')",
     .call = timestamp_of_int},
    {.name = "duration",
     .type = "(duration) -> duration",
     .doc = "the duration itself",
     .example = "duration(duration('1s')) == duration('1s')",
     .call = same},
    {.name = "duration",
     .type = "(string) -> duration",
     .doc = "the duration that the text is: units h m s ms us ns",
     .example = "duration('1h30m') == duration('90m')",
     .call = duration_of_string,
     .tells_secrets = true},
    {.name = "type",
     .type = "(dyn) -> type",
     .doc = "the type of the value",
     .example = "type(1) == int",
     .call = type_of_any},
    {.name = "dyn",
     .type = "(dyn) -> dyn",
     .doc = "the value itself",
     .example = "dyn(1) == 1",
     .call = same},
};

}  // namespace

std::span<const Function> conversion_functions() {
  return kConversionFunctions;
}

}  // namespace swamp::cel
