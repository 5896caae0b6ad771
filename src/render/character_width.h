#pragma once

#include <cstddef>

namespace swamp::render {

/// The columns that a code point takes on a terminal: none for controls and what joins the
/// character before it, two for what East Asian writing and most emoji have, else one.
std::size_t columns_of(char32_t point);

}  // namespace swamp::render
