#include <unordered_map>

#include <fmt/format.h>

#include "schema/evaluation.h"
#include "schema/keyword_maker.h"

namespace swamp::schema {
namespace {

class Reference final : public Keyword {
 public:
  explicit Reference(const Node& target) : target_(target) {}

  bool check(Evaluation& evaluation, const Value& value, Seen& seen) const override {
    return evaluation.fits(target_, value, seen);
  }

 private:
  const Node& target_;
};

/// Means the schema that the outermost resource on the way here marks with the anchor; so a schema
/// that uses this one can replace parts of it.
class DynamicReference final : public Keyword {
 public:
  explicit DynamicReference(const Node& otherwise) : otherwise_(otherwise) {}

  void add_candidate(const Resource& resource, const Node& node) {
    candidates_.emplace(&resource, &node);
  }

  bool check(Evaluation& evaluation, const Value& value, Seen& seen) const override {
    return evaluation.fits(target(evaluation), value, seen);
  }

 private:
  const Node& target(const Evaluation& evaluation) const {
    for (const Node* node : evaluation.nodes()) {
      if (const auto found = candidates_.find(node->resource); found != candidates_.end())
        return *found->second;
    }
    return otherwise_;
  }

  const Node& otherwise_;
  std::unordered_map<const Resource*, const Node*> candidates_;
};

Error at_keyword(Error error, const KeywordSite& site) {
  error.message = fmt::format("schema keyword '{}': {}", site.location(), error.message);
  return error;
}

MadeKeyword make_reference(const KeywordSite& site) {
  SWAMP_TRY(const std::string uri, site.text());
  auto target = site.compiler().reference(site.resource(), uri);
  if (!target) return fail(at_keyword(std::move(target).error(), site));
  return std::make_unique<Reference>(**target);
}

MadeKeyword make_dynamic_reference(const KeywordSite& site) {
  SWAMP_TRY(const std::string uri, site.text());
  auto target = site.compiler().reference(site.resource(), uri);
  if (!target) return fail(at_keyword(std::move(target).error(), site));
  SWAMP_TRY(const Site found, site.compiler().resolve(site.resource(), uri));
  if (found.dynamic_anchor.empty()) return std::make_unique<Reference>(**target);
  auto keyword = std::make_unique<DynamicReference>(**target);
  site.compiler().on_dynamic_anchor(
      found.dynamic_anchor, [keyword = keyword.get()](const Resource& resource, const Node& node) {
        keyword->add_candidate(resource, node);
      });
  return keyword;
}

constexpr KeywordMaker kReferenceKeywords[] = {
    {"$ref", make_reference},
    {"$dynamicRef", make_dynamic_reference},
};

}  // namespace

std::span<const KeywordMaker> reference_keywords() {
  return kReferenceKeywords;
}

}  // namespace swamp::schema
