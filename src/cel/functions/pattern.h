#pragma once

#include <memory>
#include <string>

#include "cel/datum.h"

namespace swamp::cel {

/// A regular expression of RE2, compiled; perhaps not a valid one.
class Pattern {
 public:
  explicit Pattern(const std::string& text);
  ~Pattern();
  Pattern(const Pattern&) = delete;
  Pattern& operator=(const Pattern&) = delete;

  /// Whether it fits somewhere in `text`: a bool, or a failure when the pattern is not valid.
  /// Linear in the text.
  Datum is_in(const std::string& text) const;

 private:
  struct Machine;
  std::unique_ptr<Machine> machine_;
};

}  // namespace swamp::cel
