#include "spec/expression_names.h"

#include <algorithm>
#include <array>

namespace swamp::spec {
namespace {

using Place = ExpressionPlace;

using Places = unsigned;

constexpr Places only(Place place) {
  return 1U << static_cast<unsigned>(place);
}

constexpr Places kSteps = only(Place::workflow) | only(Place::definition);
constexpr Places kRuns = kSteps | only(Place::start);
constexpr Places kTrigger = only(Place::trigger);

struct KnownRoot {
  std::string_view name;
  Places places;
  std::size_t asked_depth = 0;  // 0: a plain variable
};

constexpr std::array kRoots{
    KnownRoot{"inputs", kRuns},         KnownRoot{"self", kSteps},
    KnownRoot{"env", kRuns | kTrigger}, KnownRoot{"run", kSteps},
    KnownRoot{"workflowRunId", kSteps}, KnownRoot{"workspace", kSteps},
    KnownRoot{"model", kRuns, 2},       KnownRoot{"workflow", kRuns, 2},
    KnownRoot{"webhook", kTrigger},
};

constexpr std::array<std::string_view, 12> kFunctions{
    "data.latest",     "data.version",  "data.listVersions", "data.findByTag",
    "data.findBySpec", "data.query",    "data.step",         "vault.get",
    "hashFiles",       "file.contents", "model.method",      "workers.connected",
};

bool is_known(const KnownRoot& root, Place place) {
  return (root.places & only(place)) != 0;
}

const KnownRoot* find(std::string_view name, Place place) {
  const auto found = std::find_if(kRoots.begin(), kRoots.end(), [&](const KnownRoot& root) {
    return root.name == name && is_known(root, place);
  });
  return found == kRoots.end() ? nullptr : &*found;
}

}  // namespace

const Value* KnownNames::find_root(std::string_view name) const {
  static const Value kUnknownYet = Map{};
  const auto* root = find(name, place_);
  return root && root->asked_depth == 0 ? &kUnknownYet : nullptr;
}

std::size_t KnownNames::asked_root_depth(std::string_view name) const {
  const auto* root = find(name, place_);
  return root ? root->asked_depth : 0;
}

bool KnownNames::is_asked_function(std::string_view full_name) const {
  return place_ != Place::trigger &&
         std::find(kFunctions.begin(), kFunctions.end(), full_name) != kFunctions.end();
}

std::vector<std::string> KnownNames::names() const {
  std::vector<std::string> names;
  for (const auto& root : kRoots) {
    if (is_known(root, place_)) names.emplace_back(root.name);
  }
  if (place_ != Place::trigger) names.insert(names.end(), kFunctions.begin(), kFunctions.end());
  return names;
}

}  // namespace swamp::spec
