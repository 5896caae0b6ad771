#include "os/terminal.h"

#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

namespace swamp::os {

bool is_terminal(int fd) {
  return ::isatty(fd) == 1;
}

TerminalSize terminal_size(int fd) {
  winsize size{};
  if (::ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) return {};
  return {.columns = size.ws_col, .rows = size.ws_row};
}

HiddenTyping::HiddenTyping(int fd) : fd_(fd) {
  termios mode{};
  was_on_ = ::tcgetattr(fd_, &mode) == 0 && (mode.c_lflag & ECHO) != 0;
  if (was_on_) set_echo(false);
}

HiddenTyping::~HiddenTyping() {
  if (was_on_) set_echo(true);
}

void HiddenTyping::set_echo(bool on) const {
  termios mode{};
  if (::tcgetattr(fd_, &mode) != 0) return;
  mode.c_lflag = on ? mode.c_lflag | ECHO : mode.c_lflag & ~static_cast<tcflag_t>(ECHO);
  ::tcsetattr(fd_, TCSAFLUSH, &mode);
}

}  // namespace swamp::os
