#include <algorithm>

#include <fmt/format.h>

#include "base/ascii.h"
#include "cel/characters.h"
#include "cel/functions/function.h"
#include "cel/functions/pattern.h"
#include "cel/secret_pieces.h"

namespace swamp::cel {

namespace {

Datum out_of_range(std::int64_t position, std::string_view text) {
  return Datum::failure(fmt::format("place {} lies outside the text, which has {} characters",
                                    position, count_characters(text)));
}

/// The byte of a character's number, which may be that behind the last.
std::optional<std::size_t> place(const std::string& text, std::int64_t number) {
  if (number < 0 || static_cast<std::uint64_t>(number) > text.size()) return std::nullopt;
  const std::size_t byte = byte_of_character(text, static_cast<std::size_t>(number));
  const bool is_past =
      byte == text.size() && count_characters(text) < static_cast<std::size_t>(number);
  return is_past ? std::nullopt : std::optional(byte);
}

Datum size_of_text(Call& call) {
  return Datum::integer(static_cast<std::int64_t>(count_characters(call.text(0))));
}
Datum size_of_bytes(Call& call) {
  return Datum::integer(static_cast<std::int64_t>(call.text(0).size()));
}
Datum size_of_container(Call& call) {
  return Datum::integer(static_cast<std::int64_t>(call[0].size()));
}

Datum contains_text(Call& call) {
  return Datum::boolean(call.text(0).find(call.text(1)) != std::string::npos);
}
Datum starts_with(Call& call) {
  return Datum::boolean(call.text(0).starts_with(call.text(1)));
}
Datum ends_with(Call& call) {
  return Datum::boolean(call.text(0).ends_with(call.text(1)));
}

Datum char_at(Call& call) {
  const std::string& text = call.text(0);
  const auto byte = place(text, call[1].as_int());
  if (!byte) return out_of_range(call[1].as_int(), text);
  return call.string(*byte == text.size() ? "" : text.substr(*byte, character_length(text, *byte)));
}

Datum character_number(const std::string& text, std::size_t byte) {
  if (byte == std::string::npos) return Datum::integer(-1);
  return Datum::integer(
      static_cast<std::int64_t>(count_characters(std::string_view(text).substr(0, byte))));
}

Datum index_of(Call& call) {
  const std::string& text = call.text(0);
  std::size_t from = 0;
  if (call.size() == 3) {
    const auto byte = place(text, call[2].as_int());
    if (!byte) return out_of_range(call[2].as_int(), text);
    from = *byte;
  }
  return character_number(text, text.find(call.text(1), from));
}

Datum last_index_of(Call& call) {
  const std::string& text = call.text(0);
  std::size_t from = std::string::npos;
  if (call.size() == 3) {
    const auto byte = place(text, call[2].as_int());
    if (!byte) return out_of_range(call[2].as_int(), text);
    from = *byte;
  }
  return character_number(text, text.rfind(call.text(1), from));
}

Datum substring(Call& call) {
  const std::string& text = call.text(0);
  const auto begin = place(text, call[1].as_int());
  if (!begin) return out_of_range(call[1].as_int(), text);
  if (call.size() == 2) return call.string(text.substr(*begin));
  const auto end = place(text, call[2].as_int());
  if (!end) return out_of_range(call[2].as_int(), text);
  if (*end < *begin) return Datum::failure("the end of the part lies before its beginning");
  return call.string(text.substr(*begin, *end - *begin));
}

template <class Change>
Datum each_letter(Call& call, Change change) {
  std::string text = call.text(0);
  std::transform(text.begin(), text.end(), text.begin(), change);
  return call.string(std::move(text));
}
Datum lower_ascii(Call& call) {
  return each_letter(call, [](char c) { return to_lower(c); });
}
Datum upper_ascii(Call& call) {
  return each_letter(call, [](char c) { return to_upper(c); });
}

Datum trim(Call& call) {
  return call.string(std::string(trimmed(call.text(0))));
}

Datum reverse_text(Call& call) {
  const std::string& text = call.text(0);
  std::string reversed;
  reversed.reserve(text.size());
  for (std::size_t end = text.size(); end > 0;) {
    std::size_t begin = end - 1;
    while (begin > 0 && (static_cast<unsigned char>(text[begin]) & 0xC0) == 0x80) {
      --begin;
    }
    reversed.append(text, begin, end - begin);
    end = begin;
  }
  return call.string(std::move(reversed));
}

/// As many as the third argument says, or all when there is none or it is negative.
std::size_t limit_of(const Call& call, std::size_t at) {
  if (call.size() <= at || call[at].as_int() < 0) return SIZE_MAX;
  return static_cast<std::size_t>(call[at].as_int());
}

Datum replace(Call& call) {
  const std::string& text = call.text(0);
  const std::string& old = call.text(1);
  const std::string& fresh = call.text(2);
  std::string out;
  std::size_t at = 0;
  for (std::size_t left = limit_of(call, 3); left > 0; --left) {
    // An empty text stands before every character and at the end.
    const std::size_t found = text.find(old, at);
    if (found == std::string::npos || !call.charge(1 + fresh.size() / 16)) break;
    out.append(text, at, found - at).append(fresh);
    at = found + old.size();
    if (!old.empty()) continue;
    if (at >= text.size()) break;
    const std::size_t length = character_length(text, at);
    out.append(text, at, length);
    at += length;
  }
  if (at < text.size()) out.append(text, at);
  return call.string(std::move(out));
}

Datum split(Call& call) {
  const std::string& text = call.text(0);
  const std::string& separator = call.text(1);
  const std::size_t limit = limit_of(call, 2);
  const auto origin = call.origin();
  Items parts;
  const auto add = [&](std::string part) {
    parts.push_back(Datum::string(std::move(part), origin));
  };
  if (limit == 0) return Datum::list({});
  std::size_t at = 0;
  while (parts.size() + 1 < limit && call.charge(2 * kElementCost)) {
    std::size_t end = text.find(separator, at);
    if (separator.empty())
      end = at < text.size() ? at + character_length(text, at) : std::string::npos;
    if (end == std::string::npos || (separator.empty() && end >= text.size())) break;
    add(text.substr(at, end - at));
    at = end + separator.size();
  }
  if (!separator.empty() || at < text.size()) add(text.substr(at));
  return Datum::list(std::move(parts));
}

Datum join(Call& call) {
  const std::string separator = call.size() == 2 ? call.text(1) : "";
  std::string joined;
  SecretPieces secrets;
  for (std::size_t i = 0; i < call[0].size(); ++i) {
    const Datum part = call[0].at(i);
    if (!part.is(Kind::string)) {
      return Datum::failure(fmt::format("'join' takes a list of strings, and element {} is {}", i,
                                        to_string(part.kind())),
                            "write list.map(x, string(x)).join(…)");
    }
    if (!call.charge(1 + (part.text().size() + separator.size()) / 16)) break;
    if (i > 0) {
      if (call.size() == 2) secrets.add(joined.size(), separator.size(), call[1].origin());
      joined += separator;
    }
    secrets.add(joined.size(), part.text().size(), part.origin());
    joined += part.text();
  }
  return Datum::string(std::move(joined), secrets.origin());
}

Datum quote_text(Call& call) {
  static constexpr std::string_view kSpecial = "\a\b\f\n\r\t\v\\\"";
  static constexpr std::string_view kNames = "abfnrtv\\\"";
  std::string quoted = "\"";
  for (const char c : call.text(0)) {
    if (const auto at = kSpecial.find(c); at != std::string_view::npos) {
      quoted += '\\';
      quoted += kNames[at];
    } else {
      quoted += c;
    }
  }
  return call.string(quoted + '"');
}

Datum matches(Call& call) {
  const auto* prepared = static_cast<const Pattern*>(call.prepared);
  if (prepared != nullptr) return prepared->is_in(call.text(0));
  call.charge(100 + call.text(1).size());
  return Pattern(call.text(1)).is_in(call.text(0));
}
std::shared_ptr<const void> prepare_pattern(const std::string& text) {
  return std::make_shared<const Pattern>(text);
}

constexpr Function kTextFunctions[] = {
    {.name = "size",
     .type = "(string) -> int",
     .doc = "how many characters the text has",
     .example = "size('é😀') == 2",
     .call = size_of_text},
    {.name = "size",
     .type = "(bytes) -> int",
     .doc = "how many bytes there are",
     .example = "size(b'abc') == 3",
     .call = size_of_bytes},
    {.name = "size",
     .type = "(list|map) -> int",
     .doc = "how many elements or entries there are",
     .example = "size([1, 2]) == 2",
     .call = size_of_container},
    {.name = "size",
     .type = "string.() -> int",
     .doc = "how many characters the text has",
     .example = "'abc'.size() == 3",
     .call = size_of_text},
    {.name = "size",
     .type = "bytes.() -> int",
     .doc = "how many bytes there are",
     .example = "b'abc'.size() == 3",
     .call = size_of_bytes},
    {.name = "size",
     .type = "list|map.() -> int",
     .doc = "how many elements or entries there are",
     .example = "{'a': 1}.size() == 1",
     .call = size_of_container},
    {.name = "contains",
     .type = "string.(string) -> bool",
     .doc = "whether the given text stands in the text",
     .example = "'harbour'.contains('bou')",
     .call = contains_text},
    {.name = "startsWith",
     .type = "string.(string) -> bool",
     .doc = "whether the text begins with the given text",
     .example = "'harbour'.startsWith('har')",
     .call = starts_with},
    {.name = "endsWith",
     .type = "string.(string) -> bool",
     .doc = "whether the text ends with the given text",
     .example = "'harbour'.endsWith('our')",
     .call = ends_with},
    {.name = "matches",
     .type = "string.(string) -> bool",
     .doc = "whether the pattern (RE2) fits somewhere in the text",
     .example = "'harbour'.matches('^h.*r$')",
     .call = matches,
     .prepare = prepare_pattern},
    {.name = "matches",
     .type = "(string, string) -> bool",
     .doc = "the same, the text first",
     .example = "matches('harbour', 'b[aeiou]')",
     .call = matches,
     .prepare = prepare_pattern},
    {.name = "charAt",
     .type = "string.(int) -> string",
     .doc = "the character at a place; nothing behind the last",
     .example = "'tacocat'.charAt(3) == 'o'",
     .call = char_at},
    {.name = "indexOf",
     .type = "string.(string) -> int",
     .doc = "where the given text first stands, or -1",
     .example = "'tacocat'.indexOf('ac') == 1",
     .call = index_of},
    {.name = "indexOf",
     .type = "string.(string, int) -> int",
     .doc = "the same, from a place on",
     .example = "'tacocat'.indexOf('a', 3) == 5",
     .call = index_of},
    {.name = "lastIndexOf",
     .type = "string.(string) -> int",
     .doc = "where the given text last stands, or -1",
     .example = "'tacocat'.lastIndexOf('a') == 5",
     .call = last_index_of},
    {.name = "lastIndexOf",
     .type = "string.(string, int) -> int",
     .doc = "the same, up to a place",
     .example = "'tacocat'.lastIndexOf('a', 3) == 1",
     .call = last_index_of},
    {.name = "substring",
     .type = "string.(int) -> string",
     .doc = "the text from a place on",
     .example = "'tacocat'.substring(4) == 'cat'",
     .call = substring},
    {.name = "substring",
     .type = "string.(int, int) -> string",
     .doc = "the text from one place up to another",
     .example = "'tacocat'.substring(0, 4) == 'taco'",
     .call = substring},
    {.name = "lowerAscii",
     .type = "string.() -> string",
     .doc = "with the letters A to Z in lower case",
     .example = "'TacoÆ'.lowerAscii() == 'tacoÆ'",
     .call = lower_ascii},
    {.name = "upperAscii",
     .type = "string.() -> string",
     .doc = "with the letters a to z in upper case",
     .example = "'tacoæ'.upperAscii() == 'TACOæ'",
     .call = upper_ascii},
    {.name = "trim",
     .type = "string.() -> string",
     .doc = "without white space at both ends",
     .example = "' a b '.trim() == 'a b'",
     .call = trim},
    {.name = "reverse",
     .type = "string.() -> string",
     .doc = "the characters from last to first",
     .example = "'abc'.reverse() == 'cba'",
     .call = reverse_text},
    {.name = "replace",
     .type = "string.(string, string) -> string",
     .doc = "every occurrence of the first text replaced",
     .example = "'a-b-c'.replace('-', '+') == 'a+b+c'",
     .call = replace},
    {.name = "replace",
     .type = "string.(string, string, int) -> string",
     .doc = "so many occurrences replaced",
     .example = "'a-b-c'.replace('-', '+', 1) == 'a+b-c'",
     .call = replace},
    {.name = "split",
     .type = "string.(string) -> list",
     .doc = "the parts between a separator",
     .example = "'a,b'.split(',') == ['a', 'b']",
     .call = split},
    {.name = "split",
     .type = "string.(string, int) -> list",
     .doc = "at most so many parts, the rest in the last",
     .example = "'a,b,c'.split(',', 2) == ['a', 'b,c']",
     .call = split},
    {.name = "join",
     .type = "list.() -> string",
     .doc = "the texts of a list one behind the other",
     .example = "['a', 'b'].join() == 'ab'",
     .call = join},
    {.name = "join",
     .type = "list.(string) -> string",
     .doc = "the same, with a separator between them",
     .example = "['a', 'b'].join('-') == 'a-b'",
     .call = join},
    {.name = "strings.quote",
     .type = "(string) -> string",
     .doc = "the text in quotes, with escapes",
     .example = "strings.quote('a\\n') == '\"a\\\\n\"'",
     .call = quote_text},
};

}  // namespace

std::span<const Function> text_functions() {
  return kTextFunctions;
}

}  // namespace swamp::cel
