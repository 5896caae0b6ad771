#include <fmt/format.h>

#include "schema/decimal.h"
#include "schema/keyword_maker.h"

namespace swamp::schema {

tl::unexpected<Error> KeywordSite::must_be(std::string_view want) const {
  return fail(ErrorCode::invalid_input,
              fmt::format("schema keyword '{}' must be {}", location(), want));
}

Result<const Node*> KeywordSite::child_of(const Value& schema, std::string_view step) const {
  if (!schema.is_map() && !schema.is_bool())
    return must_be(step.empty() ? "a schema" : "made of schemas");
  std::string place = location();
  if (!step.empty()) place.append("/").append(pointer_step(step));
  return compiler_.node(
      {.schema = &schema, .resource = site_.resource, .location = std::move(place)});
}

Result<std::vector<const Node*>> KeywordSite::list_of_schemas() const {
  if (!value().is_list() || value().as_list().empty()) return must_be("a list of schemas");
  std::vector<const Node*> nodes;
  for (const Value& schema : value().as_list()) {
    SWAMP_TRY(const Node* node, child_of(schema, std::to_string(nodes.size())));
    nodes.push_back(node);
  }
  return nodes;
}

Result<std::vector<std::pair<std::string, const Node*>>> KeywordSite::map_of_schemas() const {
  if (!value().is_map()) return must_be("a map of schemas");
  std::vector<std::pair<std::string, const Node*>> nodes;
  for (const auto& [name, schema] : value().as_map()) {
    SWAMP_TRY(const Node* node, child_of(schema, name));
    nodes.emplace_back(name, node);
  }
  return nodes;
}

Result<std::vector<std::string>> KeywordSite::list_of_names(const Value& list) const {
  if (!list.is_list()) return must_be("made of strings");
  std::vector<std::string> names;
  for (const Value& name : list.as_list()) {
    if (!name.is_string()) return must_be("made of strings");
    names.push_back(name.as_string());
  }
  return names;
}

Result<std::size_t> KeywordSite::count() const {
  if (!value().is_number() || !is_whole(value()) || value().to_double() < 0)
    return must_be("a whole number from 0");
  const double number = value().to_double();
  return number >= 0x1p63 ? SIZE_MAX : static_cast<std::size_t>(number);
}

Result<Value> KeywordSite::number() const {
  if (!value().is_number()) return must_be("a number");
  return value();
}

Result<std::string> KeywordSite::text() const {
  if (!value().is_string()) return must_be("a string");
  return value().as_string();
}

Result<Pattern> KeywordSite::pattern(std::string_view source) const {
  auto pattern = Pattern::compile(source);
  if (!pattern) {
    Error error = std::move(pattern).error();
    error.message = fmt::format("schema keyword '{}' has a pattern that cannot be used: {}",
                                location(), error.message);
    return fail(std::move(error));
  }
  return pattern;
}

}  // namespace swamp::schema
