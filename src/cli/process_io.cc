#include "cli/process_io.h"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

#include <fmt/format.h>

#include "cli/locale.h"
#include "render/text.h"

namespace swamp::cli {
namespace {

constexpr std::size_t kFlushAt = 64 * 1024;

/// A number of the three that is free would be given to the next file that is opened, and what is
/// printed would go there: a journal, a database. It is taken by something that fails as before.
void hold_closed_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(stream, F_GETFD) != -1) continue;
    (void)::open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY);  // the lowest is free
  }
}

std::optional<std::string> environment_variable(std::string_view name) {
  const char* value = std::getenv(std::string(name).c_str());
  if (value == nullptr) return std::nullopt;
  return value;
}

/// Whether this is a terminal that shows other characters than those of UTF-8.
bool needs_ascii(int descriptor) {
  return os::is_terminal(descriptor) && !is_utf8_locale(environment_variable);
}

}  // namespace

void StreamOutput::write(std::string_view text) {
  if (failure_ != 0 || reader_gone_) return;
  if (ascii_) {
    pending_ += render::ascii_only(text);
  } else {
    pending_ += text;
  }
  if (pending_.size() >= kFlushAt) flush();
}

void StreamOutput::flush() {
  std::string_view rest = pending_;
  while (!rest.empty() && failure_ == 0 && !reader_gone_) {
    const ssize_t written = ::write(descriptor_, rest.data(), rest.size());
    if (written >= 0) {
      rest.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EPIPE) {
      reader_gone_ = true;
    } else if (errno == EAGAIN) {
      ::usleep(1000);  // somebody made the shared terminal non-blocking
    } else if (errno != EINTR) {
      failure_ = errno;
    }
  }
  pending_.clear();
}

ProcessIo::ProcessIo()
    : out_(STDOUT_FILENO, needs_ascii(STDOUT_FILENO)),
      err_(STDERR_FILENO, needs_ascii(STDERR_FILENO)) {
  hold_closed_streams();
  // `swamp workflow run … | head` must not end the run: a reader that goes away is noticed when
  // writing.
  std::signal(SIGPIPE, SIG_IGN);
}

bool ProcessIo::is_terminal(Stream stream) const {
  switch (stream) {
    case Stream::in:
      return os::is_terminal(STDIN_FILENO);
    case Stream::out:
      return os::is_terminal(STDOUT_FILENO);
    case Stream::err:
      return os::is_terminal(STDERR_FILENO);
  }
  return false;
}

os::TerminalSize ProcessIo::terminal_size() const {
  return os::terminal_size(STDOUT_FILENO);
}

Result<std::string> ProcessIo::read_input(std::size_t limit) {
  std::string text;
  char buffer[64 * 1024];
  while (true) {
    const ssize_t count = ::read(STDIN_FILENO, buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0)
      return fail(ErrorCode::unavailable,
                  fmt::format("cannot read standard input: {}", std::strerror(errno)));
    if (count == 0) return text;
    text.append(buffer, static_cast<std::size_t>(count));
    if (text.size() > limit) {
      return fail(ErrorCode::invalid_input,
                  fmt::format("standard input is longer than {} MiB", limit >> 20));
    }
  }
}

std::optional<std::string> ProcessIo::read_line() {
  std::string line;
  char c = 0;
  while (true) {
    const ssize_t count = ::read(STDIN_FILENO, &c, 1);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return line.empty() ? std::nullopt : std::optional(line);
    if (c == '\n') return line;
    line += c;
  }
}

std::optional<std::string> ProcessIo::read_hidden_line() {
  const os::HiddenTyping hidden(STDIN_FILENO);
  auto line = read_line();
  err_.write("\n");  // the one that was typed did not show
  err_.flush();
  return line;
}

std::optional<std::string> ProcessIo::env(std::string_view name) const {
  return environment_variable(name);
}

void ProcessIo::set_env(std::string_view name, std::string_view value) {
  ::setenv(std::string(name).c_str(), std::string(value).c_str(), 1);
}

std::filesystem::path ProcessIo::directory() const {
  std::error_code gone;
  auto path = std::filesystem::current_path(gone);
  return gone ? std::filesystem::path(".") : path;
}

Result<> ProcessIo::finish() {
  out_.flush();
  err_.flush();
  if (out_.failure() == 0) return {};
  return fail(ErrorCode::unavailable,
              fmt::format("cannot write to standard output: {}", std::strerror(out_.failure())));
}

}  // namespace swamp::cli
