#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "async/task.h"
#include "engine/foresight.h"
#include "engine/plan.h"

namespace swamp::engine {

/// Which steps of a plan may change what an expression asks for, before the step runs that asks:
/// those that do not wait for it, and call the model that is meant, or nobody knows which.
class EarlierWriters {
 public:
  /// `names` evaluates the names of models as far as they are known before the run.
  static Task<EarlierWriters> make(const Plan& plan, Foresight names);

  /// Why the question of a step cannot be answered yet; nothing when it can. Steps in `without` do
  /// not count: they will not run.
  std::optional<NotYet> look(StepId asking, const cel::Ask& ask,
                             const std::set<StepId>& without) const;

 private:
  struct Writer {
    bool writes = false;
    bool anything = false;                // it is not known whose data
    bool ephemeral = false;               // of an instance that is named after its type
    std::vector<std::string> names = {};  // by which expressions mean what it writes

    bool may_mean(const std::string& name) const;
  };

  explicit EarlierWriters(const Plan& plan) : plan_(&plan) {}
  std::vector<bool> later_than(StepId step) const;

  const Plan* plan_;
  std::vector<Writer> writers_;  // of each step
};

}  // namespace swamp::engine
