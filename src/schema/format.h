#pragma once

#include <string_view>

namespace swamp::schema {

/// A named form of strings, as the keyword `format` knows it.
struct Format {
  std::string_view name;
  bool (*fits)(std::string_view text);
  std::string_view example;
};

/// Null for a format that is not known; then nothing is asserted.
const Format* find_format(std::string_view name);

}  // namespace swamp::schema
