#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/strong_id.h"

namespace swamp::cel {

using NodeId = StrongId<struct NodeTag>;

/// What a node is, and what its children are.
enum class NodeKind : std::uint8_t {
  literal,  // a constant: Tree::literal()
  name,     // `inputs`, a root or, when Node::slot is not kNoSlot, a loop variable
  select,   // `a.b`, `a.?b`: [a]; the member is text()
  index,    // `a[k]`, `a[?k]`: [a, k]
  call,     // `f(x)`: [x…]; `a.f(x)`, has_target: [a, x…]; the function is text()
  list,     // `[a, ?b]`: elements; is_optional() of each child's entry flag
  map,      // `{k: v, ?k: v}`: [k, v, k, v…]
  negate,   // `-a`: [a]
  invert,   // `!a`: [a]
  chain,    // `a - b + c`, `a < b`: operands of one level, left to right; operators() stand between
            // them
  all_of,   // `a && b && c`
  any_of,   // `a || b || c`
  conditional,  // `a ? b : c`: [a, b, c]
  macro,        // `a.map(x, e)`: [a, x, e…]; `has(a.b)`: [a.b]; `cel.bind(x, a, e)`: [x, a, e]
  variable,     // the name that a macro declares: text(), slot
  bare_name,  // an argument of vault.get as files write it: text(); [] or [what it is if a root has
              // that name]
};

enum class Operator : std::uint8_t {
  add,
  subtract,
  multiply,
  divide,
  modulo,
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  in,
};

/// `+`, `==`, `in`, …
std::string_view to_string(Operator op);

enum class Macro : std::uint8_t {
  has,
  all,
  exists,
  exists_one,
  map,
  filter,
  transform_list,
  transform_map,
  transform_map_entry,
  sort_by,
  opt_map,
  opt_flat_map,
  bind,
  block,
};

/// The bytes of a bytes literal.
struct Bytes {
  std::string octets;
  friend bool operator==(const Bytes&, const Bytes&) = default;
};

using Literal =
    std::variant<std::nullptr_t, bool, std::int64_t, std::uint64_t, double, std::string, Bytes>;

inline constexpr std::uint32_t kNoSlot = UINT32_MAX;

/// One node; its words, constants and children lie in the Tree.
struct Node {
  NodeKind kind = NodeKind::literal;
  Macro macro = Macro::has;  // of a macro
  bool optional = false;     // `.?`, `[?`
  bool has_target = false;   // a call or macro written `a.f(…)`
  bool leading_dot = false;  // a name written `.a`: never a loop variable
  std::uint16_t height = 1;  // levels below and with this node
  std::uint32_t begin = 0;   // the bytes of the text that it covers …
  std::uint32_t end = 0;
  std::uint32_t at =
      0;  // … and where a message about it points: the member, the function, else begin
  std::uint32_t at_end = 0;
  std::uint32_t text = 0;    // index of a word
  std::uint32_t detail = 0;  // index of a literal, the operators, or the optional flags of elements
  std::uint32_t slot = kNoSlot;
  std::uint32_t first_child = 0;
  std::uint32_t child_count = 0;
};

/// An expression as written, parsed. Children always stand before their parents, so that a pass
/// over nodes() in order needs no recursion; no path from the root is longer than kMaxDepth.
///
/// Immutable once parsed; share it freely.
class Tree {
 public:
  NodeId root() const { return root_; }
  const std::vector<Node>& nodes() const { return nodes_; }
  const Node& operator[](NodeId id) const { return nodes_[id.index()]; }

  std::span<const NodeId> children(const Node& node) const {
    return std::span(children_).subspan(node.first_child, node.child_count);
  }
  const Node& child(const Node& node, std::size_t at) const { return (*this)[children(node)[at]]; }
  const std::string& text(const Node& node) const { return words_[node.text]; }
  const Literal& literal(const Node& node) const { return literals_[node.detail]; }

  /// The operators of a chain: one less than it has children.
  std::span<const Operator> operators(const Node& node) const {
    return std::span(operators_).subspan(node.detail, node.child_count - 1);
  }

  /// Whether the element (of a list) or entry (of a map) with this number is written with `?`.
  bool is_optional_entry(const Node& node, std::size_t entry) const {
    return optional_entries_[node.detail + entry];
  }

  /// The most loop variables that are alive at once.
  std::uint32_t slots() const { return slots_; }

  /// `data.latest` for the names before a call or member, when they are nothing but names (no loop
  /// variable, no
  /// `.?`); empty otherwise.
  std::string dotted_name(const Node& node) const;

 private:
  friend class TreeBuilder;

  std::vector<Node> nodes_;
  std::vector<NodeId> children_;
  std::vector<std::string> words_;
  std::vector<Literal> literals_;
  std::vector<Operator> operators_;
  std::vector<bool> optional_entries_;
  NodeId root_;
  std::uint32_t slots_ = 0;
};

/// Nesting that an expression may have: parentheses, members, calls, ternaries. Operators in a row
/// do not nest.
inline constexpr std::uint32_t kMaxDepth = 250;

/// The expression as text that parses to the same tree. Blanks, comments and superfluous
/// parentheses are gone.
std::string print(const Tree& tree);
std::string print(const Tree& tree, NodeId node);

/// `text` as a string literal in single quotes.
std::string quote(std::string_view text);

}  // namespace swamp::cel
