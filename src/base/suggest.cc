#include "base/suggest.h"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "base/ascii.h"

namespace swamp {
namespace {

/// Levenshtein distance with one row of state.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substituted = diagonal + (to_lower(a[i - 1]) == to_lower(b[j - 1]) ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substituted});
    }
  }
  return row[b.size()];
}

}  // namespace

std::optional<std::string> nearest(std::string_view word, std::span<const std::string> candidates) {
  // A hostile name may be megabytes long; nothing that long is a misspelling.
  if (word.size() > 256) return std::nullopt;
  std::size_t best = std::max<std::size_t>(2, word.size() / 2) + 1;
  const std::string* found = nullptr;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > 256) continue;
    const std::size_t distance = edit_distance(word, candidate);
    if (distance < best) {
      best = distance;
      found = &candidate;
    }
  }
  if (found == nullptr) return std::nullopt;
  return *found;
}

std::string did_you_mean(std::string_view word, std::span<const std::string> candidates) {
  auto found = nearest(word, candidates);
  return found ? fmt::format("did you mean '{}'?", *found) : std::string();
}

}  // namespace swamp
