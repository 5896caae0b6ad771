#include "driver/raw/proc_files.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <ctime>
#include <sstream>
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

/// The fields of /proc/<pid>/stat from the state on: those before end with a name that may hold
/// blanks.
std::vector<std::string> stat_fields(pid_t process) {
  std::vector<std::string> fields;
  const auto text = os::read_file(fmt::format("/proc/{}/stat", process));
  if (!text || text->rfind(')') == std::string::npos) return fields;
  std::istringstream rest(text->substr(text->rfind(')') + 1));
  for (std::string field; rest >> field;)
    fields.push_back(field);
  return fields;
}

/// Whether the process lives but has no environment at all just now: it becomes another program, or
/// is about to end.
bool is_between_memories(pid_t process) {
  constexpr std::size_t kState = 0;
  constexpr std::size_t kFlags = 6;
  constexpr std::size_t kEnvironmentEnd = 48;
  constexpr unsigned long kKernelThread = 0x00200000;  // PF_KTHREAD: never has one
  const auto fields = stat_fields(process);
  if (fields.size() <= kEnvironmentEnd || fields[kState] == "Z" || fields[kState] == "X")
    return false;
  if ((std::strtoul(fields[kFlags].c_str(), nullptr, 10) & kKernelThread) != 0) return false;
  return fields[kEnvironmentEnd] == "0";
}

/// The environment with which the process was started; empty when it has none or is gone.
std::string environment_of(pid_t process) {
  // Such a moment lasts for microseconds. Taking it for an answer would let a process slip away
  // that was told to start just now, or call one ended that is still ending.
  constexpr int kMostTries = 250;
  constexpr timespec kPause{.tv_sec = 0, .tv_nsec = 200'000};
  const std::string path = fmt::format("/proc/{}/environ", process);
  for (int tries = 0; tries < kMostTries; ++tries) {
    auto text = os::read_file(path);
    if (text && !text->empty()) return *std::move(text);
    if (!text && text.error().code == ErrorCode::denied) return {};  // somebody else's
    if (!is_between_memories(process))
      return os::read_file(path).value_or("");  // it may have got through meanwhile
    ::nanosleep(&kPause, nullptr);
  }
  return {};
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
  const std::string text = environment_of(process);
  // NAME=value, each closed by a NUL; one in front lets every entry be found between two.
  const std::string entries = '\0' + text;
  return std::all_of(marks.begin(), marks.end(), [&](const std::string& mark) {
    return entries.find('\0' + mark + '\0') != std::string::npos;
  });
}

}  // namespace swamp::driver
