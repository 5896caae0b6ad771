#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/ascii.h"

namespace swamp::cel {

enum class TokenKind : std::uint8_t {
  end,
  bad,  // Lexer::fault() says why
  identifier,
  quoted_identifier,  // `content-type` in back quotes, a member
  integer,
  unsigned_integer,
  real,
  string,
  bytes,
  left_paren,
  right_paren,
  left_bracket,
  right_bracket,
  left_brace,
  right_brace,
  comma,
  dot,
  question,
  colon,
  plus,
  minus,
  star,
  slash,
  percent,
  bang,
  and_and,
  or_or,
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
};

struct Token {
  TokenKind kind = TokenKind::end;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

/// Why a text is no expression, at its bytes.
struct Fault {
  std::string message;
  std::string hint = {};
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

/// Cuts an expression into tokens, one at a time. Literals are only found here; see literals.h for
/// their values.
class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Token next();

  /// Goes on reading there.
  void seek(std::uint32_t position) { position_ = position; }

  std::string_view text() const { return text_; }
  std::string_view text(Token token) const {
    return text_.substr(token.begin, token.end - token.begin);
  }

  /// What is wrong with the last bad token.
  const Fault& fault() const { return fault_; }

 private:
  void skip_blanks();
  Token number();
  Token word();
  Token quoted(std::uint32_t begin, bool raw, TokenKind kind);
  Token back_quoted();
  Token punctuation();
  Token token(TokenKind kind, std::uint32_t begin) const { return {kind, begin, position_}; }
  Token bad(std::uint32_t begin, std::uint32_t end, std::string message, std::string hint = {});
  char at(std::uint32_t position) const { return position < text_.size() ? text_[position] : '\0'; }

  std::string_view text_;
  std::uint32_t position_ = 0;
  Fault fault_;
};

inline bool is_name_start(char c) {
  return is_letter(c) || c == '_';
}
inline bool is_name_part(char c) {
  return is_name_start(c) || is_digit(c);
}

/// Where the string literal that begins (with its quote) at `position` ends: past its closing
/// quote, or npos when it has none. Shared with the scanner of templates.
std::size_t end_of_string(std::string_view text, std::size_t position, bool raw);

}  // namespace swamp::cel
