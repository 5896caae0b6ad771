#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "yaml/document.h"

namespace swamp::yaml {

/// What is refused, so that no text can exhaust memory or stack.
struct Limits {
  std::size_t bytes = 32u << 20;
  std::size_t depth = 200;
  std::size_t nodes = 1'000'000;  // counted as if every alias were written out
};

/// Reads one YAML 1.2 document (core schema): anchors, merge keys, block scalars, the tags !!str
/// !!int !!float !!bool
/// !!null !!seq !!map. A second document, a key twice in one mapping, an unknown tag, or a number
/// too large for a double is an error (invalid_input) at its line and column.
Result<Document> parse(Source source, const Limits& limits = {});

/// The same; `name` is what messages call the text.
Result<Document> parse(std::string text, std::string name, const Limits& limits = {});

}  // namespace swamp::yaml
