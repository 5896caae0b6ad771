#include "store/sha256.h"

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "store/files.h"

namespace swamp::store {

struct Sha256::Context {
  Context() : sum(EVP_MD_CTX_new()) { EVP_DigestInit_ex(sum, EVP_sha256(), nullptr); }
  ~Context() { EVP_MD_CTX_free(sum); }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  EVP_MD_CTX* const sum;
};

Sha256::Sha256() : context_(std::make_unique<Context>()) {}

Sha256::~Sha256() = default;

void Sha256::add(std::string_view bytes) {
  EVP_DigestUpdate(context_->sum, bytes.data(), bytes.size());
}

std::string Sha256::hex() {
  constexpr std::string_view kDigits = "0123456789abcdef";
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  EVP_DigestFinal_ex(context_->sum, digest, &size);
  std::string text;
  text.reserve(2 * size);
  for (unsigned i = 0; i < size; ++i) {
    text += kDigits[digest[i] >> 4];
    text += kDigits[digest[i] & 15];
  }
  return text;
}

std::string sha256_hex(std::string_view bytes) {
  Sha256 sum;
  sum.add(bytes);
  return sum.hex();
}

Result<FileSum> sum_of_file(const std::filesystem::path& path) {
  SWAMP_TRY(const auto file, open_file(path, O_RDONLY));
  Sha256 sum;
  FileSum found;
  std::string piece(std::size_t{128} << 10, '\0');
  for (;;) {
    const auto got = ::read(file.fd(), piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(file_error("read", path, errno));
    if (got == 0) break;
    sum.add(std::string_view(piece).substr(0, static_cast<std::size_t>(got)));
    found.size += static_cast<std::uint64_t>(got);
  }
  found.checksum = sum.hex();
  return found;
}

}  // namespace swamp::store
