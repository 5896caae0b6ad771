#pragma once

#include <span>
#include <string_view>

#include "value/value.h"

// Not for other rooms.
namespace swamp::spec {

/// The same map with the keys in `order` first, in that order, then the others as they were.
Map ordered(const Map& map, std::span<const std::string_view> order);

}  // namespace swamp::spec
