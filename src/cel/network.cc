#include "cel/network.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace swamp::cel {

namespace {

template <class Number>
std::optional<Number> read_whole(std::string_view text, int base, std::size_t most_digits) {
  Number number{};
  if (text.empty() || text.size() > most_digits) return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<Network> parse_v4(std::string_view text) {
  Network ip{.is_v4 = true, .prefix = 32};
  for (int i = 0; i < 4; ++i) {
    const std::size_t dot = text.find('.');
    if ((dot == std::string_view::npos) != (i == 3)) return std::nullopt;
    const std::string_view part = text.substr(0, dot);
    const auto octet = read_whole<std::uint8_t>(part, 10, 3);
    if (!octet || (part.size() > 1 && part[0] == '0')) return std::nullopt;
    ip.octets[i] = *octet;
    if (i < 3) text.remove_prefix(dot + 1);
  }
  return ip;
}

/// Groups of sixteen bits, separated by colons, into `groups`; how many, or nothing when one is
/// wrong.
std::optional<std::size_t> read_groups(std::string_view text, std::uint16_t (&groups)[8]) {
  if (text.empty()) return 0;
  for (std::size_t count = 0; count < 8;) {
    const std::size_t colon = text.find(':');
    const auto group = read_whole<std::uint16_t>(text.substr(0, colon), 16, 4);
    if (!group) return std::nullopt;
    groups[count++] = *group;
    if (colon == std::string_view::npos) return count;
    text.remove_prefix(colon + 1);
  }
  return std::nullopt;
}

std::optional<Network> parse_v6(std::string_view text) {
  std::uint16_t front[8] = {};
  std::uint16_t back[8] = {};
  const std::size_t gap = text.find("::");
  const auto before = read_groups(text.substr(0, gap), front);
  const bool has_gap = gap != std::string_view::npos;
  const auto after =
      has_gap ? read_groups(text.substr(gap + 2), back) : std::optional<std::size_t>(0);
  if (!before || !after || (has_gap ? *before + *after > 7 : *before != 8)) return std::nullopt;
  std::copy_n(back, *after, front + 8 - *after);
  Network ip{.is_v4 = false, .prefix = 128};
  for (int i = 0; i < 8; ++i) {
    ip.octets[2 * i] = static_cast<unsigned char>(front[i] >> 8);
    ip.octets[2 * i + 1] = static_cast<unsigned char>(front[i]);
  }
  return ip;
}

/// The longest run of zero groups, the first of several; none shorter than two.
std::pair<int, int> longest_gap(const std::uint16_t (&groups)[8]) {
  int best = 0, best_length = 0;
  for (int i = 0; i < 8; ++i) {
    int length = 0;
    while (i + length < 8 && groups[i + length] == 0) {
      ++length;
    }
    if (length > best_length && length > 1) {
      best = i;
      best_length = length;
    }
  }
  return {best, best_length};
}

}  // namespace

std::optional<Network> parse_ip(std::string_view text) {
  return text.find(':') == std::string_view::npos ? parse_v4(text) : parse_v6(text);
}

std::optional<Network> parse_cidr(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  auto cidr = parse_ip(text.substr(0, slash));
  const std::string_view length = text.substr(slash + 1);
  const auto prefix = read_whole<std::uint8_t>(length, 10, 3);
  const bool has_zero = length.size() > 1 && length[0] == '0';
  if (!cidr || !prefix || has_zero || *prefix > (cidr->is_v4 ? 32 : 128)) return std::nullopt;
  cidr->prefix = *prefix;
  return cidr;
}

std::string format_ip(const Network& ip) {
  if (ip.is_v4)
    return fmt::format("{}.{}.{}.{}", ip.octets[0], ip.octets[1], ip.octets[2], ip.octets[3]);
  std::uint16_t groups[8];
  for (int i = 0; i < 8; ++i) {
    groups[i] = static_cast<std::uint16_t>(ip.octets[2 * i] << 8 | ip.octets[2 * i + 1]);
  }
  const auto [gap, length] = longest_gap(groups);
  std::string out;
  for (int i = 0; i < 8; ++i) {
    if (length > 0 && i == gap) {
      out += "::";
      i += length - 1;
      continue;
    }
    if (!out.empty() && out.back() != ':') out += ':';
    out += fmt::format("{:x}", groups[i]);
  }
  return out;
}

std::string format_cidr(const Network& cidr) {
  return fmt::format("{}/{}", format_ip(cidr), cidr.prefix);
}

Network masked(const Network& cidr) {
  Network result = cidr;
  for (unsigned bit = cidr.prefix; bit < 128; ++bit) {
    result.octets[bit / 8] =
        static_cast<unsigned char>(result.octets[bit / 8] & ~(0x80U >> bit % 8));
  }
  return result;
}

Network unmapped(const Network& ip) {
  static constexpr unsigned char kMapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
  if (ip.is_v4 || !std::equal(std::begin(kMapped), std::end(kMapped), ip.octets)) return ip;
  Network v4{.is_v4 = true,
             .prefix = static_cast<std::uint8_t>(ip.prefix > 96 ? ip.prefix - 96 : 0)};
  std::copy_n(ip.octets + 12, 4, v4.octets);
  return v4;
}

bool same_prefix(const Network& a, const Network& b, unsigned prefix) {
  if (a.is_v4 != b.is_v4) return false;
  for (unsigned bit = 0; bit < prefix; ++bit) {
    const unsigned mask = 0x80U >> bit % 8;
    if ((a.octets[bit / 8] & mask) != (b.octets[bit / 8] & mask)) return false;
  }
  return true;
}

}  // namespace swamp::cel
