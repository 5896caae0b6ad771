#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace swamp::model {

/// Keeps what a command printed on one stream within a bound: all of it up to the limit, beyond
/// that its head and its tail, half of the limit each.
class BoundedText {
 public:
  explicit BoundedText(std::size_t limit) : limit_(limit) {}

  void append(std::string_view bytes);

  bool is_truncated() const { return total_ > limit_; }
  std::uint64_t total() const { return total_; }

  /// The text without its final newline; when truncated, head and tail around a line that says how
  /// much is missing.
  std::string text() const;

 private:
  std::size_t limit_;
  std::uint64_t total_ = 0;
  std::string head_;  // everything, until the limit is passed; then its first half
  std::string tail_;  // a ring of the last bytes, once the limit is passed
  std::size_t tail_start_ = 0;
};

}  // namespace swamp::model
