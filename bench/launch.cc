// Runs one command and tells how it went, as one line of JSON on a descriptor:
//
//   bench_launch FD MARK COMMAND [ARGUMENT…]
//   {"seconds": 0.0123, "first": null, "peak_kb": 9876, "cpu": 0.01, "status": 0}
//
// `first` is when the text MARK appeared in the command's output (MARK empty: the output is left
// alone), `peak_kb` the command's own high-water mark. The kernel counts what a child shared before
// it became the command too, so this is a small static program: it adds less than a megabyte, where
// a large caller would add all of itself.

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <spawn.h>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

/// Reads to the end; when `mark` was there, in seconds from `begin`, or -1.
double time_of_mark(int fd, std::string_view mark, Clock::time_point begin) {
  double seen = -1;
  std::string text;  // the last piece, and of the one before it as much as could begin the mark
  char buffer[65536];
  for (ssize_t got = 0; (got = ::read(fd, buffer, sizeof buffer)) > 0;) {
    if (seen >= 0) continue;
    text.append(buffer, static_cast<std::size_t>(got));
    if (text.find(mark) != std::string::npos) seen = seconds_since(begin);
    if (text.size() > mark.size()) text.erase(0, text.size() - mark.size());
  }
  return seen;
}

int start(pid_t& pid, char** command, int output) {
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  if (output >= 0) ::posix_spawn_file_actions_adddup2(&actions, output, 1);
  const int problem = ::posix_spawnp(&pid, command[0], &actions, nullptr, command, environ);
  ::posix_spawn_file_actions_destroy(&actions);
  return problem;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fputs("usage: bench_launch FD MARK COMMAND [ARGUMENT...]\n", stderr);
    return 2;
  }
  const int report = std::atoi(argv[1]);
  const std::string_view mark = argv[2];
  int ends[2] = {-1, -1};
  if (!mark.empty() && ::pipe2(ends, O_CLOEXEC) != 0) return 2;

  pid_t pid = 0;
  const auto begin = Clock::now();
  if (start(pid, argv + 3, ends[1]) != 0) {
    std::fprintf(stderr, "cannot start %s\n", argv[3]);
    return 2;
  }
  double first = -1;
  if (!mark.empty()) {
    ::close(ends[1]);
    first = time_of_mark(ends[0], mark, begin);
  }
  int status = 0;
  rusage usage{};
  if (::wait4(pid, &status, 0, &usage) != pid) return 2;
  const double seconds = seconds_since(begin);

  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  const std::string first_text = first < 0 ? "null" : std::to_string(first);
  ::dprintf(report,
            "{\"seconds\": %.6f, \"first\": %s, \"peak_kb\": %ld, \"cpu\": %.6f, \"status\": %d}\n",
            seconds, first_text.c_str(), usage.ru_maxrss,
            seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime), code);
  return 0;
}
