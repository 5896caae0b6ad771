#include "driver/raw/terminal_lender.h"

#include <algorithm>
#include <csignal>
#include <fcntl.h>
#include <unistd.h>

namespace swamp::driver {
namespace {

/// Makes a group the terminal's foreground group. From the background that is allowed only to those
/// who block SIGTTOU.
bool set_foreground(int terminal, pid_t group) {
  sigset_t output;
  sigset_t before;
  ::sigemptyset(&output);
  ::sigaddset(&output, SIGTTOU);
  ::pthread_sigmask(SIG_BLOCK, &output, &before);
  const bool worked = ::tcsetpgrp(terminal, group) == 0;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return worked;
}

}  // namespace

TerminalLender::TerminalLender() : terminal_(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)) {}

TerminalLender::~TerminalLender() {
  if (borrower_ != 0) take_back();
}

void TerminalLender::on_stopped(pid_t group, int signal) {
  if (!has_terminal()) return;
  if (signal == SIGTTIN || signal == SIGTTOU) {
    if (std::find(waiting_.begin(), waiting_.end(), group) == waiting_.end())
      waiting_.push_back(group);
    lend_to_next();
  } else if (signal == SIGTSTP && group == borrower_) {
    take_back();
    ::kill(0, SIGTSTP);  // we stop here, until the user wants us back in the foreground
    lend_to(group);
  }
}

void TerminalLender::on_ended(pid_t group, int signal) {
  waiting_.erase(std::remove(waiting_.begin(), waiting_.end(), group), waiting_.end());
  if (group != borrower_) return;
  take_back();
  if (signal == SIGINT) ::kill(::getpid(), SIGINT);
  lend_to_next();
}

void TerminalLender::lend_to_next() {
  if (borrower_ != 0 || waiting_.empty()) return;
  // In the background ourselves, there is nothing that we could lend.
  if (::tcgetpgrp(terminal_.get()) != ::getpgrp()) return;
  const pid_t group = waiting_.front();
  waiting_.pop_front();
  lend_to(group);
}

void TerminalLender::lend_to(pid_t group) {
  if (!set_foreground(terminal_.get(), group)) return;
  borrower_ = group;
  ::kill(-group, SIGCONT);
}

void TerminalLender::take_back() {
  borrower_ = 0;
  set_foreground(terminal_.get(), ::getpgrp());
}

}  // namespace swamp::driver
