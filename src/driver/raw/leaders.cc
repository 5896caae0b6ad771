#include "driver/raw/leaders.h"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string_view>
#include <system_error>

#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

namespace swamp::driver {
namespace {

std::string read_proc(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

std::vector<pid_t> Leaders::adopted() const {
  // The kernel keeps the list of children by thread; orphans may be entered with any of ours.
  std::vector<pid_t> found;
  std::error_code gone;
  for (const auto& thread : std::filesystem::directory_iterator("/proc/self/task", gone)) {
    std::istringstream children(read_proc(thread.path().string() + "/children"));
    for (pid_t child = 0; children >> child;) {
      if (leaders_.count(child) == 0) found.push_back(child);
    }
  }
  return found;
}

void Leaders::reap_adopted() const {
  for (const pid_t child : adopted()) {
    siginfo_t ignored{};
    ::waitid(P_PID, static_cast<id_t>(child), &ignored, WEXITED | WNOHANG);
  }
}

bool belongs_to(pid_t process, pid_t group, const std::string& run_mark, const std::string& step_mark) {
  if (::getpgid(process) == group) return true;
  if (run_mark.empty() || step_mark.empty()) return false;
  // NAME=value, each closed by a NUL; one in front lets every entry be found between two.
  const std::string entries = std::string(1, '\0') + read_proc(fmt::format("/proc/{}/environ", process));
  const auto has = [&](const std::string& mark) { return entries.find('\0' + mark + '\0') != std::string::npos; };
  return has(run_mark) && has(step_mark);
}

}  // namespace swamp::driver
