#pragma once

#include <map>
#include <memory>
#include <string>

#include "engine/engine_services.h"
#include "engine/model_calls.h"
#include "engine/names/name_context.h"
#include "engine/run_data.h"
#include "store/artifact_store.h"
#include "vault/redactor.h"

namespace swamp::engine {

/// What a run shares with the runs nested in it: data that ends with them, the secrets that they
/// have seen, and what runs their methods. Also serves a single call of a method. Used from the
/// event loop's thread.
class RunFamily {
 public:
  /// `run_id` is that of the outermost run.
  RunFamily(EngineServices& services, std::string run_id);
  RunFamily(const RunFamily&) = delete;
  RunFamily& operator=(const RunFamily&) = delete;

  EngineServices& services() { return services_; }
  store::Artifacts& artifacts() { return artifacts_; }
  store::EphemeralStore& ephemeral() { return ephemeral_; }
  vault::Redactor& redactor() { return redactor_; }
  MethodPort& methods() { return *methods_; }
  ModelCalls& calls() { return calls_; }

  /// For answering what an expression asks. `data` may be null.
  NameContext context(const RunData* data, std::string job, MethodCaller* methods);

 private:
  EngineServices& services_;
  store::EphemeralStore ephemeral_;
  store::RunArtifacts artifacts_;
  vault::Redactor redactor_;
  ModelCalls calls_;
  MethodServices method_services_;
  std::unique_ptr<MethodPort> methods_;
};

}  // namespace swamp::engine
