#include "cel/literals.h"

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <optional>

#include <fmt/format.h>

#include "cel/characters.h"
#include "value/utf8.h"

namespace swamp::cel {

namespace {

using Read = tl::expected<Literal, Fault>;

tl::unexpected<Fault> fail(std::string message, std::string_view text, std::size_t begin,
                           std::size_t length, std::string hint = {}) {
  const auto end = std::min(begin + length, text.size());
  return tl::unexpected(Fault{.message = std::move(message),
                              .hint = std::move(hint),
                              .begin = static_cast<std::uint32_t>(begin),
                              .end = static_cast<std::uint32_t>(end)});
}

template <class Number>
std::optional<Number> whole(std::string_view digits) {
  const bool negative = digits.front() == '-';
  std::string_view bare = digits.substr(negative ? 1 : 0);
  int base = 10;
  if (bare.size() > 2 && (bare[1] == 'x' || bare[1] == 'X')) {
    bare.remove_prefix(2);
    base = 16;
  }
  const std::string text = (negative ? "-" : "") + std::string(bare);
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

Read read_number(TokenKind kind, std::string_view text) {
  if (kind == TokenKind::integer) {
    if (auto number = whole<std::int64_t>(text)) return *number;
    return fail(in_quotes(text) + " does not fit into 64 bits", text, 0, text.size(),
                "write it with a fraction or an exponent to make it a double");
  }
  if (kind == TokenKind::unsigned_integer) {
    if (auto number = whole<std::uint64_t>(text.substr(0, text.size() - 1))) return *number;
    return fail(in_quotes(text) + " does not fit into 64 bits", text, 0, text.size());
  }
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc::result_out_of_range) {
    // Underflow, which IEEE 754 rounds to zero, is told from overflow only by the slower way.
    number = std::strtod(std::string(text).c_str(), nullptr);
  }
  if (std::isfinite(number)) return number;
  return fail(in_quotes(text) + " is too large for a number", text, 0, text.size());
}

/// Reads the inside of a string or bytes literal, escape by escape.
class Unescaper {
 public:
  Unescaper(std::string_view text, std::size_t begin, std::size_t end, bool bytes)
      : text_(text), at_(begin), end_(end), bytes_(bytes) {}

  tl::expected<std::string, Fault> run() {
    std::string out;
    out.reserve(end_ - at_);
    while (at_ < end_) {
      if (text_[at_] != '\\') {
        out += text_[at_++];
      } else if (auto escape = one(out); !escape) {
        return tl::unexpected(escape.error());
      }
    }
    return out;
  }

 private:
  using Step = tl::expected<void, Fault>;

  Step one(std::string& out) {
    static constexpr std::string_view kNames = "abfnrtv\\'\"`?";
    static constexpr std::string_view kMeanings = "\a\b\f\n\r\t\v\\'\"`?";
    const char name = at_ + 1 < end_ ? text_[at_ + 1] : '\0';
    if (const auto simple = kNames.find(name); name != '\0' && simple != std::string_view::npos) {
      out += kMeanings[simple];
      at_ += 2;
      return {};
    }
    if (name == 'x' || name == 'X') return number(out, 2, 2, 16);
    if (name == 'u' && !bytes_) return number(out, 2, 4, 16);
    if (name == 'U' && !bytes_) return number(out, 2, 8, 16);
    if (name >= '0' && name <= '3') return number(out, 1, 3, 8);
    return fail(fmt::format("no escape is written '\\{}'", name), text_, at_, 2,
                "a backslash itself is '\\\\'; in r'…' it needs no doubling");
  }

  Step number(std::string& out, std::size_t prefix, std::size_t digits, int base) {
    const std::size_t begin = at_ + prefix;
    const std::string_view written =
        text_.substr(begin, std::min(digits, end_ - std::min(begin, end_)));
    std::uint32_t code = 0;
    const auto [stop, error] =
        std::from_chars(written.data(), written.data() + written.size(), code, base);
    if (error != std::errc() || written.size() != digits || stop != written.data() + digits) {
      return fail(
          fmt::format("the escape needs {} {} digits", digits, base == 8 ? "octal" : "hexadecimal"),
          text_, at_, prefix + digits);
    }
    if (code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) {
      return fail("the escape names no character", text_, at_, prefix + digits);
    }
    if (bytes_) {
      out += static_cast<char>(code);
    } else {
      append_utf8(out, code);
    }
    at_ = begin + digits;
    return {};
  }

  std::string_view text_;
  std::size_t at_;
  std::size_t end_;
  bool bytes_;
};

Read read_quoted(TokenKind kind, std::string_view text) {
  bool raw = false;
  std::size_t begin = 0;
  for (; text[begin] != '\'' && text[begin] != '"'; ++begin) {
    raw = raw || text[begin] == 'r' || text[begin] == 'R';
  }
  const std::string_view rest = text.substr(begin);
  const bool three = rest.size() >= 6 && rest[0] == rest[1] && rest[1] == rest[2];
  const std::size_t quotes = three ? 3 : 1;
  begin += quotes;
  const std::size_t end = text.size() - quotes;

  std::string value(text.substr(begin, end - begin));
  if (!raw) {
    auto unescaped = Unescaper(text, begin, end, kind == TokenKind::bytes).run();
    if (!unescaped) return tl::unexpected(unescaped.error());
    value = *std::move(unescaped);
  }
  if (kind == TokenKind::bytes) return Bytes{std::move(value)};
  return value;
}

}  // namespace

tl::expected<Literal, Fault> read_literal(TokenKind kind, std::string_view text) {
  if (kind == TokenKind::string || kind == TokenKind::bytes) return read_quoted(kind, text);
  return read_number(kind, text);
}

}  // namespace swamp::cel
