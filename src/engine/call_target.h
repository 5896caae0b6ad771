#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "engine/engine_services.h"
#include "model/identity.h"
#include "model/type.h"
#include "spec/definition.h"

namespace swamp::engine {

/// Whose method is to be called, with all names evaluated. Either `model` is set, or `type`.
struct CallNames {
  std::string model = {};  // name or id of a definition
  std::string type = {};   // a model type
  std::string model_name =
      {};  // with `type`: the definition to use or to make; empty: an ephemeral instance
  std::string method = {};
  std::optional<Map> global_args = std::nullopt;  // with `type`: as written and evaluated
};

/// Whose method is called.
struct CallTarget {
  std::shared_ptr<const model::Type> type;
  const model::Method* method = nullptr;  // of `type`
  std::shared_ptr<const spec::Definition> definition = nullptr;
  model::Instance instance = {};  // its id is empty while its definition is still to be made
  std::optional<Map> global_args = std::nullopt;

  bool is_ephemeral() const { return instance.ephemeral; }
  bool is_direct() const { return !is_ephemeral() && by_type; }
  bool by_type = false;  // named by its type
};

/// What `self` is in the expressions of the target: its definition's fields, the arguments as
/// written.
Map self_of(const CallTarget& target);

/// Finds definition, type and method. `names.global_args` make the identity of an ephemeral
/// instance. Fails with code names `model_not_found`, `unknown_model_type`, `unknown_method`; with
/// conflict when the named definition is of another type.
Result<CallTarget> find_target(EngineServices& services, CallNames names,
                               const model::IdentityContext& identity);

}  // namespace swamp::engine
