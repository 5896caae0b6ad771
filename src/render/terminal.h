#pragma once

#include <cstddef>

namespace swamp::render {

struct TerminalSize {
  std::size_t columns = 80;
  std::size_t rows = 24;
};

/// The size of the terminal behind a descriptor, as it is now; 80 by 24 when it does not say.
TerminalSize terminal_size(int descriptor);

}  // namespace swamp::render
