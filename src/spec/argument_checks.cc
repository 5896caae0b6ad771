#include "spec/argument_checks.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/suggest.h"
#include "schema/arguments.h"
#include "spec/problem.h"
#include "spec/value_problems.h"

namespace swamp::spec {
namespace {

/// The members of `given` in which no expression stands.
Map plain_members(const Field& given) {
  Map plain = given.value().as_map();
  for (const auto& place : given.expressions()) {
    const auto key = std::string_view(place.pointer).substr(1);
    for (const auto& [name, value] : given.value().as_map()) {
      if (key.substr(0, key.find('/')) == std::string_view(pointer_to({}, name)).substr(1))
        plain.erase(name);
    }
  }
  return plain;
}

}  // namespace

std::vector<std::string> declared_keys(const Value& schema) {
  std::vector<std::string> keys;
  if (!schema["properties"].is_map()) return keys;
  for (const auto& [key, property] : schema["properties"].as_map())
    keys.push_back(key);
  return keys;
}

std::vector<std::string> needed_keys(const Value& schema) {
  std::vector<std::string> keys;
  if (!schema["required"].is_list()) return keys;
  for (const auto& key : schema["required"].as_list()) {
    if (!key.is_string()) continue;
    const auto& property = schema["properties"][key.as_string()];
    if (!property.is_map() || !property.as_map().contains("default"))
      keys.push_back(key.as_string());
  }
  return keys;
}

bool takes_any_key(const Value& schema) {
  const auto& others = schema["additionalProperties"];
  return !others.is_bool() || others.as_bool();
}

std::vector<std::string> keys_of(const Field& given) {
  std::vector<std::string> keys;
  if (!given.value().is_map()) return keys;
  for (const auto& [key, value] : given.value().as_map())
    keys.push_back(key);
  return keys;
}

std::vector<std::string> unknown_keys(const Field& given,
                                      const std::vector<const Value*>& schemas) {
  if (std::any_of(schemas.begin(), schemas.end(),
                  [](const Value* schema) { return takes_any_key(*schema); }))
    return {};
  auto keys = keys_of(given);
  for (const auto* schema : schemas) {
    const auto known = declared_keys(*schema);
    std::erase_if(keys, [&](const std::string& key) {
      return std::find(known.begin(), known.end(), key) != known.end();
    });
  }
  return keys;
}

Error unknown_argument(const Field& given, std::string_view key, std::string_view owner,
                       std::string_view what, const std::vector<std::string>& known) {
  auto hint = did_you_mean(key, known);
  if (hint.empty() && !known.empty()) hint = fmt::format("it has {}", fmt::join(known, ", "));
  return problem(given.where(pointer_to({}, key)),
                 fmt::format("{} has no {} '{}'", owner, what, key), std::move(hint));
}

const schema::Schema* SchemaCache::find(const Value& schema) {
  auto found = compiled_.find(&schema);
  if (found == compiled_.end())
    found = compiled_.emplace(&schema, schema::Schema::compile(schema)).first;
  return found->second ? &*found->second : nullptr;
}

std::vector<Error> SchemaCache::wrong_values(const Field& given, const Value& schema,
                                             std::string_view what) {
  std::vector<Error> errors;
  if (!given.value().is_map() || !schema.is_map()) return errors;
  const auto* compiled = find(schema);
  if (!compiled) return errors;
  const Value plain = schema::coerce(plain_members(given), schema);
  auto problems = compiled->validate(plain);
  // What is missing, or has no place here, is told by others.
  std::erase_if(problems, [](const schema::Problem& problem) {
    return problem.instance.empty() || problem.schema.starts_with("/additionalProperties");
  });
  for (auto& message : problem_messages(plain, schema, problems, what)) {
    errors.push_back(
        problem(given.where(message.pointer), std::move(message.text), std::move(message.hint)));
  }
  return errors;
}

}  // namespace swamp::spec
