#include "value/json_fault.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "base/ascii.h"
#include "value/json.h"
#include "value/number.h"
#include "value/utf8.h"

namespace swamp {
namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
bool is_open(char c) {
  return c == '{' || c == '[';
}
bool is_close(char c) {
  return c == '}' || c == ']';
}

/// Whether `c` ends a bare word.
bool is_delimiter(char c) {
  return is_blank(c) || is_open(c) || is_close(c) || c == ',' || c == ':' || c == '"';
}

/// A word as a message shows it: not too long, and without control characters.
std::string shown(std::string_view word) {
  constexpr std::size_t kLongest = 40;
  std::string text(word.substr(0, kLongest));
  std::replace_if(
      text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  return to_valid_utf8(text);
}

/// Walks the grammar with a stack of its own, until something does not fit:
///
///   value  = '{' [ string ':' value { ',' string ':' value } ] '}'
///          | '[' [ value { ',' value } ] ']' | string | number | 'true' | 'false' | 'null'
class Finder {
 public:
  explicit Finder(std::string_view text) : text_(text) {}

  std::optional<JsonFault> find() {
    if (const std::size_t bad = first_invalid_utf8(text_); bad != std::string_view::npos) {
      return JsonFault{bad, 1, "text is not valid UTF-8"};
    }
    while (!fault_ && expected_ != Expected::nothing) {
      step();
    }
    return std::move(fault_);
  }

 private:
  enum class Expected { value, first_item, key, first_key, colon, comma, nothing };

  void step() {
    skip_blanks();
    if (at_ == text_.size()) return at_end();
    const char c = text_[at_];
    switch (expected_) {
      case Expected::value:
        return value(c);
      case Expected::first_item:
        return c == ']' ? close() : value(c);
      case Expected::key:
        return key(c);
      case Expected::first_key:
        return c == '}' ? close() : key(c);
      case Expected::colon:
        return colon(c);
      case Expected::comma:
        return comma(c);
      case Expected::nothing:
        return;
    }
  }

  void skip_blanks() {
    while (at_ < text_.size() && is_blank(text_[at_])) {
      ++at_;
    }
  }

  void fail_at(std::size_t offset, std::size_t length, std::string message, std::string hint = {}) {
    fault_ = JsonFault{offset, length, std::move(message), std::move(hint)};
  }

  void at_end() {
    if (!open_.empty()) {
      fail_at(open_.back(), 1, fmt::format("'{}' is never closed", text_[open_.back()]));
    } else if (expected_ == Expected::value) {
      fail_at(0, 1, "text is empty");
    } else {
      expected_ = Expected::nothing;
    }
  }

  void value(char c) {
    if (is_open(c)) return open(c);
    if (c == '"') {
      string();
    } else if (c == '-' || is_digit(c)) {
      number();
    } else if (is_close(c) || c == ',' || c == ':') {
      return missing_value(c);
    } else {
      word();
    }
    expected_ = Expected::comma;
  }

  void missing_value(char c) {
    if (is_close(c) && !open_.empty() && text_[last_] == ',') {
      return fail_at(last_, 1, fmt::format("',' before '{}'", c), "remove the comma");
    }
    fail_at(at_, 1, fmt::format("'{}' where a value is expected", c));
  }

  void open(char c) {
    if (open_.size() == kMaxJsonDepth) {
      return fail_at(at_, 1, fmt::format("nested more than {} levels deep", kMaxJsonDepth));
    }
    open_.push_back(at_++);
    expected_ = c == '{' ? Expected::first_key : Expected::first_item;
  }

  void close() {
    ++at_;
    open_.pop_back();
    expected_ = Expected::comma;
  }

  void key(char c) {
    if (c == '"') {
      string();
      expected_ = Expected::colon;
    } else if (is_close(c) || c == ',' || c == ':') {
      missing_value(c);
    } else {
      const std::string_view found = bare_word();
      fail_at(at_, found.size(),
              fmt::format("'{}' where a key in quotes is expected", shown(found)),
              "write keys in double quotes");
    }
  }

  void colon(char c) {
    if (c != ':') return fail_at(at_, 1, fmt::format("'{}' where ':' is expected", shown_here()));
    ++at_;
    expected_ = Expected::value;
  }

  void comma(char c) {
    if (open_.empty()) {
      return fail_at(at_, 1, fmt::format("'{}' after the end of the document", shown_here()));
    }
    const bool in_map = text_[open_.back()] == '{';
    if (c == (in_map ? '}' : ']')) return close();
    if (c != ',') {
      return fail_at(
          at_, 1,
          fmt::format("'{}' where ',' or '{}' is expected", shown_here(), in_map ? '}' : ']'));
    }
    last_ = at_++;
    expected_ = in_map ? Expected::key : Expected::value;
  }

  void string() {
    const std::size_t start = at_++;
    for (; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      const auto byte = static_cast<unsigned char>(text_[at_]);
      if (byte < 0x20) return control_character(byte);
      if (byte == '\\' && !escape()) return;
    }
    if (at_ == text_.size()) return fail_at(start, 1, "'\"' is never closed");
    ++at_;
  }

  void control_character(unsigned char byte) {
    if (byte == '\n' || byte == '\r') {
      return fail_at(at_, 1, "line break inside a string", "write it as \\n");
    }
    fail_at(at_, 1, fmt::format("control character U+{:04X} inside a string", byte),
            fmt::format("write it as \\u{:04x}", byte));
  }

  /// At a backslash; leaves `at_` on the last byte of the escape.
  bool escape() {
    const std::size_t start = at_++;
    if (at_ == text_.size()) {
      --at_;
      return true;
    }
    std::size_t end = at_;
    bool good = std::string_view("\"\\/bfnrt").find(text_[at_]) != std::string_view::npos;
    if (text_[at_] == 'u') {
      while (end + 1 < text_.size() && end - at_ < 4 && is_hex_digit(text_[end + 1])) {
        ++end;
      }
      good = end - at_ == 4;
    }
    if (!good) {
      const auto escape = text_.substr(start, end + 1 - start);
      fail_at(start, escape.size(), fmt::format("'{}' is not an escape of JSON", shown(escape)),
              "write a backslash as \\\\");
    }
    at_ = end;
    return good;
  }

  void number() {
    const std::string_view token = bare_word();
    if (!is_json_number(token)) {
      return fail_at(at_, token.size(), fmt::format("'{}' is not a number", shown(token)));
    }
    if (!read_decimal(token)) {
      return fail_at(at_, token.size(), fmt::format("number '{}' is too large", shown(token)));
    }
    at_ += token.size();
  }

  void word() {
    const std::string_view found = bare_word();
    if (found == "true" || found == "false" || found == "null") {
      at_ += found.size();
      return;
    }
    std::string hint;
    if (found[0] == '\'') hint = "write strings in double quotes";
    if (found[0] == '/' || found[0] == '#') hint = "JSON has no comments";
    fail_at(at_, found.size(), fmt::format("'{}' is not a value", shown(found)), std::move(hint));
  }

  std::string_view bare_word() const {
    std::size_t end = at_ + 1;
    while (end < text_.size() && !is_delimiter(text_[end])) {
      ++end;
    }
    return text_.substr(at_, end - at_);
  }

  std::string shown_here() const {
    return is_delimiter(text_[at_]) ? std::string(1, text_[at_]) : shown(bare_word());
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t last_ = 0;           // the last comma
  std::vector<std::size_t> open_;  // where the open brackets are
  Expected expected_ = Expected::value;
  std::optional<JsonFault> fault_;
};

}  // namespace

std::optional<JsonFault> find_json_fault(std::string_view text) {
  return Finder(text).find();
}

}  // namespace swamp
