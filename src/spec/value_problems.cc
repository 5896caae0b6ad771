#include "spec/value_problems.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/suggest.h"
#include "spec/field.h"
#include "spec/phrases.h"
#include "value/json.h"

namespace swamp::spec {
namespace {

/// `/a/b/0` as `a.b[0]`, told by what is a list in `value`.
std::string name_of(std::string_view pointer, const Value& value) {
  std::string name;
  for (std::size_t at = 0; at < pointer.size();) {
    const auto end = std::min(pointer.find('/', at + 1), pointer.size());
    const auto* parent = find_at(value, pointer.substr(0, at));
    std::string key(pointer.substr(at + 1, end - at - 1));
    for (auto tilde = key.find('~'); tilde != key.npos; tilde = key.find('~', tilde + 1)) {
      key.replace(tilde, 2, key.substr(tilde, 2) == "~1" ? "/" : "~");
    }
    if (parent && parent->is_list())
      name += fmt::format("[{}]", key);
    else
      name += name.empty() ? key : "." + key;
    at = end;
  }
  return name;
}

std::string with_article(std::string_view type) {
  if (type == "null") return "null";
  const bool vowel = type.find_first_of("aeiou") == 0;
  return fmt::format("{} {}", vowel ? "an" : "a", type);
}

std::string shown(const Value& value) {
  return value.is_string() ? value.as_string() : write_json(value);
}

std::vector<std::string> all_shown(const Value& list) {
  std::vector<std::string> texts;
  if (list.is_list()) {
    for (const auto& each : list.as_list())
      texts.push_back(shown(each));
  }
  return texts;
}

std::string type_phrase(const Value& type) {
  std::vector<std::string> words;
  if (type.is_string()) return with_article(type.as_string());
  for (const auto& each : all_shown(type))
    words.push_back(with_article(each));
  return alternatives(words);
}

std::string items_phrase(const Value& count) {
  return fmt::format("{} {}", shown(count), count == Value(1) ? "item" : "items");
}

/// Makes messages of one value against one schema.
class Phrasing {
 public:
  Phrasing(const Value& value, const Value& schema, std::string_view what)
      : value_(value), schema_(schema), what_(what) {}

  void tell(const schema::Problem& problem, std::vector<ProblemMessage>& out) const {
    const auto slash = problem.schema.rfind('/');
    const auto keyword =
        slash == std::string::npos ? problem.schema : problem.schema.substr(slash + 1);
    const auto* setting = find_setting(problem.schema);
    if (keyword == "required" && setting) return tell_missing(problem.instance, *setting, out);
    out.push_back({problem.instance,
                   subject(problem.instance) + predicate(problem, keyword, setting),
                   hint(problem, keyword, setting)});
  }

 private:
  /// The value of the keyword, when the pointer leads to one in this schema.
  const Value* find_setting(std::string_view pointer) const {
    return pointer.starts_with('/') ? find_at(schema_, pointer) : nullptr;
  }

  std::string subject(std::string_view pointer) const {
    if (pointer.empty()) return fmt::format("{}s", what_);
    return fmt::format("{} '{}'", what_, name_of(pointer, value_));
  }

  void tell_missing(const std::string& pointer, const Value& required,
                    std::vector<ProblemMessage>& out) const {
    const auto* object = find_at(value_, pointer);
    for (const auto& key : all_shown(required)) {
      if (object && object->is_map() && object->as_map().contains(key)) continue;
      const auto missing = pointer_to(pointer, key);
      const bool told = std::any_of(out.begin(), out.end(),
                                    [&](const auto& each) { return each.pointer == missing; });
      if (!told) out.push_back({missing, subject(missing) + " is required", {}});
    }
  }

  static std::string predicate(const schema::Problem& problem, std::string_view keyword,
                               const Value* setting) {
    if (setting && keyword == "type") return fmt::format(" must be {}", type_phrase(*setting));
    if (setting && keyword == "enum")
      return fmt::format(" must be one of: {}", fmt::join(all_shown(*setting), ", "));
    if (setting && keyword == "const") return fmt::format(" must be {}", shown(*setting));
    if (setting && keyword == "minItems")
      return fmt::format(" must have at least {}", items_phrase(*setting));
    if (setting && keyword == "maxItems")
      return fmt::format(" must have at most {}", items_phrase(*setting));
    return fmt::format(": {}", problem.message);
  }

  std::string hint(const schema::Problem& problem, std::string_view keyword,
                   const Value* setting) const {
    const auto* given = find_at(value_, problem.instance);
    if (keyword != "enum" || !setting || !given || !given->is_string()) return problem.hint;
    return did_you_mean(given->as_string(), all_shown(*setting));
  }

  const Value& value_;
  const Value& schema_;
  std::string_view what_;
};

}  // namespace

std::vector<ProblemMessage> problem_messages(const Value& value, const Value& schema,
                                             const std::vector<schema::Problem>& problems,
                                             std::string_view what) {
  const Phrasing phrasing(value, schema, what);
  std::vector<ProblemMessage> messages;
  for (const auto& problem : problems)
    phrasing.tell(problem, messages);
  return messages;
}

}  // namespace swamp::spec
