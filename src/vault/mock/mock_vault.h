#pragma once

#include <map>
#include <string>
#include <vector>

#include "vault/provider.h"

namespace swamp::vault {

/// A vault in memory for trying things out: `mock`. It always begins with the keys `demo-api-key`,
/// `demo-api-key-2` and `derived-api-key`, and forgets everything when the process ends.
class MockVault final : public Provider {
 public:
  explicit MockVault(std::string vault);

  Task<Secret> get(std::string key) override;
  Task<> put(std::string key, Secret value) override;
  Task<std::vector<std::string>> list() override;
  Task<> remove(std::string key) override;

 private:
  std::string vault_;
  std::map<std::string, Secret> secrets_;
};

}  // namespace swamp::vault
