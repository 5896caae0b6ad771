#include "schema/arguments.h"

#include <algorithm>
#include <set>

#include "schema/schema_reader.h"

namespace swamp::schema {
namespace {

Value with_defaults(const Value& value, const Value& written, SchemaReader& reader) {
  const Value& schema = reader.without_null(reader.resolve(written));
  if (value.is_list() && schema["items"].is_map()) {
    List items;
    items.reserve(value.as_list().size());
    for (const Value& item : value.as_list()) {
      items.push_back(with_defaults(item, schema["items"], reader));
    }
    return items;
  }
  if (!value.is_map()) return value;
  Value map = value;
  for (const auto& [name, property] : reader.properties(schema)) {
    const Value& meant = reader.resolve(property);
    if (const Value* member = map.as_map().find(name)) {
      Value filled = with_defaults(*member, property, reader);
      map.mutable_map().set(name, std::move(filled));
    } else if (meant.is_map() && meant.as_map().contains("default")) {
      map.mutable_map().set(name, meant["default"]);
    }
  }
  return map;
}

/// The schema that marks a field, among those it is written with: itself, what it refers to, what
/// it is when not null.
const Value* find_mark(const Value& written, const SchemaReader& reader) {
  const Value& schema = reader.resolve(written);
  for (const Value* candidate : {&written, &schema, &reader.without_null(schema)}) {
    if ((*candidate)["sensitive"] == Value(true) || (*candidate)["x-sensitive"] == Value(true))
      return candidate;
  }
  return nullptr;
}

std::string text_or_empty(const Value& value) {
  return value.is_string() ? value.as_string() : std::string();
}

class SensitiveSearch {
 public:
  explicit SensitiveSearch(const Value& root) : reader_(root) {}

  std::vector<SensitiveField> search(const Value& schema) && {
    enter(schema);
    return std::move(fields_);
  }

 private:
  void enter(const Value& written) {
    const Value* schema = &reader_.without_null(reader_.resolve(written));
    const bool contains_itself =
        std::find(entered_.begin(), entered_.end(), schema) != entered_.end();
    if (contains_itself) return;
    entered_.push_back(schema);
    for (const auto& [name, property] : reader_.properties(*schema)) {
      path_.push_back(name);
      if (const Value* mark = find_mark(property, reader_)) {
        add(*mark);
      } else {
        enter(property);
      }
      path_.pop_back();
    }
    entered_.pop_back();
  }

  void add(const Value& mark) {
    if (!listed_.insert(path_).second) return;
    fields_.push_back({.path = path_,
                       .vault_name = text_or_empty(mark["vaultName"]),
                       .vault_key = text_or_empty(mark["vaultKey"])});
  }

  SchemaReader reader_;
  std::vector<const Value*> entered_;
  std::vector<std::string> path_;
  std::vector<SensitiveField> fields_;
  std::set<std::vector<std::string>> listed_;  // a property may come several times
};

}  // namespace

Value apply_defaults(const Value& value, const Value& schema) {
  SchemaReader reader(schema);
  return with_defaults(value, schema, reader);
}

std::vector<SensitiveField> sensitive_fields(const Value& schema) {
  return SensitiveSearch(schema).search(schema);
}

}  // namespace swamp::schema
