#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"
#include "vault/secret.h"

namespace swamp::vault {

/// The key under which secret arguments enter the identity of an instance: random, made at first
/// need and kept in `secrets_folder` (`.swamp/secrets`) as `identity.key`. Of several processes
/// that make it at once all get the one that stays. Blocks.
Result<Secret> identity_key(const std::filesystem::path& secrets_folder);

}  // namespace swamp::vault
