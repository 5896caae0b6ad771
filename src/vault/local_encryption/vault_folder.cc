#include "vault/local_encryption/vault_folder.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "os/directory.h"
#include "os/file.h"
#include "value/json.h"
#include "vault/key_order.h"

namespace swamp::vault {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSuffix = ".enc";
constexpr std::size_t kLongestFileName = 255;
constexpr std::size_t kLargestEnvelope = 64U << 20;
constexpr std::array kKinds = {EntryKind::secret, EntryKind::annotation, EntryKind::refresh_hook};

/// Folder of a kind below the vault's, with slash.
std::string_view prefix_of(EntryKind kind) {
  switch (kind) {
    case EntryKind::annotation:
      return ".annotations/";
    case EntryKind::refresh_hook:
      return ".refresh/";
    default:
      return "";
  }
}

/// Names of the regular files `<key>.enc` in a folder, without that ending. No folder: none.
Result<std::vector<std::string>> list_keys(const fs::path& folder) {
  SWAMP_TRY(const auto listed, os::list_if_there(folder));
  std::vector<std::string> keys;
  for (const os::DirectoryEntry& entry : listed) {
    if (entry.kind != os::EntryKind::file || !entry.name.ends_with(kSuffix)) continue;
    if (entry.name.size() == kSuffix.size()) continue;
    keys.push_back(entry.name.substr(0, entry.name.size() - kSuffix.size()));
  }
  return keys;
}

Result<Envelope> read_envelope(const fs::path& file) {
  SWAMP_TRY(const std::string text, os::read_file(file, kLargestEnvelope));
  return parse_envelope(text, file.native());
}

Result<> write_private(const fs::path& file, std::string_view text) {
  SWAMP_CHECK(os::make_durable_directories(file.parent_path(), 0700));
  return os::write_file_atomically(file, text, os::Durability::synced, os::kPrivateFile);
}

}  // namespace

Result<> check_key(std::string_view key) {
  constexpr std::string_view kForbidden("/\\\0", 3);
  if (!key.empty() && key.size() + kSuffix.size() <= kLongestFileName &&
      key.find("..") == std::string_view::npos &&
      key.find_first_of(kForbidden) == std::string_view::npos) {
    return {};
  }
  return fail(ErrorCode::invalid_input, fmt::format("'{}' cannot be the key of a secret", key),
              "a key has 1 to 251 bytes, no '..', slash, backslash or NUL");
}

VaultFolder::Entry VaultFolder::entry_of(EntryKind kind, const std::string& key) const {
  std::string name = fmt::format("{}{}", prefix_of(kind), key);
  fs::path file = path_ / fmt::format("{}{}", name, kSuffix);
  return {.name = std::move(name), .file = std::move(file)};
}

Result<std::vector<VaultFolder::Entry>> VaultFolder::entries() const {
  std::vector<Entry> all;
  for (const EntryKind kind : kKinds) {
    SWAMP_TRY(const std::vector<std::string> keys, list_keys(path_ / prefix_of(kind)));
    for (const std::string& key : keys)
      all.push_back(entry_of(kind, key));
  }
  return all;
}

Result<Secret> VaultFolder::key_material(WhenMissing when_missing) const {
  auto material = read_key_material(key_, when_missing);
  if (material || material.error().code != ErrorCode::not_found || !key_.generated) return material;
  Error error{.code = ErrorCode::not_found,
              .message = fmt::format("the key file '{}' of vault '{}' is missing, and its secrets "
                                     "cannot be read without it",
                                     key_.generated->native(), vault_),
              .hint = "restore it from a backup; to start anew, delete the vault's '.enc' files"};
  error.notes = std::move(material.error().notes);
  return fail(std::move(error));
}

Result<Secret> VaultFolder::key_material_for_writing() const {
  SWAMP_TRY(const std::vector<Entry> existing, entries());
  return key_material(existing.empty() ? WhenMissing::make : WhenMissing::fail);
}

Result<std::optional<OpenedEntry>> VaultFolder::read(EntryKind kind, const std::string& key,
                                                     std::optional<OpenedEntry> known) const {
  const Entry entry = entry_of(kind, key);
  SWAMP_TRY(auto text, os::read_file_if_there(entry.file, kLargestEnvelope));
  if (!text) return std::nullopt;
  if (known && known->envelope == *text) return known;
  SWAMP_TRY(const Envelope envelope, parse_envelope(*text, entry.file.native()));
  SWAMP_TRY(const Secret material, key_material(WhenMissing::fail));
  SWAMP_TRY(Secret opened,
            open(envelope, material, {.vault = vault_, .entry = entry.name}, binding_));
  if (!is_valid_utf8(opened.reveal())) {
    std::string repaired = to_valid_utf8(opened.reveal());
    opened = Secret::take(repaired);
  }
  return OpenedEntry{.envelope = *std::move(text), .text = std::move(opened)};
}

Result<OpenedEntry> VaultFolder::write(EntryKind kind, const std::string& key,
                                       const Secret& text) const {
  const Entry entry = entry_of(kind, key);
  SWAMP_TRY(const Secret material, key_material_for_writing());
  SWAMP_TRY(const Envelope envelope, seal(text, material, {.vault = vault_, .entry = entry.name}));
  OpenedEntry written{.envelope = write_envelope(envelope), .text = text};
  SWAMP_CHECK(write_private(entry.file, written.envelope));
  return written;
}

Result<bool> VaultFolder::remove(EntryKind kind, const std::string& key) const {
  const Entry entry = entry_of(kind, key);
  std::error_code failure;
  if (!fs::is_regular_file(entry.file, failure)) return false;
  SWAMP_CHECK(os::remove_file(entry.file));
  SWAMP_CHECK(os::sync_directory(entry.file.parent_path()));
  return true;
}

Result<std::vector<std::string>> VaultFolder::keys() const {
  SWAMP_TRY(std::vector<std::string> keys, list_keys(path_));
  std::sort(keys.begin(), keys.end(), comes_before);
  return keys;
}

Result<std::vector<std::string>> VaultFolder::unbound() const {
  SWAMP_TRY(const std::vector<Entry> all, entries());
  std::vector<std::string> names;
  for (const Entry& entry : all) {
    SWAMP_TRY(const Envelope envelope, read_envelope(entry.file));
    if (!envelope.bind) names.push_back(entry.name);
  }
  return names;
}

Result<> VaultFolder::bind_all() const {
  SWAMP_TRY(const std::vector<Entry> all, entries());
  if (all.empty()) return {};
  SWAMP_TRY(const Secret material, key_material(WhenMissing::fail));
  std::vector<std::pair<fs::path, std::string>> files;
  for (const Entry& entry : all) {
    SWAMP_TRY(Envelope envelope, read_envelope(entry.file));
    const EnvelopePlace place{.vault = vault_, .entry = entry.name};
    if (envelope.bind) {
      SWAMP_CHECK(open(envelope, material, place, Binding::required));
      continue;
    }
    SWAMP_TRY(envelope, bound(std::move(envelope), material, place));
    files.emplace_back(entry.file, write_envelope(envelope));
  }
  for (const auto& [file, text] : files)
    SWAMP_CHECK(write_private(file, text));
  return {};
}

}  // namespace swamp::vault
