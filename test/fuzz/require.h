#pragma once

#include <cstdio>
#include <cstdlib>

namespace swamp::test {

/// Ends the program when what must hold for every input does not: that is what a fuzzer looks for.
inline void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

}  // namespace swamp::test
