#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "vault/secret_automaton.h"

namespace swamp::vault {

/// Where an automaton is in a text that comes in chunks. Places count bytes from the text's begin.
class FormSearch {
 public:
  struct Find {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
  };

  /// The automaton must outlive the search.
  explicit FormSearch(const SecretAutomaton& automaton) : automaton_(&automaton) {}

  /// Appends what ends in this chunk, in no order.
  void feed(std::string_view chunk, std::vector<Find>& finds);

  /// How many of the last bytes may be the beginning of something that is not complete yet.
  std::uint64_t undecided() const;

 private:
  /// A long text whose beginning was found.
  struct Comparison {
    std::uint32_t text = 0;     // index for the automaton
    std::uint32_t matched = 0;  // bytes of it that end here
    std::uint64_t decided = 0;  // up to here it has been looked for
    bool goes_on = false;       // in the next chunk
  };

  void compare(std::uint32_t text, std::string_view chunk, std::size_t at,
               std::vector<Find>& finds);
  void go_on(Comparison& comparison, std::string_view chunk, std::size_t at,
             std::vector<Find>& finds) const;

  const SecretAutomaton* automaton_;
  SecretAutomaton::State state_ = SecretAutomaton::kStart;
  std::uint64_t read_ = 0;
  std::vector<Comparison> comparisons_;  // at most one for each long text
};

}  // namespace swamp::vault
