#include <algorithm>
#include <unordered_map>

#include "cel/compiled.h"
#include "cel/tree_builder.h"

namespace swamp::cel {

namespace {

Datum datum_of(const Literal& literal) {
  return std::visit(
      [](const auto& value) -> Datum {
        using T = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<T, std::nullptr_t>) return Datum();
        if constexpr (std::is_same_v<T, bool>) return Datum::boolean(value);
        if constexpr (std::is_same_v<T, std::int64_t>) return Datum::integer(value);
        if constexpr (std::is_same_v<T, std::uint64_t>) return Datum::unsigned_integer(value);
        if constexpr (std::is_same_v<T, double>) return Datum::real(value);
        if constexpr (std::is_same_v<T, std::string>) return Datum::string(value);
        if constexpr (std::is_same_v<T, Bytes>) return Datum::bytes(value.octets);
      },
      literal);
}

class Layout {
 public:
  explicit Layout(Program::Compiled& out) : out_(out), tree_(out.tree) {
    out_.ops.reserve(tree_.nodes().size());
    out_.operands.reserve(tree_.nodes().size());
  }

  OpId lay(NodeId id) { return lay(tree_[id]); }

 private:
  OpId lay(const Node& node) {
    switch (node.kind) {
      case NodeKind::literal:
        return constant(node, datum_of(tree_.literal(node)));
      case NodeKind::name:
        return path(node);
      case NodeKind::select:
        return select(node);
      case NodeKind::index:
        return with_operands(node, OpCode::index);
      case NodeKind::call:
        return call(node);
      case NodeKind::list:
        return list(node);
      case NodeKind::map:
        return entries(node, OpCode::map);
      case NodeKind::negate:
        return with_operands(node, OpCode::negate);
      case NodeKind::invert:
        return with_operands(node, OpCode::invert);
      case NodeKind::chain:
        return chain(node);
      case NodeKind::all_of:
        return with_operands(node, OpCode::all_of);
      case NodeKind::any_of:
        return with_operands(node, OpCode::any_of);
      case NodeKind::conditional:
        return with_operands(node, OpCode::conditional);
      case NodeKind::macro:
        return macro(node);
      case NodeKind::bare_name:
        return bare_name(node);
      case NodeKind::variable:
        break;
    }
    return constant(node, Datum());
  }

  Op op_for(const Node& node, OpCode code) const {
    return {.code = code,
            .optional = node.optional,
            .from = node.begin,
            .begin = node.at,
            .end = node.at_end};
  }

  OpId add(Op op, const std::vector<OpId>& operands = {}) {
    op.first = static_cast<std::uint32_t>(out_.operands.size());
    op.count = static_cast<std::uint32_t>(operands.size());
    out_.operands.insert(out_.operands.end(), operands.begin(), operands.end());
    out_.ops.push_back(op);
    return static_cast<OpId>(out_.ops.size() - 1);
  }

  std::vector<OpId> operands(std::span<const NodeId> nodes) {
    std::vector<OpId> ids;
    ids.reserve(nodes.size());
    for (const NodeId id : nodes) {
      if (tree_[id].kind != NodeKind::variable) ids.push_back(lay(id));
    }
    return ids;
  }

  OpId with_operands(const Node& node, OpCode code) {
    return add(op_for(node, code), operands(tree_.children(node)));
  }

  OpId constant(const Node& node, Datum value) {
    Op op = op_for(node, OpCode::constant);
    op.a = add_constant(std::move(value));
    return add(op);
  }

  std::uint32_t add_constant(Datum value) {
    out_.constants.push_back(std::move(value));
    return static_cast<std::uint32_t>(out_.constants.size() - 1);
  }

  std::uint32_t root(const std::string& name) {
    const auto [place, is_new] =
        roots_.try_emplace(name, static_cast<std::uint32_t>(out_.roots.size()));
    if (is_new) out_.roots.push_back(name);
    return place->second;
  }

  void add_step(const Node& member) {
    out_.steps.push_back({Datum::string(tree_.text(member)), member.at, member.at_end});
  }

  /// Names joined by dots are one operation.
  OpId path(const Node& node) {
    std::vector<const Node*> members;
    const Node* base = &node;
    for (; base->kind == NodeKind::select; base = &tree_.child(*base, 0)) {
      members.push_back(base);
    }
    std::reverse(members.begin(), members.end());
    Op op = op_for(*base, OpCode::path);
    op.is_local = base->slot != kNoSlot;
    if (op.is_local && members.empty()) op.code = OpCode::local;
    op.a = op.is_local ? base->slot : root(tree_.text(*base));
    op.steps = static_cast<std::uint32_t>(members.size());
    if (!op.is_local && out_.dialect == Dialect::strict) add_qualified(tree_.text(*base), members);
    op.b = static_cast<std::uint32_t>(out_.steps.size());
    for (const Node* member : members) {
      add_step(*member);
    }
    return add(op);
  }

  /// Kept beside the steps, so that both have the same numbers.
  void add_qualified(std::string name, const std::vector<const Node*>& members) {
    std::vector<std::uint32_t> roots;
    for (const Node* member : members) {
      name += '.' + tree_.text(*member);
      roots.push_back(root(name));
    }
    out_.qualified.resize(out_.steps.size());
    out_.qualified.insert(out_.qualified.end(), roots.rbegin(), roots.rend());
  }

  bool is_path(const Node& node) const {
    const Node* at = &node;
    for (; at->kind == NodeKind::select && !at->optional; at = &tree_.child(*at, 0)) {
    }
    return at->kind == NodeKind::name;
  }

  OpId select(const Node& node) {
    if (is_path(node)) return path(node);
    const OpId operand = lay(tree_.child(node, 0));
    Op op = op_for(node, OpCode::select);
    op.b = static_cast<std::uint32_t>(out_.steps.size());
    add_step(node);
    return add(op, {operand});
  }

  OpId test(const Node& macro) {
    const Node& member = tree_.child(macro, 0);
    const OpId operand = lay(tree_.child(member, 0));
    Op op = op_for(member, OpCode::test);
    op.b = static_cast<std::uint32_t>(out_.steps.size());
    add_step(member);
    return add(op, {operand});
  }

  OpId list(const Node& node) {
    const auto flags = [&](std::size_t i) { return tree_.is_optional_entry(node, i); };
    std::vector<OpId> elements = operands(tree_.children(node));
    bool is_constant = true;
    for (std::size_t i = 0; i < elements.size(); ++i) {
      is_constant = is_constant && !flags(i) && out_.ops[elements[i]].code == OpCode::constant;
    }
    if (is_constant) {
      Items items;
      for (const OpId element : elements) {
        items.push_back(out_.constants[out_.ops[element].a]);
      }
      return constant(node, Datum::list(std::move(items)));
    }
    return entries(node, OpCode::list, elements);
  }

  OpId entries(const Node& node, OpCode code) {
    return entries(node, code, operands(tree_.children(node)));
  }

  OpId entries(const Node& node, OpCode code, const std::vector<OpId>& elements) {
    Op op = op_for(node, code);
    op.b = static_cast<std::uint32_t>(out_.optional_entries.size());
    const std::size_t count = code == OpCode::map ? elements.size() / 2 : elements.size();
    for (std::size_t i = 0; i < count; ++i) {
      out_.optional_entries.push_back(tree_.is_optional_entry(node, i));
    }
    return add(op, elements);
  }

  OpId chain(const Node& node) {
    std::vector<OpId> ids = operands(tree_.children(node));
    Op op = op_for(node, OpCode::chain);
    op.b = static_cast<std::uint32_t>(out_.operators.size());
    const auto operators = tree_.operators(node);
    out_.operators.insert(out_.operators.end(), operators.begin(), operators.end());
    return add(op, ids);
  }

  OpId macro(const Node& node) {
    if (node.macro == Macro::has) return test(node);
    if (node.macro == Macro::block) return block(node);
    Op op = op_for(node, OpCode::macro);
    op.macro = node.macro;
    op.a = node.slot;
    for (const NodeId child : tree_.children(node)) {
      if (tree_[child].kind == NodeKind::variable) ++op.variables;
    }
    return add(op, operands(tree_.children(node)));
  }

  /// [entry…, result]
  OpId block(const Node& node) {
    std::vector<OpId> ids = operands(tree_.children(tree_.child(node, 0)));
    ids.push_back(lay(tree_.child(node, 1)));
    Op op = op_for(node, OpCode::macro);
    op.macro = Macro::block;
    op.a = node.slot;
    return add(op, ids);
  }

  OpId bare_name(const Node& node) {
    std::vector<OpId> meaning = operands(tree_.children(node));
    Op op = op_for(node, OpCode::bare_name);
    op.a = add_constant(Datum::string(tree_.text(node)));
    if (!meaning.empty()) {
      // The name up to the first dot decides: `inputs.vault` is an expression, `my-vault` and
      // `team.vault` are not.
      const std::string text = tree_.text(node);
      const std::string head = text.substr(0, text.find('.'));
      const Node* first = &tree_.child(node, 0);
      while (first->child_count > 0) {
        first = &tree_.child(*first, 0);
      }
      op.is_local =
          first->kind == NodeKind::name && first->slot != kNoSlot && tree_.text(*first) == head;
      op.b = root(head);
    }
    return add(op, meaning);
  }

  OpId call(const Node& node) {
    CallSite site;
    site.name = tree_.text(node);
    site.has_target = node.has_target;
    const std::string dotted = tree_.dotted_name(node);
    if (node.has_target && !dotted.empty()) {
      site.candidates = candidates(dotted);
      site.is_namespaced = !site.candidates.empty();
      if (tree_.child(node, 0).kind == NodeKind::name) site.full_name = dotted;
    } else if (!node.has_target) {
      site.full_name = site.name;
    }
    if (!site.is_namespaced) {
      site.candidates = candidates(site.name);
      std::erase_if(site.candidates, [&](const Function* row) {
        return row->type.has_receiver() != node.has_target;
      });
    }
    const auto children = tree_.children(node);
    site.is_alternative =
        node.has_target && children.size() == 2 && (site.name == "or" || site.name == "orValue");
    prepare(site, children.subspan(site.is_namespaced ? 1 : 0));
    Op op = op_for(node, OpCode::call);
    std::vector<OpId> arguments = operands(children.subspan(site.is_namespaced ? 1 : 0));
    op.a = static_cast<std::uint32_t>(out_.calls.size());
    out_.calls.push_back(std::move(site));
    return add(op, arguments);
  }

  std::vector<const Function*> candidates(std::string_view name) const {
    auto found = functions_named(name);
    if (out_.dialect == Dialect::strict) {
      std::erase_if(found, [](const Function* row) { return row->only_swamp; });
    }
    return found;
  }

  void prepare(CallSite& site, std::span<const NodeId> arguments) const {
    if (arguments.size() < 2 || tree_[arguments[1]].kind != NodeKind::literal) return;
    const auto* text = std::get_if<std::string>(&tree_.literal(tree_[arguments[1]]));
    if (text == nullptr) return;
    for (const Function* row : site.candidates) {
      if (row->prepare != nullptr && row->type.takes_count(arguments.size()))
        site.prepared = row->prepare(*text);
    }
  }

  Program::Compiled& out_;
  const Tree& tree_;
  std::unordered_map<std::string, std::uint32_t> roots_;
};

}  // namespace

std::shared_ptr<Program::Compiled> lay_out(Tree tree, std::string text, Dialect dialect) {
  auto compiled = std::make_shared<Program::Compiled>();
  compiled->text = std::move(text);
  compiled->dialect = dialect;
  compiled->tree = std::move(tree);
  compiled->slots = compiled->tree.slots();
  Layout layout(*compiled);
  compiled->root = layout.lay(compiled->tree.root());
  compiled->qualified.resize(std::max(compiled->qualified.size(), compiled->steps.size()));
  return compiled;
}

std::optional<TypeName> type_named(std::string_view name) {
  for (int i = 0; i <= static_cast<int>(TypeName::cidr); ++i) {
    const auto type = static_cast<TypeName>(i);
    if (to_string(type) == name) return type;
  }
  return std::nullopt;
}

}  // namespace swamp::cel
