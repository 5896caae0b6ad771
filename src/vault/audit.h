#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace swamp::vault {

enum class AuditAction : std::uint8_t { get, put, remove, annotate };

/// As entries spell it; `remove` is `delete` there.
std::string_view to_string(AuditAction action);
std::optional<AuditAction> parse_audit_action(std::string_view text);

/// Who touched a secret.
enum class Caller : std::uint8_t {
  unknown,
  vault_put,
  vault_delete,
  vault_annotate,
  vault_inspect,
  vault_read_secret,
  vault_migrate,
  expression,       // vault.get in a definition or workflow
  reference,        // a stored reference that was read
  sensitive_field,  // a sensitive output that was written
  method,           // a method that asked for it by itself
};

/// `cli:vault-put`, `expression:vault-resolve`, …
std::string_view to_string(Caller caller);

struct AuditEntry {
  AuditAction action = AuditAction::get;
  Timestamp time = {};
  std::string vault;
  std::string vault_type;
  std::string key;
  std::string caller;  // as written: another program may know other callers

  friend bool operator==(const AuditEntry&, const AuditEntry&) = default;
};

/// Appends one line to `.swamp/audit/vault-audit-<UTC day>.jsonl` of the repository. Blocks.
Result<> append_audit_entry(const std::filesystem::path& repository, const AuditEntry& entry);

/// Which entries to read. Times include both ends.
struct AuditFilter {
  std::optional<std::string> vault = std::nullopt;
  std::optional<std::string> key = std::nullopt;
  std::optional<AuditAction> action = std::nullopt;
  Timestamp since = {};
  Timestamp until = {};
  std::size_t limit = 100;
};

struct AuditTrail {
  std::vector<AuditEntry> entries;  // oldest first, at most `limit`
  bool is_truncated = false;        // there were more
};

/// Fails with invalid_input when `since` is after `until` or the two are more than 365 days apart.
/// Lines that are no entries are skipped; so are days without a file. Blocks.
Result<AuditTrail> read_audit_trail(const std::filesystem::path& repository,
                                    const AuditFilter& filter);

}  // namespace swamp::vault
