#pragma once

#include <string_view>

namespace swamp::vault {

/// The order of UTF-16 code units, in which the original lists keys. For two UTF-8 texts that is
/// the order of their bytes, but for characters beyond the basic plane: their surrogates come
/// before U+E000 to U+FFFF.
inline bool comes_before(std::string_view a, std::string_view b) {
  const auto rank = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0xF0 ? 0xEDU : byte >= 0xEEU ? byte + 0x10U : unsigned{byte};
  };
  const std::size_t shorter = a.size() < b.size() ? a.size() : b.size();
  for (std::size_t i = 0; i < shorter; ++i) {
    if (a[i] == b[i]) continue;
    if (rank(a[i]) != rank(b[i])) return rank(a[i]) < rank(b[i]);
    return static_cast<unsigned char>(a[i]) < static_cast<unsigned char>(b[i]);
  }
  return a.size() < b.size();
}

}  // namespace swamp::vault
