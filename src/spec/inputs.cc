#include "spec/inputs.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/suggest.h"
#include "schema/arguments.h"
#include "spec/input_keywords.h"
#include "spec/problem.h"
#include "spec/value_problems.h"

namespace swamp::spec {
namespace {

const std::vector<std::string>& type_names() {
  static const std::vector<std::string> names{"string", "number", "integer", "boolean",
                                              "array",  "object", "null"};
  return names;
}

/// The form with `properties`.
Value full_form(const Map& source) {
  Map full{{"type", "object"}};
  const bool flat = !source.contains("properties");
  if (flat) full.set("properties", Map());
  for (const auto& [key, value] : source) {
    if (flat && !is_schema_keyword(key, value)) {
      full.find("properties")->mutable_map().set(key, value);
    } else {
      full.set(key, value);
    }
  }
  return full;
}

/// Finds what a person is likely to get wrong, with the place of each.
class SourceCheck {
 public:
  explicit SourceCheck(const Field& source) : source_(source) {}

  std::vector<Error> run() {
    const auto& map = source_.value().as_map();
    const auto* properties = map.find("properties");
    const auto* type = map.find("type");
    if (type && *type != Value("object") && (properties || !type->is_map())) {
      add("/type", "the type of inputs must be 'object'",
          "leave it out; each input has a type of its own");
    }
    if (properties && !properties->is_map()) {
      add("/properties",
          fmt::format("'properties' of inputs must be a map, not a {}", kind_name(*properties)));
    } else if (properties) {
      for (const auto& [key, value] : properties->as_map())
        check(pointer_to("/properties", key), key, value);
    } else {
      for (const auto& [key, value] : map) {
        if (!is_schema_keyword(key, value)) check(pointer_to({}, key), key, value);
      }
    }
    return std::move(errors_);
  }

 private:
  void add(std::string_view pointer, std::string message, std::string hint = {}) {
    errors_.push_back(problem(source_.where(pointer), std::move(message), std::move(hint)));
  }

  void check(const std::string& pointer, const std::string& name, const Value& property) {
    if (!property.is_map()) {
      const auto type =
          property.is_string() ? nearest(property.as_string(), type_names()) : std::nullopt;
      add(pointer, fmt::format("input '{}' must be a map, not a {}", name, kind_name(property)),
          fmt::format("write '{}: {{type: {}}}'", name, type.value_or("string")));
      return;
    }
    const auto& type = property["type"];
    if (!type.is_string() || cel::Template::has_expression(type.as_string())) return;
    const auto& known = type_names();
    if (std::find(known.begin(), known.end(), type.as_string()) != known.end()) return;
    auto hint = did_you_mean(type.as_string(), known);
    if (hint.empty()) hint = fmt::format("the types are {}", fmt::join(known, ", "));
    add(pointer_to(pointer, "type"),
        fmt::format("input '{}' has an unknown type '{}'", name, type.as_string()),
        std::move(hint));
  }

  const Field& source_;
  std::vector<Error> errors_;
};

/// Whether an expression stands anywhere but in a default, so that the schema is known only when
/// that is evaluated.
bool is_computed(const Field& source) {
  return std::any_of(source.expressions().begin(), source.expressions().end(),
                     [](const Field::Place& place) {
                       return place.pointer.find("/default") == std::string::npos;
                     });
}

const Value& properties_of(const Value& schema) {
  return schema["properties"];
}

Map with_defaults(Map given, const Value& schema) {
  for (const auto& [name, property] : properties_of(schema).as_map()) {
    const auto* value = given.find(name);
    if (value && !value->is_null()) continue;
    const auto* fallback = property.is_map() ? property.as_map().find("default") : nullptr;
    if (fallback) given.set(name, *fallback);
  }
  return given;
}

/// The schema with `required` cut down to what is needed.
Value with_needs(const Value& schema, const InputNeeds& needs) {
  Map narrowed = schema.as_map();
  List required;
  if (schema["required"].is_list()) {
    for (const auto& name : schema["required"].as_list()) {
      const bool needed = name.is_string() && std::find(needs.names.begin(), needs.names.end(),
                                                        name.as_string()) != needs.names.end();
      if (needed) required.push_back(name);
    }
  }
  narrowed.set("required", std::move(required));
  return narrowed;
}

/// Where the input that a pointer leads into is declared, when that is known.
std::optional<SourceSpan> declared_at(const Field& source, std::string_view pointer) {
  const std::string_view name = pointer.substr(0, pointer.find('/', 1));
  const std::string in_properties = fmt::format("/properties{}", name);
  const std::string place =
      find_at(source.value(), in_properties) ? in_properties : std::string(name);
  if (name.empty() || !find_at(source.value(), place)) return std::nullopt;
  const SourceSpan& where = source.where(place);
  return where.source ? std::optional(where) : std::nullopt;
}

/// What to do about an input when nothing better is known. `schema` is that of all inputs.
std::string how_to_give(std::string_view pointer, const Value& schema) {
  std::string name(pointer.substr(std::min<std::size_t>(1, pointer.size())));
  if (name.empty()) return {};
  const Value& type = schema["properties"][name]["type"];
  if (type == Value("array")) return fmt::format("give it with --input '{}=[\"a\", \"b\"]'", name);
  std::replace(name.begin(), name.end(), '/', '.');
  if (type == Value("object")) return fmt::format("give it with --input {}.<key>=<value>", name);
  return fmt::format("give it with --input {}=<value>", name);
}

/// A name that was given and is not declared, and looks like the one that is missing: a slip.
std::string misspelt(std::string_view pointer, const Value& given, const Value& schema) {
  const std::string_view name = pointer.substr(std::min<std::size_t>(1, pointer.size()));
  if (!given.is_map() || given.as_map().contains(name)) return {};
  std::vector<std::string> strangers;
  for (const auto& [key, value] : given.as_map()) {
    if (!schema["properties"].is_map() || !schema["properties"].as_map().contains(key))
      strangers.push_back(key);
  }
  const auto meant = nearest(name, strangers);
  return meant ? fmt::format("'{}' was given; did you mean '{}'?", *meant, name) : std::string();
}

Error to_input_error(const Value& bound, const Field& source, const Value& schema,
                     const std::vector<schema::Problem>& problems) {
  std::vector<Error> errors;
  for (auto& message : problem_messages(bound, schema, problems, "input")) {
    if (message.hint.empty()) message.hint = misspelt(message.pointer, bound, schema);
    if (message.hint.empty()) message.hint = how_to_give(message.pointer, schema);
    errors.push_back({.code = ErrorCode::invalid_input,
                      .message = std::move(message.text),
                      .where = declared_at(source, message.pointer),
                      .hint = std::move(message.hint),
                      .name = "input_validation_failed"});
  }
  Error first = std::move(errors.front());
  first.also.assign(std::make_move_iterator(errors.begin() + 1),
                    std::make_move_iterator(errors.end()));
  return first;
}

/// An error of the schema's own language, which names the keyword by a pointer into the form with
/// `properties`, at the place where that stands.
Error keyword_error(Error error, const Field& source) {
  if (error.where) return error;
  const auto begin = error.message.find("'/");
  const auto end = begin == std::string::npos ? begin : error.message.find('\'', begin + 1);
  if (end == std::string::npos) {
    error.where = source.where();
    return error;
  }
  constexpr std::string_view kProperties = "/properties";
  std::string pointer = error.message.substr(begin + 1, end - begin - 1);
  if (!source.value().as_map().contains("properties") && pointer.starts_with(kProperties))
    pointer.erase(0, kProperties.size());
  error.where = source.where(pointer);
  const Value* keyword = find_at(source.value(), pointer);
  if (keyword && keyword->is_bool() && pointer.ends_with("/required")) {
    error.hint =
        "whether an input is required is said for all of them: 'inputs: {required: [name], "
        "properties: {…}}'";
  }
  return error;
}

}  // namespace

Result<InputSchema> InputSchema::make(Field source) {
  InputSchema result;
  if (!source.value().is_map()) {
    Error error{
        .code = ErrorCode::invalid_input,
        .message = fmt::format("inputs must be a map, not a {}", kind_name(source.value()))};
    error.where = source.where();
    return fail(std::move(error));
  }
  if (auto errors = SourceCheck(source).run(); !errors.empty())
    return fail(combine(std::move(errors)));
  result.schema_ = full_form(source.value().as_map());
  result.source_ = std::move(source);
  if (is_computed(result.source_)) return result;
  auto compiled = schema::Schema::compile(result.schema_);
  if (!compiled) {
    return fail(keyword_error(std::move(compiled).error(), result.source_));
  }
  result.compiled_ = std::make_shared<const schema::Schema>(*std::move(compiled));
  return result;
}

Result<InputSchema> InputSchema::evaluated(Value source) const {
  if (!is_declared()) return *this;
  return make(Field::data(std::move(source), source_.where()));
}

std::vector<std::string> InputSchema::names() const {
  std::vector<std::string> names;
  if (!is_declared()) return names;
  for (const auto& [name, property] : properties_of(schema_).as_map())
    names.push_back(name);
  return names;
}

std::vector<std::string> InputSchema::required() const {
  std::vector<std::string> names;
  if (!schema_["required"].is_list()) return names;
  for (const auto& name : schema_["required"].as_list()) {
    if (name.is_string()) names.push_back(name.as_string());
  }
  return names;
}

bool InputSchema::declares(std::string_view name) const {
  return is_declared() && properties_of(schema_).as_map().contains(name);
}

bool InputSchema::has_default(std::string_view name) const {
  if (!declares(name)) return false;
  const auto& property = *properties_of(schema_).as_map().find(name);
  return property.is_map() && property.as_map().contains("default");
}

bool InputSchema::takes_others() const {
  const auto& others = schema_["additionalProperties"];
  return others.is_map() || (others.is_bool() && others.as_bool());
}

bool InputSchema::refuses_others() const {
  const auto& others = schema_["additionalProperties"];
  return others.is_bool() && !others.as_bool();
}

Result<Map> bind_inputs(const Map& given, const InputSchema& inputs, const InputNeeds& needs) {
  if (!inputs.is_declared()) return given;
  const auto& schema = inputs.schema();
  Value bound = schema::coerce(with_defaults(given, schema), schema);
  auto compiled = inputs.compiled_;
  Value narrowed = schema;
  if (!needs.all || !compiled) {
    if (!needs.all) narrowed = with_needs(schema, needs);
    SWAMP_TRY(auto made, schema::Schema::compile(narrowed));
    compiled = std::make_shared<const schema::Schema>(std::move(made));
  }
  const auto problems = compiled->validate(bound);
  if (!problems.empty()) return fail(to_input_error(bound, inputs.source(), narrowed, problems));
  return bound.as_map();
}

Map deep_merge(Map base, const Map& over) {
  for (const auto& [key, value] : over) {
    auto* old = base.find(key);
    if (old && old->is_map() && value.is_map()) {
      *old = deep_merge(old->as_map(), value.as_map());
    } else {
      base.set(key, value);
    }
  }
  return base;
}

}  // namespace swamp::spec
