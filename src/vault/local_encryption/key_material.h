#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "base/result.h"
#include "vault/secret.h"

namespace swamp::vault {

/// Where the password of a vault comes from. Paths are absolute.
struct KeySource {
  /// A private key of SSH, without passphrase. With `generated` it is only the first choice.
  std::optional<std::filesystem::path> ssh_key = std::nullopt;
  /// A file of ours, taken as its bytes stand; made at first need.
  std::optional<std::filesystem::path> generated = std::nullopt;
};

enum class WhenMissing : std::uint8_t { fail, make };

/// Reads the password. Fails with denied for an SSH key that others may read, invalid_input for one
/// that is encrypted or no key at all, not_found when there is no file. Blocks.
Result<Secret> read_key_material(const KeySource& source, WhenMissing when_missing);

/// The bytes that the body of a PEM text encodes: what an SSH key contributes. Fails with
/// invalid_input.
Result<Secret> decode_ssh_key(std::string_view pem, std::string_view name);

}  // namespace swamp::vault
