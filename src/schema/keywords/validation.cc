#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/suggest.h"
#include "schema/decimal.h"
#include "schema/evaluation.h"
#include "schema/keyword_maker.h"
#include "schema/pattern.h"
#include "schema/words.h"

namespace swamp::schema {
namespace {

// What a value is: type, enum, const.

struct TypeName {
  std::string_view name;
  std::string_view words;
};
constexpr TypeName kTypes[] = {
    {"string", "a string"},   {"number", "a number"}, {"integer", "a whole number"},
    {"boolean", "a boolean"}, {"object", "a map"},    {"array", "a list"},
    {"null", "null"}};

bool is_of_type(const Value& value, std::string_view type) {
  switch (value.kind()) {
    case Value::Kind::null:
      return type == "null";
    case Value::Kind::boolean:
      return type == "boolean";
    case Value::Kind::string:
      return type == "string";
    case Value::Kind::list:
      return type == "array";
    case Value::Kind::map:
      return type == "object";
    default:
      return type == "number" || (type == "integer" && is_whole(value));
  }
}

/// `a list`, `a number`, or the number itself where only whole ones are wanted.
std::string found_kind(const Value& value, bool wants_integer) {
  if (value.is_number() && wants_integer) return shown(value);
  if (value.is_null()) return "null";
  return fmt::format("a {}", kind_name(value));
}

class Type final : public Keyword {
 public:
  explicit Type(std::vector<const TypeName*> types) : types_(std::move(types)) {}

  bool check(Evaluation& evaluation, const Value& value, Seen&) const override {
    const auto fits = [&](const TypeName* type) { return is_of_type(value, type->name); };
    if (std::any_of(types_.begin(), types_.end(), fits)) return true;
    return evaluation.fail(*this, [&] {
      std::vector<std::string> words;
      bool wants_integer = false;
      for (const TypeName* type : types_) {
        words.emplace_back(type->words);
        wants_integer = wants_integer || type->name == "integer";
      }
      return fmt::format("expected {}, found {}", joined_by_or(words),
                         found_kind(value, wants_integer));
    });
  }

 private:
  std::vector<const TypeName*> types_;
};

MadeKeyword make_type(const KeywordSite& site) {
  const List alone = {site.value()};
  std::vector<const TypeName*> types;
  for (const Value& name : site.value().is_list() ? site.value().as_list() : alone) {
    const auto* type = std::find_if(std::begin(kTypes), std::end(kTypes),
                                    [&](const TypeName& t) { return name == Value(t.name); });
    if (type == std::end(kTypes)) {
      return site.must_be(
          "one or several of string, number, integer, boolean, object, array, null");
    }
    types.push_back(type);
  }
  return std::make_unique<Type>(std::move(types));
}

class Enum final : public Keyword {
 public:
  explicit Enum(List values) : values_(std::move(values)) {}

  bool check(Evaluation& evaluation, const Value& value, Seen&) const override {
    if (std::find(values_.begin(), values_.end(), value) != values_.end()) return true;
    if (evaluation.wants_problems()) tell(evaluation, value);
    return false;
  }

 private:
  void tell(Evaluation& evaluation, const Value& value) const {
    constexpr std::size_t kMost = 10;
    std::vector<std::string> words;
    std::vector<std::string> strings;
    for (const Value& allowed : values_) {
      if (words.size() < kMost) words.push_back(shown(allowed));
      if (allowed.is_string()) strings.push_back(allowed.as_string());
    }
    const bool has_more = values_.size() > kMost;
    if (has_more) words.push_back(fmt::format("{} others", values_.size() - kMost));
    const bool may_be_misspelt = value.is_string() && !value.is_secret();
    evaluation.add_problem(
        *this, fmt::format("expected {}, found {}", joined_by_or(words), shown(value)),
        may_be_misspelt ? did_you_mean(value.as_string(), strings) : std::string());
  }

  List values_;
};

MadeKeyword make_enum(const KeywordSite& site) {
  if (!site.value().is_list()) return site.must_be("a list of values");
  return std::make_unique<Enum>(site.value().as_list());
}

MadeKeyword make_const(const KeywordSite& site) {
  return std::make_unique<Enum>(List{site.value()});
}

// Numbers.

struct Bound {
  std::string_view words;
  bool (*holds)(std::partial_ordering ordering);  // of the value against the bound
};
constexpr Bound kMaximum = {"at most", std::is_lteq};
constexpr Bound kExclusiveMaximum = {"less than", std::is_lt};
constexpr Bound kMinimum = {"at least", std::is_gteq};
constexpr Bound kExclusiveMinimum = {"more than", std::is_gt};

class NumberBound final : public Keyword {
 public:
  NumberBound(const Bound& bound, Value limit) : bound_(bound), limit_(std::move(limit)) {}

  bool check(Evaluation& evaluation, const Value& value, Seen&) const override {
    if (!value.is_number() || bound_.holds(compare_numbers(value, limit_))) return true;
    return evaluation.fail(*this, [&] {
      return fmt::format("must be {} {}, is {}", bound_.words, shown(limit_), shown(value));
    });
  }

 private:
  const Bound& bound_;
  Value limit_;
};

template <const Bound& kBound>
MadeKeyword make_number_bound(const KeywordSite& site) {
  SWAMP_TRY(Value limit, site.number());
  return std::make_unique<NumberBound>(kBound, std::move(limit));
}

class MultipleOf final : public Keyword {
 public:
  explicit MultipleOf(Value divisor) : divisor_(std::move(divisor)) {}

  bool check(Evaluation& evaluation, const Value& value, Seen&) const override {
    if (!value.is_number() || is_multiple_of(value, divisor_)) return true;
    return evaluation.fail(*this, [&] {
      return fmt::format("must be a multiple of {}, is {}", shown(divisor_), shown(value));
    });
  }

 private:
  Value divisor_;
};

MadeKeyword make_multiple_of(const KeywordSite& site) {
  SWAMP_TRY(Value divisor, site.number());
  const double number = divisor.to_double();
  if (!(number > 0) || number > std::numeric_limits<double>::max())
    return site.must_be("a number above 0");
  return std::make_unique<MultipleOf>(std::move(divisor));
}

// Sizes of strings, lists and maps.

struct Measure {
  std::string_view noun;
  Value::Kind kind;
};
constexpr Measure kCharacters = {"character", Value::Kind::string};
constexpr Measure kItems = {"item", Value::Kind::list};
constexpr Measure kKeys = {"key", Value::Kind::map};

std::size_t size_of(const Value& value) {
  if (value.is_list()) return value.as_list().size();
  if (value.is_map()) return value.as_map().size();
  const std::string& text = value.as_string();
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

enum class Side { least, most };

class SizeBound final : public Keyword {
 public:
  SizeBound(const Measure& measure, Side side, std::size_t limit)
      : measure_(measure), side_(side), limit_(limit) {}

  bool check(Evaluation& evaluation, const Value& value, Seen&) const override {
    if (value.kind() != measure_.kind) return true;
    const std::size_t size = size_of(value);
    if (side_ == Side::least ? size >= limit_ : size <= limit_) return true;
    return evaluation.fail(*this, [&] {
      return fmt::format("must have at {} {}, has {}", side_ == Side::least ? "least" : "most",
                         counted(limit_, measure_.noun), size == 0 ? "none" : std::to_string(size));
    });
  }

 private:
  const Measure& measure_;
  Side side_;
  std::size_t limit_;
};

template <const Measure& kMeasure, Side kSide>
MadeKeyword make_size_bound(const KeywordSite& site) {
  SWAMP_TRY(const std::size_t limit, site.count());
  return std::make_unique<SizeBound>(kMeasure, kSide, limit);
}

class MatchesPattern final : public Keyword {
 public:
  explicit MatchesPattern(Pattern pattern) : pattern_(std::move(pattern)) {}

  bool check(Evaluation& evaluation, const Value& value, Seen&) const override {
    if (!value.is_string() || pattern_.matches(value.as_string())) return true;
    return evaluation.fail(*this, [&] {
      return fmt::format("{} does not match '{}'", shown(value), pattern_.source());
    });
  }

 private:
  Pattern pattern_;
};

MadeKeyword make_pattern(const KeywordSite& site) {
  SWAMP_TRY(const std::string source, site.text());
  SWAMP_TRY(Pattern pattern, site.pattern(source));
  return std::make_unique<MatchesPattern>(std::move(pattern));
}

constexpr KeywordMaker kAssertions[] = {
    {"type", make_type},
    {"enum", make_enum},
    {"const", make_const},
    {"minimum", make_number_bound<kMinimum>},
    {"exclusiveMinimum", make_number_bound<kExclusiveMinimum>},
    {"maximum", make_number_bound<kMaximum>},
    {"exclusiveMaximum", make_number_bound<kExclusiveMaximum>},
    {"multipleOf", make_multiple_of},
    {"minLength", make_size_bound<kCharacters, Side::least>},
    {"maxLength", make_size_bound<kCharacters, Side::most>},
    {"pattern", make_pattern},
    {"minItems", make_size_bound<kItems, Side::least>},
    {"maxItems", make_size_bound<kItems, Side::most>},
    {"minProperties", make_size_bound<kKeys, Side::least>},
    {"maxProperties", make_size_bound<kKeys, Side::most>},
};

}  // namespace

std::span<const KeywordMaker> validation_keywords() {
  return kAssertions;
}

}  // namespace swamp::schema
