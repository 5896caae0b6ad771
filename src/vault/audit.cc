#include "vault/audit.h"

#include <algorithm>
#include <array>
#include <fcntl.h>

#include <fmt/format.h>

#include "os/descriptor.h"
#include "os/directory.h"
#include "os/file.h"
#include "value/json.h"
#include "value/text_of.h"

namespace swamp::vault {

namespace {

namespace fs = std::filesystem;
using Days = std::chrono::days;

constexpr std::array<std::string_view, 4> kActions = {"get", "put", "delete", "annotate"};
constexpr std::array<std::string_view, 11> kCallers = {"unknown",
                                                       "cli:vault-put",
                                                       "cli:vault-delete",
                                                       "cli:vault-annotate",
                                                       "cli:vault-inspect",
                                                       "cli:vault-read-secret",
                                                       "cli:vault-migrate",
                                                       "expression:vault-resolve",
                                                       "data-writer:vault-ref-resolve",
                                                       "data-writer:sensitive-field",
                                                       "method:vault"};
constexpr Days kLongestRange{365};

fs::path folder_of(const fs::path& repository) {
  return repository / ".swamp" / "audit";
}

std::string day_of(Timestamp time) {
  return to_iso8601(time).substr(0, 10);
}

/// Empty when the line is no entry. Lines of the legacy files have no action: they record reads.
std::optional<AuditEntry> parse_line(std::string_view line) {
  const auto document = parse_json(line);
  if (!document || !document->is_map()) return std::nullopt;
  const auto time = parse_iso8601(text_of((*document)["timestamp"]));
  const Value& action = (*document)["action"];
  const auto known = action.is_null()     ? std::optional(AuditAction::get)
                     : action.is_string() ? parse_audit_action(action.as_string())
                                          : std::nullopt;
  if (!time || !known) return std::nullopt;
  return AuditEntry{.action = *known,
                    .time = *time,
                    .vault = text_of((*document)["vaultName"]),
                    .vault_type = text_of((*document)["vaultType"]),
                    .key = text_of((*document)["secretKey"]),
                    .caller = text_of((*document)["callerContext"])};
}

bool fits(const AuditEntry& entry, const AuditFilter& filter) {
  return entry.time >= filter.since && entry.time <= filter.until &&
         (!filter.vault || entry.vault == *filter.vault) &&
         (!filter.key || entry.key == *filter.key) &&
         (!filter.action || entry.action == *filter.action);
}

/// Adds what fits of one file; false once there is more than the limit.
Result<bool> read_day_file(const fs::path& file, const AuditFilter& filter, AuditTrail& trail) {
  SWAMP_TRY(const auto text, os::read_file_if_there(file));
  if (!text) return true;
  for (std::string_view rest = *text; !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    auto entry = parse_line(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (!entry || !fits(*entry, filter)) continue;
    if (trail.entries.size() == filter.limit) {
      trail.is_truncated = true;
      return false;
    }
    trail.entries.push_back(*std::move(entry));
  }
  return true;
}

}  // namespace

std::string_view to_string(AuditAction action) {
  return kActions[static_cast<std::size_t>(action)];
}

std::optional<AuditAction> parse_audit_action(std::string_view text) {
  const auto* const found = std::find(kActions.begin(), kActions.end(), text);
  if (found == kActions.end()) return std::nullopt;
  return static_cast<AuditAction>(found - kActions.begin());
}

std::string_view to_string(Caller caller) {
  return kCallers[static_cast<std::size_t>(caller)];
}

Result<> append_audit_entry(const fs::path& repository, const AuditEntry& entry) {
  const fs::path folder = folder_of(repository);
  const fs::path file = folder / fmt::format("vault-audit-{}.jsonl", day_of(entry.time));
  SWAMP_CHECK(os::make_directories(folder));
  SWAMP_TRY(const os::Descriptor descriptor,
            os::open_descriptor(file, O_WRONLY | O_CREAT | O_APPEND, "write"));
  std::string line = write_json(Map{{"action", to_string(entry.action)},
                                    {"timestamp", to_iso8601(entry.time)},
                                    {"vaultName", entry.vault},
                                    {"vaultType", entry.vault_type},
                                    {"secretKey", entry.key},
                                    {"callerContext", entry.caller}});
  line += '\n';
  // One write, so that lines of several processes do not mix.
  return os::write_all(descriptor, line, file);
}

Result<AuditTrail> read_audit_trail(const fs::path& repository, const AuditFilter& filter) {
  if (filter.since > filter.until) {
    return fail(ErrorCode::invalid_input, "the range of the audit trail ends before it begins");
  }
  if (filter.until - filter.since > kLongestRange) {
    return fail(ErrorCode::invalid_input, "the range of the audit trail is longer than 365 days");
  }
  AuditTrail trail;
  const auto last = std::chrono::floor<Days>(filter.until);
  for (auto day = std::chrono::floor<Days>(filter.since); day <= last; day += Days(1)) {
    for (const std::string_view name : {"vault-audit", "vault-reads"}) {
      const fs::path file = folder_of(repository) / fmt::format("{}-{}.jsonl", name, day_of(day));
      SWAMP_TRY(const bool has_room, read_day_file(file, filter, trail));
      if (!has_room) return trail;
    }
  }
  return trail;
}

}  // namespace swamp::vault
