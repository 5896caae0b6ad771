#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "repo/document_entry.h"
#include "repo/read_documents.h"
#include "repo/repo.h"

namespace swamp::repo {

struct ScanResult;

/// What definitions and workflows there are. Kept in `.swamp/document-index`, so that opening it
/// costs one look at each file's identity and parses only those that changed. An index that is
/// missing, old or broken is made anew without a word, and one that cannot be written is done
/// without.
///
/// Symbolic links to files are followed where they stay in the repository.
class DocumentIndex {
 public:
  enum class AutoMade : std::uint8_t { hidden, shown };

  enum class File : std::uint8_t { written, left_alone };

  /// Fails when `models/`, `workflows/` or the folder of made definitions is there but cannot be
  /// listed.
  static Result<DocumentIndex> open(const Repo& repo, File file = File::written);

  DocumentIndex(DocumentIndex&&) = default;
  DocumentIndex& operator=(DocumentIndex&&) = default;

  /// In order of path, broken ones left out. Pointers hold until update() or remove().
  std::vector<const DocumentEntry*> definitions(AutoMade auto_made = AutoMade::hidden) const;
  std::vector<const DocumentEntry*> workflows() const;

  /// By name, else by id. What a person wrote goes before what a run made. Fails with not_found
  /// (code name `model_not_found`, `workflow_not_found`) and a suggestion, with conflict when two
  /// files bear the name.
  Result<const DocumentEntry*> find_definition(std::string_view name_or_id) const;
  Result<const DocumentEntry*> find_workflow(std::string_view name_or_id) const;

  /// Usually one or none.
  std::vector<const DocumentEntry*> with_id(DocumentKind kind, std::string_view id) const;

  /// Files that are skipped, each with what is wrong with it and where.
  const std::vector<Error>& warnings() const { return warnings_; }

  /// Takes in a file that was just written, or forgets one that was removed.
  void update(DocumentEntry entry);
  void remove(std::string_view path);

  /// How many files open() had to parse: for tests and benchmarks.
  std::size_t parsed() const { return parsed_; }

  /// The documents that open() read because they were new or changed, when they were few: so that
  /// what was just written is not read twice. Gives them away.
  ReadDocuments take_read() { return std::exchange(read_, {}); }

 private:
  using Entries = std::map<std::string, DocumentEntry, std::less<>>;  // by path
  using Lookup = std::multimap<std::string_view, const DocumentEntry*>;

  explicit DocumentIndex(ScanResult found);
  void link();
  Result<const DocumentEntry*> find(std::string_view name_or_id,
                                    std::initializer_list<DocumentKind> kinds) const;
  std::vector<std::string> names(bool workflows) const;

  Entries entries_;
  Lookup by_name_;
  Lookup by_id_;
  std::vector<Error> warnings_;
  std::string passed_over_;  // a file that looks like a workflow's and is not named like one
  std::size_t parsed_ = 0;
  ReadDocuments read_;
};

}  // namespace swamp::repo
