#include "cel/tree_builder.h"

#include <algorithm>

#include <fmt/format.h>

namespace swamp::cel {

NodeId TreeBuilder::add(Node node, std::span<const NodeId> children) {
  std::uint16_t height = 0;
  for (const NodeId child : children) {
    height = std::max(height, tree_[child].height);
  }
  node.height = static_cast<std::uint16_t>(height + 1);
  node.first_child = static_cast<std::uint32_t>(tree_.children_.size());
  node.child_count = static_cast<std::uint32_t>(children.size());
  tree_.children_.insert(tree_.children_.end(), children.begin(), children.end());
  tree_.nodes_.push_back(node);
  return NodeId(tree_.nodes_.size() - 1);
}

std::uint32_t TreeBuilder::word(std::string_view text) {
  const auto [place, is_new] =
      words_.try_emplace(std::string(text), static_cast<std::uint32_t>(tree_.words_.size()));
  if (is_new) tree_.words_.emplace_back(text);
  return place->second;
}

std::uint32_t TreeBuilder::literal(Literal value) {
  tree_.literals_.push_back(std::move(value));
  return static_cast<std::uint32_t>(tree_.literals_.size() - 1);
}

std::uint32_t TreeBuilder::operators(std::span<const Operator> operators) {
  tree_.operators_.insert(tree_.operators_.end(), operators.begin(), operators.end());
  return static_cast<std::uint32_t>(tree_.operators_.size() - operators.size());
}

std::uint32_t TreeBuilder::optional_entries(const std::vector<bool>& flags) {
  tree_.optional_entries_.insert(tree_.optional_entries_.end(), flags.begin(), flags.end());
  return static_cast<std::uint32_t>(tree_.optional_entries_.size() - flags.size());
}

Tree TreeBuilder::finish(NodeId root) && {
  tree_.root_ = root;
  resolve(root);
  return std::move(tree_);
}

std::string block_entry_name(std::size_t entry) {
  return fmt::format("cel.index({})", entry);
}

std::uint32_t TreeBuilder::declare(std::uint32_t word) {
  variables_.push_back(word);
  tree_.slots_ = std::max(tree_.slots_, static_cast<std::uint32_t>(variables_.size()));
  return static_cast<std::uint32_t>(variables_.size() - 1);
}

void TreeBuilder::resolve_name(Node& node) {
  if (node.leading_dot) return;
  const auto found = std::find(variables_.rbegin(), variables_.rend(), node.text);
  if (found != variables_.rend())
    node.slot = static_cast<std::uint32_t>(variables_.rend() - found - 1);
}

void TreeBuilder::resolve_all(std::span<const NodeId> ids) {
  for (const NodeId id : ids) {
    resolve(id);
  }
}

void TreeBuilder::resolve(NodeId id) {
  Node& node = (*this)[id];
  if (node.kind == NodeKind::name) {
    resolve_name(node);
  } else if (node.kind == NodeKind::macro) {
    resolve_macro(id);
  } else {
    resolve_all(tree_.children(node));
  }
}

void TreeBuilder::resolve_macro(NodeId id) {
  Node& macro = (*this)[id];
  const auto children = tree_.children(macro);
  if (macro.macro == Macro::block) {
    macro.slot = static_cast<std::uint32_t>(variables_.size());
    const auto entries = tree_.children((*this)[children[0]]);
    for (std::size_t i = 0; i < entries.size(); ++i) {
      resolve(entries[i]);
      declare(word(block_entry_name(i)));
    }
    resolve(children[1]);
    forget(entries.size());
    return;
  }
  // What stands outside the variables' reach: the target, or for bind the bound expression after
  // the variable.
  std::vector<NodeId> inside;
  std::vector<NodeId> declared;
  for (std::size_t i = 0; i < children.size(); ++i) {
    const bool is_variable = tree_[children[i]].kind == NodeKind::variable;
    const bool is_outside = i == (macro.macro == Macro::bind ? 1U : 0U);
    if (is_variable) {
      declared.push_back(children[i]);
    } else if (is_outside) {
      resolve(children[i]);
    } else {
      inside.push_back(children[i]);
    }
  }
  macro.slot = static_cast<std::uint32_t>(variables_.size());
  for (const NodeId variable : declared) {
    (*this)[variable].slot = declare((*this)[variable].text);
  }
  resolve_all(inside);
  forget(declared.size());
}

}  // namespace swamp::cel
