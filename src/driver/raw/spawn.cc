#include "driver/raw/spawn.h"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <memory>
#include <sched.h>
#include <string_view>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

#include "os/system_error.h"

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define SWAMP_UNDER_THREAD_SANITIZER
// The C library's own names.
extern "C" int __clone(int (*)(void*), void*, int, void*, ...);                        // NOLINT
extern "C" int __sigaction(int, const struct sigaction*, struct sigaction*) noexcept;  // NOLINT
#endif
#endif

namespace swamp::driver {
namespace {

#ifdef SWAMP_UNDER_THREAD_SANITIZER
// What it puts before these of the C library takes every child for one with a memory of its own.
constexpr auto kClone = &::__clone;
constexpr auto kSigaction = &::__sigaction;
#else
constexpr auto kClone = &::clone;
constexpr auto kSigaction = &::sigaction;
#endif

/// What the child was doing when it failed.
enum class Stage : std::uint8_t { none, streams, directory, program };

/// Everything the child needs, ready made: between clone and execve it shares our memory and may
/// not allocate.
struct Plan {
  std::vector<const char*> programs;  // to be tried in turn; ends with null
  std::vector<char*> argv;
  std::vector<char*> env;
  const char* directory = nullptr;
  int in = -1;  // -1: leave it
  int out = -1;
  int err = -1;
  bool has_descriptor_limit = false;
  rlimit descriptors = {};

  // Written by the child, read by us once it has gone its way.
  Stage failed_at = Stage::none;
  int problem = 0;
};

// The child's functions are hidden from the sanitizers, which would take its stack for one of ours.

/// Our handlers may not run in a process that shares our memory, and what we ignore is not for
/// programs to inherit. What was ignored before us (nohup) stays so.
[[gnu::no_sanitize_address, gnu::no_sanitize_thread]] void reset_signals() {
  for (int number = 1; number < NSIG; ++number) {
    struct sigaction action {};
    if (kSigaction(number, nullptr, &action) != 0) continue;
    const bool is_ours =
        number == SIGPIPE || (action.sa_handler != SIG_IGN && action.sa_handler != SIG_DFL);
    if (!is_ours) continue;
    action = {};
    action.sa_handler = SIG_DFL;
    kSigaction(number, &action, nullptr);
  }
}

[[noreturn, gnu::no_sanitize_address, gnu::no_sanitize_thread]] void give_up(Plan& plan,
                                                                             Stage stage,
                                                                             int problem) {
  plan.failed_at = stage;
  plan.problem = problem;
  ::_exit(127);
}

[[noreturn, gnu::no_sanitize_address, gnu::no_sanitize_thread]] void run_program(Plan& plan) {
  int problem = ENOENT;
  for (const char* const* program = plan.programs.data(); *program != nullptr; ++program) {
    ::execve(*program, plan.argv.data(), plan.env.data());
    if (errno != ENOENT && errno != ENOTDIR) problem = errno;
    if (problem != ENOENT && problem != EACCES) break;
  }
  give_up(plan, Stage::program, problem);
}

[[gnu::no_sanitize_address, gnu::no_sanitize_thread]] int child_main(void* argument) {
  Plan& plan = *static_cast<Plan*>(argument);
  reset_signals();
  ::setpgid(0, 0);
  if ((plan.in >= 0 && ::dup2(plan.in, 0) < 0) || ::dup2(plan.out, 1) < 0 ||
      ::dup2(plan.err, 2) < 0) {
    give_up(plan, Stage::streams, errno);
  }
  if (plan.directory != nullptr && ::chdir(plan.directory) != 0)
    give_up(plan, Stage::directory, errno);
  if (plan.has_descriptor_limit) ::setrlimit(RLIMIT_NOFILE, &plan.descriptors);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  run_program(plan);
}

/// Our environment with the additions over it, as `NAME=value` texts.
std::vector<std::string> merged_environment(const std::map<std::string, std::string>& additions) {
  std::vector<std::string> merged;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    if (!additions.contains(std::string(text.substr(0, text.find('='))))) merged.emplace_back(text);
  }
  for (const auto& [name, value] : additions) {
    merged.push_back(fmt::format("{}={}", name, value));
  }
  return merged;
}

std::string_view path_variable(const std::vector<std::string>& env) {
  for (const std::string& entry : env) {
    if (entry.starts_with("PATH=")) return std::string_view(entry).substr(5);
  }
  return "/usr/local/bin:/usr/bin:/bin";
}

/// Where a program may lie: itself when it has a slash, else in each folder of PATH.
std::vector<std::string> candidates(const std::string& name, const std::vector<std::string>& env) {
  if (name.find('/') != std::string::npos) return {name};
  std::vector<std::string> found;
  std::string_view path = path_variable(env);
  for (;;) {
    const auto end = path.find(':');
    const std::string_view folder = path.substr(0, end);
    found.push_back(folder.empty() ? name : fmt::format("{}/{}", folder, name));
    if (end == std::string_view::npos) return found;
    path.remove_prefix(end + 1);
  }
}

template <class Pointer, class Texts>
std::vector<Pointer> pointers(Texts& texts) {
  std::vector<Pointer> list;
  list.reserve(texts.size() + 1);
  for (auto& text : texts)
    list.push_back(text.data());
  list.push_back(nullptr);
  return list;
}

Result<> check(const ProcessSpec& spec) {
  const auto has_nul = [](const std::string& text) { return text.find('\0') != std::string::npos; };
  if (spec.argv.empty() || spec.argv.front().empty()) {
    return fail(ErrorCode::invalid_input, "there is no program to start");
  }
  for (const std::string& argument : spec.argv) {
    if (has_nul(argument)) {
      return fail(
          ErrorCode::invalid_input,
          fmt::format("an argument of '{}' holds a NUL character", spec.argv.front().c_str()),
          "pass binary data in a file or on standard input");
    }
  }
  for (const auto& [name, value] : spec.env) {
    if (name.empty() || has_nul(name) || name.find('=') != std::string::npos) {
      return fail(ErrorCode::invalid_input,
                  fmt::format("'{}' cannot be the name of an environment variable", name.c_str()));
    }
    if (has_nul(value)) {
      return fail(ErrorCode::invalid_input,
                  fmt::format("the environment variable '{}' holds a NUL character", name));
    }
  }
  if (has_nul(spec.directory))
    return fail(ErrorCode::invalid_input, "the working directory holds a NUL character");
  return {};
}

Error directory_error(int problem, const std::string& directory) {
  const auto error = [&](std::string_view what, std::string hint) {
    return Error{.code = ErrorCode::invalid_input,
                 .message = fmt::format("the working directory '{}' {}", directory, what),
                 .hint = std::move(hint)};
  };
  switch (problem) {
    case ENOENT:
      return error("does not exist", "make it first, or correct the path");
    case ENOTDIR:
      return error("is not a directory", "name a folder");
    case EACCES:
      return error("may not be entered: permission denied",
                   "check the permissions of it and of the folders above it");
    default:
      return error(fmt::format("cannot be used: {}", os::cause_of(problem)), {});
  }
}

/// A script whose `#!` line names nothing fails like a script that is not there; only looking
/// tells.
bool is_there(const std::string& program, const std::string& directory) {
  struct stat status {};
  const std::string path =
      program.front() == '/' || directory.empty() ? program : directory + "/" + program;
  return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
}

Error program_error(int problem, const ProcessSpec& spec, const std::vector<std::string>& tried) {
  const std::string& name = spec.argv.front();
  const auto error = [&](std::string message, std::string hint) {
    return Error{
        .code = ErrorCode::invalid_input, .message = std::move(message), .hint = std::move(hint)};
  };
  switch (problem) {
    case ENOENT:
      for (const std::string& path : tried) {
        if (!is_there(path, spec.directory)) continue;
        return error(fmt::format("cannot run '{}': the interpreter it names does not exist", path),
                     "check its '#!' line, and for a binary that its loader is installed");
      }
      if (name.find('/') != std::string::npos)
        return error(fmt::format("the program '{}' does not exist", name), {});
      return error(fmt::format("the program '{}' was not found", name),
                   "is it installed, and in a folder of PATH?");
    case EACCES:
      return error(fmt::format("cannot run '{}': permission denied", name),
                   "make it executable: chmod +x");
    case ENOEXEC:
      return error(fmt::format("cannot run '{}': it is no program for this machine", name),
                   "a script begins with a '#!' line");
    case E2BIG:
      return error(fmt::format("cannot run '{}': its arguments and environment are too long", name),
                   "pass large values in a file or on standard input");
    default:
      return os::system_error(problem, "run", name);
  }
}

/// Without those that are not there: to find out here costs a tenth of what it costs the child. All
/// of them when none is left, so that the child tells what is wrong. Relative ones are for the
/// child to look at, from its own folder.
std::vector<std::string> without_missing(const std::vector<std::string>& programs) {
  std::vector<std::string> found;
  for (const std::string& program : programs) {
    const bool is_missing = program.starts_with('/') && ::access(program.c_str(), F_OK) != 0 &&
                            (errno == ENOENT || errno == ENOTDIR);
    if (!is_missing) found.push_back(program);
  }
  return found.empty() ? programs : found;
}

/// A descriptor that does not collide with the numbers of the standard streams, as it could where
/// ours were closed.
Result<> move_above_streams(os::Descriptor& fd) {
  if (!fd.is_open() || fd.get() > 2) return {};
  const int moved = ::fcntl(fd.get(), F_DUPFD_CLOEXEC, 3);
  if (moved < 0) return fail(os::system_error(errno, "make a pipe"));
  fd = os::Descriptor(moved);
  return {};
}

void do_not_block(const os::Descriptor& fd) {
  if (fd.is_open()) ::fcntl(fd.get(), F_SETFL, ::fcntl(fd.get(), F_GETFL) | O_NONBLOCK);
}

/// The child's ends of its streams; `in` is closed when it inherits ours.
struct ChildEnds {
  os::Descriptor in;
  os::Descriptor out;
  os::Descriptor err;
};

Result<ChildEnds> make_streams(Input input, Spawned& ours) {
  SWAMP_TRY(auto out, os::make_pipe());
  SWAMP_TRY(auto err, os::make_pipe());
  ChildEnds theirs{.out = std::move(out.write), .err = std::move(err.write)};
  ours.out = std::move(out.read);
  ours.err = std::move(err.read);
  if (input == Input::piped) {
    SWAMP_TRY(auto in, os::make_pipe());
    theirs.in = std::move(in.read);
    ours.in = std::move(in.write);
  }
  if (input == Input::empty) {
    SWAMP_TRY(theirs.in, os::open_descriptor("/dev/null", O_RDONLY, "open"));
  }
  for (os::Descriptor* fd : {&theirs.in, &theirs.out, &theirs.err})
    SWAMP_CHECK(move_above_streams(*fd));
  for (const os::Descriptor* fd : {&ours.in, &ours.out, &ours.err})
    do_not_block(*fd);
  return theirs;
}

/// Starts the child on a stack of its own and returns once it has become another program, or has
/// given up. The memory is shared until then (as vfork does it), so starting costs the same however
/// much memory we use.
Result<> launch(Plan& plan, Spawned& ours, std::string_view name) {
  constexpr std::size_t kStack = std::size_t{64} * 1024;
  const auto stack = std::make_unique_for_overwrite<char[]>(kStack);
  char* top = stack.get() + kStack;
  top -= reinterpret_cast<std::uintptr_t>(top) % 16;

  sigset_t all;
  ::sigfillset(&all);
  sigset_t before;
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  int pidfd = -1;
  ours.pid = kClone(child_main, top, CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD, &plan, &pidfd);
  const int problem = errno;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (ours.pid < 0) {
    Error error = os::system_error(problem, fmt::format("start '{}'", name));
    if (problem == EAGAIN) {
      error.hint =
          "the machine is at its limit of processes; set SWAMP_MAX_CONCURRENT_STEPS to a smaller "
          "number";
    }
    return fail(std::move(error));
  }
  ours.pidfd = os::Descriptor(pidfd);
  return {};
}

}  // namespace

Result<Spawned> spawn(const ProcessSpec& spec, std::optional<std::uint64_t> descriptor_limit) {
  SWAMP_CHECK(check(spec));
  Spawned ours;
  SWAMP_TRY(const ChildEnds theirs, make_streams(spec.input, ours));

  std::vector<std::string> argv = spec.argv;
  std::vector<std::string> env = merged_environment(spec.env);
  const std::vector<std::string> programs = candidates(argv.front(), env);
  const std::vector<std::string> likely = without_missing(programs);
  Plan plan{.programs = pointers<const char*>(likely),
            .argv = pointers<char*>(argv),
            .env = pointers<char*>(env),
            .directory = spec.directory.empty() ? nullptr : spec.directory.c_str(),
            .in = theirs.in.get(),
            .out = theirs.out.get(),
            .err = theirs.err.get()};
  if (descriptor_limit && ::getrlimit(RLIMIT_NOFILE, &plan.descriptors) == 0) {
    plan.descriptors.rlim_cur = std::min<rlim_t>(*descriptor_limit, plan.descriptors.rlim_max);
    plan.has_descriptor_limit = true;
  }
  SWAMP_CHECK(launch(plan, ours, argv.front()));
  if (plan.failed_at == Stage::none) return ours;

  ::waitpid(ours.pid, nullptr, 0);
  if (plan.failed_at == Stage::directory)
    return fail(directory_error(plan.problem, spec.directory));
  if (plan.failed_at == Stage::streams)
    return fail(os::system_error(plan.problem, "connect the streams of a process"));
  return fail(program_error(plan.problem, spec, programs));
}

}  // namespace swamp::driver
