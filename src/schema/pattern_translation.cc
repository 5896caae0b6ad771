#include <array>
#include <charconv>

#include <fmt/format.h>

#include "base/ascii.h"
#include "schema/pattern.h"

// RE2's syntax is Perl's, JSON Schema's is that of ECMA-262 with the `u` flag. They differ in what
// `.`, `\s` and a few escapes mean, in names of Unicode properties, and in how unknown escapes are
// taken: ECMA refuses them.

namespace swamp::schema {
namespace {

// Each is the inside of a character class.
constexpr std::string_view kSpace =
    "\\t-\\r "
    "\\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}";
constexpr std::string_view kNotSpace =
    "\\x{0}-\\x{8}\\x{e}-\\x{1f}\\x{21}-\\x{9f}\\x{a1}-\\x{167f}\\x{1681}-\\x{1fff}\\x{200b}-\\x{"
    "2027}\\x{202a}-\\x{202e}"
    "\\x{2030}-\\x{205e}\\x{2060}-\\x{2fff}\\x{3001}-\\x{fefe}\\x{ff00}-\\x{10ffff}";
constexpr std::string_view kLineBreaks = "\\n\\r\\x{2028}\\x{2029}";

struct LongName {
  std::string_view name;
  std::string_view category;
};
constexpr LongName kCategories[] = {
    {"Letter", "L"},
    {"Uppercase_Letter", "Lu"},
    {"Lowercase_Letter", "Ll"},
    {"Titlecase_Letter", "Lt"},
    {"Modifier_Letter", "Lm"},
    {"Other_Letter", "Lo"},
    {"Mark", "M"},
    {"Nonspacing_Mark", "Mn"},
    {"Spacing_Mark", "Mc"},
    {"Enclosing_Mark", "Me"},
    {"Number", "N"},
    {"Decimal_Number", "Nd"},
    {"digit", "Nd"},
    {"Letter_Number", "Nl"},
    {"Other_Number", "No"},
    {"Symbol", "S"},
    {"Math_Symbol", "Sm"},
    {"Currency_Symbol", "Sc"},
    {"Modifier_Symbol", "Sk"},
    {"Other_Symbol", "So"},
    {"Punctuation", "P"},
    {"punct", "P"},
    {"Connector_Punctuation", "Pc"},
    {"Dash_Punctuation", "Pd"},
    {"Open_Punctuation", "Ps"},
    {"Close_Punctuation", "Pe"},
    {"Initial_Punctuation", "Pi"},
    {"Final_Punctuation", "Pf"},
    {"Other_Punctuation", "Po"},
    {"Separator", "Z"},
    {"Space_Separator", "Zs"},
    {"Line_Separator", "Zl"},
    {"Paragraph_Separator", "Zp"},
    {"Other", "C"},
    {"Control", "Cc"},
    {"cntrl", "Cc"},
    {"Format", "Cf"},
    {"Private_Use", "Co"},
};

class Translator {
 public:
  explicit Translator(std::string_view source) : source_(source), rest_(source) {}

  Result<std::string> translate() {
    while (!rest_.empty()) {
      SWAMP_CHECK(one());
    }
    return std::move(out_);
  }

 private:
  Result<void> one() {
    switch (rest_[0]) {
      case '\\':
        return escape(false);
      case '[':
        return character_class();
      case '(':
        return group();
      case '.':
        out_.append("[^").append(kLineBreaks).append("]");
        rest_.remove_prefix(1);
        return {};
      default:
        out_ += rest_[0];
        rest_.remove_prefix(1);
        return {};
    }
  }

  tl::unexpected<Error> refuse(std::string_view why, std::string hint = {}) const {
    return fail(ErrorCode::invalid_input, fmt::format("regular expression '{}' {}", source_, why),
                std::move(hint));
  }

  Result<void> group() {
    for (const std::string_view look : {"(?=", "(?!", "(?<=", "(?<!"}) {
      if (rest_.starts_with(look))
        return refuse("looks ahead or behind, which RE2 cannot do", "write it without look-around");
    }
    if (rest_.starts_with("(?<")) {
      out_ += "(?P<";
      rest_.remove_prefix(3);
    } else if (rest_.starts_with("(?") && !rest_.starts_with("(?:")) {
      return refuse("has a group that ECMA-262 does not know");
    } else {
      out_ += '(';
      rest_.remove_prefix(1);
    }
    return {};
  }

  Result<void> character_class() {
    if (rest_.starts_with("[^]")) return replace(3, "(?s:.)");
    if (rest_.starts_with("[]")) return replace(2, "[^\\x{0}-\\x{10ffff}]");
    out_ += rest_.starts_with("[^") ? "[^" : "[";
    rest_.remove_prefix(rest_.starts_with("[^") ? 2 : 1);
    while (!rest_.empty() && rest_[0] != ']') {
      if (rest_[0] == '\\') {
        SWAMP_CHECK(escape(true));
      } else {
        if (rest_[0] == '[') out_ += '\\';  // or it might begin a POSIX class
        out_ += rest_[0];
        rest_.remove_prefix(1);
      }
    }
    if (rest_.empty()) return refuse("has a '[' that is never closed");
    return replace(1, "]");
  }

  Result<void> replace(std::size_t length, std::string_view by) {
    out_ += by;
    rest_.remove_prefix(length);
    return {};
  }

  Result<void> escape(bool in_class) {
    if (rest_.size() < 2) return refuse("ends in a backslash");
    const char name = rest_[1];
    if (std::string_view("dDwWfnrtv").find(name) != std::string_view::npos)
      return replace(2, rest_.substr(0, 2));
    if (!is_letter(name) && !is_digit(name)) return literal();
    switch (name) {
      case 's':
      case 'S':
        return space(name, in_class);
      case 'b':
      case 'B':
        if (in_class && name == 'b') return replace(2, "\\x{8}");
        if (in_class) break;
        return replace(2, rest_.substr(0, 2));
      case '0':
        if (rest_.size() > 2 && is_digit(rest_[2])) break;
        return replace(2, "\\x{0}");
      case 'c':
        return control();
      case 'x':
        return hexadecimal(2, 2);
      case 'u':
        return unicode();
      case 'p':
      case 'P':
        return property(in_class);
      case 'k':
        return refuse("refers back to a group, which RE2 cannot do");
      default:
        break;
    }
    if (is_digit(name) && !in_class) return refuse("refers back to a group, which RE2 cannot do");
    return refuse(fmt::format("has the escape '\\{}', which ECMA-262 does not know", name));
  }

  /// An escaped character that stands for itself.
  Result<void> literal() {
    if (static_cast<unsigned char>(rest_[1]) >= 0x80) {
      rest_.remove_prefix(1);
      return {};
    }
    return replace(2, rest_.substr(0, 2));
  }

  Result<void> space(char name, bool in_class) {
    const std::string_view inside = name == 's' ? kSpace : kNotSpace;
    return replace(2, bracketed(inside, in_class));
  }

  Result<void> control() {
    if (rest_.size() < 3 || !is_letter(rest_[2])) return refuse("has a '\\c' without a letter");
    return replace(3, fmt::format("\\x{{{:x}}}", rest_[2] & 0x1F));
  }

  /// The number in `count` hexadecimal digits from `at`; -1 when they are not.
  std::int32_t digits_at(std::size_t at, std::size_t count) const {
    std::int32_t number = 0;
    if (rest_.size() < at + count || rest_[at] == '-') return -1;
    const char* end = rest_.data() + at + count;
    return std::from_chars(rest_.data() + at, end, number, 16).ptr == end ? number : -1;
  }

  Result<void> hexadecimal(std::size_t at, std::size_t count) {
    const std::int32_t code = digits_at(at, count);
    if (code < 0) return refuse("has an escape with too few hexadecimal digits");
    return replace(at + count, fmt::format("\\x{{{:x}}}", code));
  }

  Result<void> unicode() {
    if (rest_.starts_with("\\u{")) {
      const std::size_t end = rest_.find('}');
      const std::int32_t code = end > 11 || end == 3 ? -1 : digits_at(3, end - 3);
      if (code < 0 || code > 0x10FFFF) return refuse("has an escape that is no Unicode character");
      return replace(end + 1, fmt::format("\\x{{{:x}}}", code));
    }
    const std::int32_t high = digits_at(2, 4);
    const bool is_pair = high >= 0xD800 && high < 0xDC00 && rest_.substr(6).starts_with("\\u");
    const std::int32_t low = is_pair ? digits_at(8, 4) : -1;
    if (low >= 0xDC00 && low < 0xE000) {
      return replace(
          12, fmt::format("\\x{{{:x}}}", 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)));
    }
    return hexadecimal(2, 4);
  }

  Result<void> property(bool in_class) {
    const std::size_t end = rest_.find('}');
    if (!rest_.starts_with("\\p{") && !rest_.starts_with("\\P{"))
      return refuse("has a '\\p' without a name in braces");
    if (end == std::string_view::npos) return refuse("has a '\\p{' that is never closed");
    const bool negated = rest_[1] == 'P';
    std::string_view name = rest_.substr(3, end - 3);
    for (const std::string_view prefix :
         {"General_Category=", "gc=", "Script=", "sc=", "Script_Extensions=", "scx="}) {
      if (name.starts_with(prefix)) name.remove_prefix(prefix.size());
    }
    for (const LongName& category : kCategories) {
      if (category.name == name) name = category.category;
    }
    if (name == "ASCII")
      return replace(end + 1,
                     bracketed(negated ? "\\x{80}-\\x{10ffff}" : "\\x{0}-\\x{7f}", in_class));
    if (name == "Any") return replace(end + 1, bracketed("\\x{0}-\\x{10ffff}", in_class));
    return replace(end + 1, fmt::format("\\{}{{{}}}", negated ? 'P' : 'p', name));
  }

  static std::string bracketed(std::string_view inside, bool in_class) {
    return in_class ? std::string(inside) : fmt::format("[{}]", inside);
  }

  std::string_view source_;
  std::string_view rest_;
  std::string out_;
};

}  // namespace

Result<std::string> translate_pattern(std::string_view source) {
  return Translator(source).translate();
}

}  // namespace swamp::schema
