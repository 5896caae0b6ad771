#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "value/value.h"

namespace swamp::vault {

/// What stands in stored data in place of a sensitive value: `${{ vault.get('<vault>', '<key>')
/// }}`.
struct Reference {
  std::string vault;
  std::string key;

  std::string to_string() const;

  friend bool operator==(const Reference&, const Reference&) = default;
};

/// Reads a text that is a reference and nothing else, in single quotes; blanks between its parts do
/// not matter.
std::optional<Reference> parse_reference(std::string_view text);

/// A sensitive field of a data item that is about to be written, or was read.
struct SensitiveField {
  std::string type;  // of the model, as normalized: `@john/pod`
  std::string model_id;
  std::string method;
  std::string spec;
  std::string instance;                             // name of the data item without its vary suffix
  std::string vary = {};                            // that suffix; empty when there is none
  std::uint64_t version = 0;                        // of the data item
  std::string path;                                 // of the field: `credentials.token`
  std::optional<std::string> vault = std::nullopt;  // from field or spec; else the default vault
  std::optional<std::string> fixed_key = std::nullopt;  // `vaultKey` of the schema
};

/// The key under which the value is kept. A fixed key stays as it is. A generated one is made of
/// the field's parts with `@` dropped and separators as `-`, ends in the data version, and in
/// `.json` when `value` is not a string; where cleaning makes parts ambiguous or too long it
/// carries a digest of the parts, so that two fields never share a key.
std::string sensitive_key(const SensitiveField& field, const Value& value);

/// Whether a generated key says that its value is JSON rather than a text: it ends in
/// `-<version>.json`.
bool is_typed_key(std::string_view key);

/// Whether `key`, found in a stored reference at this field, is one that this field can have: the
/// fixed key, or one that sensitive_key makes, or the one that the original makes (no version, no
/// vary). Anything else is data.
bool is_key_of(const SensitiveField& field, std::string_view key);

}  // namespace swamp::vault
