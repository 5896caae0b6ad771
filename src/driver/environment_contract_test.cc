#include <csignal>
#include <string>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "async/task_group.h"
#include "async/timeout.h"
#include "driver/builtin_drivers.h"
#include "driver/environment.h"
#include "support/run.h"
#include "support/temp_dir.h"

// What every environment does. A new driver gets a row in kPlaces.
namespace swamp::driver {
namespace {

constexpr EndOptions kDefaultEnd;

namespace fs = std::filesystem;
using std::chrono_literals::operator""h;
using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

struct Place {
  std::string name;
  Value config;
};

const Place kPlaces[] = {{.name = "raw", .config = Value()}};

template <class T, class... Args>
Task<T> inside(Place place, Task<T> (*scenario)(Environment&, Args...), Args... args) {
  auto executor = co_await asio::this_coro::executor;
  BlockingPool pool(1);
  Children children(executor);
  DriverServices services{.executor = executor, .children = children, .pool = pool};
  SWAMP_CO_TRY(auto environment, co_await open_environment(place.name, place.config, services));
  auto result = co_await scenario(*environment, args...);
  SWAMP_CO_CHECK(co_await environment->close());
  co_return result;
}

class EnvironmentTest : public testing::TestWithParam<Place> {
 protected:
  /// Runs a scenario in a new environment, for at most a minute.
  template <class T, class... Args>
  Result<T> in(Task<T> (*scenario)(Environment&, Args...), std::type_identity_t<Args>... args) {
    return test::run(within(60s, inside<T, Args...>(GetParam(), scenario, args...)));
  }
};

INSTANTIATE_TEST_SUITE_P(Every, EnvironmentTest, testing::ValuesIn(kPlaces),
                         [](const auto& place) { return place.param.name; });

/// All that is to be known of a process that has ended.
struct Ran {
  std::string out;
  std::string err;
  int code = -1;
  int signal = 0;
};

Task<> collect(Process& process, Ran& ran) {
  for (;;) {
    SWAMP_CO_TRY(auto chunk, co_await process.read());
    if (!chunk) co_return Result<>{};
    (chunk->stream == Chunk::Stream::out ? ran.out : ran.err) += chunk->bytes;
  }
}

Task<Ran> finish(Process& process) {
  Ran ran;
  SWAMP_CO_CHECK(co_await collect(process, ran));
  SWAMP_CO_TRY(const Exit exit, co_await process.wait());
  ran.code = exit.code;
  ran.signal = exit.signal;
  co_return ran;
}

ProcessSpec sh(std::string script) {
  return {.argv = {"sh", "-c", std::move(script)}};
}

Task<Ran> run_process(Environment& environment, ProcessSpec spec) {
  SWAMP_CO_TRY(auto process, co_await environment.start(std::move(spec)));
  co_return co_await finish(*process);
}

/// Reads until a line is whole.
Task<std::string> read_line(Process& process) {
  std::string line;
  while (line.find('\n') == std::string::npos) {
    SWAMP_CO_TRY(auto chunk, co_await process.read());
    if (!chunk) co_return fail(ErrorCode::internal, "the process printed no line");
    line += chunk->bytes;
  }
  co_return line.substr(0, line.find('\n'));
}

/// Waits until a process of the environment is no more, not even as a zombie.
Task<Ran> wait_until_gone(Environment& environment, std::string pid) {
  auto spec = sh("while kill -0 " + pid + " 2>/dev/null; do sleep 0.01; done");
  co_return co_await run_process(environment, std::move(spec));
}

/// Whether it runs: a dead process that waits to be reaped does not.
Task<bool> is_alive(Environment& environment, std::string pid) {
  auto spec = sh("grep -q '^State:.[^ZX]' /proc/" + pid + "/status");
  SWAMP_CO_TRY(const Ran ran, co_await run_process(environment, std::move(spec)));
  co_return ran.code == 0;
}

/// Marked as the engine marks what a step starts.
ProcessSpec marked(ProcessSpec spec, std::string step) {
  spec.env["SWAMP_RUN"] = fmt::format("run-{}", ::getpid());
  spec.env["SWAMP_STEP"] = std::move(step);
  return spec;
}

// Streams and exits

TEST_P(EnvironmentTest, StreamsAndExitCodeAreTold) {
  const auto ran = in(run_process, sh("echo to out; echo to err >&2; exit 3"));
  ASSERT_TRUE(ran) << ran.error().message;
  EXPECT_EQ(ran->out, "to out\n");
  EXPECT_EQ(ran->err, "to err\n");
  EXPECT_EQ(ran->code, 3);
  EXPECT_EQ(ran->signal, 0);
}

TEST_P(EnvironmentTest, ASignalThatEndedItIsTold) {
  const auto ran = in(run_process, sh("kill -SEGV $$"));
  EXPECT_EQ(ran->code, 128 + SIGSEGV);
  EXPECT_EQ(ran->signal, SIGSEGV);
}

Task<Ran> echo_through_cat(Environment& environment, std::string bytes) {
  const ProcessSpec spec{.argv = {"cat"}, .input = Input::piped};
  SWAMP_CO_TRY(auto process, co_await environment.start(spec));
  SWAMP_CO_CHECK(co_await process->write(bytes.substr(0, 100)));
  SWAMP_CO_CHECK(co_await process->write(bytes.substr(100)));
  process->close_input();
  co_return co_await finish(*process);
}

TEST_P(EnvironmentTest, EveryByteGoesThroughUnchanged) {
  std::string bytes;
  for (int i = 0; i < 256; ++i)
    bytes += static_cast<char>(i);
  EXPECT_EQ(in(echo_through_cat, bytes)->out, bytes);
}

TEST_P(EnvironmentTest, EmptyInputEndsAtOnce) {
  EXPECT_EQ(in(run_process, sh("cat; echo end"))->out, "end\n");
}

Task<> write_to_the_deaf(Environment& environment) {
  auto spec = sh("exec <&-; echo closed; sleep 1000");
  spec.input = Input::piped;
  SWAMP_CO_TRY(auto process, co_await environment.start(std::move(spec)));
  SWAMP_CO_TRY([[maybe_unused]] auto line, co_await read_line(*process));
  for (int i = 0; i < 3; ++i)
    SWAMP_CO_CHECK(co_await process->write("x"));
  co_return Result<>{};
}

TEST_P(EnvironmentTest, WritingToAProcessThatDoesNotListenIsAnErrorAndNoDisaster) {
  const auto result = in(write_to_the_deaf);
  EXPECT_EQ(result.error().code, ErrorCode::unavailable);
  EXPECT_EQ(result.error().message, "the process has closed its standard input");
}

Task<std::size_t> count_bytes(Environment& environment, ProcessSpec spec) {
  SWAMP_CO_TRY(auto process, co_await environment.start(std::move(spec)));
  std::size_t count = 0;
  for (;;) {
    SWAMP_CO_TRY(auto chunk, co_await process->read());
    if (!chunk) co_return count;
    count += chunk->bytes.size();
  }
}

#ifdef __SANITIZE_ADDRESS__
constexpr long kMostKilobytes = 300'000;  // the sanitizer keeps what was freed
#else
constexpr long kMostKilobytes = 32'000;
#endif

TEST_P(EnvironmentTest, AHundredMegabytesPassThroughLittleMemory) {
  const auto peak = [] {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
  };
  const long before = peak();
  EXPECT_EQ(in(count_bytes, sh("head -c 100000000 /dev/zero")), 100'000'000U);
  EXPECT_LT(peak() - before, kMostKilobytes);
}

TEST_P(EnvironmentTest, AFloodOnOneStreamDoesNotHideTheOther) {
  const auto ran =
      in(run_process, sh("head -c 300000 /dev/zero; echo seen >&2; head -c 300000 /dev/zero"));
  EXPECT_EQ(ran->out.size(), 600'000U);
  EXPECT_EQ(ran->err, "seen\n");
}

// What it runs with

TEST_P(EnvironmentTest, VariablesAreAddedToThoseOfTheEnvironment) {
  ProcessSpec spec = sh("echo \"$GREETING/$HOME/${PATH:+has a path}\"");
  spec.env = {{"GREETING", "hello 'you'"}, {"HOME", "/nowhere"}};
  EXPECT_EQ(in(run_process, spec)->out, "hello 'you'//nowhere/has a path\n");
}

TEST_P(EnvironmentTest, ItRunsInTheDirectoryThatIsNamed) {
  test::TempDir dir;
  fs::create_directory(dir / "some where");
  ProcessSpec spec = sh("pwd");
  spec.directory = (dir / "some where").string();
  EXPECT_EQ(in(run_process, spec)->out, fs::canonical(dir / "some where").string() + "\n");
}

TEST_P(EnvironmentTest, ADirectoryThatCannotBeUsedIsNamedWithTheReason) {
  test::TempDir dir;
  dir.write("file", "");
  ProcessSpec spec = sh("true");
  spec.directory = (dir / "gone").string();
  const auto gone = in(run_process, spec);
  EXPECT_EQ(gone.error().code, ErrorCode::invalid_input);
  EXPECT_EQ(gone.error().message,
            fmt::format("the working directory '{}' does not exist", spec.directory));
  spec.directory = (dir / "file").string();
  EXPECT_EQ(in(run_process, spec).error().message,
            fmt::format("the working directory '{}' is not a directory", spec.directory));
}

TEST_P(EnvironmentTest, AProgramThatCannotBeRunIsNamedWithTheReason) {
  const auto unknown = in(run_process, ProcessSpec{.argv = {"no-such-program", "x"}});
  EXPECT_EQ(unknown.error().code, ErrorCode::invalid_input);
  EXPECT_EQ(unknown.error().message, "the program 'no-such-program' was not found");
  EXPECT_EQ(unknown.error().hint, "is it installed, and in a folder of PATH?");

  test::TempDir dir;
  const auto message_of = [&](std::string_view name) {
    return in(run_process, ProcessSpec{.argv = {(dir / name).string()}}).error().message;
  };
  const auto path = [&](std::string_view name) { return (dir / name).string(); };
  EXPECT_EQ(message_of("gone"), fmt::format("the program '{}' does not exist", path("gone")));
  dir.write("plain", "echo\n");
  EXPECT_EQ(message_of("plain"), fmt::format("cannot run '{}': permission denied", path("plain")));
  dir.write("script", "#!/no/such/interpreter\n");
  ::chmod(path("script").c_str(), 0755);
  EXPECT_EQ(
      message_of("script"),
      fmt::format("cannot run '{}': the interpreter it names does not exist", path("script")));
  dir.write("data", std::string("\x7f\x01\x02", 3));
  ::chmod(path("data").c_str(), 0755);
  EXPECT_EQ(message_of("data"),
            fmt::format("cannot run '{}': it is no program for this machine", path("data")));
}

TEST_P(EnvironmentTest, WhatNoProcessCanBeGivenIsRefused) {
  EXPECT_EQ(in(run_process, ProcessSpec{}).error().message, "there is no program to start");
  EXPECT_EQ(in(run_process, sh(std::string("a\0b", 3))).error().message,
            "an argument of 'sh' holds a NUL character");
  ProcessSpec spec = sh("true");
  spec.env = {{"A=B", ""}};
  EXPECT_EQ(in(run_process, spec).error().message,
            "'A=B' cannot be the name of an environment variable");
  spec = sh("true");
  spec.argv.push_back(std::string(3'000'000, 'x'));
  EXPECT_EQ(in(run_process, spec).error().message,
            "cannot run 'sh': its arguments and environment are too long");
}

// Many at once

Task<> run_together(Environment& environment, std::size_t count) {
  std::vector<std::unique_ptr<Process>> processes;
  for (std::size_t i = 0; i < count; ++i) {
    auto spec = sh("read line; echo \"$line\"; exit 5");
    spec.input = Input::piped;
    SWAMP_CO_TRY(auto process, co_await environment.start(std::move(spec)));
    processes.push_back(std::move(process));
  }
  for (std::size_t i = 0; i < count; ++i) {
    auto text = fmt::format("{}\n", i);
    SWAMP_CO_CHECK(co_await processes[i]->write(text));
    SWAMP_CO_TRY(const Ran ran, co_await finish(*processes[i]));
    if (ran.out != text || ran.code != 5) co_return fail(ErrorCode::internal, "got " + ran.out);
  }
  co_return Result<>{};
}

TEST_P(EnvironmentTest, ThreeHundredProcessesRunAtOnce) {
  const auto result = in(run_together, 300);
  EXPECT_TRUE(result) << result.error().message;
}

// Ending

Task<Ran> end_after_line(Environment& environment, ProcessSpec spec, EndOptions options) {
  SWAMP_CO_TRY(auto process, co_await environment.start(std::move(spec)));
  SWAMP_CO_TRY(auto line, co_await read_line(*process));
  SWAMP_CO_CHECK(co_await process->end(options));
  SWAMP_CO_CHECK(co_await process->end(options));
  SWAMP_CO_TRY(Ran ran, co_await finish(*process));
  ran.out = line + "|" + ran.out;
  co_return ran;
}

TEST_P(EnvironmentTest, AProcessIsAskedToEndFirstAndWhatItSaysThenIsRead) {
  const auto ran = in(end_after_line,
                      sh("trap 'echo bye; exit 7' TERM; echo ready; while :; do sleep 0.01; done"),
                      EndOptions());
  EXPECT_EQ(ran->out, "ready|bye\n");
  EXPECT_EQ(ran->code, 7);
}

TEST_P(EnvironmentTest, OneThatIsAskedAndDoesNotEndIsKilledAfterTheGrace) {
  const auto ran =
      in(end_after_line, sh("trap 'echo no' TERM; echo ready; while :; do sleep 0.01; done"),
         EndOptions{.grace = 100ms});
  EXPECT_EQ(ran->out, "ready|no\n");  // asked once
  EXPECT_EQ(ran->signal, SIGKILL);
}

TEST_P(EnvironmentTest, AStoppedProcessEndsToo) {
  const auto ran = in(end_after_line, sh("echo ready; kill -STOP $$"), EndOptions());
  EXPECT_EQ(ran->signal, SIGTERM);
}

Task<bool> leave_and_end(Environment& environment, std::string script) {
  auto spec = marked(sh(std::move(script)), "leaving");
  SWAMP_CO_TRY(auto process, co_await environment.start(std::move(spec)));
  SWAMP_CO_TRY(const std::string pid, co_await read_line(*process));
  SWAMP_CO_CHECK(co_await process->end(kDefaultEnd));
  co_return co_await is_alive(environment, pid);
}

TEST_P(EnvironmentTest, AChildInTheGroupIsEnded) {
  EXPECT_EQ(in(leave_and_end, "sleep 1000 & echo $!; wait"), false);
}

TEST_P(EnvironmentTest, AChildThatLeftItsGroupIsEnded) {
  EXPECT_EQ(in(leave_and_end, "setsid sh -c 'echo $$; exec sleep 1000' & wait"), false);
}

TEST_P(EnvironmentTest, ADaemonWhoseParentsAreGoneIsEndedWithItsChildren) {
  EXPECT_EQ(in(leave_and_end, "(setsid sh -c 'sleep 1000 & echo $!; wait' &); sleep 1000"), false);
}

Task<bool> fail_then_end(Environment& environment) {
  auto spec = marked(sh("sleep 1000 >/dev/null 2>&1 & echo $!; exit 1"), "failing");
  SWAMP_CO_TRY(auto process, co_await environment.start(std::move(spec)));
  SWAMP_CO_TRY(const std::string pid, co_await read_line(*process));
  SWAMP_CO_TRY([[maybe_unused]] auto exit, co_await process->wait());
  SWAMP_CO_CHECK(co_await process->end(kDefaultEnd));
  co_return co_await is_alive(environment, pid);
}

TEST_P(EnvironmentTest, WhatAFailedProcessLeftBehindIsEndedOnRequest) {
  EXPECT_EQ(in(fail_then_end), false);
}

Task<bool> succeed_and_leave(Environment& environment) {
  auto spec = marked(sh("sleep 1000 >/dev/null 2>&1 & echo $!"), "succeeding");
  SWAMP_CO_TRY(auto process, co_await environment.start(std::move(spec)));
  SWAMP_CO_TRY(const Ran ran, co_await finish(*process));
  const std::string pid = ran.out.substr(0, ran.out.find('\n'));
  process.reset();
  SWAMP_CO_TRY(const bool survived, co_await is_alive(environment, pid));
  auto kill = sh("kill " + pid);
  SWAMP_CO_CHECK(co_await run_process(environment, std::move(kill)));
  SWAMP_CO_CHECK(co_await wait_until_gone(environment, pid));
  co_return survived;
}

TEST_P(EnvironmentTest, ABackgroundChildWithClosedPipesSurvivesSuccess) {
  EXPECT_EQ(in(succeed_and_leave), true);
}

Task<> hold_the_pipes(Environment& environment) {
  auto spec = sh("sleep 1000 & exit 0");
  SWAMP_CO_TRY(auto process, co_await environment.start(std::move(spec)));
  SWAMP_CO_TRY(const Exit exit, co_await process->wait());
  if (!exit.is_success()) co_return fail(ErrorCode::internal, "it failed");
  auto read = co_await within(5ms, process->read());
  if (read || read.error().code != ErrorCode::timed_out)
    co_return fail(ErrorCode::internal, "the pipes are closed");
  SWAMP_CO_CHECK(co_await process->end(kDefaultEnd));
  SWAMP_CO_TRY(auto chunk, co_await process->read());
  if (chunk) co_return fail(ErrorCode::internal, "something was printed");
  co_return Result<>{};
}

TEST_P(EnvironmentTest, WaitingDoesNotDependOnThePipesThatAChildHolds) {
  const auto result = in(hold_the_pipes);
  EXPECT_TRUE(result) << result.error().message;
}

Task<> drop_running(Environment& environment) {
  auto spec = sh("echo $$; sleep 1000");
  SWAMP_CO_TRY(auto process, co_await environment.start(std::move(spec)));
  SWAMP_CO_TRY(const std::string pid, co_await read_line(*process));
  process.reset();
  SWAMP_CO_TRY([[maybe_unused]] auto gone, co_await wait_until_gone(environment, pid));
  co_return Result<>{};
}

TEST_P(EnvironmentTest, AProcessThatNobodyWaitsForIsEndedAndReaped) {
  EXPECT_TRUE(in(drop_running));
}

Task<Ran> read_then_end(Process& process) {
  Ran ran;
  auto read = co_await collect(process, ran);
  // Whoever was asked to stop can still end the process and read what it had printed.
  SWAMP_CO_CHECK(co_await process.end(kDefaultEnd));
  SWAMP_CO_CHECK(co_await collect(process, ran));
  ran.err = std::string(to_string(read.error().code));
  co_return ran;
}

Task<> keep(Process& process, Ran& kept) {
  auto ran = co_await read_then_end(process);
  if (!ran) co_return fail(ran.error());
  kept = *ran;
  co_return Result<>{};
}

Task<Ran> cancel_reader(Environment& environment) {
  auto spec = sh("trap 'echo late; exit' TERM; echo early; while :; do sleep 0.01; done");
  SWAMP_CO_TRY(auto process, co_await environment.start(std::move(spec)));
  Ran ran;
  auto limited = co_await within(100ms, keep(*process, ran));
  ran.code = limited.error().code == ErrorCode::timed_out ? 0 : 1;
  co_return ran;
}

TEST_P(EnvironmentTest, ACancelledReaderCanEndItAndLosesNothing) {
  const auto ran = in(cancel_reader);
  ASSERT_TRUE(ran) << ran.error().message;
  EXPECT_EQ(ran->out, "early\nlate\n");
  EXPECT_EQ(ran->err, "cancelled");
  EXPECT_EQ(ran->code, 0);
}

Task<Ran> close_while_running(Environment& environment) {
  auto spec = sh("echo ready; sleep 1000");
  SWAMP_CO_TRY(auto process, co_await environment.start(spec));
  SWAMP_CO_TRY([[maybe_unused]] auto line, co_await read_line(*process));
  SWAMP_CO_CHECK(co_await environment.close());
  SWAMP_CO_TRY(Ran ran, co_await finish(*process));
  auto refused = co_await environment.start(spec);
  ran.err = refused ? "started" : refused.error().message;
  co_return ran;
}

TEST_P(EnvironmentTest, ClosingEndsWhatRunsAndRefusesNewProcesses) {
  const auto ran = in(close_while_running);
  EXPECT_EQ(ran->signal, SIGTERM);
  EXPECT_EQ(ran->err, "the environment is closed");
}

// Files

Task<> put_and_fetch(Environment& environment, fs::path from, std::string middle, fs::path to) {
  SWAMP_CO_CHECK(co_await environment.put(from, middle));
  SWAMP_CO_CHECK(co_await environment.fetch(middle, to));
  co_return Result<>{};
}

TEST_P(EnvironmentTest, ATreeGoesInAndComesBackWithModesAndLinks) {
  test::TempDir dir;
  dir.write("from/bin/tool", "#!/bin/sh\n");
  ::chmod((dir / "from/bin/tool").c_str(), 0751);
  fs::create_symlink("bin/tool", dir / "from/link");
  const auto result = in(put_and_fetch, dir / "from", (dir / "inside").string(), dir / "back");
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(dir.read("back/bin/tool"), "#!/bin/sh\n");
  EXPECT_EQ(fs::status(dir / "back/bin/tool").permissions(), fs::perms(0751));
  EXPECT_EQ(fs::read_symlink(dir / "back/link"), "bin/tool");
  EXPECT_EQ(in(put_and_fetch, dir / "gone", (dir / "x").string(), dir / "y").error().code,
            ErrorCode::not_found);
}

}  // namespace
}  // namespace swamp::driver
