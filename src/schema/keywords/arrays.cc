#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "schema/evaluation.h"
#include "schema/keyword_maker.h"
#include "schema/words.h"
#include "value/json.h"

namespace swamp::schema {
namespace {

class PrefixItems final : public Keyword {
 public:
  explicit PrefixItems(std::vector<const Node*> nodes) : nodes_(std::move(nodes)) {}

  bool check(Evaluation& evaluation, const Value& value, Seen& seen) const override {
    if (!value.is_list()) return true;
    const List& items = value.as_list();
    const std::size_t end = std::min(items.size(), nodes_.size());
    bool fit = true;
    for (std::size_t i = 0; i < end && (fit || evaluation.wants_problems()); ++i) {
      fit = evaluation.fits_item(*nodes_[i], items[i], i) && fit;
    }
    seen.add_items_below(end);
    return fit;
  }

 private:
  std::vector<const Node*> nodes_;
};

MadeKeyword make_prefix_items(const KeywordSite& site) {
  SWAMP_TRY(auto nodes, site.list_of_schemas());
  return std::make_unique<PrefixItems>(std::move(nodes));
}

class Items final : public Keyword {
 public:
  Items(const Node& node, std::size_t from) : node_(node), from_(from) {}

  bool check(Evaluation& evaluation, const Value& value, Seen& seen) const override {
    if (!value.is_list()) return true;
    const List& items = value.as_list();
    bool fit = true;
    for (std::size_t i = from_; i < items.size() && (fit || evaluation.wants_problems()); ++i) {
      fit = evaluation.fits_item(node_, items[i], i) && fit;
    }
    seen.add_items_below(items.size());
    return fit;
  }

 private:
  const Node& node_;
  std::size_t from_;  // those before have a schema of their own
};

MadeKeyword make_items(const KeywordSite& site) {
  if (site.value().is_list())
    return site.must_be("a schema; give schemas of single items under prefixItems");
  SWAMP_TRY(const Node* node, site.child());
  const Value* prefix = site.schema().find("prefixItems");
  return std::make_unique<Items>(
      *node, prefix != nullptr && prefix->is_list() ? prefix->as_list().size() : 0);
}

class Contains final : public Keyword {
 public:
  Contains(const Node& node, std::size_t least, std::size_t most)
      : node_(node), least_(least), most_(most) {}

  bool check(Evaluation& evaluation, const Value& value, Seen& seen) const override {
    if (!value.is_list()) return true;
    const List& items = value.as_list();
    std::size_t count = 0;
    for (std::size_t i = 0; i < items.size(); ++i) {
      Seen ignored;
      if (!evaluation.fits_quietly(node_, items[i], ignored)) continue;
      ++count;
      seen.add_item(i);
    }
    if (count >= least_ && count <= most_) return true;
    return evaluation.fail(*this, [&] {
      const bool too_few = count < least_;
      const std::size_t limit = too_few ? least_ : most_;
      return fmt::format("must have at {} {} that fit{} its schema, has {}",
                         too_few ? "least" : "most", counted(limit, "item"), limit == 1 ? "s" : "",
                         count);
    });
  }

 private:
  const Node& node_;
  std::size_t least_;
  std::size_t most_;
};

MadeKeyword make_contains(const KeywordSite& site) {
  SWAMP_TRY(const Node* node, site.child());
  const auto bound = [&](std::string_view keyword, std::size_t otherwise) -> Result<std::size_t> {
    if (!site.vocabularies().validation || !site.schema().contains(keyword)) return otherwise;
    return site.at(keyword).count();
  };
  SWAMP_TRY(const std::size_t least, bound("minContains", 1));
  SWAMP_TRY(const std::size_t most, bound("maxContains", SIZE_MAX));
  return std::make_unique<Contains>(*node, least, most);
}

/// Equal values have equal canonical forms.
class UniqueItems final : public Keyword {
 public:
  bool check(Evaluation& evaluation, const Value& value, Seen&) const override {
    if (!value.is_list()) return true;
    std::map<std::string, std::size_t> places;
    const List& items = value.as_list();
    for (std::size_t i = 0; i < items.size(); ++i) {
      const auto place = places.try_emplace(write_canonical_json(items[i]), i);
      if (place.second) continue;
      return evaluation.fail(
          *this, [&] { return fmt::format("items {} and {} are equal", place.first->second, i); });
    }
    return true;
  }
};

MadeKeyword make_unique_items(const KeywordSite& site) {
  if (!site.value().is_bool()) return site.must_be("true or false");
  if (!site.value().as_bool()) return nullptr;
  return std::make_unique<UniqueItems>();
}

constexpr KeywordMaker kArrayKeywords[] = {
    {"prefixItems", make_prefix_items},
    {"items", make_items},
    {"contains", make_contains},
};

constexpr KeywordMaker kUnique[] = {{"uniqueItems", make_unique_items}};

}  // namespace

std::span<const KeywordMaker> array_keywords() {
  return kArrayKeywords;
}
std::span<const KeywordMaker> uniqueness_keywords() {
  return kUnique;
}

}  // namespace swamp::schema
