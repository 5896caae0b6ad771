#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <utility>

#include "engine/plan.h"

namespace swamp::engine {

/// The steps of one job that could start, in their order, and how many of them run: what the job's
/// cap is about.
class ReadyQueue {
 public:
  /// Steps that do not count: those with a cap of their own in a job whose cap is only the
  /// workflow's.
  enum class Counting : std::uint8_t { counted, uncounted };

  /// `cap` 0: unbounded.
  explicit ReadyQueue(std::size_t cap = 0) : cap_(cap) {}

  void add(std::uint32_t rank, StepId step, Counting counting) {
    set(counting).emplace(rank, step);
  }
  void remove(std::uint32_t rank, StepId step, Counting counting) {
    set(counting).erase({rank, step});
  }

  bool empty() const { return counted_.empty() && uncounted_.empty(); }
  std::size_t running() const { return running_; }

  /// Whether a step could be taken under the cap.
  bool has_next() const { return next().has_value(); }

  /// Takes the first step that the cap admits; has_next() must hold.
  StepId take() {
    const Counting from = *next();
    const StepId step = set(from).begin()->second;
    set(from).erase(set(from).begin());
    if (from == Counting::counted) ++running_counted_;
    ++running_;
    return step;
  }

  /// A step that was taken runs no more.
  void release(Counting counting) {
    if (counting == Counting::counted) --running_counted_;
    --running_;
  }

 private:
  /// Rank of the planned step, then the id: iterations of one step in their order.
  using Place = std::pair<std::uint32_t, StepId>;

  std::set<Place>& set(Counting counting) {
    return counting == Counting::counted ? counted_ : uncounted_;
  }

  std::optional<Counting> next() const {
    const bool is_full = cap_ != 0 && running_counted_ >= cap_;
    const bool has_counted = !counted_.empty() && !is_full;
    if (!has_counted && uncounted_.empty()) return std::nullopt;
    if (!has_counted) return Counting::uncounted;
    if (uncounted_.empty() || *counted_.begin() < *uncounted_.begin()) return Counting::counted;
    return Counting::uncounted;
  }

  std::size_t cap_;
  std::size_t running_ = 0;
  std::size_t running_counted_ = 0;
  std::set<Place> counted_;
  std::set<Place> uncounted_;
};

}  // namespace swamp::engine
