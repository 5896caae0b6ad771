#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "vault/secret.h"
#include "vault/wiped_vector.h"

namespace swamp::vault {

/// Finds a set of texts in one pass: the automaton of Aho and Corasick ("Efficient string
/// matching", 1975) with sparse transitions, and before it a filter that looks at three bytes at
/// once and passes over text in which nothing begins. Immutable, so any thread may read it.
///
/// Of a text longer than kPrefix only the beginning is in the automaton, which needs some 60 bytes
/// for each of its own; whoever comes to the end of that beginning compares the rest (LongText).
class SecretAutomaton {
 public:
  using State = std::uint32_t;
  static constexpr State kStart = 0;
  static constexpr std::size_t kPrefix = 256;

  /// No text is shorter.
  static constexpr std::size_t kShortest = 3;

  /// A text and, for each length of a beginning of it, the longest shorter one that it also ends
  /// with (Knuth, Morris and Pratt, "Fast pattern matching in strings", 1977).
  struct LongText {
    Secret text;
    std::vector<std::uint32_t> shorter;
  };

  /// Wipes `texts`. Time and memory grow with the length of all together.
  explicit SecretAutomaton(std::vector<std::string> texts);

  /// The state after one more byte.
  State next(State state, unsigned char byte) const;

  /// How many of the last bytes may be the beginning of a text that is not complete yet.
  std::uint32_t undecided(State state) const { return nodes_[state].undecided; }

  /// Length of the longest text that ends here; 0 when none does. Long ones do not count.
  std::uint32_t match_length(State state) const { return nodes_[state].match_length; }

  /// The long texts whose first kPrefix bytes end here, as indices for long_text().
  const std::vector<std::uint32_t>& begun(State state) const;
  const LongText& long_text(std::uint32_t index) const { return long_texts_[index]; }

  /// The first place from `at` on where a text may begin. In the last bytes that is every place.
  std::size_t skip(std::string_view text, std::size_t at) const;

 private:
  struct Node {
    State fail = kStart;      // state of the longest proper suffix that begins a text
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

  void add(std::string_view text);
  State add_path(std::string_view text);
  void link();
  std::size_t slot(State state, unsigned char byte) const;
  State find_or_add(State state, unsigned char byte);
  void grow();

  WipedVector<Node> nodes_;
  WipedVector<Edge> edges_;  // open addressing, a power of two in size, at most half full
  std::vector<LongText> long_texts_;
  std::unordered_map<State, std::vector<std::uint32_t>> begun_;
  std::array<State, 256> first_{};
  std::array<std::uint64_t, 1024>
      beginnings_{};  // bit set of hashes of the first three bytes of each text
};

}  // namespace swamp::vault
