#pragma once

#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/result.h"
#include "value/value.h"

namespace swamp::schema {

/// Which vocabularies a schema uses, as its meta-schema says. Core is always there.
struct Vocabularies {
  bool applicator = true;
  bool unevaluated = true;
  bool validation = true;
  bool format_assertion = false;
};

struct Anchor {
  const Value* schema = nullptr;
  std::string location;
  bool is_dynamic = false;
};

/// A schema that can be named by a URI of its own: a whole document, or a part of one that has an
/// `$id`.
struct Resource {
  std::string uri;       // without a fragment; empty for a document that has none
  std::string location;  // see Problem::schema
  const Value* root = nullptr;
  const Resource* parent = nullptr;  // what it is a part of
  std::map<std::string, Anchor, std::less<>> anchors = {};
};

/// A schema within a document.
struct Site {
  const Value* schema = nullptr;
  const Resource* resource = nullptr;
  std::string location = {};
  std::string dynamic_anchor = {};  // the `$dynamicAnchor` by which it was found, if it was
};

/// The documents that may refer to each other, indexed by URI and anchor. What it holds never
/// moves. The meta-schemas of the draft are in it without being added.
class Documents {
 public:
  Documents() = default;
  Documents(const Documents&) = delete;
  Documents& operator=(const Documents&) = delete;

  /// Takes a document in. Of several with one URI the last counts. Fails when an `$id` or an anchor
  /// is no text.
  Result<Site> add(const std::string& uri, const Value& document, std::string location);

  /// What `reference` means within `from`. Fails with not_found when it leads nowhere.
  Result<Site> resolve(const Resource& from, std::string_view reference);

  /// The resource that `schema` is the root of; else the one it lies in.
  const Resource& resource_of(const Value& schema, const Resource& around) const;

  /// In the order in which they were added; more may come while references are resolved.
  const std::deque<Resource>& resources() const { return resources_; }

  /// Fails when the meta-schema requires a vocabulary that is not known.
  Result<Vocabularies> vocabularies(const Resource& resource);

 private:
  Result<void> index(const Value& schema, Resource* resource, const std::string& location);
  Result<void> index_children(const Map& schema, Resource* resource, const std::string& location);
  Result<Resource*> add_part(const Value& schema, Resource* parent, const std::string& location);
  Result<Site> resolve_pointer(const Resource& from, std::string_view pointer,
                               std::string_view reference) const;
  Result<const Resource*> find_resource(const std::string& uri);

  std::deque<Value> roots_;
  std::deque<Resource> resources_;
  std::map<std::string, const Resource*> by_uri_;
  std::unordered_map<const Value*, const Resource*> by_root_;
};

/// What the JSON pointer leads to in `value`; null when it leads nowhere.
const Value* find_at(const Value& value, std::string_view pointer);

/// `text` as one step of a JSON pointer, behind its slash.
std::string pointer_step(std::string_view text);

}  // namespace swamp::schema
