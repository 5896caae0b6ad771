#include <algorithm>

#include "vault/secret_matcher.h"

namespace swamp::vault {

MaskScan::MaskScan(std::shared_ptr<const SecretMatcher> matcher)
    : matcher_(std::move(matcher)), states_(matcher_->layers().size(), SecretAutomaton::kStart) {}

MaskScan::~MaskScan() {
  wipe(held_);
}

void MaskScan::feed(std::string_view chunk, std::string& out) {
  for (std::size_t layer = 0; layer < states_.size(); ++layer)
    search(layer, chunk);
  read_ += chunk.size();
  merge_finds();
  const std::uint64_t until = first_undecided();
  show(until, chunk, out);
  const std::uint64_t chunk_begin = read_ - chunk.size();
  if (shown_ >= chunk_begin) {
    held_.assign(chunk.substr(shown_ - chunk_begin));
  } else {
    held_.erase(0, held_.size() - (chunk_begin - shown_));
    held_.append(chunk);
  }
}

void MaskScan::finish(std::string& out) {
  show(read_, {}, out);
  wipe(held_);
  std::fill(states_.begin(), states_.end(), SecretAutomaton::kStart);
  read_ = shown_ = masked_until_ = 0;
}

void MaskScan::change(std::shared_ptr<const SecretMatcher> matcher, std::string& out) {
  matcher_ = std::move(matcher);
  states_.assign(matcher_->layers().size(), SecretAutomaton::kStart);
  finds_.clear();  // they are found again: a find that is not shown lies in what is held
  std::string again;
  again.swap(held_);
  const WipedAtEnd wiped(again);
  read_ = shown_;
  feed(again, out);
}

void MaskScan::search(std::size_t layer, std::string_view chunk) {
  const SecretAutomaton& automaton = *matcher_->layers()[layer];
  SecretAutomaton::State state = states_[layer];
  std::size_t at = 0;
  while (at < chunk.size()) {
    if (state == SecretAutomaton::kStart) at = automaton.skip(chunk, at);
    for (std::size_t walked = 0; at < chunk.size();) {
      state = automaton.next(state, static_cast<unsigned char>(chunk[at++]));
      if (const auto length = automaton.match_length(state)) add_find(read_ + at, length);
      // The filter judges a beginning faster than the automaton does, once all of it lies in this
      // chunk.
      const std::uint32_t undecided = automaton.undecided(state);
      if (++walked >= SecretAutomaton::kShortest && undecided < SecretAutomaton::kShortest &&
          undecided <= at && at < chunk.size()) {
        at -= undecided;
        state = SecretAutomaton::kStart;
        break;
      }
    }
  }
  states_[layer] = state;
}

void MaskScan::add_find(std::uint64_t end, std::uint64_t length) {
  std::uint64_t begin = end - length;
  if (begin < masked_until_) {
    masked_until_ = std::max(masked_until_, end);
    return;
  }
  while (!finds_.empty() && finds_.back().end > begin && finds_.back().begin < end) {
    begin = std::min(begin, finds_.back().begin);
    end = std::max(end, finds_.back().end);
    finds_.pop_back();
  }
  finds_.push_back({begin, end});
}

/// Layers search one after another, so what they found comes in no order; and what was shown as
/// masked may have grown over finds that were not.
void MaskScan::merge_finds() {
  if (finds_.empty()) return;
  std::sort(finds_.begin(), finds_.end(),
            [](const Find& a, const Find& b) { return a.begin < b.begin; });
  std::vector<Find> merged;
  for (const Find& find : finds_) {
    if (find.begin < masked_until_) {
      masked_until_ = std::max(masked_until_, find.end);
    } else if (!merged.empty() && find.begin < merged.back().end) {
      merged.back().end = std::max(merged.back().end, find.end);
    } else {
      merged.push_back(find);
    }
  }
  finds_.swap(merged);
}

std::uint64_t MaskScan::first_undecided() const {
  std::uint64_t first = read_;
  for (std::size_t layer = 0; layer < states_.size(); ++layer) {
    first = std::min(first, read_ - matcher_->layers()[layer]->undecided(states_[layer]));
  }
  return std::max(first, shown_);
}

void MaskScan::show(std::uint64_t until, std::string_view chunk, std::string& out) {
  auto find = finds_.begin();
  for (; find != finds_.end() && find->begin < until; ++find) {
    copy(std::max(shown_, masked_until_), find->begin, chunk, out);
    out += kMask;
    shown_ = find->begin;
    masked_until_ = find->end;
  }
  finds_.erase(finds_.begin(), find);
  copy(std::max(shown_, masked_until_), until, chunk, out);
  shown_ = until;
}

void MaskScan::copy(std::uint64_t from, std::uint64_t until, std::string_view chunk,
                    std::string& out) const {
  if (from >= until) return;
  const std::uint64_t chunk_begin = read_ - chunk.size();
  if (from < chunk_begin) {
    const std::uint64_t held_begin = chunk_begin - held_.size();
    const std::uint64_t held_end = std::min(until, chunk_begin);
    out.append(held_, from - held_begin, held_end - from);
    from = held_end;
  }
  if (from < until) out.append(chunk.substr(from - chunk_begin, until - from));
}

}  // namespace swamp::vault
