#include "vault/identity_key.h"

#include <fmt/format.h>
#include <openssl/rand.h>

#include "os/directory.h"
#include "os/file.h"
#include "os/hash.h"

namespace swamp::vault {

namespace {

constexpr std::size_t kDigits = 64;

Result<Secret> read_key(const std::filesystem::path& file) {
  SWAMP_TRY(std::string digits, os::read_file(file, 4096));
  Secret key = Secret::take(digits);
  const bool is_hex = key.reveal().find_first_not_of("0123456789abcdef") == std::string_view::npos;
  if (key.size() == kDigits && is_hex) return key;
  return fail(ErrorCode::invalid_input, fmt::format("'{}' is no key", file.native()),
              "restore it, or delete it: instances made from secret arguments then get new ids");
}

}  // namespace

Result<Secret> identity_key(const std::filesystem::path& secrets_folder) {
  const auto file = secrets_folder / "identity.key";
  auto existing = read_key(file);
  if (existing || existing.error().code != ErrorCode::not_found) return existing;

  std::string bytes(kDigits / 2, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size())) !=
      1) {
    return fail(ErrorCode::internal, "OpenSSL cannot make random numbers");
  }
  std::string digits = os::to_hex(bytes);
  wipe(bytes);
  const Secret key = Secret::take(digits);
  SWAMP_CHECK(os::make_durable_directories(secrets_folder));
  const auto made =
      os::write_new_file(file, key.reveal(), os::Durability::synced, os::kPrivateFile);
  if (made) return key;
  if (made.error().code == ErrorCode::conflict) return read_key(file);
  return fail(made.error());
}

}  // namespace swamp::vault
