#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "repo/document_entry.h"
#include "repo/read_documents.h"
#include "repo/repo.h"

// Not for other rooms.
namespace swamp::repo {

/// So many documents fit into memory without showing; of a repository that is read anew most are
/// not wanted.
inline constexpr std::size_t kMostRead = 16;

/// What a walk over the folders of a repository found.
struct ScanResult {
  std::map<std::string, DocumentEntry, std::less<>> entries;  // by path
  std::vector<Error> warnings;
  std::string passed_over = {};  // a YAML file among the workflows whose name is not that of one
  std::size_t parsed = 0;
  ReadDocuments read;    // of those that were parsed, as many as kMostRead
  bool changed = false;  // differs from the entries that were known before
};

/// Looks at every file. Entries of `known` whose file is the same are taken as they are, except
/// files that changed so shortly before `known_at` (the index's own time stamp) that a later change
/// might not show, and broken ones, whose problems are wanted anew.
Result<ScanResult> scan(const Repo& repo, std::vector<DocumentEntry> known,
                        std::int64_t known_at_ns);

/// Reads one file into an entry, and into `read` while there is room. An entry that is broken comes
/// with the reason in `warnings`.
DocumentEntry read_entry(const Repo& repo, DocumentKind kind, const std::string& path,
                         const os::FileIdentity& identity, std::vector<Error>& warnings,
                         ReadDocuments& read);

}  // namespace swamp::repo
