#include "yaml/scalar_style.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include <fmt/format.h>

#include "yaml/core_schema.h"

namespace swamp::yaml {
namespace {

/// plain: abc   quoted: 'abc'   escaped: "a\tb"   literal: |- and lines   folded: >- and lines
enum class Form { plain, quoted, escaped, literal, folded };

constexpr std::size_t kPageWidth = 80;
constexpr std::size_t kLeastWidth = 40;

std::size_t width_at(std::size_t indent) {
  return indent + kLeastWidth < kPageWidth ? kPageWidth - indent : kLeastWidth;
}

/// Takes the first code point off `text`.
char32_t next_code_point(std::string_view& text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  char32_t code = length == 1 ? lead : lead & (0x7F >> length);
  for (std::size_t i = 1; i < length; ++i) {
    code = (code << 6) | (static_cast<unsigned char>(text[i]) & 0x3F);
  }
  text.remove_prefix(length);
  return code;
}

/// What is written without an escape. Characters beyond U+FFFF are not, since the original sees
/// them as two halves.
constexpr bool is_printable(char32_t c) {
  if (c == 0x2028 || c == 0x2029 || c == 0xFEFF) return false;
  return (c >= 0x20 && c <= 0x7E) || (c >= 0xA1 && c <= 0xD7FF) || (c >= 0xE000 && c <= 0xFFFD);
}

bool is_one_of(char c, std::string_view set) {
  return set.find(c) != std::string_view::npos;
}

/// YAML 1.1 reads these as booleans.
bool is_old_boolean(std::string_view text) {
  constexpr std::string_view kWords[] = {"y", "Y", "yes", "Yes", "YES", "on",  "On",  "ON",
                                         "n", "N", "no",  "No",  "NO",  "off", "Off", "OFF"};
  constexpr std::size_t kLongest = 3;
  return text.size() <= kLongest &&
         std::find(std::begin(kWords), std::end(kWords), text) != std::end(kWords);
}

/// Whether `text` is digits of `set` and underscores, at least one digit.
bool is_digits(std::string_view text, std::string_view set) {
  bool has_digit = false;
  for (const char c : text) {
    if (c != '_' && !is_one_of(c, set)) return false;
    has_digit = has_digit || c != '_';
  }
  return has_digit;
}

constexpr std::string_view kDigits = "0123456789_";

/// Numbers as YAML 1.1 and the original know them beyond those of 1.2: 0b11, 0x_f, 1_000, 1_0.5.
bool is_old_number(std::string_view text) {
  if (text.ends_with('_')) return false;
  if (text[0] == '-' || text[0] == '+') text.remove_prefix(1);
  if (text.starts_with("0b")) return is_digits(text.substr(2), "01");
  if (text.starts_with("0x")) return is_digits(text.substr(2), "0123456789abcdefABCDEF");
  if (text.empty() || !(is_one_of(text[0], "0123456789") || text[0] == '.')) return false;
  const std::size_t whole = std::min(text.find_first_not_of(kDigits), text.size());
  text.remove_prefix(whole);
  if (text.starts_with('.'))
    text.remove_prefix(std::min(text.find_first_not_of(kDigits, 1), text.size()));
  if (text.empty()) return true;
  if (text[0] != 'e' && text[0] != 'E') return false;
  text.remove_prefix(1);
  if (!text.empty() && is_one_of(text[0], "+-")) text.remove_prefix(1);
  return text.find('_') == std::string_view::npos && is_digits(text, "0123456789");
}

bool is_date(std::string_view text) {
  constexpr std::string_view kForm = "dddd-dd-dd";
  return text.size() == kForm.size() &&
         std::equal(text.begin(), text.end(), kForm.begin(), [](char c, char form) {
           return form == 'd' ? c >= '0' && c <= '9' : c == form;
         });
}

/// Whether `text` without quotes would be read as something else, by us or by an older reader.
bool looks_like_other(std::string_view text) {
  // Most texts begin with a letter that begins nothing else.
  if (!is_one_of(text[0], "~nNtTfF0123456789+-.<")) return false;
  const auto meaning = resolve_plain(text);
  return !meaning || !meaning->is_string() || text == "<<" || is_old_number(text) || is_date(text);
}

// What a character of a text says about its form.
using Traits = std::uint8_t;
constexpr Traits kUnprintable = 1;
constexpr Traits kIndicator = 2;  // may mean something to YAML wherever it stands

constexpr std::array<Traits, 128> kAscii = [] {
  std::array<Traits, 128> traits{};
  for (char32_t c = 0; c < traits.size(); ++c)
    traits[c] = is_printable(c) ? 0 : kUnprintable;
  for (const char c : std::string_view(",[]{}:#"))
    traits[static_cast<unsigned char>(c)] |= kIndicator;
  return traits;
}();

/// Takes the first character off `text` and tells its traits.
Traits take_traits(std::string_view& text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  if (lead >= kAscii.size()) return is_printable(next_code_point(text)) ? 0 : kUnprintable;
  text.remove_prefix(1);
  return kAscii[lead];
}

/// What can be said of a text by looking once at each character.
struct Shape {
  bool printable = true;  // line breaks apart
  bool plain = true;      // can be written as it is
  bool has_breaks = false;
  bool has_long_line = false;  // one that is not indented
};

Shape shape_of(std::string_view text, std::size_t width) {
  Shape shape;
  Traits traits = 0;  // of all its characters
  std::size_t line_length = 0;
  bool indented = text[0] == ' ';
  for (std::string_view rest = text; !rest.empty();) {
    if (rest[0] == '\n') {
      rest.remove_prefix(1);
      shape.has_breaks = true;
      line_length = 0;
      indented = rest.starts_with(' ');
      continue;
    }
    traits |= take_traits(rest);
    if (++line_length > width && !indented) shape.has_long_line = true;
  }
  const bool good_ends = !is_one_of(text.front(), " -?&*!|>'\"%@`") && text.back() != ' ';
  shape.printable = (traits & kUnprintable) == 0;
  shape.plain = traits == 0 && good_ends && !shape.has_breaks;
  return shape;
}

/// Whether a block text needs to be told its indent: its first line that is not empty begins with a
/// blank.
bool needs_indent_indicator(std::string_view text) {
  const std::size_t first = text.find_first_not_of('\n');
  return first != std::string_view::npos && text[first] == ' ';
}

Form choose_form(std::string_view text, const StringPlace& place) {
  const Shape shape = shape_of(text, width_at(place.indent));
  if (!shape.printable || (place.is_key && shape.has_breaks)) return Form::escaped;
  if (!place.is_key && shape.has_long_line) return Form::folded;
  if (shape.has_breaks) return Form::literal;
  const bool ends_document = place.is_root && text.starts_with("...");
  const bool plain =
      shape.plain && !ends_document && !is_old_boolean(text) && !looks_like_other(text);
  if (plain) return Form::plain;
  return place.quote == '"' ? Form::escaped : Form::quoted;
}

void append_single_quoted(std::string& out, std::string_view text) {
  out += '\'';
  for (const char c : text) {
    out.append(c == '\'' ? 2 : 1, c);
  }
  out += '\'';
}

void append_escape(std::string& out, char32_t c) {
  struct Name {
    char32_t code;
    char letter;
  };
  static constexpr Name kNames[] = {{0x00, '0'}, {0x07, 'a'},   {0x08, 'b'},  {0x09, 't'},
                                    {0x0A, 'n'}, {0x0B, 'v'},   {0x0C, 'f'},  {0x0D, 'r'},
                                    {0x1B, 'e'}, {0x22, '"'},   {0x5C, '\\'}, {0x85, 'N'},
                                    {0xA0, '_'}, {0x2028, 'L'}, {0x2029, 'P'}};
  const auto* name = std::find_if(std::begin(kNames), std::end(kNames),
                                  [&](const Name& n) { return n.code == c; });
  const auto code = static_cast<std::uint32_t>(c);
  if (name != std::end(kNames)) {
    out.append(1, '\\').append(1, name->letter);
  } else if (code <= 0xFF) {
    fmt::format_to(std::back_inserter(out), "\\x{:02X}", code);
  } else if (code <= 0xFFFF) {
    fmt::format_to(std::back_inserter(out), "\\u{:04X}", code);
  } else {
    fmt::format_to(std::back_inserter(out), "\\U{:08X}", code);
  }
}

void append_double_quoted(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const std::string_view before = text;
    const char32_t c = next_code_point(text);
    if (is_printable(c) && c != '"' && c != '\\') {
      out += before.substr(0, before.size() - text.size());
    } else {
      append_escape(out, c);
    }
  }
  out += '"';
}

/// Appends one line, folded at blanks so that its parts are at most `width` characters where that
/// can be done, and as long as that allows. Of several blanks in a row only the last can be folded:
/// a line that begins with a blank would not be joined again.
void append_folded_line(std::string& out, std::string_view line, std::size_t width) {
  struct Place {
    std::size_t byte = 0;
    std::size_t column = 0;
  };
  Place start;
  Place last;  // where it could be folded last
  const auto fold_at = [&](const Place& place) {
    out.append(line.substr(start.byte, place.byte - start.byte)).append("\n");
    start = {place.byte + 1, place.column + 1};
  };
  Place here;
  const bool foldable = !line.starts_with(' ');
  for (; foldable && here.byte < line.size(); ++here.byte) {
    if ((line[here.byte] & 0xC0) == 0x80) continue;
    if (line[here.byte] == ' ' && here.byte + 1 < line.size() && line[here.byte + 1] != ' ') {
      if (here.column - start.column > width) fold_at(last.byte > start.byte ? last : here);
      last = here;
    }
    ++here.column;
  }
  if (here.column - start.column > width && last.byte > start.byte) fold_at(last);
  out += line.substr(start.byte);
}

/// Doubles the breaks between lines, since a single one is read as a blank; next to lines that
/// begin with a blank, and at both ends, breaks are read as they are.
std::string fold(std::string_view text, std::size_t width) {
  std::string out;
  bool keeps_breaks = text.starts_with('\n') || text.starts_with(' ');
  while (true) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    append_folded_line(out, text.substr(0, end), width);
    text.remove_prefix(end);
    if (text.empty()) return out;
    const std::size_t breaks = std::min(text.find_first_not_of('\n'), text.size());
    out.append(text.substr(0, breaks));
    text.remove_prefix(breaks);
    const bool indented = text.starts_with(' ');
    if (!keeps_breaks && !indented && !text.empty()) out += '\n';
    keeps_breaks = indented;
  }
}

/// `|2-` and the like.
void append_block_header(std::string& out, char sign, std::string_view text) {
  out += sign;
  if (needs_indent_indicator(text)) out += '2';
  if (!text.ends_with('\n')) {
    out += '-';
  } else if (text.ends_with("\n\n") || text == "\n") {
    out += '+';
  }
  out += '\n';
}

/// Appends the lines, those that are not empty behind blanks, without the last line break.
void append_lines(std::string& out, std::string_view lines, std::size_t indent) {
  if (lines.ends_with('\n')) lines.remove_suffix(1);
  while (true) {
    const std::size_t end = std::min(lines.find('\n'), lines.size());
    if (end > 0) out.append(indent, ' ').append(lines.substr(0, end));
    if (end == lines.size()) return;
    out += '\n';
    lines.remove_prefix(end + 1);
  }
}

}  // namespace

void append_string(std::string& out, std::string_view text, const StringPlace& place) {
  if (text.empty()) {
    out.append(2, place.quote);
    return;
  }
  switch (choose_form(text, place)) {
    case Form::plain:
      out += text;
      break;
    case Form::quoted:
      append_single_quoted(out, text);
      break;
    case Form::escaped:
      append_double_quoted(out, text);
      break;
    case Form::literal:
      append_block_header(out, '|', text);
      append_lines(out, text, place.indent);
      break;
    case Form::folded:
      append_block_header(out, '>', text);
      append_lines(out, fold(text, width_at(place.indent)), place.indent);
      break;
  }
}

}  // namespace swamp::yaml
