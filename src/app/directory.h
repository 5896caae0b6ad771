#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "app/session.h"
#include "engine/directory.h"

namespace swamp::app {

/// A repository as validation and the engine see it: its documents, and the types that are
/// installed.
class RepositoryDirectory final : public engine::Directory {
 public:
  /// `last_evaluated`: definitions are those that the last run left (`--last-evaluated`), their
  /// expressions filled in.
  enum class Definitions : std::uint8_t { as_written, last_evaluated };
  explicit RepositoryDirectory(Session& session, Definitions definitions = Definitions::as_written)
      : session_(session), definitions_(definitions) {}

  Result<std::shared_ptr<const spec::TypeShape>> find_type(
      const spec::TypeName& type) const override;
  Result<std::shared_ptr<const spec::Definition>> find_definition(
      std::string_view name_or_id) const override;
  Result<std::shared_ptr<const spec::Workflow>> find_workflow(
      std::string_view name_or_id) const override;
  std::vector<std::string> definition_names() const override;
  std::vector<std::string> workflow_names() const override;
  std::vector<std::string> driver_names() const override;
  Result<std::shared_ptr<const spec::Definition>> add_auto_definition(
      spec::Definition definition) override;
  Result<std::shared_ptr<const spec::Definition>> find_evaluated_definition(
      std::string_view name) const override;
  Result<std::shared_ptr<const spec::Workflow>> find_evaluated_workflow(
      std::string_view name) const override;
  Result<> save_evaluated_definition(const spec::Definition& definition) override;

  /// Keeps the document that a workflow evaluated to. May be called from any thread.
  Result<> save_evaluated_workflow(const spec::Workflow& workflow, Value evaluated) const;

  /// Where the evaluated copy of a document lies, or would.
  std::filesystem::path evaluated_path(const spec::Definition& definition) const;
  std::filesystem::path evaluated_path(const spec::Workflow& workflow) const;

  /// From here on this is what the definition of its name is: for evaluating others that read it.
  void replace(std::shared_ptr<const spec::Definition> definition);

 private:
  Result<std::shared_ptr<const spec::Definition>> find_written(std::string_view name_or_id) const;

  Session& session_;
  Definitions definitions_;
  mutable std::map<std::string, std::shared_ptr<const spec::TypeShape>> shapes_;
  std::map<std::string, std::shared_ptr<const spec::Definition>> replaced_;  // by id
  std::map<std::filesystem::path, std::string> saved_;  // what this process wrote last
};

}  // namespace swamp::app
