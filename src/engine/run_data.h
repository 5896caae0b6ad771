#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/method_runner.h"
#include "model/method_context.h"
#include "store/artifact.h"

namespace swamp::engine {

/// A step that wrote something.
struct StepOrigin {
  std::string job;
  std::string step;                // expanded
  std::string template_name = {};  // of an iteration; else empty
  std::size_t index = 0;           // of an iteration
};

/// What a run and the runs nested in it have used and written so far: where expressions look first.
/// Used from the event loop's thread.
class RunData {
 public:
  /// What a nested run uses and writes is also its parent's. `parent` may be null; it outlives
  /// this.
  explicit RunData(RunData* parent = nullptr) : parent_(parent) {}

  /// The run is about to call a method of this instance.
  void use(const model::Instance& instance);

  /// The step has written these. What an earlier attempt of it wrote counts as the step's no more.
  void wrote(const StepOrigin& origin, std::vector<store::Artifact> artifacts);

  /// The version that was written last.
  const store::Artifact* last(const store::ArtifactKey& key) const;

  /// Instances of a type (normalized), in order of first use.
  std::vector<model::Instance> used(std::string_view type) const;
  const model::Instance* find_used(std::string_view name) const;

  /// What the step wrote in its last attempt, in order; of a forEach over all its iterations. Only
  /// this run's own steps; nothing when there is no such step or it wrote nothing.
  std::vector<store::Artifact> of_step(std::string_view job, std::string_view step) const;

 private:
  struct StepKey {
    std::string job;
    std::string step;
    friend auto operator<=>(const StepKey&, const StepKey&) = default;
  };

  void remember(const std::vector<store::Artifact>& artifacts);

  RunData* parent_;
  std::vector<model::Instance> instances_;
  std::unordered_map<std::string, std::size_t> by_id_;    // `<type> <id>` -> index
  std::unordered_map<std::string, std::size_t> by_name_;  // -> index
  std::map<store::ArtifactKey, store::Artifact> last_;
  std::map<StepKey, std::vector<store::Artifact>> by_step_;
  std::map<StepKey, std::map<std::size_t, std::string>> iterations_;  // of a template, by index
};

}  // namespace swamp::engine
