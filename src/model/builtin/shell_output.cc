#include "model/builtin/shell_output.h"

#include <algorithm>

#include <fmt/format.h>

namespace swamp::model {

void BoundedText::append(std::string_view bytes) {
  total_ += bytes.size();
  if (total_ <= limit_) {
    head_ += bytes;
    return;
  }
  const std::size_t half = limit_ / 2;
  if (tail_.empty()) {
    // The limit is passed for the first time: what was kept beyond the head becomes the start of
    // the tail.
    std::string rest = head_.substr(std::min(half, head_.size()));
    head_.resize(std::min(half, head_.size()));
    const std::size_t missing = half - head_.size();
    head_ += bytes.substr(0, missing);
    bytes.remove_prefix(std::min(missing, bytes.size()));
    rest += bytes.substr(bytes.size() > half ? bytes.size() - half : 0);
    tail_ = rest.substr(rest.size() > half ? rest.size() - half : 0);
    tail_start_ = 0;
    return;
  }
  if (tail_.size() < half) {
    const std::size_t room = std::min(half - tail_.size(), bytes.size());
    tail_ += bytes.substr(0, room);
    bytes.remove_prefix(room);
  }
  if (bytes.size() > half) bytes.remove_prefix(bytes.size() - half);
  for (std::size_t done = 0; done < bytes.size();) {
    const std::size_t run = std::min(bytes.size() - done, half - tail_start_);
    tail_.replace(tail_start_, run, bytes.substr(done, run));
    tail_start_ = (tail_start_ + run) % half;
    done += run;
  }
}

std::string BoundedText::text() const {
  std::string text = head_;
  if (is_truncated()) {
    const std::uint64_t missing = total_ - head_.size() - tail_.size();
    if (missing > 0)
      text += fmt::format("\n[... {} bytes left out; the log has them ...]\n", missing);
    text.append(tail_, tail_start_);
    text.append(tail_, 0, tail_start_);
  }
  if (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

}  // namespace swamp::model
