#include "engine/run_data.h"

#include <algorithm>

namespace swamp::engine {

void RunData::use(const model::Instance& instance) {
  if (by_id_.emplace(instance.type + ' ' + instance.id, instances_.size()).second) {
    by_name_.emplace(instance.name, instances_.size());
    instances_.push_back(instance);
  }
  if (parent_ != nullptr) parent_->use(instance);
}

void RunData::wrote(const StepOrigin& origin, std::vector<store::Artifact> artifacts) {
  if (!origin.template_name.empty())
    iterations_[{origin.job, origin.template_name}][origin.index] = origin.step;
  remember(artifacts);
  by_step_.insert_or_assign(StepKey{origin.job, origin.step}, std::move(artifacts));
}

void RunData::remember(const std::vector<store::Artifact>& artifacts) {
  for (const store::Artifact& artifact : artifacts) {
    last_.insert_or_assign(artifact.key, artifact);
  }
  if (parent_ != nullptr) parent_->remember(artifacts);
}

const store::Artifact* RunData::last(const store::ArtifactKey& key) const {
  const auto found = last_.find(key);
  return found == last_.end() ? nullptr : &found->second;
}

std::vector<model::Instance> RunData::used(std::string_view type) const {
  std::vector<model::Instance> used;
  std::copy_if(instances_.begin(), instances_.end(), std::back_inserter(used),
               [&](const model::Instance& instance) { return instance.type == type; });
  return used;
}

const model::Instance* RunData::find_used(std::string_view name) const {
  const auto found = by_name_.find(std::string(name));
  return found == by_name_.end() ? nullptr : &instances_[found->second];
}

std::vector<store::Artifact> RunData::of_step(std::string_view job, std::string_view step) const {
  const StepKey key{std::string(job), std::string(step)};
  if (const auto own = by_step_.find(key); own != by_step_.end()) return own->second;
  std::vector<store::Artifact> all;
  const auto iterations = iterations_.find(key);
  if (iterations == iterations_.end()) return all;
  for (const auto& [index, iteration] : iterations->second) {
    const auto& written = by_step_.at({key.job, iteration});
    all.insert(all.end(), written.begin(), written.end());
  }
  return all;
}

}  // namespace swamp::engine
