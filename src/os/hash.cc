#include "os/hash.h"

#include <cerrno>
#include <fcntl.h>
#include <new>
#include <unistd.h>

// SHA-256 itself needs nothing of what the EVP interface sets up at first use: its configuration
// file, its providers and all their names are a third of what a run of one step costs.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include "os/descriptor.h"
#include "os/system_error.h"

namespace swamp::os {

struct Sha256::State {
  State() { SHA256_Init(&context); }

  SHA256_CTX context;
};

Sha256::Sha256() : state_(std::make_unique<State>()) {}
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;
Sha256::~Sha256() = default;

void Sha256::update(std::string_view bytes) {
  SHA256_Update(&state_->context, bytes.data(), bytes.size());
}

Sha256Digest Sha256::finish() {
  Sha256Digest digest{};
  SHA256_Final(digest.data(), &state_->context);
  return digest;
}

Sha256Digest sha256(std::string_view bytes) {
  Sha256 hash;
  hash.update(bytes);
  return hash.finish();
}

Sha256Digest hmac_sha256(std::string_view key, std::string_view bytes) {
  Sha256Digest digest{};
  unsigned size = 0;
  const auto* made = HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
                          reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                          digest.data(), &size);
  if (made == nullptr) throw std::bad_alloc();  // it fails for no other reason
  return digest;
}

std::string sha256_hex(std::string_view bytes) {
  return to_hex(sha256(bytes));
}

std::string hmac_sha256_hex(std::string_view key, std::string_view bytes) {
  return to_hex(hmac_sha256(key, bytes));
}

Result<std::string> sha256_hex_of_file(const std::filesystem::path& path) {
  SWAMP_TRY(const Descriptor file, open_descriptor(path, O_RDONLY, "read"));
  Sha256 hash;
  std::string block(std::size_t{256} * 1024, '\0');
  for (;;) {
    const ssize_t got =
        retry_interrupted([&] { return ::read(file.get(), block.data(), block.size()); });
    if (got < 0) return fail(system_error(errno, "read", path));
    if (got == 0) return to_hex(hash.finish());
    hash.update({block.data(), static_cast<std::size_t>(got)});
  }
}

std::string to_hex(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char byte : bytes) {
    text += kDigits[static_cast<unsigned char>(byte) >> 4];
    text += kDigits[static_cast<unsigned char>(byte) & 0x0F];
  }
  return text;
}

std::string to_hex(const Sha256Digest& digest) {
  return to_hex(std::string_view(reinterpret_cast<const char*>(digest.data()), digest.size()));
}

}  // namespace swamp::os
