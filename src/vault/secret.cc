#include "vault/secret.h"

#include <cstring>
#include <ostream>

#include <openssl/crypto.h>

namespace swamp::vault {

Secret::Secret(std::string_view text) : size_(text.size()) {
  if (text.empty()) return;
  auto* bytes = new char[text.size()];
  std::memcpy(bytes, text.data(), text.size());
  bytes_ = std::shared_ptr<const char[]>(bytes, [size = text.size()](const char* memory) {
    OPENSSL_cleanse(const_cast<char*>(memory), size);
    delete[] memory;
  });
}

Secret Secret::take(std::string& text) {
  Secret secret{std::string_view(text)};
  wipe(text);
  return secret;
}

bool operator==(const Secret& a, const Secret& b) {
  return a.size_ == b.size_ &&
         (a.size_ == 0 || CRYPTO_memcmp(a.bytes_.get(), b.bytes_.get(), a.size_) == 0);
}

std::ostream& operator<<(std::ostream& out, const Secret&) {
  return out << "***";
}

void wipe(void* memory, std::size_t size) {
  OPENSSL_cleanse(memory, size);
}

void wipe(std::string& text) {
  // What was erased before may still lie behind the end.
  text.resize(text.capacity());
  OPENSSL_cleanse(text.data(), text.size());
  text.clear();
}

}  // namespace swamp::vault
