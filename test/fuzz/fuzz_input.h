#pragma once

#include <algorithm>
#include <cstddef>
#include <string>

namespace swamp::test {

/// What a fuzzer made up, taken from the front piece by piece. When nothing is left every piece is
/// 0 or empty.
class FuzzInput {
 public:
  FuzzInput(const unsigned char* data, std::size_t size)
      : rest_(reinterpret_cast<const char*>(data), size) {}

  unsigned byte() {
    if (rest_.empty()) return 0;
    const auto first = static_cast<unsigned char>(rest_[0]);
    rest_.erase(0, 1);
    return first;
  }

  std::string bytes(std::size_t size) {
    std::string piece = rest_.substr(0, size);
    rest_.erase(0, piece.size());
    return piece;
  }

  const std::string& rest() const { return rest_; }

 private:
  std::string rest_;
};

}  // namespace swamp::test
