#pragma once

#include <cstddef>

namespace swamp::os {

/// Whether the descriptor leads to a terminal.
bool is_terminal(int fd);

struct TerminalSize {
  std::size_t columns = 80;
  std::size_t rows = 24;
};

/// The size of the terminal behind a descriptor, as it is now; 80 by 24 when it does not say.
TerminalSize terminal_size(int fd);

/// While it lives, what is typed at the terminal behind the descriptor does not show. Where there
/// is no terminal it does nothing.
class HiddenTyping {
 public:
  explicit HiddenTyping(int fd);
  ~HiddenTyping();
  HiddenTyping(const HiddenTyping&) = delete;
  HiddenTyping& operator=(const HiddenTyping&) = delete;

 private:
  void set_echo(bool on) const;

  int fd_;
  bool was_on_ = false;
};

}  // namespace swamp::os
