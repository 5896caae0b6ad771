#include "render/text.h"

#include <algorithm>
#include <cstdint>
#include <iterator>

#include <fmt/format.h>

namespace swamp::render {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

struct Range {
  char32_t first;
  char32_t last;
};

// Code points of width zero and two, after the Unicode properties Mn, Me, Cf and East_Asian_Width
// W, F; coarse where a block is nearly all of one kind.
constexpr Range kZeroWidth[] = {
    {0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD},  {0x0610, 0x061A}, {0x064B, 0x065F},
    {0x06D6, 0x06DC}, {0x0E34, 0x0E3A}, {0x0E47, 0x0E4E},  {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF},
    {0x200B, 0x200F}, {0x202A, 0x202E}, {0x2060, 0x2064},  {0x20D0, 0x20FF}, {0xFE00, 0xFE0F},
    {0xFE20, 0xFE2F}, {0xFEFF, 0xFEFF}, {0xE0100, 0xE01EF}};
constexpr Range kDoubleWidth[] = {
    {0x1100, 0x115F},   {0x231A, 0x231B},   {0x23E9, 0x23EC},   {0x25FD, 0x25FE},
    {0x2614, 0x2615},   {0x26A1, 0x26A1},   {0x26BD, 0x26BE},   {0x2705, 0x2705},
    {0x274C, 0x274C},   {0x2753, 0x2757},   {0x2E80, 0x303E},   {0x3041, 0x33FF},
    {0x3400, 0x4DBF},   {0x4E00, 0x9FFF},   {0xA000, 0xA4CF},   {0xA960, 0xA97F},
    {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},
    {0xFFE0, 0xFFE6},   {0x1F300, 0x1F64F}, {0x1F680, 0x1F6FF}, {0x1F900, 0x1F9FF},
    {0x1FA70, 0x1FAFF}, {0x20000, 0x3FFFD}};

bool is_in(const Range* begin, const Range* end, char32_t point) {
  const Range* range = std::lower_bound(
      begin, end, point, [](const Range& r, char32_t value) { return r.last < value; });
  return range != end && range->first <= point;
}

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

std::size_t width_of(char32_t point) {
  if (point < 0x300) return point < 0x20 || (point >= 0x7F && point < 0xA0) ? 0 : 1;
  if (is_in(std::begin(kZeroWidth), std::end(kZeroWidth), point)) return 0;
  return is_in(std::begin(kDoubleWidth), std::end(kDoubleWidth), point) ? 2 : 1;
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

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    if (const std::size_t escape = escape_length(text); escape > 0) {
      text.remove_prefix(escape);
      continue;
    }
    const Decoded next = decode(text);
    width += width_of(next.point);
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

std::string coloured_only(std::string_view text) {
  std::string out;
  bool coloured = false;
  while (!text.empty()) {
    if (const std::size_t escape = escape_length(text); escape > 0) {
      const bool is_colour = text.starts_with("\x1b[") && text[escape - 1] == 'm';
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
    if (used + width_of(next.point) > width - 1) break;
    used += width_of(next.point);
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
