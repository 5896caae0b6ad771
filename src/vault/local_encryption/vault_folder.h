#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "vault/local_encryption/envelope.h"
#include "vault/local_encryption/key_material.h"
#include "vault/secret.h"

namespace swamp::vault {

/// Which texts a folder keeps of a key.
enum class EntryKind : std::uint8_t { secret, annotation, refresh_hook };

/// An entry as it was decrypted, and the file's text that it was decrypted from: whoever has the
/// same text again need not decrypt it again.
struct OpenedEntry {
  std::string envelope;
  Secret text;
};

/// The folder of one vault: `<key>.enc`, `.annotations/<key>.enc`, `.refresh/<key>.enc` and `.key`,
/// all for the owner alone. Immutable and without locks: files appear whole, the last writer of a
/// key wins. Every member blocks.
///
/// When the key file is missing beside encrypted files, nothing is read or written any more: a new
/// key would make the old secrets unreadable for good.
class VaultFolder {
 public:
  VaultFolder(std::string vault, std::filesystem::path path, KeySource key, Binding binding)
      : vault_(std::move(vault)), path_(std::move(path)), key_(std::move(key)), binding_(binding) {}

  /// `known` saves the decryption when the file has not changed. Empty when there is no such entry.
  Result<std::optional<OpenedEntry>> read(EntryKind kind, const std::string& key,
                                          std::optional<OpenedEntry> known) const;

  /// Returns once it is on the disk.
  Result<OpenedEntry> write(EntryKind kind, const std::string& key, const Secret& text) const;

  /// Whether there was something to remove.
  Result<bool> remove(EntryKind kind, const std::string& key) const;

  /// Keys of all secrets, sorted by UTF-16 code unit.
  Result<std::vector<std::string>> keys() const;

  /// Entries that are not bound to their place, as `<key>`, `.annotations/<key>`, `.refresh/<key>`.
  Result<std::vector<std::string>> unbound() const;

  /// Binds them all; none is touched when one does not decrypt. Afterwards the vault may require
  /// it.
  Result<> bind_all() const;

 private:
  struct Entry {
    std::string name;
    std::filesystem::path file;
  };

  Entry entry_of(EntryKind kind, const std::string& key) const;
  Result<std::vector<Entry>> entries() const;
  Result<Secret> key_material(WhenMissing when_missing) const;
  Result<Secret> key_material_for_writing() const;

  std::string vault_;
  std::filesystem::path path_;
  KeySource key_;
  Binding binding_;
};

/// Fails with invalid_input for a key that cannot be a file name: empty, with `..`, a slash, a
/// backslash or NUL, or too long.
Result<> check_key(std::string_view key);

}  // namespace swamp::vault
