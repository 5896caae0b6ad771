#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "schema/arguments.h"
#include "schema/schema_reader.h"
#include "value/json.h"
#include "value/number.h"

namespace swamp::schema {
namespace {

/// Which kinds of values a schema declares.
struct Declared {
  bool strings = false;
  bool numbers = false;        // any, or
  bool whole_numbers = false;  // only those
  bool booleans = false;
  bool lists = false;
  bool maps = false;
};

void add_type(Declared& declared, std::string_view type) {
  declared.strings = declared.strings || type == "string";
  declared.numbers = declared.numbers || type == "number";
  declared.whole_numbers = declared.whole_numbers || type == "integer";
  declared.booleans = declared.booleans || type == "boolean";
  declared.lists = declared.lists || type == "array";
  declared.maps = declared.maps || type == "object";
}

void add_kind_of(Declared& declared, const Value& value) {
  declared.strings = declared.strings || value.is_string();
  declared.numbers = declared.numbers || value.is_number();
  declared.booleans = declared.booleans || value.is_bool();
  declared.lists = declared.lists || value.is_list();
  declared.maps = declared.maps || value.is_map();
}

void add_declared(Declared& declared, const Value& schema) {
  const Value& type = schema["type"];
  if (type.is_string()) {
    add_type(declared, type.as_string());
  } else if (type.is_list()) {
    for (const Value& one : type.as_list()) {
      if (one.is_string()) add_type(declared, one.as_string());
    }
  } else if (schema["enum"].is_list()) {
    for (const Value& one : schema["enum"].as_list()) {
      add_kind_of(declared, one);
    }
  } else if (schema.is_map() && schema.as_map().contains("const")) {
    add_kind_of(declared, schema["const"]);
  } else {
    declared.strings = true;  // anything goes
  }
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) + 1 - first);
}

std::optional<Value> to_number(std::string_view text) {
  text = trimmed(text);
  if (text.starts_with("0x") || text.starts_with("0X")) {
    std::uint64_t number = 0;
    const char* end = text.data() + text.size();
    const auto read = std::from_chars(text.data() + 2, end, number, 16);
    if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
    return Value(number);
  }
  if (text.starts_with('+')) text.remove_prefix(1);
  return is_json_number(text) ? read_decimal(text) : std::nullopt;
}

/// `5.0` and `1e3` as the whole numbers that they are; up to here a double names one only.
Value whole_if_it_is(Value number) {
  constexpr double kLargest = 9007199254740992.0;
  if (number.is_integer()) return number;
  const double real = number.as_double();
  if (real != std::trunc(real) || std::abs(real) > kLargest) return number;
  return static_cast<std::int64_t>(real);
}

std::optional<Value> to_container(const std::string& text, const Declared& declared) {
  auto value = parse_json(text);
  if (!value) return std::nullopt;
  const bool fits = (declared.lists && value->is_list()) || (declared.maps && value->is_map());
  return fits ? std::optional(*std::move(value)) : std::nullopt;
}

class Coercion {
 public:
  explicit Coercion(const Value& root) : reader_(root) {}

  Value coerce(const Value& value, const Value& written) {
    const Value& schema = reader_.resolve(written);
    Value coerced = value.is_string() ? coerce_text(value, schema) : value;
    const Value& meant = reader_.without_null(schema);
    if (coerced.is_map()) return coerce_members(coerced, meant);
    if (coerced.is_list()) return coerce_items(coerced, meant);
    return coerced;
  }

 private:
  Value coerce_text(const Value& value, const Value& schema) const {
    Declared declared;
    for (const Value* alternative : reader_.alternatives(schema)) {
      add_declared(declared, *alternative);
    }
    if (declared.strings || value.is_secret()) return value;
    const std::string& text = value.as_string();
    if (declared.booleans && (text == "true" || text == "false")) return text == "true";
    std::optional<Value> meant;
    if (declared.numbers || declared.whole_numbers) meant = to_number(text);
    if (meant && !declared.numbers) meant = whole_if_it_is(*std::move(meant));
    if (!meant && (declared.lists || declared.maps)) meant = to_container(text, declared);
    return meant.value_or(value);
  }

  Value coerce_members(Value map, const Value& schema) {
    const auto properties = reader_.properties(schema);
    for (const auto& [name, property] : properties) {
      if (const Value* member = map.as_map().find(name)) set(map, name, coerce(*member, property));
    }
    const Value& others = schema["additionalProperties"];
    if (!others.is_map()) return map;
    const Map declared_and_others = map.as_map();
    for (const auto& [name, member] : declared_and_others) {
      const auto is_it = [&, &key = name](const auto& property) { return property.name == key; };
      if (std::none_of(properties.begin(), properties.end(), is_it))
        set(map, name, coerce(member, others));
    }
    return map;
  }

  static void set(Value& map, const std::string& name, Value member) {
    map.mutable_map().set(name, std::move(member));
  }

  Value coerce_items(const Value& list, const Value& schema) {
    List items;
    items.reserve(list.as_list().size());
    const Value& prefix = schema["prefixItems"];
    for (const Value& item : list.as_list()) {
      const bool has_own = prefix.is_list() && items.size() < prefix.as_list().size();
      items.push_back(coerce(item, has_own ? prefix.as_list()[items.size()] : schema["items"]));
    }
    return items;
  }

  SchemaReader reader_;
};

}  // namespace

Value coerce(const Value& value, const Value& schema) {
  return Coercion(schema).coerce(value, schema);
}

}  // namespace swamp::schema
