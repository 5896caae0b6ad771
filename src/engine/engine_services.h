#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "async/blocking_pool.h"
#include "base/clock.h"
#include "driver/environment.h"
#include "engine/directory.h"
#include "engine/method_locks.h"
#include "engine/method_runner.h"
#include "engine/method_services.h"
#include "engine/step_slots.h"
#include "model/registry.h"
#include "store/artifact_store.h"
#include "store/catalog.h"
#include "store/output_record.h"
#include "store/run_record.h"
#include "vault/vaults.h"

namespace swamp::engine {

/// What all runs of a process use. Everything outlives the runs; used from the event loop's thread.
struct EngineServices {
  const store::Layout& layout;
  store::ArtifactStore& artifacts;
  store::Catalog& catalog;
  store::OutputStore& outputs;
  store::RunStore& runs;
  vault::Vaults& vaults;
  Directory& directory;
  const model::Registry& types;
  driver::Environment& environment;  // the host
  MethodLocks& locks;
  BlockingPool& pool;
  StepSlots& slots;
  const Clock& clock;
  IdSource& ids;
  Value process_environment = Map{};  // what `env` is in expressions
  /// Variables by which processes of this repository are known, beside SWAMP_RUN: a copy of the
  /// repository has the same runs.
  std::map<std::string, std::string> repository_marks = {};
  std::uint64_t ephemeral_budget = 512ull << 20;
  /// Makes what runs the methods of a run; a stand-in in tests.
  std::function<std::unique_ptr<MethodPort>(MethodServices&)> make_methods =
      [](MethodServices& services) { return std::make_unique<MethodRunner>(services); };
};

}  // namespace swamp::engine
