#include "schema/documents.h"

#include <charconv>

#include <fmt/format.h>

#include "schema/metaschema.h"
#include "schema/uri.h"

namespace swamp::schema {
namespace {

// Where schemas lie within a schema. What stands elsewhere (in `enum`, `const`, `default`, unknown
// keywords) is data, whatever it looks like.
constexpr std::string_view kSchemas[] = {"not",
                                         "if",
                                         "then",
                                         "else",
                                         "items",
                                         "contains",
                                         "additionalProperties",
                                         "propertyNames",
                                         "unevaluatedItems",
                                         "unevaluatedProperties",
                                         "contentSchema"};
constexpr std::string_view kListsOfSchemas[] = {"allOf", "anyOf", "oneOf", "prefixItems"};
constexpr std::string_view kMapsOfSchemas[] = {
    "$defs", "definitions", "properties", "patternProperties", "dependentSchemas", "dependencies"};

/// A copy that shares nothing, so that a schema can be told by its address.
Value deep_copy(const Value& value) {
  if (value.is_list()) {
    List items;
    items.reserve(value.as_list().size());
    for (const Value& item : value.as_list()) {
      items.push_back(deep_copy(item));
    }
    return items;
  }
  if (!value.is_map()) return value;
  std::vector<Map::Entry> entries;
  entries.reserve(value.as_map().size());
  for (const auto& [key, member] : value.as_map()) {
    entries.emplace_back(key, deep_copy(member));
  }
  return Map::from(std::move(entries));
}

std::string without_fragment(Uri uri) {
  uri.fragment.reset();
  return uri.to_string();
}

/// Takes the first step off a pointer.
std::string_view next_step(std::string_view& pointer) {
  pointer.remove_prefix(1);
  const std::string_view step = pointer.substr(0, pointer.find('/'));
  pointer.remove_prefix(step.size());
  return step;
}

std::string pointer_step_decoded(std::string_view step) {
  std::string text;
  for (std::size_t i = 0; i < step.size(); ++i) {
    if (step[i] == '~' && i + 1 < step.size() && (step[i + 1] == '0' || step[i + 1] == '1')) {
      text += step[++i] == '0' ? '~' : '/';
    } else {
      text += step[i];
    }
  }
  return text;
}

const Value* step_into(const Value& value, const std::string& step) {
  if (value.is_map()) return value.as_map().find(step);
  if (!value.is_list() || step.empty() || (step[0] == '0' && step.size() > 1)) return nullptr;
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(step.data(), step.data() + step.size(), index);
  if (error != std::errc() || end != step.data() + step.size()) return nullptr;
  return index < value.as_list().size() ? &value.as_list()[index] : nullptr;
}

tl::unexpected<Error> wrong(const std::string& location, std::string_view keyword,
                            std::string_view want) {
  return fail(ErrorCode::invalid_input,
              fmt::format("schema keyword '{}/{}' must be {}", location, keyword, want));
}

}  // namespace

const Value* find_at(const Value& value, std::string_view pointer) {
  const Value* at = &value;
  while (at != nullptr && !pointer.empty()) {
    if (pointer[0] != '/') return nullptr;
    at = step_into(*at, pointer_step_decoded(next_step(pointer)));
  }
  return at;
}

std::string pointer_step(std::string_view text) {
  std::string step;
  for (const char c : text) {
    if (c == '~' || c == '/') {
      step.append(c == '~' ? "~0" : "~1");
    } else {
      step += c;
    }
  }
  return step;
}

Result<Site> Documents::add(const std::string& uri, const Value& document, std::string location) {
  const Value& root = roots_.emplace_back(deep_copy(document));
  Resource& resource =
      resources_.emplace_back(Resource{.uri = uri, .location = location, .root = &root});
  by_uri_[uri] = &resource;
  by_root_[&root] = &resource;
  if (root.is_map() && root.as_map().contains("$id")) {
    const Value& id = root["$id"];
    if (!id.is_string()) return wrong(location, "$id", "a URI");
    resource.uri = without_fragment(Uri::split(uri).resolve(Uri::split(id.as_string())));
    by_uri_[resource.uri] = &resource;
  }
  SWAMP_CHECK(index(root, &resource, location));
  return Site{.schema = &root, .resource = &resource, .location = std::move(location)};
}

Result<Resource*> Documents::add_part(const Value& schema, Resource* parent,
                                      const std::string& location) {
  const Value& id = schema["$id"];
  if (!id.is_string()) return wrong(location, "$id", "a URI");
  const Uri uri = Uri::split(parent->uri).resolve(Uri::split(id.as_string()));
  if (uri.fragment && !uri.fragment->empty())
    return wrong(location, "$id", "a URI without a fragment");
  Resource& part = resources_.emplace_back(Resource{
      .uri = without_fragment(uri), .location = location, .root = &schema, .parent = parent});
  by_uri_[part.uri] = &part;
  by_root_[&schema] = &part;
  return &part;
}

Result<void> Documents::index(const Value& schema, Resource* resource,
                              const std::string& location) {
  if (!schema.is_map()) return {};
  const Map& map = schema.as_map();
  const bool is_old_anchor = map.contains("$id") && schema["$id"].is_string() &&
                             schema["$id"].as_string().starts_with('#');
  if (is_old_anchor) {  // drafts up to 7 have no `$anchor`
    resource->anchors[schema["$id"].as_string().substr(1)] = {.schema = &schema,
                                                              .location = location};
  } else if (map.contains("$id") && &schema != resource->root) {
    SWAMP_TRY(resource, add_part(schema, resource, location));
  }
  for (const std::string_view keyword : {"$anchor", "$dynamicAnchor"}) {
    const Value* name = map.find(keyword);
    if (name == nullptr) continue;
    if (!name->is_string()) return wrong(location, keyword, "a name");
    Anchor& anchor = resource->anchors[name->as_string()];
    anchor = {.schema = &schema, .location = location, .is_dynamic = keyword == "$dynamicAnchor"};
  }
  return index_children(map, resource, location);
}

Result<void> Documents::index_children(const Map& schema, Resource* resource,
                                       const std::string& location) {
  for (const std::string_view keyword : kSchemas) {
    const Value* child = schema.find(keyword);
    if (child != nullptr)
      SWAMP_CHECK(index(*child, resource, fmt::format("{}/{}", location, keyword)));
  }
  for (const std::string_view keyword : kListsOfSchemas) {
    const Value* children = schema.find(keyword);
    if (children == nullptr || !children->is_list()) continue;
    for (std::size_t i = 0; i < children->as_list().size(); ++i) {
      SWAMP_CHECK(
          index(children->as_list()[i], resource, fmt::format("{}/{}/{}", location, keyword, i)));
    }
  }
  for (const std::string_view keyword : kMapsOfSchemas) {
    const Value* children = schema.find(keyword);
    if (children == nullptr || !children->is_map()) continue;
    for (const auto& [name, child] : children->as_map()) {
      SWAMP_CHECK(
          index(child, resource, fmt::format("{}/{}/{}", location, keyword, pointer_step(name))));
    }
  }
  return {};
}

Result<const Resource*> Documents::find_resource(const std::string& uri) {
  if (const auto found = by_uri_.find(uri); found != by_uri_.end()) return found->second;
  const auto metaschema = find_metaschema(uri);
  if (!metaschema) return nullptr;
  SWAMP_TRY(const Site site, add(uri, *metaschema, uri + "#"));
  return site.resource;
}

Result<Site> Documents::resolve(const Resource& from, std::string_view reference) {
  const Uri uri = Uri::split(from.uri).resolve(Uri::split(reference));
  const std::string document = without_fragment(uri);
  const Resource* resource = &from;
  if (document != from.uri) {
    SWAMP_TRY(resource, find_resource(document));
  }
  if (resource == nullptr) {
    return fail(ErrorCode::not_found, fmt::format("no schema '{}' is known", document),
                "refer to a part of this schema, as in '#/$defs/name'");
  }
  const std::string fragment = percent_decode(uri.fragment.value_or(""));
  if (fragment.empty())
    return Site{.schema = resource->root, .resource = resource, .location = resource->location};
  if (fragment[0] == '/') return resolve_pointer(*resource, fragment, reference);
  const auto anchor = resource->anchors.find(fragment);
  if (anchor == resource->anchors.end()) {
    return fail(ErrorCode::not_found, fmt::format("'{}' leads nowhere", reference));
  }
  return Site{.schema = anchor->second.schema,
              .resource = resource,
              .location = anchor->second.location,
              .dynamic_anchor = anchor->second.is_dynamic ? fragment : std::string()};
}

Result<Site> Documents::resolve_pointer(const Resource& from, std::string_view pointer,
                                        std::string_view reference) const {
  Site site = {.schema = from.root, .resource = &from, .location = from.location};
  while (!pointer.empty()) {
    const std::string step = pointer_step_decoded(next_step(pointer));
    site.schema = step_into(*site.schema, step);
    if (site.schema == nullptr)
      return fail(ErrorCode::not_found, fmt::format("'{}' leads nowhere", reference));
    site.location.append("/").append(pointer_step(step));
    site.resource = &resource_of(*site.schema, *site.resource);
  }
  return site;
}

const Resource& Documents::resource_of(const Value& schema, const Resource& around) const {
  const auto part = by_root_.find(&schema);
  return part != by_root_.end() ? *part->second : around;
}

Result<Vocabularies> Documents::vocabularies(const Resource& resource) {
  constexpr std::string_view kPrefix = "https://json-schema.org/draft/2020-12/vocab/";
  const Value& metaschema = (*resource.root)["$schema"];
  if (!metaschema.is_string())
    return resource.parent != nullptr ? vocabularies(*resource.parent) : Vocabularies();
  SWAMP_TRY(const Resource* described,
            find_resource(without_fragment(Uri::split(metaschema.as_string()))));
  if (described == nullptr || !(*described->root)["$vocabulary"].is_map()) return Vocabularies();

  const Map& listed = (*described->root)["$vocabulary"].as_map();
  const auto has = [&](std::string_view name) {
    return listed.contains(fmt::format("{}{}", kPrefix, name));
  };
  for (const auto& [uri, is_required] : listed) {
    const bool is_known = uri.starts_with(kPrefix);
    if (!is_known && is_required == Value(true)) {
      return fail(ErrorCode::invalid_input,
                  fmt::format("schema needs the vocabulary '{}', which is not known", uri));
    }
  }
  return Vocabularies{.applicator = has("applicator"),
                      .unevaluated = has("unevaluated"),
                      .validation = has("validation"),
                      .format_assertion = has("format-assertion")};
}

}  // namespace swamp::schema
