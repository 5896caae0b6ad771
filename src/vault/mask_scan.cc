#include <algorithm>

#include "vault/secret_matcher.h"

namespace swamp::vault {

namespace {

std::uint64_t most_undecided(const std::vector<FormSearch>& searches) {
  std::uint64_t most = 0;
  for (const FormSearch& search : searches)
    most = std::max(most, search.undecided());
  return most;
}

}  // namespace

MaskScan::MaskScan(std::shared_ptr<const SecretMatcher> matcher) : matcher_(std::move(matcher)) {
  search_from(0, LineJoiner::Before::nothing);
}

MaskScan::~MaskScan() {
  wipe(held_);
}

void MaskScan::feed(std::string_view chunk, std::string& out) {
  search(chunk);
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
  read_ = shown_ = masked_until_ = 0;
  search_from(0, LineJoiner::Before::nothing);
}

void MaskScan::change(std::shared_ptr<const SecretMatcher> matcher, std::string& out) {
  matcher_ = std::move(matcher);
  finds_.clear();  // they are found again: a find that is not shown lies in what is held
  std::string again;
  again.swap(held_);
  const WipedAtEnd wiped(again);
  read_ = shown_;
  // How long the line is that the held text begins in is not known any more.
  search_from(shown_, LineJoiner::Before::an_encoded_line);
  feed(again, out);
}

void MaskScan::search_from(std::uint64_t origin, LineJoiner::Before before) {
  origin_ = origin;
  joined_ = 0;
  joiner_ = LineJoiner(before);
  texts_.clear();
  encoded_.clear();
  for (const auto& layer : matcher_->layers()) {
    texts_.emplace_back(layer->texts);
    encoded_.emplace_back(layer->encoded);
  }
}

void MaskScan::search(std::string_view chunk) {
  if (texts_.empty()) {  // without secrets most runs go through here
    read_ += chunk.size();
    return;
  }
  const std::size_t known = finds_.size();
  for (FormSearch& search : texts_)
    search.feed(chunk, finds_);
  const std::size_t as_they_stand = finds_.size();
  const std::string_view joined = joiner_.feed(chunk);
  for (FormSearch& search : encoded_)
    search.feed(joined, finds_);
  for (std::size_t i = as_they_stand; i < finds_.size(); ++i) {
    finds_[i].begin = joiner_.place_of(finds_[i].begin);
    finds_[i].end = joiner_.place_of(finds_[i].end - 1) + 1;
  }
  for (std::size_t i = known; i < finds_.size(); ++i) {
    finds_[i].begin += origin_;
    finds_[i].end += origin_;
  }
  joined_ += joined.size();
  read_ += chunk.size();
  joiner_.forget_before(joined_ - most_undecided(encoded_));
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
  const std::uint64_t in_encoded = most_undecided(encoded_);
  std::uint64_t first = read_ - most_undecided(texts_);
  if (in_encoded > 0) first = std::min(first, origin_ + joiner_.place_of(joined_ - in_encoded));
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
