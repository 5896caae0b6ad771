#pragma once

#include <map>
#include <string>

#include "app/session.h"
#include "spec/catalogue.h"

namespace swamp::app {

/// What validation may ask, answered from a repository: its documents, and the types that are installed.
class RepositoryCatalogue final : public spec::Catalogue {
 public:
  explicit RepositoryCatalogue(Session& session) : session_(session) {}

  Result<std::shared_ptr<const spec::TypeShape>> find_type(const spec::TypeName& type) const override;
  Result<std::shared_ptr<const spec::Definition>> find_definition(std::string_view name_or_id) const override;
  Result<std::shared_ptr<const spec::Workflow>> find_workflow(std::string_view name_or_id) const override;
  std::vector<std::string> definition_names() const override;
  std::vector<std::string> workflow_names() const override;
  std::vector<std::string> driver_names() const override;

 private:
  Session& session_;
  mutable std::map<std::string, std::shared_ptr<const spec::TypeShape>> shapes_;
};

}  // namespace swamp::app
