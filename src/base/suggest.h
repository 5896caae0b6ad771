#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace swamp {

/// The candidate that a misspelt word most likely meant: least edit distance without regard to
/// case, at most max(2, length / 2) edits away, the first of several. Empty when nothing is near.
std::optional<std::string> nearest(std::string_view word, std::span<const std::string> candidates);

/// `did you mean 'build'?`, or empty: ready for Error::hint.
std::string did_you_mean(std::string_view word, std::span<const std::string> candidates);

}  // namespace swamp
