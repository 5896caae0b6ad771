#include <fmt/format.h>

#include "base/base64.h"
#include "cel/functions/function.h"
#include "value/json.h"
#include "value/utf8.h"

namespace swamp::cel {

namespace {

Datum encode(Call& call) {
  return call.string(base64_encode(call.text(0)));
}

Datum decode(Call& call) {
  auto octets = base64_decode(call.text(0));
  return octets ? call.bytes(*std::move(octets)) : Datum::failure("the text is not base64");
}

Datum octet_at(Call& call) {
  const std::int64_t position = call[1].as_int();
  const std::string& octets = call.text(0);
  if (position < 0 || static_cast<std::uint64_t>(position) >= octets.size()) {
    return Datum::failure(
        fmt::format("place {} lies outside of {} bytes", position, octets.size()));
  }
  return Datum::integer(static_cast<unsigned char>(octets[static_cast<std::size_t>(position)]));
}

Datum hex(Call& call) {
  std::string digits;
  digits.reserve(call.text(0).size() * 2);
  for (const char c : call.text(0)) {
    fmt::format_to(std::back_inserter(digits), "{:02x}", static_cast<unsigned char>(c));
  }
  return call.string(std::move(digits));
}

Datum text_of(Call& call) {
  if (first_invalid_utf8(call.text(0)) != std::string_view::npos)
    return Datum::failure("the bytes are no UTF-8 text");
  return call.string(call.text(0));
}

/// Everything in a secret document is secret; numbers and the like become texts, which can be.
Value all_secret(const Value& value, const std::shared_ptr<const SecretOrigin>& origin) {
  if (value.is_null()) return value;
  if (value.is_list()) {
    List items;
    for (const Value& item : value.as_list()) {
      items.push_back(all_secret(item, origin));
    }
    return items;
  }
  if (!value.is_map())
    return Value::secret(value.is_string() ? value.as_string() : write_json(value), origin);
  Map entries;
  for (const auto& [key, member] : value.as_map()) {
    entries.set(key, all_secret(member, origin));
  }
  return entries;
}

Datum json(Call& call) {
  call.charge(call.text(0).size() / 4);
  auto value = parse_json(call.text(0));
  const auto origin = call.origin();
  if (!value) {
    return Datum::failure(origin == nullptr
                              ? fmt::format("the bytes are not JSON: {}", value.error().message)
                              : "the bytes are not JSON");
  }
  return Datum::of(origin == nullptr ? *value : all_secret(*value, origin), call.dialect);
}

constexpr Function kBytesFunctions[] = {
    {.name = "base64.encode",
     .type = "(bytes) -> string",
     .doc = "the bytes as base64",
     .example = "base64.encode(b'hello') == 'aGVsbG8='",
     .call = encode},
    {.name = "base64.encode",
     .type = "(string) -> string",
     .doc = "the UTF-8 of the text as base64",
     .example = "base64.encode('hello') == 'aGVsbG8='",
     .call = encode,
     .only_swamp = true},
    {.name = "base64.decode",
     .type = "(string) -> bytes",
     .doc = "the bytes that base64 stands for, padded or not",
     .example = "base64.decode('aGVsbG8') == b'hello'",
     .call = decode},
    {.name = "at",
     .type = "bytes.(int) -> int",
     .doc = "the byte at a place",
     .example = "b'abc'.at(0) == 97",
     .call = octet_at,
     .only_swamp = true,
     .tells_secrets = true},
    {.name = "hex",
     .type = "bytes.() -> string",
     .doc = "two hexadecimal digits for every byte",
     .example = "b'az'.hex() == '617a'",
     .call = hex,
     .only_swamp = true},
    {.name = "base64",
     .type = "bytes.() -> string",
     .doc = "the bytes as base64",
     .example = "b'hello'.base64() == 'aGVsbG8='",
     .call = encode,
     .only_swamp = true},
    {.name = "string",
     .type = "bytes.() -> string",
     .doc = "the text whose UTF-8 the bytes are",
     .example = "b'abc'.string() == 'abc'",
     .call = text_of,
     .only_swamp = true},
    {.name = "json",
     .type = "bytes.() -> dyn",
     .doc = "the value that the bytes are as JSON",
     .example = "bytes('{\"a\": 1}').json().a == 1",
     .call = json,
     .only_swamp = true},
};

}  // namespace

std::span<const Function> bytes_functions() {
  return kBytesFunctions;
}

}  // namespace swamp::cel
