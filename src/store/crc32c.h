#pragma once

#include <cstdint>
#include <string_view>

namespace swamp::store {

/// CRC-32C (Castagnoli) of `bytes`, going on from `crc`.
std::uint32_t crc32c(std::string_view bytes, std::uint32_t crc = 0);

}  // namespace swamp::store
