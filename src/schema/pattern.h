#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace swamp::schema {

/// A regular expression as JSON Schema wants it (ECMA-262, Unicode), run by RE2 in linear time.
class Pattern {
 public:
  /// Fails with invalid_input when it is none, or needs what RE2 cannot do: look-around, back
  /// references, a repetition above 1,000.
  static Result<Pattern> compile(std::string_view source);

  /// Whether some part of `text` matches.
  bool matches(std::string_view text) const;

  const std::string& source() const { return source_; }

 private:
  struct Engine;
  Pattern(std::string source, std::shared_ptr<const Engine> engine);

  std::string source_;
  std::shared_ptr<const Engine> engine_;
};

/// The same expression in RE2's syntax.
Result<std::string> translate_pattern(std::string_view source);

}  // namespace swamp::schema
