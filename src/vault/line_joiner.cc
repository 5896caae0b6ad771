#include "vault/line_joiner.h"

#include <algorithm>

#include "vault/secret.h"

namespace swamp::vault {

namespace {

// More blanks than this indent nothing.
constexpr std::size_t kLongestGap = 256;

bool is_encoding(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '+' ||
         c == '/' || c == '-' || c == '_' || c == '=';
}

}  // namespace

LineJoiner::~LineJoiner() {
  wipe(joined_chunk_);
}

std::string_view LineJoiner::feed(std::string_view chunk) {
  const std::uint64_t before = taken_out_;
  joined_chunk_.clear();
  std::size_t at = gap_ > 0 ? end_of_gap(chunk, 0) : 0;
  std::size_t begin = at;  // of what is not in joined_chunk_ yet
  const bool has_returns = chunk.find('\r', at) != std::string_view::npos;
  while (at < chunk.size()) {
    const std::size_t next = has_returns ? chunk.find_first_of("\r\n", at) : chunk.find('\n', at);
    const std::size_t line_end = std::min(next, chunk.size());
    measure_run(chunk.substr(at, line_end - at));
    if (line_end == chunk.size()) {
      at = line_end;
    } else if (run_ < kLeastLine) {
      run_ = 0;
      at = line_end + 1;
    } else {
      joined_chunk_ += chunk.substr(begin, line_end - begin);
      run_ = 0;
      joined_ += line_end - begin;
      at = begin = end_of_gap(chunk, line_end);
    }
  }
  if (taken_out_ == before) {
    joined_ += chunk.size();
    return chunk;
  }
  joined_chunk_ += chunk.substr(begin);
  joined_ += chunk.size() - begin;
  return joined_chunk_;
}

/// Takes out a line end (LF or CRLF) and blanks, from `at` on or going on with a gap.
std::size_t LineJoiner::end_of_gap(std::string_view chunk, std::size_t at) {
  const std::size_t begin = at;
  for (; at < chunk.size() && gap_ < kLongestGap; ++at, ++gap_) {
    const char c = chunk[at];
    const bool is_blank = c == ' ' || c == '\t';
    const bool is_line_end = (c == '\r' && gap_ == 0) || (c == '\n' && gap_ <= 1);
    if (!is_blank && !is_line_end) break;
  }
  taken_out_ += at - begin;
  if (at > begin) gaps_.push_back({joined_, taken_out_});
  if (at < chunk.size()) gap_ = 0;
  return at;
}

void LineJoiner::measure_run(std::string_view line) {
  const std::string_view end = line.substr(line.size() - std::min(line.size(), kLeastLine));
  const auto other = std::find_if_not(end.rbegin(), end.rend(), is_encoding);
  const auto run = static_cast<std::size_t>(other - end.rbegin());
  run_ = run < line.size() ? run : std::min(run_ + run, kLeastLine);
}

std::uint64_t LineJoiner::place_of(std::uint64_t joined) const {
  const auto after = std::find_if(gaps_.rbegin(), gaps_.rend(),
                                  [&](const Gap& gap) { return gap.joined <= joined; });
  return joined + (after == gaps_.rend() ? 0 : after->taken_out);
}

void LineJoiner::forget_before(std::uint64_t joined) {
  // The last gap at or before that place still says how much was taken out.
  const auto next =
      std::find_if(gaps_.begin(), gaps_.end(), [&](const Gap& gap) { return gap.joined > joined; });
  if (next - gaps_.begin() > 1) gaps_.erase(gaps_.begin(), std::prev(next));
}

}  // namespace swamp::vault
