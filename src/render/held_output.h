#pragma once

#include <cstddef>
#include <deque>
#include <string>

namespace swamp::render {

/// The end of what a step printed, held back in case it fails: at most 500 lines and 64 KiB.
class HeldOutput {
 public:
  void add(std::string line) {
    bytes_ += line.size();
    lines_.push_back(std::move(line));
    while (lines_.size() > kMostLines || (bytes_ > kMostBytes && lines_.size() > 1)) {
      bytes_ -= lines_.front().size();
      lines_.pop_front();
      ++dropped_;
    }
  }

  const std::deque<std::string>& lines() const { return lines_; }
  std::size_t dropped() const { return dropped_; }

 private:
  static constexpr std::size_t kMostLines = 500;
  static constexpr std::size_t kMostBytes = 64 * 1024;

  std::deque<std::string> lines_;
  std::size_t bytes_ = 0;
  std::size_t dropped_ = 0;
};

}  // namespace swamp::render
