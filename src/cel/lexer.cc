#include "cel/lexer.h"

#include <fmt/format.h>

#include "cel/characters.h"

namespace swamp::cel {

namespace {

bool is_quote(char c) {
  return c == '\'' || c == '"';
}

/// The length of the UTF-8 sequence that begins with `lead`.
std::uint32_t sequence_length(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  if (byte < 0xC0) return 1;
  if (byte < 0xE0) return 2;
  return byte < 0xF0 ? 3 : 4;
}

}  // namespace

std::size_t end_of_string(std::string_view text, std::size_t position, bool raw) {
  const char quote = text[position];
  const std::string_view closing = text.substr(position, 3) == std::string(3, quote)
                                       ? text.substr(position, 3)
                                       : text.substr(position, 1);
  for (std::size_t at = position + closing.size(); at < text.size(); ++at) {
    if (text.substr(at, closing.size()) == closing) return at + closing.size();
    if (closing.size() == 1 && (text[at] == '\n' || text[at] == '\r'))
      return std::string_view::npos;
    if (text[at] == '\\' && !raw) ++at;
  }
  return std::string_view::npos;
}

Token Lexer::bad(std::uint32_t begin, std::uint32_t end, std::string message, std::string hint) {
  fault_ = {.message = std::move(message), .hint = std::move(hint), .begin = begin, .end = end};
  return {TokenKind::bad, begin, end};
}

void Lexer::skip_blanks() {
  while (position_ < text_.size()) {
    const char c = text_[position_];
    if (c == '/' && at(position_ + 1) == '/') {
      const auto line_end = text_.find('\n', position_);
      position_ = static_cast<std::uint32_t>(std::min(line_end, text_.size()));
    } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f') {
      ++position_;
    } else {
      return;
    }
  }
}

Token Lexer::next() {
  skip_blanks();
  if (position_ >= text_.size()) return token(TokenKind::end, position_);
  const char c = text_[position_];
  if (is_digit(c) || (c == '.' && is_digit(at(position_ + 1)))) return number();
  if (is_name_start(c)) return word();
  if (is_quote(c)) return quoted(position_, false, TokenKind::string);
  if (c == '`') return back_quoted();
  return punctuation();
}

Token Lexer::number() {
  const std::uint32_t begin = position_;
  TokenKind kind = TokenKind::integer;
  if (at(begin) == '0' && (at(begin + 1) == 'x' || at(begin + 1) == 'X') &&
      is_hex_digit(at(begin + 2))) {
    position_ += 2;
    while (is_hex_digit(at(position_))) {
      ++position_;
    }
  } else {
    while (is_digit(at(position_))) {
      ++position_;
    }
    if (at(position_) == '.' && is_digit(at(position_ + 1))) {
      kind = TokenKind::real;
      do {
        ++position_;
      } while (is_digit(at(position_)));
    }
    if (at(position_) == 'e' || at(position_) == 'E') {
      const std::uint32_t sign = at(position_ + 1) == '+' || at(position_ + 1) == '-' ? 1 : 0;
      if (is_digit(at(position_ + 1 + sign))) {
        kind = TokenKind::real;
        position_ += 1 + sign;
        while (is_digit(at(position_))) {
          ++position_;
        }
      }
    }
  }
  if (kind == TokenKind::integer && (at(position_) == 'u' || at(position_) == 'U')) {
    kind = TokenKind::unsigned_integer;
    ++position_;
  }
  if (is_name_part(at(position_))) {
    while (is_name_part(at(position_))) {
      ++position_;
    }
    return bad(
        begin, position_,
        in_quotes(text_.substr(begin, position_ - begin)) + " is neither a number nor a name");
  }
  return token(kind, begin);
}

Token Lexer::word() {
  const std::uint32_t begin = position_;
  while (is_name_part(at(position_))) {
    ++position_;
  }
  if (!is_quote(at(position_)) || position_ - begin > 2) return token(TokenKind::identifier, begin);
  bool raw = false;
  bool bytes = false;
  for (const char c : text_.substr(begin, position_ - begin)) {
    bool& flag = c == 'r' || c == 'R' ? raw : bytes;
    const bool known = c == 'r' || c == 'R' || c == 'b' || c == 'B';
    if (!known || flag) return token(TokenKind::identifier, begin);
    flag = true;
  }
  return quoted(begin, raw, bytes ? TokenKind::bytes : TokenKind::string);
}

Token Lexer::quoted(std::uint32_t begin, bool raw, TokenKind kind) {
  const std::size_t end = end_of_string(text_, position_, raw);
  if (end == std::string_view::npos) {
    const bool three = text_.substr(position_, 3) == std::string(3, text_[position_]);
    const std::uint32_t shown = position_ + (three ? 3 : 1);
    return bad(begin, shown, "the string has no end",
               three ? "" : "a string over several lines stands between three quotes");
  }
  position_ = static_cast<std::uint32_t>(end);
  return token(kind, begin);
}

Token Lexer::back_quoted() {
  const std::uint32_t begin = position_;
  const auto end = text_.find('`', begin + 1);
  if (end == std::string_view::npos) return bad(begin, begin + 1, "the quoted name has no end");
  position_ = static_cast<std::uint32_t>(end + 1);
  const std::string_view name = text_.substr(begin + 1, end - begin - 1);
  const bool is_valid =
      !name.empty() && name.find_first_not_of(
                           "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-/ ") ==
                           std::string_view::npos;
  if (!is_valid) {
    return bad(begin, position_, in_quotes(name) + " cannot be a quoted name",
               "letters, digits, '_', '.', '-', '/' and blanks may stand between back quotes; "
               "write a['…']");
  }
  return token(TokenKind::quoted_identifier, begin);
}

Token Lexer::punctuation() {
  struct Sign {
    std::string_view text;
    TokenKind kind;
  };
  static constexpr Sign kSigns[] = {
      {"&&", TokenKind::and_and},     {"||", TokenKind::or_or},
      {"==", TokenKind::equal},       {"!=", TokenKind::not_equal},
      {"<=", TokenKind::less_equal},  {">=", TokenKind::greater_equal},
      {"(", TokenKind::left_paren},   {")", TokenKind::right_paren},
      {"[", TokenKind::left_bracket}, {"]", TokenKind::right_bracket},
      {"{", TokenKind::left_brace},   {"}", TokenKind::right_brace},
      {",", TokenKind::comma},        {".", TokenKind::dot},
      {"?", TokenKind::question},     {":", TokenKind::colon},
      {"+", TokenKind::plus},         {"-", TokenKind::minus},
      {"*", TokenKind::star},         {"/", TokenKind::slash},
      {"%", TokenKind::percent},      {"!", TokenKind::bang},
      {"<", TokenKind::less},         {">", TokenKind::greater},
  };
  const std::uint32_t begin = position_;
  const std::string_view rest = text_.substr(begin);
  for (const Sign& sign : kSigns) {
    if (rest.substr(0, sign.text.size()) != sign.text) continue;
    position_ += static_cast<std::uint32_t>(sign.text.size());
    return token(sign.kind, begin);
  }
  const std::uint32_t length =
      std::min<std::uint32_t>(sequence_length(rest[0]), static_cast<std::uint32_t>(rest.size()));
  const char c = rest[0];
  const std::string hint = c == '='   ? "equality is '=='"
                           : c == '&' ? "and is '&&'"
                           : c == '|' ? "or is '||'"
                                      : "";
  return bad(begin, begin + length, fmt::format("unexpected '{}'", rest.substr(0, length)), hint);
}

}  // namespace swamp::cel
