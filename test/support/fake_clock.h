#pragma once

#include <string>

#include <fmt/format.h>

#include "base/clock.h"

namespace swamp::test {

/// Stands still until told otherwise.
class FakeClock final : public Clock {
 public:
  explicit FakeClock(std::string_view start = "2026-01-02T03:04:05.678Z")
      : now_(*parse_iso8601(start)) {}

  Timestamp now() const override { return now_; }
  std::chrono::steady_clock::time_point steady() const override {
    return std::chrono::steady_clock::time_point(now_.time_since_epoch());
  }
  void advance(std::chrono::milliseconds by) { now_ += by; }

 private:
  Timestamp now_;
};

/// Counts: 00000000-0000-4000-8000-000000000001, …2, …
class CountingIds final : public IdSource {
 public:
  std::string uuid() override { return fmt::format("00000000-0000-4000-8000-{:012}", ++last_); }

 private:
  int last_ = 0;
};

}  // namespace swamp::test
