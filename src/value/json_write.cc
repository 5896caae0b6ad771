#include <algorithm>
#include <charconv>
#include <cmath>

#include "value/json.h"

namespace swamp {
namespace {

/// How a byte is written inside quotes: 0 as it is, 'u' as \u00xx, else as a backslash and this
/// letter.
char escape_of(char c) {
  switch (c) {
    case '"':
    case '\\':
      return c;
    case '\b':
      return 'b';
    case '\f':
      return 'f';
    case '\n':
      return 'n';
    case '\r':
      return 'r';
    case '\t':
      return 't';
    default:
      return static_cast<unsigned char>(c) < 0x20 ? 'u' : '\0';
  }
}

void append_escape(std::string& out, char c, char escape) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out += '\\';
  out += escape;
  if (escape != 'u') return;
  const auto byte = static_cast<unsigned char>(c);
  out.append("00").append(1, kHex[byte >> 4]).append(1, kHex[byte & 15]);
}

template <class Integer>
void append_integer(std::string& out, Integer number) {
  char buffer[24];
  out.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, number).ptr);
}

void append_double(std::string& out, double number) {
  out += std::isfinite(number) ? number_to_string(number) : "null";
}

/// Everything but containers.
void append_scalar(std::string& out, const Value& value) {
  switch (value.kind()) {
    case Value::Kind::boolean:
      out += value.as_bool() ? "true" : "false";
      break;
    case Value::Kind::int64:
      append_integer(out, value.as_int());
      break;
    case Value::Kind::uint64:
      append_integer(out, value.as_uint());
      break;
    case Value::Kind::real:
      append_double(out, value.as_double());
      break;
    case Value::Kind::string:
      append_json_string(out,
                         value.is_secret() ? value.secret_origin()->expression : value.as_string());
      break;
    default:
      out += "null";
  }
}

class Writer {
 public:
  Writer(std::string& out, JsonStyle style) : out_(out), indent_(style.indent) {}

  void write(const Value& value) {
    if (value.is_list()) {
      write_container('[', ']', value.as_list(), [&](const Value& item) { write(item); });
    } else if (value.is_map()) {
      write_container('{', '}', value.as_map(), [&](const Map::Entry& entry) {
        append_json_string(out_, entry.first);
        out_ += indent_ > 0 ? ": " : ":";
        write(entry.second);
      });
    } else {
      append_scalar(out_, value);
    }
  }

 private:
  template <class Container, class WriteMember>
  void write_container(char open, char close, const Container& members, WriteMember write_member) {
    out_ += open;
    ++level_;
    bool first = true;
    for (const auto& member : members) {
      if (!first) out_ += ',';
      first = false;
      new_line();
      write_member(member);
    }
    --level_;
    if (!first) new_line();
    out_ += close;
  }

  void new_line() {
    if (indent_ > 0)
      out_.append("\n").append(static_cast<std::size_t>(indent_) * static_cast<std::size_t>(level_),
                               ' ');
  }

  std::string& out_;
  int indent_;
  int level_ = 0;
};

/// Order of UTF-16 units. It differs from that of bytes only where a character beyond U+FFFF (a
/// surrogate pair, D800..DFFF) meets one of U+E000..U+FFFF.
bool less_in_utf16(std::string_view a, std::string_view b) {
  const auto [at, bt] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  if (at == a.end() || bt == b.end()) return at == a.end() && bt != b.end();
  const auto rank = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0xF0 ? 0xED00 + byte : byte << 8;  // F0.. goes between ED (up to U+D7FF) and EE
  };
  return rank(*at) < rank(*bt);
}

/// Equal values get equal texts: a whole number is written with its digits, whichever kind holds
/// it.
void append_canonical_double(std::string& out, double number) {
  if (std::trunc(number) == number && number >= -0x1p63 && number < 0x1p63) {
    append_integer(out, static_cast<std::int64_t>(number));
  } else if (std::trunc(number) == number && number >= 0 && number < 0x1p64) {
    append_integer(out, static_cast<std::uint64_t>(number));
  } else {
    append_double(out, number);
  }
}

void append_canonical(std::string& out, const Value& value) {
  char separator = value.is_map() ? '{' : '[';
  if (value.is_list()) {
    for (const Value& item : value.as_list()) {
      out += std::exchange(separator, ',');
      append_canonical(out, item);
    }
    out += value.as_list().empty() ? "[]" : "]";
  } else if (value.is_map()) {
    std::vector<const Map::Entry*> entries;
    entries.reserve(value.as_map().size());
    for (const Map::Entry& entry : value.as_map()) {
      entries.push_back(&entry);
    }
    std::sort(entries.begin(), entries.end(),
              [](const auto* a, const auto* b) { return less_in_utf16(a->first, b->first); });
    for (const Map::Entry* entry : entries) {
      out += std::exchange(separator, ',');
      append_json_string(out, entry->first);
      out += ':';
      append_canonical(out, entry->second);
    }
    out += entries.empty() ? "{}" : "}";
  } else if (value.kind() == Value::Kind::real) {
    append_canonical_double(out, value.as_double());
  } else {
    append_scalar(out, value);
  }
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  std::string repaired;
  if (!is_valid_utf8(text)) text = repaired = to_valid_utf8(text);
  out += '"';
  std::size_t written = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char escape = escape_of(text[i]);
    if (escape == '\0') continue;
    out += text.substr(written, i - written);
    append_escape(out, text[i], escape);
    written = i + 1;
  }
  out += text.substr(written);
  out += '"';
}

void append_json(std::string& out, const Value& value, JsonStyle style) {
  Writer(out, style).write(value);
}

std::string write_json(const Value& value, JsonStyle style) {
  std::string out;
  append_json(out, value, style);
  return out;
}

std::string write_canonical_json(const Value& value) {
  std::string out;
  append_canonical(out, value);
  return out;
}

}  // namespace swamp
