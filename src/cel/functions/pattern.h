#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

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

  /// Null, or a failure that says why the pattern is not valid. What follows wants a valid one.
  Datum fault() const;

  std::size_t groups() const;

  /// The first match that begins at `from` or behind: the whole of it, then its groups, without
  /// data where one took no part. Empty when there is none.
  std::vector<std::string_view> find(std::string_view text, std::size_t from) const;

  /// Whether `replacement` names, as `\1`, only groups that the pattern has.
  bool takes_replacement(const std::string& replacement) const;

  /// Appends the replacement with the groups of a match of find() in it.
  void append_replacement(std::string& out, const std::string& replacement,
                          const std::vector<std::string_view>& match) const;

 private:
  struct Machine;
  std::unique_ptr<Machine> machine_;
};

}  // namespace swamp::cel
