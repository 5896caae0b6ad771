#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace swamp {

/// An index that cannot be mistaken for another kind of index. `Tag` is any type, never defined.
template <class Tag>
class StrongId {
 public:
  constexpr StrongId() = default;
  constexpr explicit StrongId(std::size_t index) : index_(static_cast<std::uint32_t>(index)) {}

  constexpr std::size_t index() const { return index_; }

  friend constexpr auto operator<=>(StrongId, StrongId) = default;

 private:
  std::uint32_t index_ = 0;
};

}  // namespace swamp

template <class Tag>
struct std::hash<swamp::StrongId<Tag>> {
  std::size_t operator()(swamp::StrongId<Tag> id) const noexcept { return id.index(); }
};
