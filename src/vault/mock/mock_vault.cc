#include "vault/mock/mock_vault.h"

#include <algorithm>

#include <fmt/format.h>

#include "vault/key_order.h"

namespace swamp::vault {

MockVault::MockVault(std::string vault) : vault_(std::move(vault)) {
  for (const char* key : {"demo-api-key", "demo-api-key-2", "derived-api-key"}) {
    secrets_.emplace(key, Secret(fmt::format("mock-{}", key)));
  }
}

Task<Secret> MockVault::get(std::string key) {
  if (const auto found = secrets_.find(key); found != secrets_.end()) co_return found->second;
  co_return fail(ErrorCode::not_found, fmt::format("vault '{}' has no secret '{}'", vault_, key));
}

Task<> MockVault::put(std::string key, Secret value) {
  secrets_.insert_or_assign(std::move(key), std::move(value));
  co_return Result<>{};
}

Task<std::vector<std::string>> MockVault::list() {
  std::vector<std::string> keys;
  for (const auto& [key, value] : secrets_)
    keys.push_back(key);
  std::sort(keys.begin(), keys.end(), comes_before);
  co_return keys;
}

Task<> MockVault::remove(std::string key) {
  if (secrets_.erase(key) != 0) co_return Result<>{};
  co_return fail(ErrorCode::not_found, fmt::format("vault '{}' has no secret '{}'", vault_, key));
}

}  // namespace swamp::vault
