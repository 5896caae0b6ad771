#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "spec/definition.h"
#include "spec/names.h"
#include "spec/workflow.h"

namespace swamp::spec {

/// What validation must know of a model type.
struct TypeShape {
  struct Method {
    std::string name;
    Value arguments = {};  // JSON Schema of an object; null: anything
  };
  struct Resource {
    std::string name;
    Value schema = {};  // JSON Schema of its attributes; null: anything
  };

  std::string name;             // normalized
  Value global_arguments = {};  // JSON Schema; null: any key is accepted
  std::vector<Method> methods = {};
  std::vector<Resource> resources = {};
  std::vector<std::string> files = {};
  std::vector<std::string> checks = {};

  const Method* find_method(std::string_view method) const;
};

/// What else there is that a document may name. Implemented by rooms above; used within one call of
/// validate_….
///
/// Each find fails with not_found when there is no such thing, and with another code when it cannot
/// be used (two files of one name, a broken file): the message then says why.
class Catalogue {
 public:
  virtual ~Catalogue() = default;

  virtual Result<std::shared_ptr<const TypeShape>> find_type(const TypeName& type) const = 0;
  virtual Result<std::shared_ptr<const Definition>> find_definition(
      std::string_view name_or_id) const = 0;
  virtual Result<std::shared_ptr<const Workflow>> find_workflow(
      std::string_view name_or_id) const = 0;

  /// For suggestions.
  virtual std::vector<std::string> definition_names() const = 0;
  virtual std::vector<std::string> workflow_names() const = 0;

  /// Drivers that can be named: `raw`, `docker`, …
  virtual std::vector<std::string> driver_names() const = 0;
};

}  // namespace swamp::spec
