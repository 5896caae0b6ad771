#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "cel/tree.h"

namespace swamp::cel {

/// Puts a Tree together from the leaves up.
class TreeBuilder {
 public:
  /// Adds a node above `children`, which must exist. Its height is set here.
  NodeId add(Node node, std::span<const NodeId> children = {});

  std::uint32_t word(std::string_view text);
  std::uint32_t literal(Literal value);
  std::uint32_t operators(std::span<const Operator> operators);
  std::uint32_t optional_entries(const std::vector<bool>& flags);

  Node& operator[](NodeId id) { return tree_.nodes_[id.index()]; }
  const Tree& tree() const { return tree_; }

  /// For taking back what was added last: nodes from `size` on go.
  std::size_t size() const { return tree_.nodes_.size(); }
  void truncate(std::size_t size) { tree_.nodes_.resize(size); }

  /// Says which names are loop variables, and gives the tree away.
  Tree finish(NodeId root) &&;

 private:
  void resolve(NodeId id);
  void resolve_all(std::span<const NodeId> ids);
  void resolve_macro(NodeId id);
  void resolve_name(Node& node);
  std::uint32_t declare(std::uint32_t word);
  void forget(std::size_t count) { variables_.resize(variables_.size() - count); }

  Tree tree_;
  std::unordered_map<std::string, std::uint32_t> words_;
  std::vector<std::uint32_t> variables_;  // words of the loop variables in scope, innermost last
};

/// The name by which a block's entry is known in its later entries and its result.
std::string block_entry_name(std::size_t entry);

}  // namespace swamp::cel
