#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "vault/secret.h"

namespace swamp::vault {

/// One encrypted text as a `.enc` file holds it (docs/vaults.md). JSON, indented by two blanks,
/// without final newline:
///
///   { "iv": B, "data": B, "salt": B, "version": 2, "bind": B? }    B = canonical base64 with
///   padding
///
/// data is AES-256-GCM of the text with its 16-byte tag appended, without additional data. Its key
/// is PBKDF2-HMAC-SHA-256 of the vault's key material, 100,000 iterations. The original writes no
/// `bind` and ignores it.
struct Envelope {
  std::string iv;                                  // 12 bytes
  std::string data;                                // at least the tag
  std::string salt;                                // 16 bytes
  std::optional<std::string> bind = std::nullopt;  // 32 bytes
};

/// Where an envelope belongs: in which vault, and as what.
struct EnvelopePlace {
  std::string vault;
  std::string entry;  // `<key>`, `.annotations/<key>`, `.refresh/<key>`
};

enum class Binding : std::uint8_t { optional, required };

/// Fails with invalid_input; `name` is what a message calls the text.
Result<Envelope> parse_envelope(std::string_view text, std::string_view name);
std::string write_envelope(const Envelope& envelope);

// Each of these takes about 30 ms: the key is derived anew from the envelope's salt.

/// Encrypts under fresh random numbers and binds the result to its place.
Result<Envelope> seal(const Secret& text, const Secret& key_material, const EnvelopePlace& place);

/// Decrypts. Fails with denied when the bytes are not what was sealed with this material, or were
/// sealed for another place, or are not bound to any though `binding` wants that.
Result<Secret> open(const Envelope& envelope, const Secret& key_material,
                    const EnvelopePlace& place, Binding binding);

/// The envelope, which must decrypt, bound to its place.
Result<Envelope> bound(Envelope envelope, const Secret& key_material, const EnvelopePlace& place);

}  // namespace swamp::vault
