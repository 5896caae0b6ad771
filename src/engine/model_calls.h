#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/method_runner.h"
#include "engine/method_services.h"

namespace swamp::engine {

class RunFamily;

/// Methods that are called by methods (`runModel`).
///
/// The definition of the model that is called is evaluated as in any other call. A call of a type
/// and method that is already on its way in the same chain is refused, as are chains longer than 10
/// and more than 100 calls by one outermost call. What they write counts as written by the step
/// that the outermost call belongs to.
class ModelCalls final : public ModelCaller {
 public:
  explicit ModelCalls(RunFamily& family) : family_(family) {}

  Task<Value> call(model::ModelCall call, const MethodCall& caller,
                   MethodListener& listener) override;

  /// What calls of this step's methods have written since the last time; they are forgotten here.
  std::vector<WrittenArtifact> take_written(const Provenance& step);

 private:
  RunFamily& family_;
  std::map<std::string, std::vector<WrittenArtifact>> written_;  // by run, job and step
  std::map<std::string, int> counts_;
};

}  // namespace swamp::engine
