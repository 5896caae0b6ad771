#include "cel/macros.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

namespace swamp::cel {

namespace {

using Expansion = tl::expected<std::optional<NodeId>, Fault>;

constexpr MacroForm kForms[] = {
    {"has", Macro::has, 0, 1, 1, "has(a.b) -> bool",
     "whether the member is there; one that is null counts", "has({'a': 1}.a) && !has({'a': 1}.b)"},
    {"all", Macro::all, 1, 2, 2, "list|map.all(x, condition) -> bool",
     "whether the condition holds for every element of a list or key of a map",
     "[1, 2].all(x, x > 0)"},
    {"all", Macro::all, 2, 3, 3, "list|map.all(i, x, condition) -> bool",
     "the same with index and element, or key and value", "[1, 2].all(i, x, x == i + 1)"},
    {"exists", Macro::exists, 1, 2, 2, "list|map.exists(x, condition) -> bool",
     "whether the condition holds for some element or key", "[1, 2].exists(x, x == 2)"},
    {"exists", Macro::exists, 2, 3, 3, "list|map.exists(i, x, condition) -> bool",
     "the same with index and element, or key and value",
     "{'a': 1}.exists(k, v, k == 'a' && v == 1)"},
    {"exists_one", Macro::exists_one, 1, 2, 2, "list|map.exists_one(x, condition) -> bool",
     "whether the condition holds for exactly one element or key",
     "[1, 2, 2].exists_one(x, x == 1)"},
    {"exists_one", Macro::exists_one, 2, 3, 3, "list|map.exists_one(i, x, condition) -> bool",
     "the same with index and element, or key and value", "[1, 1].exists_one(i, x, i + x == 1)"},
    {"existsOne", Macro::exists_one, 1, 2, 2, "list|map.existsOne(x, condition) -> bool",
     "another name of exists_one", "[1, 2, 2].existsOne(x, x == 1)"},
    {"existsOne", Macro::exists_one, 2, 3, 3, "list|map.existsOne(i, x, condition) -> bool",
     "another name of exists_one", "[1, 1].existsOne(i, x, i + x == 1)"},
    {"map", Macro::map, 1, 2, 2, "list|map.map(x, expression) -> list",
     "the expression for every element or key", "[1, 2].map(x, x * 10) == [10, 20]"},
    {"map", Macro::map, 1, 3, 3, "list|map.map(x, condition, expression) -> list",
     "the expression for every element or key for which the condition holds",
     "[1, 2].map(x, x > 1, x * 10) == [20]"},
    {"filter", Macro::filter, 1, 2, 2, "list|map.filter(x, condition) -> list",
     "the elements or keys for which the condition holds", "[1, 2].filter(x, x > 1) == [2]"},
    {"transformList", Macro::transform_list, 2, 3, 3,
     "list|map.transformList(i, x, expression) -> list",
     "the expression for every index and element, or key and value",
     "[5, 6].transformList(i, x, x * i) == [0, 6]"},
    {"transformList", Macro::transform_list, 2, 4, 4,
     "list|map.transformList(i, x, condition, expression) -> list",
     "the same where the condition holds", "[5, 6].transformList(i, x, i > 0, x) == [6]"},
    {"transformMap", Macro::transform_map, 2, 3, 3,
     "list|map.transformMap(k, v, expression) -> map",
     "a map with the same keys and the expression as values",
     "{'a': 1}.transformMap(k, v, v + 1) == {'a': 2}"},
    {"transformMap", Macro::transform_map, 2, 4, 4,
     "list|map.transformMap(k, v, condition, expression) -> map",
     "the same where the condition holds",
     "{'a': 1, 'b': 2}.transformMap(k, v, v > 1, v) == {'b': 2}"},
    {"transformMapEntry", Macro::transform_map_entry, 2, 3, 3,
     "list|map.transformMapEntry(k, v, map) -> map", "the maps that the expression gives, in one",
     "{'a': 'b'}.transformMapEntry(k, v, {v: k}) == {'b': 'a'}"},
    {"transformMapEntry", Macro::transform_map_entry, 2, 4, 4,
     "list|map.transformMapEntry(k, v, condition, map) -> map",
     "the same where the condition holds",
     "{'a': 'b'}.transformMapEntry(k, v, k == v, {v: k}) == {}"},
    {"sortBy", Macro::sort_by, 1, 2, 2, "list.sortBy(x, key) -> list",
     "the elements in the order of their keys", "['bb', 'a'].sortBy(x, size(x)) == ['a', 'bb']"},
    {"optMap", Macro::opt_map, 1, 2, 2, "optional.optMap(x, expression) -> optional",
     "the expression for the value, if there is one",
     "optional.of(1).optMap(x, x + 1).value() == 2"},
    {"optFlatMap", Macro::opt_flat_map, 1, 2, 2, "optional.optFlatMap(x, optional) -> optional",
     "the same for an expression that is optional itself",
     "optional.of({'a': 1}).optFlatMap(x, x.?b).hasValue() == false"},
    {"cel.bind", Macro::bind, 1, 3, 3, "cel.bind(x, value, expression)",
     "the expression with a name for the value", "cel.bind(x, 2, x * x) == 4"},
    {"cel.block", Macro::block, 0, 2, 2, "cel.block([value…], expression)",
     "the expression in which cel.index(n) is the n-th value",
     "cel.block([2], cel.index(0) * 3) == 6"},
};

tl::unexpected<Fault> fail(const Node& where, std::string message, std::string hint = {}) {
  return tl::unexpected(Fault{.message = std::move(message),
                              .hint = std::move(hint),
                              .begin = where.begin,
                              .end = where.end});
}

bool is_int_literal(const TreeBuilder& tree, NodeId id) {
  const Node& node = tree.tree()[id];
  return node.kind == NodeKind::literal &&
         std::holds_alternative<std::int64_t>(tree.tree().literal(node));
}

/// `cel.index(0)` and `cel.iterVar(0, 1)` are names.
Expansion numbered_name(TreeBuilder& tree, const Node& call, std::span<const NodeId> children) {
  std::string text = "cel." + tree.tree().text(call) + "(";
  for (const NodeId number : children.subspan(1)) {
    if (!is_int_literal(tree, number))
      return fail(tree[number], "the number of a variable is a literal");
    if (number != children[1]) text += ", ";
    text += fmt::to_string(std::get<std::int64_t>(tree.tree().literal(tree[number])));
  }
  const std::uint32_t word = tree.word(text + ")");
  tree.truncate(children[0].index());
  return tree.add({.kind = NodeKind::name,
                   .begin = call.begin,
                   .end = call.end,
                   .at = call.begin,
                   .at_end = call.end,
                   .text = word});
}

Expansion declare(TreeBuilder& tree, const MacroForm& form, std::span<const NodeId> variables) {
  for (const NodeId id : variables) {
    Node& variable = tree[id];
    if (variable.kind != NodeKind::name || variable.leading_dot) {
      return fail(variable, fmt::format("'{}' wants a plain name for its variable", form.name),
                  fmt::format("write {}", form.type));
    }
    variable.kind = NodeKind::variable;
  }
  const bool is_twice = variables.size() == 2 && tree[variables[0]].text == tree[variables[1]].text;
  if (is_twice) {
    return fail(tree[variables[1]], fmt::format("'{}' declares '{}' twice", form.name,
                                                tree.tree().text(tree[variables[1]])));
  }
  return std::nullopt;
}

Expansion check_arguments(const TreeBuilder& tree, const MacroForm& form,
                          std::span<const NodeId> arguments) {
  const Node& first = tree.tree()[arguments[0]];
  if (form.macro == Macro::has && (first.kind != NodeKind::select || first.optional)) {
    return fail(first, "'has' wants a member such as a.b",
                first.kind == NodeKind::index ? "write 'k' in a for a['k']" : "");
  }
  if (form.macro == Macro::block && first.kind != NodeKind::list)
    return fail(first, "'cel.block' wants a list of values");
  return std::nullopt;
}

}  // namespace

std::span<const MacroForm> macro_forms() {
  return kForms;
}

Expansion expand_macro(TreeBuilder& tree, const Node& call, std::span<const NodeId> children) {
  std::string name = tree.tree().text(call);
  const bool in_cel = call.has_target && tree[children[0]].kind == NodeKind::name &&
                      !tree[children[0]].leading_dot &&
                      tree.tree().text(tree[children[0]]) == "cel";
  if (in_cel &&
      ((name == "index" && children.size() == 2) || (name == "iterVar" && children.size() == 3))) {
    return numbered_name(tree, call, children);
  }
  const bool is_namespaced = in_cel && (name == "bind" || name == "block");
  if (is_namespaced) name = "cel." + name;
  const auto arguments = children.subspan(call.has_target ? 1 : 0);

  std::string forms;
  for (const MacroForm& form : kForms) {
    const bool wants_target = form.macro != Macro::has;
    if (form.name != name || wants_target != call.has_target) continue;
    forms += (forms.empty() ? "write " : " or ") + std::string(form.type);
    if (arguments.size() < form.least_arguments || arguments.size() > form.most_arguments) continue;
    if (auto checked = check_arguments(tree, form, arguments); !checked) return checked;
    if (auto declared = declare(tree, form, arguments.first(form.variables)); !declared)
      return declared;
    if (is_namespaced)
      tree[children[0]].kind = NodeKind::variable;  // `cel` is no root that the expression mentions
    Node macro = call;
    macro.kind = NodeKind::macro;
    macro.macro = form.macro;
    const auto kept = is_namespaced ? arguments : children;
    return tree.add(macro, kept);
  }
  if (forms.empty()) return std::nullopt;
  return tl::unexpected(
      Fault{.message = fmt::format("'{}' does not take {} argument{}", name, arguments.size(),
                                   arguments.size() == 1 ? "" : "s"),
            .hint = std::move(forms),
            .begin = call.at,
            .end = call.at_end});
}

}  // namespace swamp::cel
