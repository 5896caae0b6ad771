#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "vault/secret.h"
#include "vault/wiped_vector.h"

namespace swamp::vault {

/// Finds all forms of a set of secrets in one pass: the automaton of Aho and Corasick ("Efficient
/// string matching", 1975) with sparse transitions, and before it a filter that looks at three
/// bytes at once and passes over text in which nothing begins. Immutable, so any thread may read
/// it.
class SecretAutomaton {
 public:
  using State = std::uint32_t;
  static constexpr State kStart = 0;

  /// Time and memory grow with the length of all forms together.
  explicit SecretAutomaton(std::vector<Secret> secrets);

  const std::vector<Secret>& secrets() const { return secrets_; }

  /// The state after one more byte.
  State next(State state, unsigned char byte) const;

  /// How many of the last bytes may be the beginning of a form that is not complete yet.
  std::uint32_t undecided(State state) const { return nodes_[state].undecided; }

  /// Length of the longest form that ends here; 0 when none does.
  std::uint32_t match_length(State state) const { return nodes_[state].match_length; }

  /// The first place from `at` on where a form may begin. In the last bytes of a text that is every
  /// place.
  std::size_t skip(std::string_view text, std::size_t at) const;

  /// No form is shorter.
  static constexpr std::size_t kShortest = 3;

 private:
  struct Node {
    State fail = kStart;      // state of the longest proper suffix that begins a form
    std::uint32_t depth = 0;  // length of the text that leads here
    std::uint32_t undecided =
        0;  // depth, or when nothing goes on from here, that of the next fail state that does
    std::uint32_t match_length = 0;
  };
  struct Edge {
    std::uint64_t from = kNoEdge;  // state and byte
    State to = kStart;
  };
  static constexpr std::uint64_t kNoEdge = ~std::uint64_t{0};

  void add(std::string_view form);
  void link();
  std::size_t slot(State state, unsigned char byte) const;
  State find_or_add(State state, unsigned char byte);
  void grow();

  std::vector<Secret> secrets_;
  WipedVector<Node> nodes_;
  WipedVector<Edge> edges_;  // open addressing, a power of two in size, at most half full
  std::array<State, 256> first_{};
  std::array<std::uint64_t, 1024>
      beginnings_{};  // bit set of hashes of the first three bytes of each form
};

}  // namespace swamp::vault
