#include "value/utf8.h"

#include <cstring>

#include "value/json.h"

namespace swamp {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

/// What may follow a lead byte: how many bytes in all, and the range of the second (the others
/// are 80..BF).
struct Lead {
  std::size_t length = 0;  // 0: not a lead byte
  unsigned char low = 0x80;
  unsigned char high = 0xBF;
};

Lead lead_of(unsigned char byte) {
  if (byte < 0x80) return {1};
  if (byte < 0xC2) return {0};
  if (byte < 0xE0) return {2};
  if (byte == 0xE0) return {3, 0xA0, 0xBF};
  if (byte == 0xED) return {3, 0x80, 0x9F};
  if (byte < 0xF0) return {3};
  if (byte == 0xF0) return {4, 0x90, 0xBF};
  if (byte < 0xF4) return {4};
  if (byte == 0xF4) return {4, 0x80, 0x8F};
  return {0};
}

/// The bytes at the start of `text` that belong together, and whether they are a whole character. A
/// broken one ends before the first byte that cannot continue it (the Unicode standard's "maximal
/// subpart").
struct Sequence {
  std::size_t length;
  bool whole;
};

Sequence first_sequence(std::string_view text) {
  const Lead lead = lead_of(static_cast<unsigned char>(text[0]));
  if (lead.length == 0) return {1, false};
  for (std::size_t i = 1; i < lead.length; ++i) {
    if (i == text.size()) return {i, false};
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool fits = i == 1 ? byte >= lead.low && byte <= lead.high : (byte & 0xC0) == 0x80;
    if (!fits) return {i, false};
  }
  return {lead.length, true};
}

/// How many bytes at the start of `text` are ASCII, told eight at a time.
std::size_t count_ascii(std::string_view text) {
  std::size_t count = 0;
  std::uint64_t eight = 0;
  for (; text.size() - count >= sizeof eight; count += sizeof eight) {
    std::memcpy(&eight, text.data() + count, sizeof eight);
    if ((eight & 0x8080808080808080) != 0) break;
  }
  while (count < text.size() && static_cast<unsigned char>(text[count]) < 0x80) {
    ++count;
  }
  return count;
}

}  // namespace

bool is_valid_utf8(std::string_view text) {
  return first_invalid_utf8(text) == std::string_view::npos;
}

std::string to_valid_utf8(std::string_view text) {
  if (is_valid_utf8(text)) return std::string(text);
  std::string out;
  out.reserve(text.size() + 16);
  while (!text.empty()) {
    const Sequence sequence = first_sequence(text);
    out += sequence.whole ? text.substr(0, sequence.length) : kReplacement;
    text.remove_prefix(sequence.length);
  }
  return out;
}

std::size_t first_invalid_utf8(std::string_view text) {
  std::size_t at = count_ascii(text);
  while (at < text.size()) {
    const Sequence next = first_sequence(text.substr(at));
    if (!next.whole) return at;
    at += next.length;
    at += count_ascii(text.substr(at));
  }
  return std::string_view::npos;
}

void append_utf8(std::string& out, std::uint32_t code) {
  const auto tail = [&](int shift) { out += static_cast<char>(0x80 | ((code >> shift) & 0x3F)); };
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | (code >> 6));
    tail(0);
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0 | (code >> 12));
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xF0 | (code >> 18));
    tail(12);
    tail(6);
    tail(0);
  }
}

}  // namespace swamp
