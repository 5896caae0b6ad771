// Runs one command over and over, each time when the one before has ended: what starting it costs
// by itself, to hold beside those who start it in turn.
//
//   bench_in_turn COUNT COMMAND [ARGUMENT…]

#include <cstdio>
#include <cstdlib>
#include <spawn.h>
#include <sys/wait.h>

extern char** environ;

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fputs("usage: bench_in_turn COUNT COMMAND [ARGUMENT...]\n", stderr);
    return 2;
  }
  for (int left = std::atoi(argv[1]); left > 0; --left) {
    pid_t pid = 0;
    int status = 0;
    if (::posix_spawnp(&pid, argv[2], nullptr, nullptr, argv + 2, environ) != 0 ||
        ::waitpid(pid, &status, 0) != pid || status != 0) {
      std::fprintf(stderr, "%s failed\n", argv[2]);
      return 2;
    }
  }
  return 0;
}
