#include "store/gc.h"

#include <algorithm>
#include <set>

#include "base/duration.h"
#include "store/artifact_tree.h"

namespace swamp::store {
namespace {

std::uint64_t bytes_of(const Artifact& artifact) {
  return artifact.metadata.size.value_or(0);
}

/// Decides over one data name at a time, and carries out what it decided.
class Collector {
 public:
  Collector(ArtifactStore& artifacts, const GcRules& rules, GcReport& report)
      : artifacts_(artifacts), rules_(rules), report_(report) {}

  void collect(const Instance& instance) {
    auto found = list_artifacts(artifacts_.root(), instance);
    std::move(found.warnings.begin(), found.warnings.end(), std::back_inserter(report_.warnings));
    for (auto first = found.items.begin(); first != found.items.end();) {
      const auto end = std::find_if(first, found.items.end(), [&](const Artifact& artifact) {
        return artifact.key.name != first->key.name;
      });
      collect_name({first, end});
      first = end;
    }
  }

 private:
  using Versions = std::vector<Artifact>;  // of one name, ascending, not empty

  void collect_name(const Versions& versions) {
    const auto reason = why_expired(versions.back().metadata);
    const bool may_go = std::none_of(versions.begin(), versions.end(),
                                     [&](const Artifact& version) { return is_spared(version); });
    if (!reason.empty() && may_go) {
      expire(versions, reason);
    } else {
      prune(versions);
    }
  }

  /// Empty: it has not. Tombstones never expire.
  std::string why_expired(const Metadata& latest) const {
    if (latest.lifecycle == Lifecycle::deleted) return {};
    const std::string& lifetime = latest.lifetime;
    if (lifetime == "workflow" || lifetime == "job") {
      const Owner& owner = latest.owner;
      // Outside a workflow nothing ends it.
      if (owner.workflow_run_id.empty()) return {};
      if (!rules_.run_exists || rules_.run_exists(owner.workflow_id, owner.workflow_run_id))
        return {};
      return lifetime + "-deleted";
    }
    const auto age = parse_age(lifetime);
    if (!age) return {};  // infinite, ephemeral
    return rules_.now > latest.created_at + *age ? "duration-expired" : "";
  }

  bool is_spared(const Artifact& version) const {
    const auto& run = version.metadata.owner.workflow_run_id;
    return rules_.is_spared && !run.empty() && rules_.is_spared(run);
  }

  void expire(const Versions& versions, const std::string& reason) {
    GcReport::Item item{.key = versions.front().key, .reason = reason};
    for (const Artifact& version : versions)
      note(item, version);
    if (!rules_.dry_run) {
      if (auto removed = artifacts_.remove(item.key); !removed)
        return warn(std::move(removed).error(), item.key);
    }
    report_.expired.push_back(std::move(item));
  }

  void prune(const Versions& versions) {
    if (versions.size() < 2) return;
    const auto& retention = versions.back().metadata.retention;
    const auto* count = std::get_if<std::int64_t>(&retention);
    const auto surplus = count ? beyond_count(versions, static_cast<std::size_t>(*count))
                               : beyond_age(versions, std::get<std::string>(retention));
    GcReport::Item item{.key = versions.front().key, .reason = count ? "count" : "age"};
    for (const Artifact* version : surplus) {
      if (is_spared(*version)) continue;
      if (!rules_.dry_run) {
        auto removed = artifacts_.remove_version(item.key, version->metadata.version);
        if (!removed) {
          warn(std::move(removed).error(), item.key);
          continue;
        }
      }
      note(item, *version);
    }
    if (!item.versions.empty()) report_.pruned.push_back(std::move(item));
  }

  /// The lowest versions but for the `keep` highest; on ephemeral instances, but for those of the
  /// `keep` latest runs.
  std::vector<const Artifact*> beyond_count(const Versions& versions, std::size_t keep) const {
    const bool counts_runs = rules_.is_ephemeral_instance &&
                             rules_.is_ephemeral_instance(versions.front().key.instance());
    std::vector<const Artifact*> surplus;
    std::set<std::string> kept;
    std::size_t used = 0;
    for (auto version = versions.rbegin(); version != versions.rend(); ++version) {
      const auto& run = version->metadata.owner.workflow_run_id;
      const bool is_of_kept_run = counts_runs && !run.empty() && kept.contains(run);
      if (is_of_kept_run) continue;
      if (used < keep) {
        ++used;
        kept.insert(run);
      } else {
        surplus.push_back(&*version);
      }
    }
    std::reverse(surplus.begin(), surplus.end());
    return surplus;
  }

  /// Those too old; the highest version always stays.
  std::vector<const Artifact*> beyond_age(const Versions& versions,
                                          const std::string& policy) const {
    std::vector<const Artifact*> surplus;
    const auto age = parse_age(policy);
    for (std::size_t i = 0; age && i + 1 < versions.size(); ++i) {
      if (rules_.now > versions[i].metadata.created_at + *age) surplus.push_back(&versions[i]);
    }
    return surplus;
  }

  static void note(GcReport::Item& item, const Artifact& version) {
    item.versions.push_back(version.metadata.version);
    item.bytes += bytes_of(version);
  }

  void warn(Error error, const ArtifactKey& key) {
    report_.warnings.push_back(std::move(error).while_doing("collecting data '" + key.name + "'"));
  }

  ArtifactStore& artifacts_;
  const GcRules& rules_;
  GcReport& report_;
};

}  // namespace

GcReport collect_garbage(ArtifactStore& artifacts, const GcRules& rules) {
  GcReport report;
  Collector collector(artifacts, rules, report);
  const auto instances =
      rules.only ? std::vector<Instance>{*rules.only} : list_instances(artifacts.root());
  for (const Instance& instance : instances)
    collector.collect(instance);
  return report;
}

}  // namespace swamp::store
