#include "spec/iteration_names.h"

#include <fmt/format.h>

#include "value/json.h"

namespace swamp::spec {

std::string iteration_label(const Value& value) {
  if (value.is_string()) return value.as_string();
  return value.is_list() || value.is_map() ? std::string() : write_json(value);
}

Result<std::vector<Iteration>> iterations_of(const Value& in) {
  std::vector<Iteration> iterations;
  if (in.is_map()) {
    for (const auto& [key, value] : in.as_map()) {
      iterations.push_back({.element = Map{{"key", key}, {"value", value}}, .label = key});
    }
    return iterations;
  }
  if (!in.is_list()) {
    return fail(ErrorCode::invalid_input,
                fmt::format("forEach needs a list or a map, not a {}", kind_name(in)));
  }
  for (const auto& element : in.as_list()) {
    const bool plain = !element.is_list() && !element.is_map() && !element.is_secret();
    iterations.push_back(
        {.element = element,
         .label = plain ? iteration_label(element) : std::to_string(iterations.size())});
  }
  return iterations;
}

std::string iteration_name(std::string_view name, const Iteration& iteration) {
  return fmt::format("{}-{}", name, iteration.label);
}

}  // namespace swamp::spec
