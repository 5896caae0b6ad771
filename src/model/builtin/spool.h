#pragma once

#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace swamp::model {

/// Bytes that are needed later, in memory up to a bound and in an unnamed temporary file beyond it.
class Spool {
 public:
  explicit Spool(std::size_t memory_limit = 1 << 20) : memory_limit_(memory_limit) {}

  /// Fails with unavailable when the temporary folder is full.
  Result<> append(std::string_view bytes);

  /// Gives everything to `sink` in order, piece by piece.
  Result<> replay(const std::function<Result<>(std::string_view)>& sink);

  bool empty() const { return size_ == 0; }

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  std::size_t memory_limit_;
  std::uint64_t size_ = 0;
  std::string memory_;
  std::unique_ptr<std::FILE, Close> file_;
};

}  // namespace swamp::model
