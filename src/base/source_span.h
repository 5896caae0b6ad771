#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace swamp {

/// A text that somebody wrote, with the name under which they know it (a path, or `<input>`).
/// Shared by every span into it, so that a message can show the line long after it was parsed.
struct SourceText {
  std::string name;
  std::string text;

  /// The line with this number (from 1), without its line end; empty when there is none.
  std::string_view line(std::uint32_t number) const;
};

using Source = std::shared_ptr<const SourceText>;

/// A place in a source: line and column count from 1, columns count code points, `length` is at
/// least 1.
struct SourceSpan {
  Source source;  // null only in tests
  std::uint32_t line = 1;
  std::uint32_t column = 1;
  std::uint32_t length = 1;

  /// `workflows/workflow-release.yaml:14:20`
  std::string to_string() const;
};

/// The place that lies `line` and `column` (both from 1) inside a text that itself starts at
/// `outer`, as for an error in an expression within a YAML scalar. Exact for one-line plain and
/// quoted scalars; for folded texts it is the best place known.
SourceSpan within(const SourceSpan& outer, std::uint32_t line, std::uint32_t column,
                  std::uint32_t length);

}  // namespace swamp
