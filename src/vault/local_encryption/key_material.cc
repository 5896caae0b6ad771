#include "vault/local_encryption/key_material.h"

#include <cerrno>
#include <chrono>
#include <sys/stat.h>
#include <thread>

#include <fmt/format.h>

#include "base/base64.h"
#include "base/clock.h"
#include "os/directory.h"
#include "os/file.h"
#include "os/system_error.h"

namespace swamp::vault {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLargestKey = 1 << 20;

// A program that makes the file in two steps leaves it empty for a moment.
constexpr int kEmptyReads = 20;
constexpr std::chrono::milliseconds kEmptyPause{5};

Error encrypted_key(std::string_view name) {
  return {.code = ErrorCode::invalid_input,
          .message = fmt::format("ssh key '{}' is encrypted", name),
          .hint = "use a key without passphrase, or the generated key of the vault"};
}

Result<Secret> read_secret_file(const fs::path& path) {
  SWAMP_TRY(std::string bytes, os::read_file(path, kLargestKey));
  return Secret::take(bytes);
}

Result<> check_private(const fs::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return fail(os::system_error(errno, "read", path));
  const unsigned mode = status.st_mode & 0777U;
  if ((mode & 077U) == 0) return {};
  return fail(ErrorCode::denied,
              fmt::format("ssh key '{}' may be used by others (mode {:03o})", path.native(), mode),
              fmt::format("chmod 600 {}", path.native()));
}

Result<Secret> read_ssh_key(const fs::path& path) {
  SWAMP_CHECK(check_private(path));
  SWAMP_TRY(const Secret pem, read_secret_file(path));
  return decode_ssh_key(pem.reveal(), path.native());
}

Result<Secret> make_key_file(const fs::path& path) {
  std::string key = random_ids().uuid() + random_ids().uuid();
  const WipedAtEnd wiped(key);
  SWAMP_CHECK(os::make_durable_directories(path.parent_path(), 0700));
  SWAMP_CHECK(os::write_new_file(path, key, os::Durability::synced, os::kPrivateFile));
  return Secret(key);
}

Result<Secret> read_key_file(const fs::path& path) {
  for (int read = 0; read < kEmptyReads; ++read) {
    SWAMP_TRY(Secret key, read_secret_file(path));
    if (!key.empty()) return key;
    std::this_thread::sleep_for(kEmptyPause);
  }
  return fail(ErrorCode::invalid_input, fmt::format("key file '{}' is empty", path.native()),
              "delete it when the vault has no secrets yet, else restore it from a backup");
}

Result<Secret> read_or_make_key_file(const fs::path& path, WhenMissing when_missing) {
  auto key = read_key_file(path);
  if (key || key.error().code != ErrorCode::not_found || when_missing == WhenMissing::fail)
    return key;
  auto made = make_key_file(path);
  // Of several processes that make it at once one wins, and all use what that one made.
  if (!made && made.error().code == ErrorCode::conflict) return read_key_file(path);
  return made;
}

/// The lines between the dashes as one. Lines end with LF or CRLF.
std::string pem_body(std::string_view pem) {
  std::string body;
  body.reserve(pem.size());
  while (!pem.empty()) {
    const std::size_t end = std::min(pem.find('\n'), pem.size());
    std::string_view line = pem.substr(0, end);
    pem.remove_prefix(std::min(end + 1, pem.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.starts_with("-----")) body += line;
  }
  return body;
}

/// In OpenSSH's own format the name of a cipher follows a magic word; `none` for a key without
/// passphrase.
bool is_encrypted_openssh(std::string_view key) {
  constexpr std::string_view kMagic("openssh-key-v1\0", 15);
  constexpr std::string_view kNone("\0\0\0\4none", 8);
  return key.starts_with(kMagic) && !key.substr(kMagic.size()).starts_with(kNone);
}

}  // namespace

Result<Secret> decode_ssh_key(std::string_view pem, std::string_view name) {
  if (pem.find("Proc-Type: 4,ENCRYPTED") != std::string_view::npos)
    return fail(encrypted_key(name));
  std::string body = pem_body(pem);
  const WipedAtEnd wiped_body(body);
  auto bytes = base64_decode_canonical(body);
  if (!bytes || bytes->empty()) {
    return fail(ErrorCode::invalid_input,
                fmt::format("'{}' is no private key in PEM format", name));
  }
  if (is_encrypted_openssh(*bytes)) {
    wipe(*bytes);
    return fail(encrypted_key(name));
  }
  return Secret::take(*bytes);
}

Result<Secret> read_key_material(const KeySource& source, WhenMissing when_missing) {
  if (!source.ssh_key) return read_or_make_key_file(*source.generated, when_missing);
  auto from_ssh = read_ssh_key(*source.ssh_key);
  if (from_ssh || !source.generated) return from_ssh;
  auto generated = read_or_make_key_file(*source.generated, when_missing);
  if (!generated) generated.error().notes.push_back("after: " + from_ssh.error().message);
  return generated;
}

}  // namespace swamp::vault
