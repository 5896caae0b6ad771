#pragma once

#include <memory>
#include <span>
#include <string>

#include "schema/compiler.h"
#include "schema/documents.h"
#include "schema/pattern.h"
#include "schema/program.h"

namespace swamp::schema {

/// Where a keyword stands: all that its maker may look at.
class KeywordSite {
 public:
  KeywordSite(Compiler& compiler, const Site& site, const Vocabularies& vocabularies,
              std::string_view name)
      : compiler_(compiler), site_(site), vocabularies_(vocabularies), name_(name) {}

  std::string_view name() const { return name_; }
  const Value& value() const { return *schema().find(name_); }
  /// The schema that the keyword is one of.
  const Map& schema() const { return site_.schema->as_map(); }
  const Resource& resource() const { return *site_.resource; }
  const Vocabularies& vocabularies() const { return vocabularies_; }
  Compiler& compiler() const { return compiler_; }

  /// The schema that is the keyword's value, or is found in it at `step`. Fails when it is no
  /// schema.
  Result<const Node*> child() const { return child_of(value(), {}); }
  Result<const Node*> child_of(const Value& schema, std::string_view step) const;
  /// Another keyword of the same schema, which must be there.
  KeywordSite at(std::string_view keyword) const {
    return {compiler_, site_, vocabularies_, keyword};
  }

  Result<std::vector<const Node*>> list_of_schemas() const;
  Result<std::vector<std::pair<std::string, const Node*>>> map_of_schemas() const;
  Result<std::vector<std::string>> list_of_names(const Value& value) const;
  Result<std::size_t> count() const;
  Result<Value> number() const;
  Result<std::string> text() const;
  Result<Pattern> pattern(std::string_view source) const;

  /// That the keyword's value is wrong: `schema keyword '/properties/a/minLength' must be …`.
  tl::unexpected<Error> must_be(std::string_view want) const;
  std::string location() const { return site_.location + "/" + std::string(name_); }

 private:
  Compiler& compiler_;
  const Site& site_;
  const Vocabularies& vocabularies_;
  std::string_view name_;
};

/// Null when the keyword asks nothing by itself.
using MadeKeyword = Result<std::unique_ptr<Keyword>>;

struct KeywordMaker {
  std::string_view name;
  MadeKeyword (*make)(const KeywordSite& site);
};

// The families of keywords, one file each. A vocabulary that a schema does not use is left out.
std::span<const KeywordMaker> reference_keywords();
std::span<const KeywordMaker> validation_keywords();
std::span<const KeywordMaker> presence_keywords();
std::span<const KeywordMaker> uniqueness_keywords();
std::span<const KeywordMaker> format_keywords();
std::span<const KeywordMaker> applicator_keywords();
std::span<const KeywordMaker> object_keywords();
std::span<const KeywordMaker> array_keywords();
std::span<const KeywordMaker> unevaluated_keywords();

}  // namespace swamp::schema
