#include "render/text.h"

#include <algorithm>
#include <cstdint>
#include <iterator>

#include <fmt/format.h>

#include "render/character_width.h"

namespace swamp::render {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

struct Decoded {
  char32_t point;
  std::size_t length;
};

/// The code point at the start of `text`, which is not empty; of a bad sequence one byte is taken.
Decoded decode(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return {kReplacement, 1};
  char32_t point = lead & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {kReplacement, 1};
    point = (point << 6) | (byte(i) & 0x3FU);
  }
  constexpr char32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
  if (point < kSmallest[length] || surrogate || point > 0x10FFFF) return {kReplacement, 1};
  return {point, length};
}

/// The length of the escape sequence at the start of `text`; 0 when there is none.
///
///   escape = ESC '[' (0x20..0x3F)* (0x40..0x7E)      CSI
///          | ESC (']' | 'P' | '^' | '_') … (BEL | ESC '\')   OSC and other strings
///          | ESC (0x20..0x2F)* (0x30..0x7E)
std::size_t escape_length(std::string_view text) {
  if (text.size() < 2 || text[0] != '\x1b') return 0;
  std::size_t i = 1;
  const auto within = [&](char low, char high) {
    return i < text.size() && text[i] >= low && text[i] <= high;
  };
  if (text[1] == '[') {
    for (++i; within(0x20, 0x3F);)
      ++i;
    return within(0x40, 0x7E) ? i + 1 : i;
  }
  if (std::string_view("]P^_").find(text[1]) != std::string_view::npos) {
    for (++i; i < text.size(); ++i) {
      if (text[i] == '\a') return i + 1;
      if (text[i] == '\x1b' && text.substr(i + 1, 1) == "\\") return i + 2;
    }
    return text.size();
  }
  while (within(0x20, 0x2F))
    ++i;
  return within(0x30, 0x7E) ? i + 1 : i;
}

/// `line` without carriage returns at its end.
std::string_view without_returns(std::string_view line) {
  const std::size_t last = line.find_last_not_of('\r');
  return line.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

/// `text` without control characters and escape sequences; colours may stay, and are switched off
/// at its end.
std::string filtered(std::string_view text, bool keep_colours) {
  std::string out;
  bool coloured = false;
  while (!text.empty()) {
    if (const std::size_t escape = escape_length(text); escape > 0) {
      const bool is_colour = keep_colours && text.starts_with("\x1b[") && text[escape - 1] == 'm';
      if (is_colour) out += text.substr(0, escape);
      coloured = coloured || is_colour;
      text.remove_prefix(escape);
      continue;
    }
    const Decoded next = decode(text);
    if (next.point == '\t') {
      out += "    ";
    } else if (next.point >= 0x20 && (next.point < 0x7F || next.point >= 0xA0)) {
      out += next.point == kReplacement ? std::string_view("\xEF\xBF\xBD")
                                        : text.substr(0, next.length);
    }
    text.remove_prefix(next.length);
  }
  return coloured ? out + "\x1b[0m" : out;
}

/// What stands for a symbol where only ASCII can be shown.
struct Likeness {
  char32_t point;
  char ascii;
};
constexpr Likeness kAscii[] = {{U'│', '|'}, {U'─', '-'},  {U'├', '|'},  {U'└', '`'}, {U'·', '-'},
                               {U'…', '~'}, {U'→', '>'},  {U'›', '>'},  {U'✓', '+'}, {U'✗', 'x'},
                               {U'⚠', '!'}, {U'○', 'o'},  {U'▶', '>'},  {U'━', '='}, {U'⠋', '|'},
                               {U'⠙', '/'}, {U'⠹', '-'},  {U'⠸', '\\'}, {U'⠼', '|'}, {U'⠴', '/'},
                               {U'⠦', '-'}, {U'⠧', '\\'}, {U'⠇', '|'},  {U'⠏', '/'}};

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    if (const std::size_t escape = escape_length(text); escape > 0) {
      text.remove_prefix(escape);
      continue;
    }
    const Decoded next = decode(text);
    width += columns_of(next.point);
    text.remove_prefix(next.length);
  }
  return width;
}

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    if (const std::size_t escape = escape_length(text); escape > 0) {
      text.remove_prefix(escape);
      continue;
    }
    const Decoded next = decode(text);
    if (next.point == '\t') {
      out += ' ';
    } else if (next.point < 0x20 || (next.point >= 0x7F && next.point < 0xA0)) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned>(next.point));
    } else if (next.point == kReplacement) {
      out += "\xEF\xBF\xBD";
    } else {
      out += text.substr(0, next.length);
    }
    text.remove_prefix(next.length);
  }
  return out;
}

std::string_view last_state(std::string_view line) {
  line = without_returns(line);
  const std::size_t start = line.rfind('\r');
  return start == std::string_view::npos ? line : line.substr(start + 1);
}

std::string shown_line(std::string_view line, bool on_terminal, bool colour) {
  return on_terminal ? filtered(last_state(line), colour) : std::string(without_returns(line));
}

std::string ascii_only(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const Decoded next = decode(text);
    const auto known = std::find_if(std::begin(kAscii), std::end(kAscii),
                                    [&](const Likeness& each) { return each.point == next.point; });
    if (next.point < 0x80) {
      out += text[0];
    } else if (known != std::end(kAscii)) {
      out += known->ascii;
    } else {
      out.append(columns_of(next.point), '?');
    }
    text.remove_prefix(next.length);
  }
  return out;
}

std::string fit(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) return std::string(text);
  if (width == 0) return {};
  std::size_t used = 0;
  std::size_t taken = 0;
  while (taken < text.size()) {
    const std::string_view rest = text.substr(taken);
    if (const std::size_t escape = escape_length(rest); escape > 0) {
      taken += escape;
      continue;
    }
    const Decoded next = decode(rest);
    if (used + columns_of(next.point) > width - 1) break;
    used += columns_of(next.point);
    taken += next.length;
  }
  return std::string(text.substr(0, taken)) + "…";
}

std::string pad_right(std::string_view text, std::size_t width) {
  const std::size_t used = display_width(text);
  return std::string(text) + std::string(width > used ? width - used : 0, ' ');
}

std::string pad_left(std::string_view text, std::size_t width) {
  const std::size_t used = display_width(text);
  return std::string(width > used ? width - used : 0, ' ') + std::string(text);
}

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  std::string line;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(" \n"), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (word.empty()) continue;
    if (!line.empty() && display_width(line) + 1 + display_width(word) > width) {
      lines.push_back(std::move(line));
      line.clear();
    }
    if (!line.empty()) line += ' ';
    line += word;
  }
  if (!line.empty()) lines.push_back(std::move(line));
  return lines;
}

std::string count_of(std::size_t count, std::string_view singular, std::string_view plural) {
  if (count == 1) return fmt::format("1 {}", singular);
  return plural.empty() ? fmt::format("{} {}s", count, singular)
                        : fmt::format("{} {}", count, plural);
}

}  // namespace swamp::render
