#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace swamp::os {

using Sha256Digest = std::array<std::uint8_t, 32>;

/// SHA-256 of bytes that come in pieces.
class Sha256 {
 public:
  Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  ~Sha256();

  void update(std::string_view bytes);

  /// The digest of everything so far. Nothing may be added afterwards.
  Sha256Digest finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

Sha256Digest sha256(std::string_view bytes);
Sha256Digest hmac_sha256(std::string_view key, std::string_view bytes);

/// The same in lower-case hexadecimal, 64 characters.
std::string sha256_hex(std::string_view bytes);
std::string hmac_sha256_hex(std::string_view key, std::string_view bytes);

/// Of a file of any size; reads it in blocks.
Result<std::string> sha256_hex_of_file(const std::filesystem::path& path);

/// Bytes as lower-case hexadecimal.
std::string to_hex(std::string_view bytes);
std::string to_hex(const Sha256Digest& digest);

}  // namespace swamp::os
