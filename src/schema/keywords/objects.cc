#include <algorithm>

#include <fmt/format.h>

#include "base/suggest.h"
#include "schema/evaluation.h"
#include "schema/keyword_maker.h"
#include "schema/pattern.h"

namespace swamp::schema {
namespace {

using NamedNodes = std::vector<std::pair<std::string, const Node*>>;

class Properties final : public Keyword {
 public:
  explicit Properties(NamedNodes nodes) : nodes_(std::move(nodes)) {}

  bool check(Evaluation& evaluation, const Value& value, Seen& seen) const override {
    if (!value.is_map()) return true;
    bool fit = true;
    for (const auto& [name, node] : nodes_) {
      const Value* member = value.as_map().find(name);
      if (member == nullptr) continue;
      fit = evaluation.fits_property(*node, *member, name) && fit;
      if (!fit && !evaluation.wants_problems()) return false;
      if (evaluation.tracks_seen()) seen.add_property(name);
    }
    return fit;
  }

 private:
  NamedNodes nodes_;
};

MadeKeyword make_properties(const KeywordSite& site) {
  SWAMP_TRY(auto nodes, site.map_of_schemas());
  return std::make_unique<Properties>(std::move(nodes));
}

Result<std::vector<Pattern>> patterns_of(const KeywordSite& site, const NamedNodes& nodes) {
  std::vector<Pattern> patterns;
  for (const auto& [source, node] : nodes) {
    SWAMP_TRY(Pattern pattern, site.pattern(source));
    patterns.push_back(std::move(pattern));
  }
  return patterns;
}

class PatternProperties final : public Keyword {
 public:
  PatternProperties(std::vector<Pattern> patterns, NamedNodes nodes)
      : patterns_(std::move(patterns)), nodes_(std::move(nodes)) {}

  bool check(Evaluation& evaluation, const Value& value, Seen& seen) const override {
    if (!value.is_map()) return true;
    bool fit = true;
    for (const auto& [name, member] : value.as_map()) {
      for (std::size_t i = 0; i < patterns_.size(); ++i) {
        if (!patterns_[i].matches(name)) continue;
        fit = evaluation.fits_property(*nodes_[i].second, member, name) && fit;
        if (!fit && !evaluation.wants_problems()) return false;
        if (evaluation.tracks_seen()) seen.add_property(name);
      }
    }
    return fit;
  }

 private:
  std::vector<Pattern> patterns_;
  NamedNodes nodes_;
};

MadeKeyword make_pattern_properties(const KeywordSite& site) {
  SWAMP_TRY(NamedNodes nodes, site.map_of_schemas());
  SWAMP_TRY(auto patterns, patterns_of(site, nodes));
  return std::make_unique<PatternProperties>(std::move(patterns), std::move(nodes));
}

/// The names that the schema itself knows: what `properties` and `patternProperties` say.
struct KnownNames {
  std::vector<std::string> names;  // sorted
  std::vector<Pattern> patterns;

  bool has(const std::string& name) const {
    return std::binary_search(names.begin(), names.end(), name) ||
           std::any_of(patterns.begin(), patterns.end(),
                       [&](const Pattern& p) { return p.matches(name); });
  }
};

Result<KnownNames> known_names(const KeywordSite& site) {
  KnownNames known;
  if (const Value* properties = site.schema().find("properties");
      properties != nullptr && properties->is_map()) {
    for (const auto& [name, schema] : properties->as_map()) {
      known.names.push_back(name);
    }
    std::sort(known.names.begin(), known.names.end());
  }
  if (const Value* patterns = site.schema().find("patternProperties");
      patterns != nullptr && patterns->is_map()) {
    for (const auto& [source, schema] : patterns->as_map()) {
      SWAMP_TRY(Pattern pattern, site.pattern(source));
      known.patterns.push_back(std::move(pattern));
    }
  }
  return known;
}

/// `additionalProperties`, and with what others have seen `unevaluatedProperties`.
class OtherProperties final : public Keyword {
 public:
  OtherProperties(const Node& node, KnownNames known, bool asks_seen)
      : node_(node), known_(std::move(known)), asks_seen_(asks_seen) {}

  bool check(Evaluation& evaluation, const Value& value, Seen& seen) const override {
    if (!value.is_map()) return true;
    bool fit = true;
    for (const auto& [name, member] : value.as_map()) {
      if (asks_seen_ ? seen.has_property(name) : known_.has(name)) continue;
      fit = fits(evaluation, name, member) && fit;
      if (!fit && !evaluation.wants_problems()) return false;
      if (evaluation.tracks_seen()) seen.add_property(name);
    }
    return fit;
  }

 private:
  bool fits(Evaluation& evaluation, const std::string& name, const Value& member) const {
    if (!node_.refuses_all) return evaluation.fits_property(node_, member, name);
    if (evaluation.wants_problems()) {
      evaluation.add_problem(*this, fmt::format("unknown key '{}'", name),
                             did_you_mean(name, known_.names));
    }
    return false;
  }

  const Node& node_;
  KnownNames known_;
  bool asks_seen_;
};

MadeKeyword make_additional_properties(const KeywordSite& site) {
  SWAMP_TRY(const Node* node, site.child());
  SWAMP_TRY(KnownNames known, known_names(site));
  return std::make_unique<OtherProperties>(*node, std::move(known), false);
}

MadeKeyword make_unevaluated_properties(const KeywordSite& site) {
  site.compiler().track_seen();
  SWAMP_TRY(const Node* node, site.child());
  SWAMP_TRY(KnownNames known, known_names(site));
  return std::make_unique<OtherProperties>(*node, std::move(known), true);
}

class UnevaluatedItems final : public Keyword {
 public:
  explicit UnevaluatedItems(const Node& node) : node_(node) {}

  bool check(Evaluation& evaluation, const Value& value, Seen& seen) const override {
    if (!value.is_list()) return true;
    const List& items = value.as_list();
    bool fit = true;
    for (std::size_t i = 0; i < items.size() && (fit || evaluation.wants_problems()); ++i) {
      if (!seen.has_item(i)) fit = evaluation.fits_item(node_, items[i], i) && fit;
    }
    seen.add_items_below(items.size());
    return fit;
  }

 private:
  const Node& node_;
};

MadeKeyword make_unevaluated_items(const KeywordSite& site) {
  site.compiler().track_seen();
  SWAMP_TRY(const Node* node, site.child());
  return std::make_unique<UnevaluatedItems>(*node);
}

class PropertyNames final : public Keyword {
 public:
  explicit PropertyNames(const Node& node) : node_(node) {}

  bool check(Evaluation& evaluation, const Value& value, Seen&) const override {
    if (!value.is_map()) return true;
    bool fit = true;
    for (const auto& [name, member] : value.as_map()) {
      const Value key(name);
      Seen ignored;
      if (evaluation.fits_quietly(node_, key, ignored)) continue;
      fit = false;
      if (!evaluation.wants_problems()) return false;
      const auto problems = evaluation.problems_of(node_, key);
      evaluation.add_problem(*this, problems.empty() ? fmt::format("key '{}' is not allowed", name)
                                                     : fmt::format("key '{}' is not allowed: {}",
                                                                   name, problems[0].message));
    }
    return fit;
  }

 private:
  const Node& node_;
};

MadeKeyword make_property_names(const KeywordSite& site) {
  SWAMP_TRY(const Node* node, site.child());
  return std::make_unique<PropertyNames>(*node);
}

class Required final : public Keyword {
 public:
  explicit Required(std::vector<std::string> names) : names_(std::move(names)) {}

  bool check(Evaluation& evaluation, const Value& value, Seen&) const override {
    if (!value.is_map()) return true;
    bool fit = true;
    for (const std::string& name : names_) {
      if (value.as_map().contains(name)) continue;
      fit =
          evaluation.fail(*this, [&] { return fmt::format("lacks the required key '{}'", name); });
    }
    return fit;
  }

 private:
  std::vector<std::string> names_;
};

MadeKeyword make_required(const KeywordSite& site) {
  SWAMP_TRY(auto names, site.list_of_names(site.value()));
  return std::make_unique<Required>(std::move(names));
}

/// What a map must have beside it when it has the key `name`.
struct Dependency {
  std::string name;
  std::vector<std::string> required = {};
  const Node* node = nullptr;
};

/// `dependentRequired`, `dependentSchemas`, and `dependencies` of older drafts, which is either.
class Dependencies final : public Keyword {
 public:
  explicit Dependencies(std::vector<Dependency> dependencies)
      : dependencies_(std::move(dependencies)) {}

  bool check(Evaluation& evaluation, const Value& value, Seen& seen) const override {
    if (!value.is_map()) return true;
    bool fit = true;
    for (const Dependency& dependency : dependencies_) {
      if (!value.as_map().contains(dependency.name)) continue;
      for (const std::string& name : dependency.required) {
        if (value.as_map().contains(name)) continue;
        fit = evaluation.fail(*this, [&] {
          return fmt::format("key '{}' needs key '{}' beside it", dependency.name, name);
        });
      }
      if (dependency.node != nullptr) fit = evaluation.fits(*dependency.node, value, seen) && fit;
    }
    return fit;
  }

 private:
  std::vector<Dependency> dependencies_;
};

enum class Dependent { names, schemas, either };

template <Dependent kWhat>
MadeKeyword make_dependencies(const KeywordSite& site) {
  if (!site.value().is_map()) return site.must_be("a map");
  std::vector<Dependency> dependencies;
  for (const auto& [name, dependent] : site.value().as_map()) {
    Dependency dependency = {.name = name};
    if (kWhat == Dependent::names || (kWhat == Dependent::either && dependent.is_list())) {
      SWAMP_TRY(dependency.required, site.list_of_names(dependent));
    } else {
      SWAMP_TRY(dependency.node, site.child_of(dependent, name));
    }
    dependencies.push_back(std::move(dependency));
  }
  return std::make_unique<Dependencies>(std::move(dependencies));
}

constexpr KeywordMaker kObjectKeywords[] = {
    {"properties", make_properties},
    {"patternProperties", make_pattern_properties},
    {"additionalProperties", make_additional_properties},
    {"propertyNames", make_property_names},
    {"dependentSchemas", make_dependencies<Dependent::schemas>},
    {"dependencies", make_dependencies<Dependent::either>},
};
constexpr KeywordMaker kPresence[] = {
    {"required", make_required},
    {"dependentRequired", make_dependencies<Dependent::names>},
};
constexpr KeywordMaker kUnevaluated[] = {
    {"unevaluatedProperties", make_unevaluated_properties},
    {"unevaluatedItems", make_unevaluated_items},
};

}  // namespace

std::span<const KeywordMaker> object_keywords() {
  return kObjectKeywords;
}
std::span<const KeywordMaker> presence_keywords() {
  return kPresence;
}
std::span<const KeywordMaker> unevaluated_keywords() {
  return kUnevaluated;
}

}  // namespace swamp::schema
