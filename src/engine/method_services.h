#pragma once

#include <functional>

#include "base/clock.h"
#include "engine/method_locks.h"
#include "engine/method_runner.h"
#include "model/registry.h"
#include "store/artifact_store.h"
#include "store/output_record.h"
#include "vault/redactor.h"
#include "vault/vaults.h"

namespace swamp::engine {

/// Runs the method of another model for a method: implemented by who can resolve models.
class ModelCaller {
 public:
  virtual ~ModelCaller() = default;
  virtual Task<Value> call(model::ModelCall call, const MethodCall& caller,
                           MethodListener& listener) = 0;
};

/// What running methods uses. Everything outlives the runner; used from the event loop's thread.
struct MethodServices {
  store::Artifacts& artifacts;       // where data goes and comes from in this run
  store::ArtifactStore& persistent;  // the repository's own, for tombstones
  store::OutputStore& outputs;
  vault::Vaults& vaults;
  vault::Redactor& redactor;  // of this run
  MethodLocks& locks;
  const Clock& clock;
  IdSource& ids;
  ModelCaller* callers = nullptr;  // null: methods may not call other models
};

}  // namespace swamp::engine
