#include "os/file_lock.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "os/file.h"
#include "os/process_info.h"
#include "os/system_error.h"
#include "value/json.h"

namespace swamp::os {
namespace {

constexpr std::size_t kLongestHolder = std::size_t{64} * 1024;

}  // namespace

LockHolder LockHolder::self(std::string command) {
  return {.pid = process_id(), .host = host_name(), .command = std::move(command)};
}

std::string LockHolder::to_string() const {
  return fmt::format("'{}' (process {} on '{}')", command, pid, host);
}

std::optional<LockHolder> read_lock_holder(const std::filesystem::path& path) {
  auto text = read_file(path, kLongestHolder);
  if (!text || text->empty()) return std::nullopt;
  const auto document = parse_json(*text);
  if (!document) return std::nullopt;
  const Value& pid = (*document)["pid"];
  const Value& host = (*document)["host"];
  const Value& command = (*document)["command"];
  if (pid.kind() != Value::Kind::int64 || !host.is_string() || !command.is_string())
    return std::nullopt;
  LockHolder holder{.pid = pid.as_int(), .host = host.as_string(), .command = command.as_string()};
  // A process that crashed leaves its text behind. Of other machines we cannot know.
  if (holder.host == host_name() && !is_process_alive(holder.pid)) return std::nullopt;
  return holder;
}

Result<std::optional<FileLock>> FileLock::try_lock(const std::filesystem::path& path,
                                                   LockMode mode) {
  for (;;) {
    SWAMP_TRY(Descriptor fd, open_lock_file(path));
    SWAMP_TRY(const bool is_locked, try_kernel_lock(fd, mode, path));
    if (!is_locked) return std::nullopt;
    if (is_still_at(fd, path)) return FileLock(path, std::move(fd));
  }
}

FileLock& FileLock::operator=(FileLock&& other) noexcept {
  if (this != &other) {
    unlock();
    path_ = std::move(other.path_);
    fd_ = std::move(other.fd_);
    is_described_ = std::exchange(other.is_described_, false);
    turn_ = std::move(other.turn_);
  }
  return *this;
}

Result<> FileLock::describe(const LockHolder& holder) {
  const Map document = {{"pid", holder.pid}, {"host", holder.host}, {"command", holder.command}};
  const std::string text = write_json(document);
  is_described_ = true;
  if (::ftruncate(fd_.get(), 0) != 0 || ::lseek(fd_.get(), 0, SEEK_SET) != 0) {
    return fail(system_error(errno, "write", path_));
  }
  return write_all(fd_, text, path_);
}

void FileLock::unlock() {
  // Under the lock still, so that the next holder's text is not cut off. An old text that stays
  // only misinforms.
  if (fd_.is_open() && is_described_) [[maybe_unused]]
    const int ignored = ::ftruncate(fd_.get(), 0);
  is_described_ = false;
  fd_.close();
  turn_.reset();
}

}  // namespace swamp::os
