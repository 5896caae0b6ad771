#include "schema/compiler.h"

#include "schema/keyword_maker.h"

namespace swamp::schema {
namespace {

struct Family {
  std::span<const KeywordMaker> (*keywords)();
  bool Vocabularies::*vocabulary;  // null: always there
};

// `unevaluated…` is asked last: it looks at what the others have seen.
constexpr Family kFamilies[] = {
    {reference_keywords, nullptr},
    {validation_keywords, &Vocabularies::validation},
    {presence_keywords, &Vocabularies::validation},
    {uniqueness_keywords, &Vocabularies::validation},
    {format_keywords, nullptr},
    {array_keywords, &Vocabularies::applicator},
    {object_keywords, &Vocabularies::applicator},
    {applicator_keywords, &Vocabularies::applicator},
    {unevaluated_keywords, &Vocabularies::unevaluated},
};

}  // namespace

Result<void> Compiler::compile(const Value& schema) {
  for (const auto& [uri, document] : options_.documents) {
    SWAMP_CHECK(program_.documents.add(uri, document, uri + "#"));
  }
  if (!schema.is_map() && !schema.is_bool()) {
    return fail(ErrorCode::invalid_input, "a schema must be a map or a boolean");
  }
  SWAMP_TRY(Site root, program_.documents.add("", schema, ""));
  program_.root = node(std::move(root));
  do {
    SWAMP_CHECK(compile_pending());
  } while (tell_listeners());
  return {};
}

const Node* Compiler::node(Site site) {
  const auto [known, is_new] = by_schema_.try_emplace(site.schema, nullptr);
  if (!is_new) return known->second;
  Node& node = program_.nodes.emplace_back();
  known->second = &node;
  pending_.push_back({.node = &node, .site = std::move(site)});
  return &node;
}

Result<const Node*> Compiler::reference(const Resource& from, std::string_view uri) {
  SWAMP_TRY(Site site, resolve(from, uri));
  if (!site.schema->is_map() && !site.schema->is_bool()) {
    return fail(ErrorCode::invalid_input, "'" + std::string(uri) + "' does not lead to a schema");
  }
  return node(std::move(site));
}

void Compiler::on_dynamic_anchor(std::string name, AddCandidate add) {
  listeners_.push_back({.anchor = std::move(name), .add = std::move(add)});
}

/// Whether there is more to compile for it.
bool Compiler::tell_listeners() {
  for (Listener& listener : listeners_) {
    for (const auto& resources = program_.documents.resources(); listener.told < resources.size();
         ++listener.told) {
      const Resource& resource = resources[listener.told];
      const auto anchor = resource.anchors.find(listener.anchor);
      if (anchor == resource.anchors.end() || !anchor->second.is_dynamic) continue;
      listener.add(resource, *node({.schema = anchor->second.schema,
                                    .resource = &resource,
                                    .location = anchor->second.location}));
    }
  }
  return !pending_.empty();
}

Result<void> Compiler::compile_pending() {
  while (!pending_.empty()) {
    const Pending next = std::move(pending_.front());
    pending_.pop_front();
    SWAMP_CHECK(compile_node(*next.node, next.site));
  }
  return {};
}

Result<void> Compiler::compile_node(Node& node, const Site& written) {
  Site site = written;
  site.resource = &program_.documents.resource_of(*site.schema, *site.resource);
  node.location = site.location;
  node.resource = site.resource;
  if (site.schema->is_bool()) {
    node.refuses_all = !site.schema->as_bool();
    return {};
  }
  SWAMP_TRY(const Vocabularies vocabularies, program_.documents.vocabularies(*site.resource));
  for (const Family& family : kFamilies) {
    if (family.vocabulary != nullptr && !(vocabularies.*family.vocabulary)) continue;
    for (const KeywordMaker& maker : family.keywords()) {
      if (!site.schema->as_map().contains(maker.name)) continue;
      SWAMP_TRY(auto keyword, maker.make(KeywordSite(*this, site, vocabularies, maker.name)));
      if (keyword == nullptr) continue;
      keyword->keyword_name_ = maker.name;
      node.keywords.push_back(std::move(keyword));
    }
  }
  return {};
}

}  // namespace swamp::schema
