#include "vault/form_search.h"

#include <algorithm>

namespace swamp::vault {

void FormSearch::feed(std::string_view chunk, std::vector<Find>& finds) {
  for (Comparison& comparison : comparisons_) {
    if (comparison.goes_on) go_on(comparison, chunk, 0, finds);
  }
  SecretAutomaton::State state = state_;
  std::size_t at = 0;
  while (at < chunk.size()) {
    if (state == SecretAutomaton::kStart) at = automaton_->skip(chunk, at);
    for (std::size_t walked = 0; at < chunk.size();) {
      state = automaton_->next(state, static_cast<unsigned char>(chunk[at++]));
      if (const auto length = automaton_->match_length(state))
        finds.push_back({read_ + at - length, read_ + at});
      for (const std::uint32_t text : automaton_->begun(state))
        compare(text, chunk, at, finds);
      // The filter judges a beginning faster than the automaton does, once all of it lies in this
      // chunk.
      const std::uint32_t undecided = automaton_->undecided(state);
      if (++walked >= SecretAutomaton::kShortest && undecided < SecretAutomaton::kShortest &&
          undecided <= at && at < chunk.size()) {
        at -= undecided;
        state = SecretAutomaton::kStart;
        break;
      }
    }
  }
  state_ = state;
  read_ += chunk.size();
}

void FormSearch::compare(std::uint32_t text, std::string_view chunk, std::size_t at,
                         std::vector<Find>& finds) {
  auto known = std::find_if(comparisons_.begin(), comparisons_.end(),
                            [&](const Comparison& one) { return one.text == text; });
  if (known == comparisons_.end()) {
    comparisons_.push_back({.text = text});
    known = std::prev(comparisons_.end());
  }
  if (known->decided >= read_ + at) return;
  known->matched = SecretAutomaton::kPrefix;
  go_on(*known, chunk, at, finds);
}

void FormSearch::go_on(Comparison& comparison, std::string_view chunk, std::size_t at,
                       std::vector<Find>& finds) const {
  const SecretAutomaton::LongText& wanted = automaton_->long_text(comparison.text);
  const std::string_view text = wanted.text.reveal();
  std::uint32_t matched = comparison.matched;
  // With less than the prefix it is the automaton's again.
  while (at < chunk.size() && matched >= SecretAutomaton::kPrefix) {
    const char c = chunk[at++];
    while (matched >= SecretAutomaton::kPrefix && text[matched] != c)
      matched = wanted.shorter[matched];
    if (matched < SecretAutomaton::kPrefix) break;
    if (++matched < text.size()) continue;
    finds.push_back({read_ + at - matched, read_ + at});
    matched = wanted.shorter[matched];
  }
  comparison.matched = matched;
  comparison.decided = read_ + at;
  comparison.goes_on = matched >= SecretAutomaton::kPrefix;
}

std::uint64_t FormSearch::undecided() const {
  std::uint64_t most = automaton_->undecided(state_);
  for (const Comparison& comparison : comparisons_) {
    if (comparison.goes_on) most = std::max<std::uint64_t>(most, comparison.matched);
  }
  return most;
}

}  // namespace swamp::vault
