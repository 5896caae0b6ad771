#pragma once

#include <string>
#include <string_view>
#include <vector>

// Turns of phrase that messages share. Not for other rooms.
namespace swamp::spec {

/// `a`, `a or b`, `a, b or c`
std::string alternatives(const std::vector<std::string>& words);

/// `a -> b -> a`
std::string path_of(const std::vector<std::string>& names);

}  // namespace swamp::spec
