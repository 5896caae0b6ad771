#include "os/process_info.h"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <limits>
#include <pwd.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <vector>

#include "os/file.h"

namespace swamp::os {

std::int64_t process_id() {
  return ::getpid();
}

std::string host_name() {
  utsname names{};
  if (::uname(&names) != 0 || names.nodename[0] == '\0') return "localhost";
  return names.nodename;
}

std::string user_name() {
  passwd entry{};
  passwd* found = nullptr;
  std::vector<char> buffer(std::size_t{16} * 1024);
  if (::getpwuid_r(::geteuid(), &entry, buffer.data(), buffer.size(), &found) == 0 &&
      found != nullptr) {
    return found->pw_name;
  }
  if (const char* user = std::getenv("USER"); user != nullptr && *user != '\0') return user;
  return std::to_string(::geteuid());
}

bool is_process_alive(std::int64_t pid) {
  if (pid <= 0 || pid > std::numeric_limits<pid_t>::max()) return false;
  return ::kill(static_cast<pid_t>(pid), 0) == 0 || errno == EPERM;
}

std::string boot_id() {
  std::string id = read_file("/proc/sys/kernel/random/boot_id").value_or("");
  while (id.ends_with('\n'))
    id.pop_back();
  return id;
}

}  // namespace swamp::os
