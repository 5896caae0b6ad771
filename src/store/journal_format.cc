#include "store/journal_format.h"

#include <cassert>
#include <cstdint>

#include "store/crc32c.h"

namespace swamp::store {
namespace {

void append_u32(std::string& out, std::uint32_t number) {
  for (int shift = 0; shift < 32; shift += 8)
    out += static_cast<char>((number >> shift) & 0xFF);
}

std::uint32_t read_u32(std::string_view bytes) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < 4; ++i)
    number |= std::uint32_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
  return number;
}

}  // namespace

void append_frame(std::string& out, std::string_view payload) {
  assert(!payload.empty() && payload.size() <= kMaxPayload);
  const auto start = out.size();
  append_u32(out, static_cast<std::uint32_t>(payload.size()));
  const auto crc = crc32c(payload, crc32c(std::string_view(out).substr(start)));
  append_u32(out, crc);
  out += payload;
}

std::optional<std::string_view> FrameReader::next() {
  if (rest_.size() < kFrameHeader) return std::nullopt;
  const std::size_t length = read_u32(rest_);
  if (length == 0 || length > kMaxPayload || length > rest_.size() - kFrameHeader)
    return std::nullopt;
  const auto payload = rest_.substr(kFrameHeader, length);
  if (crc32c(payload, crc32c(rest_.substr(0, 4))) != read_u32(rest_.substr(4))) return std::nullopt;
  rest_.remove_prefix(kFrameHeader + length);
  return payload;
}

}  // namespace swamp::store
