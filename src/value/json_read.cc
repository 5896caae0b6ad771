#include <algorithm>
#include <cassert>
#include <charconv>
#include <vector>

#include "base/ascii.h"
#include "value/json.h"
#include "value/json_fault.h"
#include "value/number.h"
#include "value/utf8.h"

namespace swamp {
namespace {

/// Reads a text once from its first byte to its last. It tells only that something does not fit;
/// where and what is found by find_json_fault(), which walks the same grammar.
class Reader {
 public:
  /// `text` must be valid UTF-8.
  explicit Reader(std::string_view text) : at_(text.data()), end_(text.data() + text.size()) {}

  bool read(Value& out) {
    if (!read_value(0, out)) return false;
    skip_blanks();
    return at_ == end_;
  }

 private:
  bool read_value(std::size_t depth, Value& out) {
    skip_blanks();
    if (at_ == end_) return false;
    switch (*at_) {
      case '{':
        return depth < kMaxJsonDepth && read_map(depth + 1, out);
      case '[':
        return depth < kMaxJsonDepth && read_list(depth + 1, out);
      case '"': {
        std::string text;
        if (!read_string(text)) return false;
        out = Value(std::move(text));
        return true;
      }
      case 't':
        return read_word("true", true, out);
      case 'f':
        return read_word("false", false, out);
      case 'n':
        return read_word("null", nullptr, out);
      default:
        return read_number(out);
    }
  }

  bool read_map(std::size_t depth, Value& out) {
    std::vector<Map::Entry> entries;
    ++at_;
    if (!next_is('}')) {
      do {
        auto& [key, member] = entries.emplace_back();
        skip_blanks();
        if (at_ == end_ || *at_ != '"' || !read_string(key) || !next_is(':')) return false;
        if (!read_value(depth, member)) return false;
      } while (next_is(','));
      if (!next_is('}')) return false;
    }
    out = Value(Map::from(std::move(entries)));
    return true;
  }

  bool read_list(std::size_t depth, Value& out) {
    List items;
    ++at_;
    if (!next_is(']')) {
      do {
        if (!read_value(depth, items.emplace_back())) return false;
      } while (next_is(','));
      if (!next_is(']')) return false;
    }
    out = Value(std::move(items));
    return true;
  }

  /// At the opening quote; leaves `at_` behind the closing one.
  bool read_string(std::string& out) {
    ++at_;
    while (true) {
      const char* const plain = at_;
      at_ = std::find_if(at_, end_, ends_plain_text);
      out.append(plain, at_);
      if (at_ == end_ || static_cast<unsigned char>(*at_) < 0x20) return false;
      if (*at_++ == '"') return true;
      if (!read_escape(out)) return false;
    }
  }

  static bool ends_plain_text(char c) {
    return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20;
  }

  /// Behind a backslash.
  bool read_escape(std::string& out) {
    static constexpr std::string_view kNames = "\"\\/bfnrt";
    static constexpr std::string_view kBytes = "\"\\/\b\f\n\r\t";
    if (at_ == end_) return false;
    const char c = *at_++;
    if (c == 'u') return read_unicode_escape(out);
    const std::size_t name = kNames.find(c);
    if (name == std::string_view::npos) return false;
    out += kBytes[name];
    return true;
  }

  /// Behind `\u`: one UTF-16 unit or a surrogate pair. A surrogate without its other half, which
  /// JavaScript writes, becomes U+FFFD.
  bool read_unicode_escape(std::string& out) {
    const std::int32_t unit = read_unit();
    if (unit < 0) return false;
    auto code = static_cast<std::uint32_t>(unit);
    if (code >= 0xD800 && code < 0xE000) {
      const std::int32_t low = code < 0xDC00 ? read_low_surrogate() : -1;
      code = low < 0
                 ? 0xFFFD
                 : 0x10000 + ((code - 0xD800) << 10) + (static_cast<std::uint32_t>(low) - 0xDC00);
    }
    append_utf8(out, code);
    return true;
  }

  /// Four hexadecimal digits; -1 when they are not there.
  std::int32_t read_unit() {
    std::uint32_t unit = 0;
    if (end_ - at_ < 4 || !std::all_of(at_, at_ + 4, is_hex_digit)) return -1;
    std::from_chars(at_, at_ + 4, unit, 16);
    at_ += 4;
    return static_cast<std::int32_t>(unit);
  }

  /// The escape of a low surrogate; -1, and nothing is read, when something else follows.
  std::int32_t read_low_surrogate() {
    if (!std::string_view(at_, end_).starts_with("\\u")) return -1;
    const char* const start = at_;
    at_ += 2;
    const std::int32_t unit = read_unit();
    if (unit >= 0xDC00 && unit < 0xE000) return unit;
    at_ = start;
    return -1;
  }

  bool read_number(Value& out) {
    const char* const start = at_;
    at_ = std::find_if(at_, end_, [](char c) {
      return !is_digit(c) && c != '-' && c != '+' && c != '.' && c != 'e' && c != 'E';
    });
    const std::string_view token(start, at_);
    if (!is_json_number(token)) return false;
    auto number = read_decimal(token);
    if (!number) return false;
    out = *std::move(number);
    return true;
  }

  bool read_word(std::string_view word, Value meaning, Value& out) {
    if (!std::string_view(at_, end_).starts_with(word)) return false;
    at_ += word.size();
    out = std::move(meaning);
    return true;
  }

  void skip_blanks() {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) {
      ++at_;
    }
  }

  /// Moves behind `c` when it comes next.
  bool next_is(char c) {
    skip_blanks();
    if (at_ == end_ || *at_ != c) return false;
    ++at_;
    return true;
  }

  const char* at_;
  const char* end_;
};

/// Only the first bytes of a character start a column.
std::uint32_t count_characters(std::string_view text) {
  return static_cast<std::uint32_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

SourceSpan place_of(const JsonFault& fault, Source source) {
  const std::string_view text = source->text;
  const std::string_view before = text.substr(0, fault.offset);
  const auto lines = std::count(before.begin(), before.end(), '\n');
  const std::string_view line = before.substr(before.rfind('\n') + 1);  // npos + 1 is 0
  return {.source = std::move(source),
          .line = static_cast<std::uint32_t>(lines) + 1,
          .column = count_characters(line) + 1,
          .length = std::max(1U, count_characters(text.substr(fault.offset, fault.length)))};
}

Error explain(std::string_view text, std::string_view name) {
  auto source =
      std::make_shared<const SourceText>(SourceText{std::string(name), std::string(text)});
  auto fault = find_json_fault(text);
  assert(fault && "what the reader refuses has a fault");
  return Error{.code = ErrorCode::invalid_input,
               .message = std::move(fault->message),
               .where = place_of(*fault, std::move(source)),
               .hint = std::move(fault->hint)};
}

}  // namespace

Result<Value> parse_json(std::string_view text, std::string_view name) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  Value value;
  if (!is_valid_utf8(text) || !Reader(text).read(value)) return fail(explain(text, name));
  return value;
}

}  // namespace swamp
