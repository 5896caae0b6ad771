#include "driver/raw/proc_files.h"

#include <algorithm>
#include <charconv>
#include <string_view>

#include <fmt/format.h>

#include "os/directory.h"
#include "os/file.h"

namespace swamp::driver {
namespace {

std::vector<pid_t> numbers_in(std::string_view text) {
  std::vector<pid_t> numbers;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    pid_t number = 0;
    const auto read = std::from_chars(at, end, number);
    if (read.ec == std::errc()) numbers.push_back(number);
    at = std::min(end, read.ptr + 1);
  }
  return numbers;
}

}  // namespace

std::vector<pid_t> children_of_this_process() {
  std::vector<pid_t> found;
  const auto threads = os::list_directory("/proc/self/task");
  if (!threads) return found;
  for (const os::DirectoryEntry& thread : *threads) {
    const auto text = os::read_file(fmt::format("/proc/self/task/{}/children", thread.name));
    if (!text) continue;
    const auto children = numbers_in(*text);
    found.insert(found.end(), children.begin(), children.end());
  }
  return found;
}

std::vector<pid_t> all_processes() {
  std::vector<pid_t> found;
  const auto entries = os::list_directory("/proc");
  if (!entries) return found;
  for (const os::DirectoryEntry& entry : *entries) {
    if (entry.name.find_first_not_of("0123456789") != std::string::npos) continue;
    const auto number = numbers_in(entry.name);
    found.insert(found.end(), number.begin(), number.end());
  }
  return found;
}

bool carries_marks(pid_t process, const std::vector<std::string>& marks) {
  if (marks.empty()) return false;
  const auto text = os::read_file(fmt::format("/proc/{}/environ", process));
  if (!text) return false;
  // NAME=value, each closed by a NUL; one in front lets every entry be found between two.
  const std::string entries = '\0' + *text;
  return std::all_of(marks.begin(), marks.end(), [&](const std::string& mark) {
    return entries.find('\0' + mark + '\0') != std::string::npos;
  });
}

}  // namespace swamp::driver
