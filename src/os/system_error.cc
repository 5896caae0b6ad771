#include "os/system_error.h"

#include <cctype>
#include <cstring>

#include <fmt/format.h>

namespace swamp::os {
namespace {

struct Meaning {
  int number;
  ErrorCode code;
  std::string_view hint;
};

constexpr Meaning kMeanings[] = {
    {EACCES, ErrorCode::denied,
     "check the owner and the permissions of the path and of the folders above it"},
    {EPERM, ErrorCode::denied, "check the owner and the attributes of the path"},
    {EROFS, ErrorCode::denied, "choose a place on a file system that can be written"},
    {ENOSPC, ErrorCode::unavailable, "free some space on that file system and try again"},
    {EDQUOT, ErrorCode::unavailable, "free some of your disk quota and try again"},
    {EMFILE, ErrorCode::unavailable,
     "raise the limit of open files (ulimit -n) or run fewer steps at once"},
    {ENFILE, ErrorCode::unavailable, "the whole machine has too many files open; try again later"},
    {ENOMEM, ErrorCode::unavailable, "the machine is short of memory; try again later"},
    {EAGAIN, ErrorCode::unavailable, "the machine is out of a resource; try again later"},
    {EIO, ErrorCode::unavailable, "the disk reports an error; look at the system log"},
    {ESTALE, ErrorCode::unavailable,
     "the network file system changed on the other side; try again"},
    {ENOLCK, ErrorCode::unavailable,
     "the file system does not offer locks; keep the repository on a local one"},
    {ENOENT, ErrorCode::not_found, ""},
    {EEXIST, ErrorCode::conflict, ""},
    {ENOTEMPTY, ErrorCode::conflict, ""},
    {EBUSY, ErrorCode::conflict, "something still uses it"},
    {ETXTBSY, ErrorCode::conflict, "a running program still uses it"},
    {ENOTDIR, ErrorCode::invalid_input, "a part of the path is a file, not a folder"},
    {EISDIR, ErrorCode::invalid_input, "name a file, not a folder"},
    {ENAMETOOLONG, ErrorCode::invalid_input, "choose a shorter name"},
    {ELOOP, ErrorCode::invalid_input, "its symbolic links form a circle"},
    {EINVAL, ErrorCode::invalid_input, ""},
    {EFBIG, ErrorCode::invalid_input,
     "the file system, or a limit (ulimit -f), does not allow a file that large"},
};

Error make(int number, std::string message) {
  for (const Meaning& meaning : kMeanings) {
    if (meaning.number == number) {
      return {
          .code = meaning.code, .message = std::move(message), .hint = std::string(meaning.hint)};
    }
  }
  return {.code = ErrorCode::unavailable, .message = std::move(message)};
}

}  // namespace

std::string cause_of(int number) {
  char buffer[128];
  std::string text = ::strerror_r(number, buffer, sizeof buffer);
  // `Permission denied` in the middle of a sentence; words such as `RFS` keep their capitals.
  if (text.size() > 1 && std::islower(static_cast<unsigned char>(text[1])) != 0) {
    text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  }
  return text;
}

Error system_error(int number, std::string_view verb, const std::filesystem::path& path) {
  return make(number, fmt::format("cannot {} '{}': {}", verb, path.native(), cause_of(number)));
}

Error system_error(int number, std::string_view what) {
  return make(number, fmt::format("cannot {}: {}", what, cause_of(number)));
}

}  // namespace swamp::os
