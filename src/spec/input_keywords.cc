#include "spec/input_keywords.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/suggest.h"
#include "spec/document_reader.h"
#include "spec/problem.h"

namespace swamp::spec {
namespace {

/// What stands below a keyword.
enum class Below : std::uint8_t { value, schema, schemas, named_schemas };

struct Keyword {
  std::string_view name;
  Below below = Below::value;
};

constexpr std::array kKeywords{
    Keyword{"type"},
    Keyword{"description"},
    Keyword{"default"},
    Keyword{"enum"},
    Keyword{"const"},
    Keyword{"properties", Below::named_schemas},
    Keyword{"required"},
    Keyword{"additionalProperties", Below::schema},
    Keyword{"items", Below::schema},
    Keyword{"minItems"},
    Keyword{"maxItems"},
    Keyword{"uniqueItems"},
    Keyword{"minimum"},
    Keyword{"maximum"},
    Keyword{"exclusiveMinimum"},
    Keyword{"exclusiveMaximum"},
    Keyword{"multipleOf"},
    Keyword{"minLength"},
    Keyword{"maxLength"},
    Keyword{"pattern"},
    Keyword{"format"},
    Keyword{"title"},
    Keyword{"examples"},
    Keyword{"deprecated"},
    Keyword{"readOnly"},
    Keyword{"writeOnly"},
    Keyword{"prefixItems", Below::schemas},
    Keyword{"contains", Below::schema},
    Keyword{"minContains"},
    Keyword{"maxContains"},
    Keyword{"minProperties"},
    Keyword{"maxProperties"},
    Keyword{"patternProperties", Below::named_schemas},
    Keyword{"propertyNames", Below::schema},
    Keyword{"dependentRequired"},
    Keyword{"dependentSchemas", Below::named_schemas},
    Keyword{"unevaluatedItems", Below::schema},
    Keyword{"unevaluatedProperties", Below::schema},
    Keyword{"allOf", Below::schemas},
    Keyword{"anyOf", Below::schemas},
    Keyword{"oneOf", Below::schemas},
    Keyword{"not", Below::schema},
    Keyword{"if", Below::schema},
    Keyword{"then", Below::schema},
    Keyword{"else", Below::schema},
    Keyword{"contentEncoding"},
    Keyword{"contentMediaType"},
    Keyword{"contentSchema", Below::schema},
    Keyword{"$schema"},
    Keyword{"$id"},
    Keyword{"$ref"},
    Keyword{"$defs", Below::named_schemas},
    Keyword{"$anchor"},
    Keyword{"$dynamicAnchor"},
    Keyword{"$dynamicRef"},
    Keyword{"$vocabulary"},
    Keyword{"$comment"},
    // Of earlier drafts.
    Keyword{"definitions", Below::named_schemas},
    Keyword{"dependencies", Below::named_schemas},
};

constexpr std::array kHints{
    KeyHint{"optional", "an input is optional unless 'required' names it"},
    KeyHint{"values", "did you mean 'enum'?"},
    KeyHint{"options", "did you mean 'enum'?"},
    KeyHint{"choices", "did you mean 'enum'?"},
    KeyHint{"min", "did you mean 'minimum'?"},
    KeyHint{"max", "did you mean 'maximum'?"},
    KeyHint{"regex", "did you mean 'pattern'?"},
    KeyHint{"desc", "did you mean 'description'?"},
    KeyHint{"sensitive", "what comes from a vault is secret by itself"},
    KeyHint{"secret", "what comes from a vault is secret by itself"},
};

constexpr std::array<std::string_view, 7> kAboutAllInputs{
    "type", "required", "additionalProperties", "description", "$schema", "title", "$id"};

const Keyword* find_keyword(std::string_view name) {
  const auto found = std::find_if(kKeywords.begin(), kKeywords.end(),
                                  [name](const Keyword& each) { return each.name == name; });
  return found == kKeywords.end() ? nullptr : &*found;
}

/// `owner`: the input in the flat form, which may be a keyword with a misspelt name.
std::string hint_for(const std::string& key, const std::string& owner) {
  const std::vector<std::string> properties{"properties"};
  if (nearest(owner, properties))
    return fmt::format("did you mean 'properties' instead of '{}'?", owner);
  const auto special =
      std::find_if(kHints.begin(), kHints.end(), [&](const KeyHint& h) { return h.key == key; });
  if (special != kHints.end()) return std::string(special->hint);
  std::vector<std::string> names;
  for (const auto& keyword : kKeywords)
    names.emplace_back(keyword.name);
  auto hint = did_you_mean(key, names);
  return hint.empty()
             ? "the keywords are those of JSON Schema; one for other tools begins with 'x-'"
             : hint;
}

/// Goes through a schema and those within it.
class KeywordCheck {
 public:
  explicit KeywordCheck(const Field& inputs) : inputs_(inputs) {}

  std::vector<Error> run() {
    const auto& root = inputs_.value().as_map();
    if (root.contains("properties")) {
      check(root, {}, "inputs");
      return std::move(errors_);
    }
    for (const auto& [name, property] : root) {
      if (is_schema_keyword(name, property)) continue;
      owner_ = name;
      check(property, pointer_to({}, name), fmt::format("input '{}'", name));
    }
    return std::move(errors_);
  }

 private:
  void check(const Value& schema, const std::string& pointer, const std::string& what) {
    if (schema.is_map()) check(schema.as_map(), pointer, what);
  }

  void check(const Map& schema, const std::string& pointer, const std::string& what) {
    for (const auto& [key, value] : schema) {
      const std::string place = pointer_to(pointer, key);
      if (const auto* keyword = find_keyword(key)) {
        go_below(keyword->below, value, place, what);
      } else if (!key.starts_with("x-")) {
        errors_.push_back(problem(inputs_.where(place),
                                  fmt::format("{} has no keyword '{}'", what, key),
                                  hint_for(key, owner_)));
      }
    }
  }

  void go_below(Below below, const Value& value, const std::string& place,
                const std::string& what) {
    if (below == Below::schema) check(value, place, what);
    if (below == Below::schemas && value.is_list()) {
      for (std::size_t i = 0; i < value.as_list().size(); ++i)
        check(value.as_list()[i], pointer_to(place, std::to_string(i)), what);
    }
    if (below != Below::named_schemas || !value.is_map()) return;
    const bool are_inputs = place == "/properties";
    for (const auto& [name, schema] : value.as_map()) {
      check(schema, pointer_to(place, name), are_inputs ? fmt::format("input '{}'", name) : what);
    }
  }

  const Field& inputs_;
  std::string owner_ = {};  // the input of the flat form that is looked at
  std::vector<Error> errors_;
};

}  // namespace

bool is_schema_keyword(std::string_view key, const Value& value) {
  return !value.is_map() &&
         std::find(kAboutAllInputs.begin(), kAboutAllInputs.end(), key) != kAboutAllInputs.end();
}

std::vector<Error> unknown_input_keywords(const Field& inputs) {
  if (!inputs.value().is_map()) return {};
  return KeywordCheck(inputs).run();
}

}  // namespace swamp::spec
