#include "engine/secret_places.h"

#include "spec/field.h"

namespace swamp::engine {
namespace {

void collect(const Value& value, const std::string& pointer, std::vector<std::string>& places) {
  if (value.is_secret()) places.push_back(pointer);
  if (value.is_map()) {
    for (const auto& [key, member] : value.as_map()) {
      collect(member, spec::pointer_to(pointer, key), places);
    }
  } else if (value.is_list()) {
    for (std::size_t i = 0; i < value.as_list().size(); ++i) {
      collect(value.as_list()[i], spec::pointer_to(pointer, std::to_string(i)), places);
    }
  }
}

}  // namespace

std::vector<std::string> secret_places(const Value& value, const std::string& prefix) {
  std::vector<std::string> places;
  collect(value, prefix, places);
  return places;
}

}  // namespace swamp::engine
