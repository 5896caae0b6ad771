#include <cmath>

#include "fuzz/require.h"
#include "yaml/parse.h"
#include "yaml/write.h"

using swamp::Value;
using swamp::test::require;
using swamp::yaml::Node;

namespace {

/// Asks for the place of every byte of every text.
void look_at_places(const Node& node, std::size_t& budget) {
  for (std::size_t i = 0; i <= node.text().size() && budget > 0; ++i, --budget) {
    const swamp::SourceSpan place = node.place_in(i);
    require(place.line >= 1 && place.column >= 1 && place.length >= 1, "a place counts from one");
  }
  for (const Node& item : node.items()) {
    if (budget > 0) look_at_places(item, budget);
  }
  for (const auto& [name, key, value] : node.entries()) {
    require(node.find(name) != nullptr, "an entry is found by its name");
    if (budget > 0) look_at_places(value, budget);
  }
}

/// NaN equals nothing.
bool has_nan(const Value& value) {
  if (value.kind() == Value::Kind::real) return std::isnan(value.as_double());
  if (value.is_list()) return std::any_of(value.as_list().begin(), value.as_list().end(), has_nan);
  return value.is_map() && std::any_of(value.as_map().begin(), value.as_map().end(),
                                       [](const auto& entry) { return has_nan(entry.second); });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const swamp::yaml::Limits limits = {.bytes = 1 << 20, .depth = 100, .nodes = 10'000};
  const auto document =
      swamp::yaml::parse(std::string(reinterpret_cast<const char*>(data), size), "input", limits);
  if (!document) {
    require(document.error().where.has_value() && !document.error().message.empty(),
            "an error has a place and words");
    return 0;
  }
  std::size_t budget = 1000;
  look_at_places(document->root(), budget);
  const Value value = document->to_value();
  if (has_nan(value)) return 0;
  for (const char quote : {'\'', '"'}) {
    const auto again = swamp::yaml::parse(swamp::yaml::write(value, {.quote = quote}), "written");
    require(again.has_value() && again->to_value() == value,
            "what is written reads back as the same value");
  }
  return 0;
}
