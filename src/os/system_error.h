#pragma once

#include <cerrno>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"

namespace swamp::os {

/// What the kernel's error number means for somebody who wanted to `verb` a path:
/// `cannot write 'models/a.yaml': no space left on device`, with a code and a hint that fit.
Error system_error(int number, std::string_view verb, const std::filesystem::path& path);

/// The same where no path is concerned: `cannot <what>: too many open files`.
Error system_error(int number, std::string_view what);

/// The cause in lower-case words: `permission denied`.
std::string cause_of(int number);

/// Whether the number says that there is nothing at a path.
constexpr bool is_absence(int number) {
  return number == ENOENT || number == ENOTDIR;
}

/// Repeats a system call for as long as a signal interrupts it.
template <class Call>
auto retry_interrupted(Call call) {
  for (;;) {
    const auto result = call();
    if (result != -1 || errno != EINTR) return result;
  }
}

}  // namespace swamp::os
