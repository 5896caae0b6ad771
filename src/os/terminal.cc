#include "os/terminal.h"

#include <cstdlib>
#include <string_view>
#include <sys/ioctl.h>
#include <unistd.h>

namespace swamp::os {

bool is_terminal(int fd) {
  return ::isatty(fd) == 1;
}

std::optional<unsigned> terminal_width(int fd) {
  winsize size{};
  if (::ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return std::nullopt;
  return size.ws_col;
}

bool wants_color(bool is_on_terminal, const char* no_color, const char* term) {
  const bool is_refused = no_color != nullptr && *no_color != '\0';
  const bool is_dumb = term != nullptr && std::string_view(term) == "dumb";
  return is_on_terminal && !is_refused && !is_dumb;
}

bool wants_color(int fd) {
  return wants_color(is_terminal(fd), std::getenv("NO_COLOR"), std::getenv("TERM"));
}

}  // namespace swamp::os
