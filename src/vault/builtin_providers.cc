#include <fmt/format.h>

#include "vault/local_encryption/local_encryption.h"
#include "vault/mock/mock_vault.h"
#include "vault/provider.h"

namespace swamp::vault {

namespace {

Result<std::unique_ptr<Provider>> open_local_encryption(const VaultConfig& config,
                                                        const ProviderSetup& setup) {
  return LocalEncryption::open(config, setup);
}

Result<std::unique_ptr<Provider>> open_mock(const VaultConfig& config, const ProviderSetup&) {
  return std::make_unique<MockVault>(config.name);
}

}  // namespace

std::string to_ttl_text(std::chrono::milliseconds ttl) {
  using namespace std::chrono_literals;
  using std::chrono::floor, std::chrono::hours, std::chrono::minutes, std::chrono::seconds;
  if (ttl < 1s) return fmt::format("{}ms", ttl.count());
  if (ttl < 1min) return fmt::format("{}s", floor<seconds>(ttl).count());
  const auto all = floor<minutes>(ttl);
  if (all < 1h) return fmt::format("{}m", all.count());
  const auto whole_hours = floor<hours>(all);
  const auto rest = all - whole_hours;
  if (rest == 0min) return fmt::format("{}h", whole_hours.count());
  return fmt::format("{}h{}m", whole_hours.count(), rest.count());
}

std::vector<ProviderType> builtin_providers() {
  return {{.type = "local_encryption",
           .name = "Local Encryption",
           .description = "encrypted files in the repository, under a generated key or an SSH key",
           .open = open_local_encryption},
          {.type = "mock",
           .name = "Mock",
           .description = "three demo secrets in memory",
           .is_listed = false,
           .open = open_mock}};
}

}  // namespace swamp::vault
