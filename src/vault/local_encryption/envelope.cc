#include "vault/local_encryption/envelope.h"

#include <array>
#include <memory>

#include <fmt/format.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/rand.h>

#include "base/base64.h"
#include "os/hash.h"
#include "value/json.h"

namespace swamp::vault {

namespace {

constexpr int kVersion = 2;
constexpr int kIterations = 100'000;
constexpr std::size_t kIvSize = 12;
constexpr std::size_t kSaltSize = 16;
constexpr std::size_t kTagSize = 16;
constexpr std::size_t kKeySize = 32;
constexpr std::size_t kBindSize = 32;
constexpr std::string_view kBindPurpose = "swamp vault bind v1";

using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

unsigned char* bytes_of(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}
const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

Error library_error(std::string_view what) {
  return {ErrorCode::internal, fmt::format("OpenSSL cannot {}", what)};
}

Result<std::string> random_bytes(std::size_t size) {
  std::string bytes(size, '\0');
  if (RAND_bytes(bytes_of(bytes), static_cast<int>(size)) != 1) {
    return fail(library_error("make random numbers"));
  }
  return bytes;
}

Result<Secret> derive_key(const Secret& material, std::string_view salt) {
  std::string key(kKeySize, '\0');
  if (PKCS5_PBKDF2_HMAC(material.reveal().data(), static_cast<int>(material.size()), bytes_of(salt),
                        static_cast<int>(salt.size()), kIterations, EVP_sha256(), kKeySize,
                        bytes_of(key)) != 1) {
    return fail(library_error("derive a key"));
  }
  return Secret::take(key);
}

/// The key for `bind`, which tells nothing about the one it comes from (HKDF, RFC 5869, without
/// salt).
Result<Secret> derive_bind_key(const Secret& key) {
  const std::unique_ptr<EVP_KDF, decltype(&EVP_KDF_free)> kdf(
      EVP_KDF_fetch(nullptr, "HKDF", nullptr), EVP_KDF_free);
  const std::unique_ptr<EVP_KDF_CTX, decltype(&EVP_KDF_CTX_free)> context(
      kdf ? EVP_KDF_CTX_new(kdf.get()) : nullptr, EVP_KDF_CTX_free);
  std::string digest = "SHA256";
  std::string purpose(kBindPurpose);
  const std::array parameters = {
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), digest.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, const_cast<char*>(key.reveal().data()),
                                        key.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, purpose.data(), purpose.size()),
      OSSL_PARAM_construct_end()};
  std::string out(kKeySize, '\0');
  if (!context ||
      EVP_KDF_derive(context.get(), bytes_of(out), out.size(), parameters.data()) != 1) {
    return fail(library_error("derive a key"));
  }
  return Secret::take(out);
}

/// Each part behind its length, so that no two places give the same message.
std::string bind_message(const Envelope& envelope, const EnvelopePlace& place) {
  std::string message;
  const std::string version = std::to_string(kVersion);
  for (const std::string* part :
       {&place.vault, &place.entry, &version, &envelope.salt, &envelope.iv, &envelope.data}) {
    for (int shift = 56; shift >= 0; shift -= 8)
      message += static_cast<char>(part->size() >> shift);
    message += *part;
  }
  return message;
}

Result<std::string> bind_of(const Envelope& envelope, const Secret& key,
                            const EnvelopePlace& place) {
  SWAMP_TRY(const Secret bind_key, derive_bind_key(key));
  const os::Sha256Digest code = os::hmac_sha256(bind_key.reveal(), bind_message(envelope, place));
  return std::string(code.begin(), code.end());
}

Result<> encrypt(Envelope& envelope, const Secret& text, const Secret& key) {
  const CipherContext context(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  const int size = static_cast<int>(text.size());
  envelope.data.assign(text.size() + kTagSize, '\0');
  unsigned char* out = bytes_of(envelope.data);
  int written = 0;
  const bool done =
      context &&
      EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, bytes_of(key.reveal()),
                         bytes_of(std::string_view(envelope.iv))) == 1 &&
      (size == 0 ||
       EVP_EncryptUpdate(context.get(), out, &written, bytes_of(text.reveal()), size) == 1) &&
      EVP_EncryptFinal_ex(context.get(), out + written, &written) == 1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, kTagSize, out + size) == 1;
  if (!done) return fail(library_error("encrypt"));
  return {};
}

/// Empty when the tag does not fit.
std::optional<Secret> decrypt(const Envelope& envelope, const Secret& key) {
  const CipherContext context(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  const std::size_t size = envelope.data.size() - kTagSize;
  std::string tag = envelope.data.substr(size);
  std::string text(size, '\0');
  const WipedAtEnd wiped(text);
  int written = 0;
  const bool done =
      context &&
      EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, bytes_of(key.reveal()),
                         bytes_of(std::string_view(envelope.iv))) == 1 &&
      (size == 0 ||
       EVP_DecryptUpdate(context.get(), bytes_of(text), &written,
                         bytes_of(std::string_view(envelope.data)), static_cast<int>(size)) == 1) &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, kTagSize, tag.data()) == 1 &&
      EVP_DecryptFinal_ex(context.get(), bytes_of(text) + written, &written) == 1;
  if (!done) return std::nullopt;
  return Secret(text);
}

Error does_not_open(const EnvelopePlace& place) {
  return {.code = ErrorCode::denied,
          .message = fmt::format("'{}' of vault '{}' does not decrypt", place.entry, place.vault),
          .hint = "its file was changed, or the vault's key is not the one it was written with"};
}

Result<> check_bind(const Envelope& envelope, const Secret& key, const EnvelopePlace& place,
                    Binding binding) {
  if (!envelope.bind) {
    if (binding == Binding::optional) return {};
    return fail(ErrorCode::denied,
                fmt::format("'{}' of vault '{}' is not bound to its place, as this vault requires",
                            place.entry, place.vault),
                "its file was replaced or written by another program; put the secret again");
  }
  SWAMP_TRY(const std::string wanted, bind_of(envelope, key, place));
  if (CRYPTO_memcmp(wanted.data(), envelope.bind->data(), kBindSize) == 0) return {};
  return fail(ErrorCode::denied,
              fmt::format("'{}' of vault '{}' was written for another place or changed",
                          place.entry, place.vault),
              "somebody copied or edited its file; put the secret again");
}

Result<std::string> read_bytes(const Value& field, std::string_view key, std::string_view name) {
  const auto bad = [&] {
    return fail(ErrorCode::invalid_input,
                fmt::format("'{}' is no envelope: '{}' is not base64", name, key));
  };
  if (!field.is_string()) return bad();
  auto bytes = base64_decode_canonical(field.as_string());
  if (!bytes) return bad();
  return *std::move(bytes);
}

Result<> check_sizes(const Envelope& envelope, std::string_view name) {
  if (envelope.iv.size() == kIvSize && envelope.salt.size() == kSaltSize &&
      envelope.data.size() >= kTagSize && (!envelope.bind || envelope.bind->size() == kBindSize)) {
    return {};
  }
  return fail(ErrorCode::invalid_input,
              fmt::format("'{}' is no envelope: a field has a wrong length", name));
}

}  // namespace

Result<Envelope> parse_envelope(std::string_view text, std::string_view name) {
  SWAMP_TRY(const Value document, parse_json(text, name));
  if (document["version"] != Value(kVersion)) {
    return fail(ErrorCode::invalid_input,
                fmt::format("'{}' is no envelope of version {}", name, kVersion));
  }
  Envelope envelope;
  SWAMP_TRY(envelope.iv, read_bytes(document["iv"], "iv", name));
  SWAMP_TRY(envelope.data, read_bytes(document["data"], "data", name));
  SWAMP_TRY(envelope.salt, read_bytes(document["salt"], "salt", name));
  if (document.as_map().contains("bind")) {
    SWAMP_TRY(envelope.bind, read_bytes(document["bind"], "bind", name));
  }
  SWAMP_CHECK(check_sizes(envelope, name));
  return envelope;
}

std::string write_envelope(const Envelope& envelope) {
  Map document{{"iv", base64_encode(envelope.iv)},
               {"data", base64_encode(envelope.data)},
               {"salt", base64_encode(envelope.salt)},
               {"version", kVersion}};
  if (envelope.bind) document.set("bind", base64_encode(*envelope.bind));
  return write_json(document, {.indent = 2});
}

Result<Envelope> seal(const Secret& text, const Secret& key_material, const EnvelopePlace& place) {
  Envelope envelope;
  SWAMP_TRY(envelope.iv, random_bytes(kIvSize));
  SWAMP_TRY(envelope.salt, random_bytes(kSaltSize));
  SWAMP_TRY(const Secret key, derive_key(key_material, envelope.salt));
  SWAMP_CHECK(encrypt(envelope, text, key));
  SWAMP_TRY(envelope.bind, bind_of(envelope, key, place));
  return envelope;
}

Result<Secret> open(const Envelope& envelope, const Secret& key_material,
                    const EnvelopePlace& place, Binding binding) {
  SWAMP_TRY(const Secret key, derive_key(key_material, envelope.salt));
  auto text = decrypt(envelope, key);
  if (!text) return fail(does_not_open(place));
  SWAMP_CHECK(check_bind(envelope, key, place, binding));
  return *std::move(text);
}

Result<Envelope> bound(Envelope envelope, const Secret& key_material, const EnvelopePlace& place) {
  SWAMP_TRY(const Secret key, derive_key(key_material, envelope.salt));
  if (!decrypt(envelope, key)) return fail(does_not_open(place));
  SWAMP_TRY(envelope.bind, bind_of(envelope, key, place));
  return envelope;
}

}  // namespace swamp::vault
