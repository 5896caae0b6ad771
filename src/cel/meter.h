#pragma once

#include <cstdint>

namespace swamp::cel {

/// What an element of a new list or map costs: the limit on work is the limit on memory, too.
inline constexpr std::uint64_t kElementCost = 4;

/// What an evaluation may still use up.
class Meter {
 public:
  explicit Meter(std::uint64_t budget) : left_(budget) {}

  /// Takes `units`; false, for ever after, when there are not so many.
  bool charge(std::uint64_t units) {
    if (units > left_) {
      left_ = 0;
      is_exhausted_ = true;
    } else {
      left_ -= units;
    }
    return !is_exhausted_;
  }
  bool is_exhausted() const { return is_exhausted_; }
  std::uint64_t left() const { return left_; }

 private:
  std::uint64_t left_;
  bool is_exhausted_ = false;
};

}  // namespace swamp::cel
