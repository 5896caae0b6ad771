#include "engine/run_family.h"

namespace swamp::engine {

RunFamily::RunFamily(EngineServices& services, std::string run_id)
    : services_(services),
      ephemeral_({.folder = services.layout.run_private(run_id),
                  .clock = &services.clock,
                  .ids = &services.ids,
                  .budget = services.ephemeral_budget}),
      artifacts_(services.artifacts, ephemeral_),
      calls_(*this),
      method_services_{.artifacts = artifacts_,
                       .persistent = services.artifacts,
                       .outputs = services.outputs,
                       .vaults = services.vaults,
                       .redactor = redactor_,
                       .locks = services.locks,
                       .clock = services.clock,
                       .ids = services.ids,
                       .callers = &calls_},
      methods_(services.make_methods(method_services_)) {}

NameContext RunFamily::context(const RunData* data, std::string job, MethodCaller* methods) {
  return {.services = services_,
          .artifacts = artifacts_,
          .ephemeral = &ephemeral_,
          .redactor = redactor_,
          .data = data,
          .job = std::move(job),
          .methods = methods};
}

}  // namespace swamp::engine
