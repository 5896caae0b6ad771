#pragma once

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

 private:
  Result<std::shared_ptr<const spec::Definition>> find_written(std::string_view name_or_id) const;

  Session& session_;
  Definitions definitions_;
  mutable std::map<std::string, std::shared_ptr<const spec::TypeShape>> shapes_;
};

}  // namespace swamp::app
