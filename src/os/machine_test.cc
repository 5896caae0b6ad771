#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <termios.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "os/descriptor.h"
#include "os/limits.h"
#include "os/process_info.h"
#include "os/system_error.h"
#include "os/terminal.h"

namespace swamp::os {
namespace {

TEST(SystemErrorTest, CausesAreWordsAndComeWithAHint) {
  const Error full = system_error(ENOSPC, "write", "a/b");
  EXPECT_EQ(full.code, ErrorCode::unavailable);
  EXPECT_EQ(full.message, "cannot write 'a/b': no space left on device");
  EXPECT_EQ(full.hint, "free some space on that file system and try again");
  EXPECT_EQ(system_error(EACCES, "write", "a").code, ErrorCode::denied);
  EXPECT_EQ(system_error(EROFS, "write", "a").message, "cannot write 'a': read-only file system");
  EXPECT_EQ(system_error(EIO, "write", "a").message, "cannot write 'a': input/output error");
}

TEST(DescriptorTest, ADescriptorIsClosedOnceAndNotInherited) {
  int number = -1;
  {
    auto fd = open_descriptor("/dev/null", O_RDONLY, "open");
    number = fd->get();
    EXPECT_EQ(::fcntl(number, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
    Descriptor moved = std::move(*fd);
    EXPECT_FALSE(fd->is_open());
    EXPECT_EQ(moved.get(), number);
  }
  EXPECT_EQ(::fcntl(number, F_GETFD), -1);
}

TEST(LimitsTest, ProcessesAtOnceStayWithinDescriptorsAndCores) {
  EXPECT_EQ(processes_at_once(1'048'576, 4), 256U);
  EXPECT_EQ(processes_at_once(1024, 64), 192U);
  EXPECT_EQ(processes_at_once(256, 4), 1U);
  EXPECT_EQ(processes_at_once(0, 0), 1U);
  EXPECT_GE(usable_cores(), 1U);
}

TEST(LimitsTest, TheLimitOfOpenFilesIsRaisedAndTheOldOneKnown) {
  rlimit before{};
  ::getrlimit(RLIMIT_NOFILE, &before);
  const rlimit low{64, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &low), 0);
  const auto limit = raise_descriptor_limit();
  ASSERT_TRUE(limit);
  EXPECT_EQ(limit->inherited, 64U);
  EXPECT_EQ(limit->now, before.rlim_max);
  ::setrlimit(RLIMIT_NOFILE, &before);
}

TEST(TerminalTest, AFileIsNoTerminalAndAPseudoTerminalIsOneWithASize) {
  auto file = open_descriptor("/dev/null", O_RDONLY, "open");
  EXPECT_FALSE(is_terminal(file->get()));
  EXPECT_EQ(terminal_size(file->get()).columns, 80U);
  const Descriptor terminal(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  ASSERT_TRUE(terminal.is_open());
  EXPECT_TRUE(is_terminal(terminal.get()));
  const winsize narrow{.ws_row = 7, .ws_col = 33};
  ASSERT_EQ(::ioctl(terminal.get(), TIOCSWINSZ, &narrow), 0);
  EXPECT_EQ(terminal_size(terminal.get()).columns, 33U);
  EXPECT_EQ(terminal_size(terminal.get()).rows, 7U);
}

TEST(TerminalTest, TypingIsHiddenForAWhileAndShowsAgain) {
  const Descriptor terminal(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  ASSERT_TRUE(terminal.is_open());
  const auto echoes = [&] {
    termios mode{};
    EXPECT_EQ(::tcgetattr(terminal.get(), &mode), 0);
    return (mode.c_lflag & ECHO) != 0;
  };
  ASSERT_TRUE(echoes());
  {
    const HiddenTyping hidden(terminal.get());
    EXPECT_FALSE(echoes());
  }
  EXPECT_TRUE(echoes());
}

TEST(ProcessInfoTest, WeKnowWhoWeAre) {
  EXPECT_EQ(process_id(), ::getpid());
  EXPECT_FALSE(host_name().empty());
  EXPECT_FALSE(user_name().empty());
  EXPECT_EQ(boot_id().size(), 36U);
  EXPECT_TRUE(is_process_alive(process_id()));
  EXPECT_FALSE(is_process_alive(0));
  EXPECT_FALSE(is_process_alive(1LL << 40));
}

}  // namespace
}  // namespace swamp::os
