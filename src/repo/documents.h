#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "repo/document_index.h"
#include "repo/repo.h"
#include "spec/definition.h"
#include "spec/workflow.h"

namespace swamp::repo {

/// The definitions and workflows of a repository: finds them over the index, reads each file once,
/// writes and removes them. For one thread. What another process changes meanwhile is seen by the
/// next one that is opened.
class Documents {
 public:
  /// `repo` must outlive it.
  static Result<Documents> open(const Repo& repo,
                                DocumentIndex::File index_file = DocumentIndex::File::written);

  const DocumentIndex& index() const { return index_; }

  /// By name or id. Fails as DocumentIndex does, and with what is wrong when the file has become
  /// unreadable since.
  Result<std::shared_ptr<const spec::Definition>> find_definition(std::string_view name_or_id);
  Result<std::shared_ptr<const spec::Workflow>> find_workflow(std::string_view name_or_id);

  /// Writes a definition to its place below `models/`. When the file of the same id lies elsewhere
  /// (an older layout, another name or type), that is removed. Fails with conflict when another
  /// definition has the name. Returns the path, relative to the repository.
  Result<std::string> save_definition(const spec::Definition& definition);
  Result<std::string> save_workflow(const spec::Workflow& workflow);

  /// Writes a definition that a run makes to its place among those, unless another process was
  /// quicker to make one of its name: gives the one that is there then.
  Result<std::shared_ptr<const spec::Definition>> add_auto_definition(
      const spec::Definition& definition);

  /// Removes the file of an entry, and folders of types that are empty then.
  Result<> remove(const DocumentEntry& entry);

  /// Replaces a file by text that a person wrote, as it is. The text must be a valid document of
  /// the same id; nothing is written otherwise. Returns the path, which follows a new name.
  Result<std::string> replace_text(const DocumentEntry& entry, std::string text);

 private:
  Documents(const Repo& repo, DocumentIndex index)
      : repo_(&repo), index_(std::move(index)), read_(index_.take_read()) {}

  Result<std::string> save(DocumentKind kind, const std::string& path, std::string_view id,
                           std::string_view name, std::string_view text);
  Result<std::filesystem::path> prepare(DocumentKind kind, const std::string& path,
                                        std::string_view id, std::string_view name) const;
  Result<> take_in(DocumentKind kind, const std::string& path);
  Result<> check_name_is_free(DocumentKind kind, std::string_view id, std::string_view name) const;
  Result<> remove_file(const std::string& path);

  const Repo* repo_;
  DocumentIndex index_;
  ReadDocuments read_;
};

}  // namespace swamp::repo
