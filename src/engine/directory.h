#pragma once

#include <memory>
#include <string_view>

#include "base/result.h"
#include "spec/catalogue.h"
#include "spec/definition.h"
#include "spec/workflow.h"

namespace swamp::engine {

/// How the engine finds what users wrote, and where it puts definitions that a run makes.
/// Implemented above, over the repository. Used from the event loop's thread; every answer is kept
/// by the implementation, so asking is cheap.
class Directory : public spec::Catalogue {
 public:
  /// Stores a definition that a direct call with a name made (`.swamp/auto-definitions`). When
  /// another process was faster, what that made is returned instead: one name, one instance.
  virtual Result<std::shared_ptr<const spec::Definition>> add_auto_definition(
      spec::Definition definition) = 0;

  /// The copy of a definition or workflow that was evaluated last (`--last-evaluated`).
  virtual Result<std::shared_ptr<const spec::Definition>> find_evaluated_definition(
      std::string_view name) const = 0;
  virtual Result<std::shared_ptr<const spec::Workflow>> find_evaluated_workflow(
      std::string_view name) const = 0;

  /// Keeps what a definition evaluated to, with vault and env expressions as written.
  virtual Result<> save_evaluated_definition(const spec::Definition& definition) = 0;
};

}  // namespace swamp::engine
