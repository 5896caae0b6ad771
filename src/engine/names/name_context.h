#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "async/task.h"
#include "cel/program.h"
#include "engine/engine_services.h"
#include "engine/run_data.h"
#include "store/artifact_store.h"
#include "vault/redactor.h"

namespace swamp::engine {

/// Runs a method for an expression (`model.method(…)` in guards and asserts).
class MethodCaller {
 public:
  virtual ~MethodCaller() = default;
  /// The first resource that the method wrote, as JSON; null when it wrote none.
  virtual Task<Value> call_method(std::string model, std::string method, Value inputs) = 0;
};

/// What names are answered from. Everything outlives the evaluation.
struct NameContext {
  EngineServices& services;
  store::Artifacts& artifacts;                 // as the run sees them
  store::EphemeralStore* ephemeral = nullptr;  // null outside a run
  vault::Redactor& redactor;
  const RunData* data = nullptr;    // null outside a run
  std::string job = {};             // of the step that asks; empty outside a run
  MethodCaller* methods = nullptr;  // null where methods cannot be called
  /// Else a secret in stored data is its reference, marked as secret, and `vault.get` is not asked.
  bool fetches_secrets = true;
};

/// Answers one ask. Fails like the name it stands for: the failure is the result of that call in
/// the expression.
Task<Value> answer(const NameContext& context, cel::Ask ask);

/// The answer to a function that takes texts, `what` is its name in messages: argument number
/// `index`.
Result<std::string> text_argument(const cel::Ask& ask, std::size_t index);
Result<> check_argument_count(const cel::Ask& ask, std::size_t least, std::size_t most);

}  // namespace swamp::engine
