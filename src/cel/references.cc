#include <algorithm>

#include <fmt/format.h>

#include "cel/compiled.h"

namespace swamp::cel {

namespace {

/// A pass over the nodes, children before parents. Loop variables are known by their slot.
class Collector {
 public:
  explicit Collector(const Tree& tree)
      : tree_(tree), parents_(tree.nodes().size()), is_silent_(tree.nodes().size()) {
    for (std::size_t i = 0; i < tree.nodes().size(); ++i) {
      for (const NodeId child : tree.children(tree.nodes()[i])) {
        parents_[child.index()] = NodeId(i);
      }
    }
  }

  References run() && {
    const auto& nodes = tree_.nodes();
    for (std::size_t i = nodes.size(); i-- > 0;) {
      if (is_silent_[i]) silence_children(nodes[i]);
      if (nodes[i].kind == NodeKind::call) visit_call(nodes[i]);
      if (nodes[i].kind == NodeKind::bare_name) visit_bare_name(nodes[i]);
    }
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      if (nodes[i].kind == NodeKind::name && nodes[i].slot == kNoSlot && !is_silent_[i])
        visit_root(NodeId(i));
    }
    return std::move(found_);
  }

 private:
  void silence_children(const Node& node) {
    for (const NodeId child : tree_.children(node)) {
      is_silent_[child.index()] = true;
    }
  }

  /// A name without a dot is most likely meant literally, so it is no root that the expression
  /// mentions.
  void visit_bare_name(const Node& node) {
    if (tree_.text(node).find('.') == std::string::npos) silence_children(node);
  }

  void visit_call(const Node& node) {
    const std::string dotted = tree_.dotted_name(node);
    const bool is_namespaced =
        node.has_target && !dotted.empty() && !functions_named(dotted).empty();
    if (is_namespaced)
      is_silent_[tree_.children(node)[0].index()] = true;  // `math` in `math.abs(x)`
    const bool is_known = is_namespaced || !functions_named(tree_.text(node)).empty();
    const bool has_dotted_name = !dotted.empty() && (is_namespaced || !is_known);
    found_.functions.insert(has_dotted_name ? dotted : tree_.text(node));
    if (!is_known && !dotted.empty()) visit_constant_call(node, dotted);
  }

  void visit_constant_call(const Node& node, const std::string& name) {
    std::vector<std::string> call{name};
    for (const NodeId id : tree_.children(node).subspan(node.has_target ? 1 : 0)) {
      const Node& argument = tree_[id];
      if (argument.kind == NodeKind::bare_name &&
          tree_.text(argument).find('.') == std::string::npos) {
        call.push_back(tree_.text(argument));
      } else if (argument.kind == NodeKind::literal) {
        const auto* text = std::get_if<std::string>(&tree_.literal(argument));
        call.push_back(text != nullptr ? *text : print(tree_, id));
      } else {
        return;
      }
    }
    found_.constant_calls.push_back(std::move(call));
  }

  void visit_root(NodeId id) {
    const std::string& name = tree_.text(tree_[id]);
    std::vector<std::string> path{name};
    std::string dotted = name;
    bool is_type = type_named(name).has_value();
    while (const std::string* key = constant_member(id)) {
      path.push_back(*key);
      dotted += '.' + *key;
      is_type = is_type || type_named(dotted).has_value();
      id = parents_[id.index()];
    }
    if (is_type) return;
    found_.roots.insert(name);
    if (path.size() > 1) found_.paths.push_back(std::move(path));
  }

  /// The key by which the parent of `id` takes a member of it that must be there; null when it does
  /// not.
  const std::string* constant_member(NodeId id) const {
    if (id == tree_.root()) return nullptr;
    const NodeId parent_id = parents_[id.index()];
    const Node& parent = tree_[parent_id];
    if (parent.optional || tree_.children(parent).empty() || tree_.children(parent)[0] != id)
      return nullptr;
    if (parent.kind == NodeKind::select)
      return is_tested(parent_id) ? nullptr : &tree_.text(parent);
    if (parent.kind != NodeKind::index) return nullptr;
    const Node& key = tree_.child(parent, 1);
    return key.kind == NodeKind::literal ? std::get_if<std::string>(&tree_.literal(key)) : nullptr;
  }

  /// `has(a.b)` does not want b to be there.
  bool is_tested(NodeId id) const {
    const Node& parent = tree_[parents_[id.index()]];
    return id != tree_.root() && parent.kind == NodeKind::macro && parent.macro == Macro::has;
  }

  const Tree& tree_;
  std::vector<NodeId> parents_;
  std::vector<bool> is_silent_;
  References found_;
};

}  // namespace

References collect_references(const Tree& tree) {
  return Collector(tree).run();
}

void References::merge(const References& other) {
  roots.insert(other.roots.begin(), other.roots.end());
  functions.insert(other.functions.begin(), other.functions.end());
  paths.insert(paths.end(), other.paths.begin(), other.paths.end());
  constant_calls.insert(constant_calls.end(), other.constant_calls.begin(),
                        other.constant_calls.end());
}

}  // namespace swamp::cel
