#include "model/builtin/spool.h"

#include <cerrno>
#include <cstring>

#include <fmt/format.h>

namespace swamp::model {
namespace {

Error no_room() {
  return Error{
      .code = ErrorCode::unavailable,
      .message = fmt::format("cannot keep the command's output in the temporary folder: {}",
                             std::strerror(errno)),
      .hint = "make room there, or point TMPDIR to a larger place"};
}

}  // namespace

Result<> Spool::append(std::string_view bytes) {
  size_ += bytes.size();
  memory_ += bytes;
  if (memory_.size() <= memory_limit_) return {};
  if (file_ == nullptr) {
    // Unnamed from the start: nothing stays behind, however this process ends.
    file_.reset(std::tmpfile());
    if (file_ == nullptr) return fail(no_room());
  }
  if (std::fwrite(memory_.data(), 1, memory_.size(), file_.get()) != memory_.size())
    return fail(no_room());
  memory_.clear();
  return {};
}

Result<> Spool::replay(const std::function<Result<>(std::string_view)>& sink) {
  if (file_ != nullptr) {
    std::rewind(file_.get());
    std::string piece(1 << 16, '\0');
    while (const std::size_t read = std::fread(piece.data(), 1, piece.size(), file_.get())) {
      SWAMP_CHECK(sink(std::string_view(piece).substr(0, read)));
    }
    if (std::ferror(file_.get()) != 0) return fail(no_room());
  }
  return memory_.empty() ? Result<>{} : sink(memory_);
}

}  // namespace swamp::model
