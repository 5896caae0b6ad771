#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "async/task.h"
#include "engine/directory.h"
#include "engine/method_runner.h"
#include "engine/run_event.h"
#include "model/registry.h"
#include "spec/workflow.h"
#include "store/artifact_store.h"
#include "store/catalog.h"
#include "store/run_record.h"
#include "value/value.h"
#include "vault/redactor.h"
#include "vault/vaults.h"

namespace swamp::engine {

/// A step about to be evaluated: the plan's step, or one iteration of a forEach.
struct StepSubject {
  const spec::Job* job = nullptr;    // never null
  const spec::Step* step = nullptr;  // never null
  std::string name;                  // expanded
  std::optional<Value> item = std::nullopt;  // of an iteration: what `self.<item>` is
  std::size_t index = 0;                     // of an iteration
};

/// What is the same for all steps of a run. Lives as long as the run.
struct RunFacts {
  std::string run_id;
  std::string workflow_id;
  std::string workflow_name;
  Timestamp started_at{};
  store::Tags tags = {};   // of the workflow, then `--tag`
  Value inputs = Map{};    // bound and checked
  std::string initiated_by = {};
  std::string workspace_path = {};  // empty: none
  bool last_evaluated = false;
};

/// What evaluation may reach. Everything outlives the Resolver.
struct ResolvePorts {
  Directory& directory;  // definitions and workflows by name
  const model::Registry& types;
  store::Artifacts& artifacts;                 // of this run: ephemeral data first
  std::vector<store::Catalog*> catalogs;       // in order of precedence; null pointers are passed over
  const store::RunStore& runs;
  vault::Vaults& vaults;
  vault::Redactor& redactor;                   // gets every secret that is fetched
  MethodPort& methods;                         // for `model.method(…)` in guards and asserts
  BlockingPool& pool;                          // for queries and hashing
  std::filesystem::path repository;            // `hashFiles` and relative paths count from here
  std::string_view identity_key;               // of ephemeral instances; see model/identity.h
  const Clock& clock;
  IdSource& ids;
};

struct ForEachList {
  std::vector<std::string> names;  // expanded step names
  List items;
};

struct GuardOutcome {
  bool skip = false;
  std::string expression = {};  // as written
  Value result = {};            // redacted
};

struct ResolvedWorkflow {
  std::shared_ptr<const spec::Workflow> workflow;
  Map inputs;  // not yet bound; may hold secret strings
};

struct AssertOutcome {
  bool passed = false;
  std::string message = {};                  // evaluated, redacted
  std::optional<Error> error = std::nullopt;  // the expression could not be evaluated
};

/// Evaluates what a step says, late and once, and answers what expressions ask.
///
/// Errors point into the workflow's or definition's file. Everything a step wrote must be told through wrote(), so that
/// later expressions of the same run see it. Used from the event loop's thread; several steps at once.
class Resolver {
 public:
  Resolver(const RunFacts& facts, ResolvePorts ports);
  ~Resolver();

  /// The iterations of a forEach: evaluates `in` and the names. Fails when `in` is no list or map.
  Task<ForEachList> for_each(StepSubject subject);

  /// A truthy guard skips the step. A step without a guard is not skipped.
  Task<GuardOutcome> guard(StepSubject subject);

  /// The call that a model_method step makes: instance (existing, direct, ephemeral), evaluated arguments, overrides
  /// and vary suffix. A named definition that does not exist yet is created. The caller adds where and how it runs.
  Task<MethodCall> method(StepSubject subject);

  Task<ResolvedWorkflow> workflow(StepSubject subject);
  Task<std::string> approval_prompt(StepSubject subject);
  Task<AssertOutcome> assertion(StepSubject subject);

  /// A step of this run, or of a nested one, wrote these: `data.step`, run-scoped reading and caches take note.
  void wrote(std::string_view job, std::string_view step, const std::vector<WrittenArtifact>& written);
  /// An instance that this run or a nested one used: `data.findBySpec('<type>', …)` means those.
  void used(const model::Instance& instance);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace swamp::engine
