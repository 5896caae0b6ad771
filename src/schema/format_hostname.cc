#include <algorithm>
#include <cstring>
#include <idn2.h>
#include <memory>
#include <optional>

#include "base/ascii.h"
#include "schema/format_rules.h"

namespace swamp::schema::rules {
namespace {

constexpr std::size_t kLongestLabel = 63;
constexpr std::size_t kLongestName = 253;
constexpr std::string_view kPunycode = "xn--";

/// What RFC 3490 lets stand for the dot between labels.
constexpr std::string_view kDots[] = {".", "\u3002", "\uff0e", "\uff61"};

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool is_letters_digits_hyphens(std::string_view label) {
  return !label.empty() && label.front() != '-' && label.back() != '-' &&
         std::all_of(label.begin(), label.end(),
                     [](char c) { return is_alphanumeric(c) || c == '-'; });
}

/// How long a label is in Punycode, when it follows the rules for registering a name (RFC 5891,
/// section 4): unlike those for looking one up they check what stands around a joiner or a middle
/// dot. One that comes in Punycode must be what its letters encode to.
std::optional<std::size_t> size_when_registered(const std::string& label) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(label.c_str());
  const bool is_encoded = is_ascii(label);
  std::uint8_t* encoded = nullptr;
  const int result =
      idn2_register_u8(is_encoded ? nullptr : bytes, is_encoded ? bytes : nullptr, &encoded, 0);
  const std::unique_ptr<std::uint8_t, decltype(&idn2_free)> owner(encoded, idn2_free);
  if (result != IDN2_OK || encoded == nullptr) return std::nullopt;
  return std::strlen(reinterpret_cast<const char*>(encoded));
}

/// How long a label is in ASCII; empty when it is none.
std::optional<std::size_t> size_of_label(std::string_view label) {
  if (label.find('\0') != std::string_view::npos) return std::nullopt;
  if (!is_ascii(label)) return size_when_registered(std::string(label));
  if (!is_letters_digits_hyphens(label) || label.size() > kLongestLabel) return std::nullopt;
  const std::string lower = to_lower(label);
  if (lower.starts_with(kPunycode)) return size_when_registered(lower);
  const bool is_reserved = lower.size() >= 4 && lower.substr(2, 2) == "--";
  return is_reserved ? std::nullopt : std::optional(label.size());
}

/// The first dot in `text` and how many bytes it has; the end of the text when there is none.
std::pair<std::size_t, std::size_t> find_dot(std::string_view text) {
  std::pair<std::size_t, std::size_t> first{text.size(), 0};
  for (const std::string_view dot : kDots) {
    const std::size_t at = text.find(dot);
    if (at < first.first) first = {at, dot.size()};
  }
  return first;
}

}  // namespace

bool is_hostname(std::string_view text) {
  return is_ascii(text) && is_idn_hostname(text);
}

bool is_idn_hostname(std::string_view text) {
  for (std::size_t size = 0;;) {
    const auto [end, dot] = find_dot(text);
    const auto label = size_of_label(text.substr(0, end));
    if (!label) return false;
    size += *label + (dot > 0 ? 1 : 0);
    if (size > kLongestName) return false;
    if (dot == 0) return true;
    text.remove_prefix(end + dot);
  }
}

}  // namespace swamp::schema::rules
