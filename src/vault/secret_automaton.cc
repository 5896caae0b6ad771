#include "vault/secret_automaton.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>
#include <numeric>
#include <string>

namespace swamp::vault {

namespace {

constexpr std::uint32_t kThreeBytes =
    std::endian::native == std::endian::little ? 0x00FFFFFFU : 0xFFFFFF00U;

/// Hash of the three bytes at `text`, of which four must be readable.
std::uint32_t hash_three(const char* text) {
  std::uint32_t bytes = 0;
  std::memcpy(&bytes, text, sizeof bytes);
  return ((bytes & kThreeBytes) * 0x9E3779B1U) >> 16;
}

std::uint64_t edge_key(SecretAutomaton::State state, unsigned char byte) {
  return std::uint64_t{state} << 8 | byte;
}

std::size_t hash_edge(std::uint64_t key) {
  return static_cast<std::size_t>((key * 0x9E3779B97F4A7C15U) >> 20);
}

/// For each length of a beginning, the longest shorter beginning that it also ends with.
std::vector<std::uint32_t> shorter_beginnings(std::string_view text) {
  std::vector<std::uint32_t> shorter(text.size() + 1);
  std::uint32_t length = 0;
  for (std::size_t end = 1; end < text.size(); ++end) {
    while (length > 0 && text[length] != text[end])
      length = shorter[length];
    if (text[length] == text[end]) ++length;
    shorter[end + 1] = length;
  }
  return shorter;
}

}  // namespace

SecretAutomaton::SecretAutomaton(std::vector<std::string> texts) : nodes_(1), edges_(1024) {
  for (std::string& text : texts) {
    const WipedAtEnd wiped(text);
    add(text);
  }
  link();
}

void SecretAutomaton::add(std::string_view text) {
  assert(text.size() >= kShortest);
  std::array<char, 4> start{};
  std::copy_n(text.begin(), kShortest, start.begin());
  const std::uint32_t hash = hash_three(start.data());
  beginnings_[hash >> 6] |= std::uint64_t{1} << (hash & 63);
  if (text.size() <= kPrefix) {
    nodes_[add_path(text)].match_length = static_cast<std::uint32_t>(text.size());
    return;
  }
  begun_[add_path(text.substr(0, kPrefix))].push_back(
      static_cast<std::uint32_t>(long_texts_.size()));
  long_texts_.push_back({.text = Secret(text), .shorter = shorter_beginnings(text)});
}

SecretAutomaton::State SecretAutomaton::add_path(std::string_view text) {
  State state = kStart;
  for (const char c : text)
    state = find_or_add(state, static_cast<unsigned char>(c));
  return state;
}

const std::vector<std::uint32_t>& SecretAutomaton::begun(State state) const {
  static const std::vector<std::uint32_t> kNone;
  // Nothing is deeper, so such a beginning is never only a suffix of what leads here.
  if (nodes_[state].depth != kPrefix) return kNone;
  const auto found = begun_.find(state);
  return found == begun_.end() ? kNone : found->second;
}

SecretAutomaton::State SecretAutomaton::find_or_add(State state, unsigned char byte) {
  if (const Edge& edge = edges_[slot(state, byte)]; edge.from != kNoEdge) return edge.to;
  if (nodes_.size() * 2 >= edges_.size()) grow();
  const auto added = static_cast<State>(nodes_.size());
  nodes_.push_back({.depth = nodes_[state].depth + 1});
  nodes_[state].undecided = nodes_[state].depth;
  edges_[slot(state, byte)] = {.from = edge_key(state, byte), .to = added};
  if (state == kStart) first_[byte] = added;
  return added;
}

std::size_t SecretAutomaton::slot(State state, unsigned char byte) const {
  const std::uint64_t key = edge_key(state, byte);
  const std::size_t mask = edges_.size() - 1;
  std::size_t at = hash_edge(key) & mask;
  while (edges_[at].from != key && edges_[at].from != kNoEdge)
    at = (at + 1) & mask;
  return at;
}

void SecretAutomaton::grow() {
  WipedVector<Edge> old(edges_.size() * 2);
  old.swap(edges_);
  for (const Edge& edge : old) {
    if (edge.from == kNoEdge) continue;
    edges_[slot(static_cast<State>(edge.from >> 8), static_cast<unsigned char>(edge.from))] = edge;
  }
}

void SecretAutomaton::link() {
  // A state's fail link needs those of all shallower states.
  WipedVector<const Edge*> by_depth;
  by_depth.reserve(nodes_.size());
  for (const Edge& edge : edges_) {
    if (edge.from != kNoEdge) by_depth.push_back(&edge);
  }
  std::sort(by_depth.begin(), by_depth.end(), [this](const Edge* a, const Edge* b) {
    return nodes_[a->to].depth < nodes_[b->to].depth;
  });
  for (const Edge* edge : by_depth) {
    const auto parent = static_cast<State>(edge->from >> 8);
    if (parent == kStart) continue;
    Node& node = nodes_[edge->to];
    node.fail = next(nodes_[parent].fail, static_cast<unsigned char>(edge->from));
    node.match_length = std::max(node.match_length, nodes_[node.fail].match_length);
    node.undecided = std::max(node.undecided, nodes_[node.fail].undecided);
  }
}

SecretAutomaton::State SecretAutomaton::next(State state, unsigned char byte) const {
  while (state != kStart) {
    if (const Edge& edge = edges_[slot(state, byte)]; edge.from != kNoEdge) return edge.to;
    state = nodes_[state].fail;
  }
  return first_[byte];
}

std::size_t SecretAutomaton::skip(std::string_view text, std::size_t at) const {
  for (; at + 4 <= text.size(); ++at) {
    const std::uint32_t hash = hash_three(text.data() + at);
    if ((beginnings_[hash >> 6] >> (hash & 63) & 1) != 0) break;
  }
  return at;
}

}  // namespace swamp::vault
