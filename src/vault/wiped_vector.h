#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "vault/secret.h"

namespace swamp::vault {

/// Wipes memory before it gives it back, also when a container grows.
template <class T>
struct WipingAllocator {
  using value_type = T;

  WipingAllocator() = default;
  template <class U>
  explicit WipingAllocator(const WipingAllocator<U>&) noexcept {}

  T* allocate(std::size_t count) { return std::allocator<T>().allocate(count); }
  void deallocate(T* memory, std::size_t count) noexcept {
    wipe(memory, count * sizeof(T));  // NOLINT(bugprone-sizeof-expression)
    std::allocator<T>().deallocate(memory, count);
  }

  friend bool operator==(const WipingAllocator&, const WipingAllocator&) { return true; }
};

/// For what is made of secrets.
template <class T>
using WipedVector = std::vector<T, WipingAllocator<T>>;

}  // namespace swamp::vault
