#include "driver/raw/terminal_lender.h"

#include <csignal>
#include <fcntl.h>
#include <string>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "async/signals.h"
#include "async/task_group.h"
#include "async/timeout.h"
#include "driver/raw/children.h"
#include "driver/raw/raw_process.h"
#include "os/descriptor.h"
#include "support/run.h"

namespace swamp::driver {
namespace {

using std::chrono_literals::operator""s;

/// Runs `session` in a process of its own whose terminal is a new one, types `keys` there, and
/// gives back what the session says.
std::string at_a_terminal(std::string_view keys, Task<std::string> (*session)()) {
  os::Descriptor keyboard(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  ::grantpt(keyboard.get());
  ::unlockpt(keyboard.get());
  auto answer = os::make_pipe();
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::setsid();
    const int terminal =
        ::open(::ptsname(keyboard.get()), O_RDWR);  // becomes the controlling terminal
    ::dup2(terminal, 0);
    ::alarm(30);
    const auto said = test::run(session());
    (void)os::write_all(answer->write, said ? *said : "error: " + said.error().message, "pipe");
    ::_exit(0);
  }
  answer->write.close();
  (void)os::write_all(keyboard, keys, "terminal");
  std::string said;
  char buffer[1024];
  for (ssize_t got = 0; (got = ::read(answer->read.get(), buffer, sizeof buffer)) > 0;) {
    said.append(buffer, static_cast<std::size_t>(got));
  }
  ::waitpid(pid, nullptr, 0);
  return said;
}

Task<std::string> output_of(RawProcess& process) {
  std::string output;
  for (;;) {
    SWAMP_CO_TRY(auto chunk, co_await process.read());
    if (!chunk) break;
    output += chunk->bytes;
  }
  SWAMP_CO_TRY([[maybe_unused]] auto exit, co_await process.wait());
  co_return output;
}

std::string whose_terminal() {
  return ::tcgetpgrp(0) == ::getpgrp() ? "ours" : "lent";
}

ProcessSpec reader(std::string script) {
  return {.argv = {"sh", "-c", std::move(script)}, .input = Input::inherited};
}

Task<std::string> ask_once() {
  auto executor = co_await asio::this_coro::executor;
  Children children(executor);
  const ProcessSpec spec = reader("read name; echo \"hello $name\"");
  SWAMP_CO_TRY(auto process, RawProcess::start(executor, children, spec));
  SWAMP_CO_TRY(const std::string said, co_await output_of(*process));
  co_return said + whose_terminal();
}

TEST(TerminalLenderTest, AProcessThatReadsFromTheTerminalGetsItAndGivesItBack) {
  EXPECT_EQ(at_a_terminal("Ada\n", ask_once), "hello Ada\nours");
}

Task<std::string> ask_with_closed_input() {
  auto executor = co_await asio::this_coro::executor;
  Children children(executor);
  ProcessSpec spec = reader("read name </dev/tty; echo \"hello $name\"");
  spec.input = Input::empty;
  SWAMP_CO_TRY(auto process, RawProcess::start(executor, children, spec));
  co_return co_await output_of(*process);
}

TEST(TerminalLenderTest, APasswordPromptThatOpensTheTerminalItselfWorks) {
  EXPECT_EQ(at_a_terminal("secret\n", ask_with_closed_input), "hello secret\n");
}

Task<std::string> ask_two() {
  auto executor = co_await asio::this_coro::executor;
  Children children(executor);
  const ProcessSpec spec = reader("read name; echo \"$name\"");
  SWAMP_CO_TRY(auto first, RawProcess::start(executor, children, spec));
  SWAMP_CO_TRY(auto second, RawProcess::start(executor, children, spec));
  SWAMP_CO_TRY(const std::string a, co_await output_of(*first));
  SWAMP_CO_TRY(const std::string b, co_await output_of(*second));
  co_return (a < b ? a + b : b + a) + whose_terminal();
}

TEST(TerminalLenderTest, TwoReadersGetTheTerminalOneAfterTheOther) {
  EXPECT_EQ(at_a_terminal("1\n2\n", ask_two), "1\n2\nours");
}

Task<std::string> be_interrupted() {
  auto executor = co_await asio::this_coro::executor;
  const int numbers[] = {SIGINT};
  SWAMP_CO_TRY(auto signals, Signals::open(executor, numbers));
  Children children(executor);
  const ProcessSpec spec =
      reader("read a; echo $a; kill -INT 0");  // as the terminal does for control-C
  SWAMP_CO_TRY(auto process, RawProcess::start(executor, children, spec));
  SWAMP_CO_TRY(const std::string said, co_await output_of(*process));
  SWAMP_CO_TRY(const int signal, co_await signals.next());
  co_return fmt::format("{}{} {}", said, signal == SIGINT ? "interrupted" : "?", whose_terminal());
}

TEST(TerminalLenderTest, AnInterruptOfTheBorrowerIsOursToo) {
  EXPECT_EQ(at_a_terminal("x\n", be_interrupted), "x\ninterrupted ours");
}

Task<std::string> drop_borrower() {
  auto executor = co_await asio::this_coro::executor;
  Children children(executor);
  const ProcessSpec spec = reader("read a; echo has it; read b");
  SWAMP_CO_TRY(auto process, RawProcess::start(executor, children, spec));
  SWAMP_CO_TRY([[maybe_unused]] auto chunk, co_await process->read());
  std::string said = whose_terminal();
  process.reset();
  co_return said + ", then " + whose_terminal();
}

TEST(TerminalLenderTest, ABorrowerThatIsEndedGivesTheTerminalBack) {
  EXPECT_EQ(at_a_terminal("x\n", drop_borrower), "lent, then ours");
}

}  // namespace
}  // namespace swamp::driver
