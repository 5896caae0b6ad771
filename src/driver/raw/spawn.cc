#include "driver/raw/spawn.h"

#include <cerrno>
#include <cstring>
#include <string_view>

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <fmt/format.h>

extern char** environ;

namespace swamp::driver {
namespace {

void do_not_block(const os::Descriptor& fd) { ::fcntl(fd.get(), F_SETFL, ::fcntl(fd.get(), F_GETFL) | O_NONBLOCK); }

/// Why a process cannot run in this folder; checked after a failure, to say it in words.
Result<> check_directory(const std::string& directory) {
  struct stat status {};
  if (::stat(directory.c_str(), &status) != 0) {
    return fail(ErrorCode::invalid_input, fmt::format("working directory '{}' cannot be used: {}", directory,
                                                      std::strerror(errno)),
                "check 'workingDir'; a relative one counts from where swamp was called");
  }
  if (!S_ISDIR(status.st_mode)) {
    return fail(ErrorCode::invalid_input, fmt::format("working directory '{}' is not a directory", directory));
  }
  if (::access(directory.c_str(), X_OK) != 0) {
    return fail(ErrorCode::invalid_input,
                fmt::format("working directory '{}' cannot be entered: {}", directory, std::strerror(errno)));
  }
  return {};
}

Error spawn_error(int problem, const ProcessSpec& spec) {
  if (problem == EAGAIN || problem == ENOMEM) {
    return {.code = ErrorCode::unavailable,
            .message = fmt::format("cannot start '{}': {}", spec.argv.front(), std::strerror(problem)),
            .hint = "the machine is at its limit of processes; set SWAMP_MAX_CONCURRENT_STEPS to a smaller number"};
  }
  if (problem == E2BIG) {
    return {.code = ErrorCode::invalid_input,
            .message = fmt::format("cannot start '{}': its arguments and environment are too long", spec.argv.front()),
            .hint = "pass large values in a file"};
  }
  return {.code = ErrorCode::invalid_input,
          .message = fmt::format("cannot start '{}': {}", spec.argv.front(), std::strerror(problem)),
          .hint = problem == ENOENT ? "is it installed, and on the PATH?" : ""};
}

/// Our environment with the additions over it, as `NAME=value` texts.
std::vector<std::string> merged_environment(const std::map<std::string, std::string>& additions) {
  std::vector<std::string> merged;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    if (additions.count(std::string(text.substr(0, text.find('=')))) == 0) merged.emplace_back(text);
  }
  for (const auto& [name, value] : additions) {
    merged.push_back(fmt::format("{}={}", name, value));
  }
  return merged;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> list;
  list.reserve(texts.size() + 1);
  for (std::string& text : texts) {
    list.push_back(text.data());
  }
  list.push_back(nullptr);
  return list;
}

/// posix_spawn's two attribute objects, given back whatever happens.
struct SpawnPlan {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  SpawnPlan() {
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawnattr_init(&attributes);
  }
  ~SpawnPlan() {
    ::posix_spawn_file_actions_destroy(&actions);
    ::posix_spawnattr_destroy(&attributes);
  }
};

void set_attributes(SpawnPlan& plan) {
  sigset_t none;
  ::sigemptyset(&none);
  sigset_t defaults;
  ::sigfillset(&defaults);
  // A background process that reads from the terminal shall get an error, not be stopped for ever.
  for (int kept : {SIGTTIN, SIGTTOU, SIGKILL, SIGSTOP}) {
    ::sigdelset(&defaults, kept);
  }
  ::posix_spawnattr_setsigmask(&plan.attributes, &none);
  ::posix_spawnattr_setsigdefault(&plan.attributes, &defaults);
  ::posix_spawnattr_setpgroup(&plan.attributes, 0);
  ::posix_spawnattr_setflags(&plan.attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
}

}  // namespace

Result<Spawned> spawn(const ProcessSpec& spec, const std::string& directory, bool give_terminal) {
  SWAMP_TRY(auto out, os::make_pipe());
  SWAMP_TRY(auto err, os::make_pipe());
  os::Pipe in;
  if (spec.input == Input::piped) {
    SWAMP_TRY(in, os::make_pipe());
  }

  SpawnPlan plan;
  set_attributes(plan);
  if (spec.input == Input::empty) {
    ::posix_spawn_file_actions_addopen(&plan.actions, 0, "/dev/null", O_RDONLY, 0);
  } else if (spec.input == Input::piped) {
    ::posix_spawn_file_actions_adddup2(&plan.actions, in.read.get(), 0);
  } else if (give_terminal && ::isatty(0) != 0) {
    ::posix_spawn_file_actions_addtcsetpgrp_np(&plan.actions, 0);
  }
  ::posix_spawn_file_actions_adddup2(&plan.actions, out.write.get(), 1);
  ::posix_spawn_file_actions_adddup2(&plan.actions, err.write.get(), 2);
  ::posix_spawn_file_actions_addchdir_np(&plan.actions, directory.c_str());

  std::vector<std::string> argv = spec.argv;
  std::vector<std::string> env = merged_environment(spec.env);
  Spawned child;
  const int problem = ::posix_spawnp(&child.pid, argv.front().c_str(), &plan.actions, &plan.attributes,
                                     pointers(argv).data(), pointers(env).data());
  if (problem != 0) {
    SWAMP_CHECK(check_directory(directory));
    return fail(spawn_error(problem, spec));
  }
  child.pidfd = os::Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, child.pid, 0)));
  child.in = std::move(in.write);
  child.out = std::move(out.read);
  child.err = std::move(err.read);
  for (const os::Descriptor* fd : {&child.in, &child.out, &child.err}) {
    if (fd->is_open()) do_not_block(*fd);
  }
  return child;
}

}  // namespace swamp::driver
