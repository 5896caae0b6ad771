#include "schema/format.h"

#include <fmt/format.h>

#include "schema/evaluation.h"
#include "schema/keyword_maker.h"
#include "schema/words.h"

namespace swamp::schema {
namespace {

class HasFormat final : public Keyword {
 public:
  explicit HasFormat(const Format& format) : format_(format) {}

  bool check(Evaluation& evaluation, const Value& value, Seen&) const override {
    if (!value.is_string() || format_.fits(value.as_string())) return true;
    if (evaluation.wants_problems()) {
      evaluation.add_problem(
          *this, fmt::format("{} is not in the format '{}'", shown(value), format_.name),
          fmt::format("write it like '{}'", format_.example));
    }
    return false;
  }

 private:
  const Format& format_;
};

MadeKeyword make_format(const KeywordSite& site) {
  SWAMP_TRY(const std::string name, site.text());
  if (!site.compiler().asserts_formats() && !site.vocabularies().format_assertion) return nullptr;
  const Format* format = find_format(name);
  if (format == nullptr) return nullptr;
  return std::make_unique<HasFormat>(*format);
}

constexpr KeywordMaker kFormatKeywords[] = {{"format", make_format}};

}  // namespace

std::span<const KeywordMaker> format_keywords() {
  return kFormatKeywords;
}

}  // namespace swamp::schema
