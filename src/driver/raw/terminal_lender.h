#pragma once

#include <deque>
#include <sys/types.h>

#include "os/descriptor.h"

namespace swamp::driver {

/// Lends the terminal to the process groups that ask for it, one at a time, as a shell does.
///
/// Every process leads a group of its own, so the kernel stops one that reads from the terminal (or
/// asks for a password) as a background job. That stop is the request: the group gets the terminal
/// and goes on, until its leader ends. Without a terminal all of this does nothing.
class TerminalLender {
 public:
  TerminalLender();
  ~TerminalLender();
  TerminalLender(const TerminalLender&) = delete;
  TerminalLender& operator=(const TerminalLender&) = delete;

  bool has_terminal() const { return terminal_.is_open(); }

  /// The group's leader was stopped by `signal`. Lends the terminal for SIGTTIN and SIGTTOU; a
  /// borrower whom the user suspends (SIGTSTP) suspends us with it. Any other stop is somebody's
  /// intention and left alone.
  void on_stopped(pid_t group, int signal);

  /// The group is no more; the next one that waits gets the terminal. When it had the terminal and
  /// the user's interrupt ended it, the interrupt was meant for us too.
  void on_ended(pid_t group, int signal);

 private:
  void lend_to(pid_t group);
  void take_back();
  void lend_to_next();

  os::Descriptor terminal_;
  pid_t borrower_ = 0;  // 0: the terminal is ours
  std::deque<pid_t> waiting_;
};

}  // namespace swamp::driver
