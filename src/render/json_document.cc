#include "render/json_document.h"

#include "value/json.h"

namespace swamp::render {

std::string json_document(const Value& value) {
  std::string out;
  append_json(out, redacted(value), {.indent = 2});
  out += '\n';
  return out;
}

std::string json_line(const Value& value) {
  std::string out;
  append_json(out, redacted(value));
  out += '\n';
  return out;
}

Value without_nulls(Map map) {
  Map kept;
  kept.reserve(map.size());
  for (const auto& [key, value] : map) {
    if (!value.is_null()) kept.set(key, value);
  }
  return kept;
}

}  // namespace swamp::render
