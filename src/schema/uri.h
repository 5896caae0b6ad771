#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace swamp::schema {

/// The five parts of a URI reference (RFC 3986), without their delimiters. An absent part is not an
/// empty one.
struct Uri {
  std::optional<std::string> scheme;
  std::optional<std::string> authority;
  std::string path;
  std::optional<std::string> query;
  std::optional<std::string> fragment;

  /// Splits; every text is some reference.
  static Uri split(std::string_view text);

  /// What `reference` means at this place (RFC 3986, section 5.2).
  Uri resolve(const Uri& reference) const;

  std::string to_string() const;
};

/// `text` with its percent escapes replaced; those that are broken stay.
std::string percent_decode(std::string_view text);

}  // namespace swamp::schema
