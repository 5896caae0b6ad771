#include "base/source_span.h"

#include <algorithm>

#include <fmt/format.h>

namespace swamp {

std::string_view SourceText::line(std::uint32_t number) const {
  std::string_view rest = text;
  for (std::uint32_t current = 1; current < number; ++current) {
    auto end = rest.find('\n');
    if (end == std::string_view::npos) return {};
    rest.remove_prefix(end + 1);
  }
  auto line = rest.substr(0, rest.find('\n'));
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

std::string SourceSpan::to_string() const {
  return fmt::format("{}:{}:{}", source ? source->name : "<input>", line, column);
}

SourceSpan within(const SourceSpan& outer, std::uint32_t line, std::uint32_t column,
                  std::uint32_t length) {
  SourceSpan inner = outer;
  inner.line = outer.line + line - 1;
  inner.column = line == 1 ? outer.column + column - 1 : column;
  inner.length = std::max<std::uint32_t>(1, length);
  return inner;
}

}  // namespace swamp
