#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "cel/parser.h"

namespace swamp::cel {
namespace {

/// Whether two nodes and all below them are the same, wherever they stand in their texts.
bool same(const Tree& a, NodeId at_a, const Tree& b, NodeId at_b) {
  const Node& x = a[at_a];
  const Node& y = b[at_b];
  const bool same_form = x.kind == y.kind && x.macro == y.macro && x.optional == y.optional &&
                         x.has_target == y.has_target && x.leading_dot == y.leading_dot &&
                         x.slot == y.slot && x.child_count == y.child_count;
  if (!same_form) return false;
  const bool has_text = x.kind == NodeKind::name || x.kind == NodeKind::select ||
                        x.kind == NodeKind::call || x.kind == NodeKind::variable ||
                        x.kind == NodeKind::bare_name;
  if (has_text && a.text(x) != b.text(y)) return false;
  if (x.kind == NodeKind::literal && a.literal(x) != b.literal(y)) return false;
  if (x.kind == NodeKind::chain &&
      !std::equal(a.operators(x).begin(), a.operators(x).end(), b.operators(y).begin())) {
    return false;
  }
  for (std::size_t i = 0; i < x.child_count; ++i) {
    const bool is_entry = x.kind == NodeKind::list || (x.kind == NodeKind::map && i % 2 == 0);
    const std::size_t entry = x.kind == NodeKind::map ? i / 2 : i;
    if (is_entry && a.is_optional_entry(x, entry) != b.is_optional_entry(y, entry)) return false;
    if (!same(a, a.children(x)[i], b, b.children(y)[i])) return false;
  }
  return true;
}

/// Writes random expressions, with random parentheses and blanks.
class Writer {
 public:
  std::string expression(int depth) {
    const int form = depth <= 0 ? *rc::gen::inRange(0, 8) : *rc::gen::inRange(0, 30);
    const auto inner = [&] { return expression(depth - 1); };
    switch (form) {
      case 0:
        return name();
      case 1:
        return std::to_string(*rc::gen::arbitrary<std::int64_t>());
      case 2:
        return std::to_string(*rc::gen::arbitrary<std::uint64_t>()) + "u";
      case 3:
        return fmt::format("{:e}", *rc::gen::inRange(-1000000, 1000000) / 7.0);
      case 4:
        return quote(*rc::gen::string<std::string>());
      case 5:
        return *rc::gen::element<std::string>("true", "false", "null", "b'\\x00\\xff'", "r'\\d'",
                                              "'''a\n'b'''", "0x1f");
      case 6:
        return "." + name();
      case 7:
        return "vault.get(my-" + name() + ", a." + name() + ")";
      case 8:
        return "(" + inner() + ")";
      case 9:
        return "-" + operand(depth);
      case 10:
        return "!" + operand(depth);
      case 11:
        return operand(depth) + " ? " + inner() + " : " + inner();
      case 12:
        return operand(depth) + *rc::gen::element<std::string>(" && ", "||") + operand(depth);
      case 13:
      case 14:
      case 15:
        return chain(depth);
      case 16:
        return target(depth) + "." + name();
      case 17:
        return target(depth) + ".?" + name();
      case 18:
        return target(depth) + ".`a-b/c d.e`";
      case 19:
        return target(depth) + "[" + inner() + "]";
      case 20:
        return target(depth) + "[?" + inner() + "]";
      case 21:
        return name() + "(" + inner() + ", " + inner() + ")";
      case 22:
        return target(depth) + "." + name() + "(" + inner() + ")";
      case 23:
        return "[" + inner() + ", ?" + inner() + "]";
      case 24:
        return "{" + inner() + ": " + inner() + ", ?" + inner() + ":" + inner() + ",}";
      case 25:
        return target(depth) +
               *rc::gen::element<std::string>(".map(", ".all(", ".exists(", ".filter(", ".sortBy(",
                                              ".optMap(") +
               name() + ", " + inner() + ")";
      case 26:
        return target(depth) +
               *rc::gen::element<std::string>(".transformList(", ".existsOne(", ".transformMap(") +
               "x, y, " + inner() + ")";
      case 27:
        return "has(" + target(depth) + "." + name() + ")";
      case 28:
        return "cel.bind(" + name() + ", " + inner() + ", " + inner() + ")";
      default:
        return "model.my-" + name() + ".resource." + name();
    }
  }

 private:
  std::string name() {
    return *rc::gen::element<std::string>("a", "b", "x", "foo_1", "model", "_");
  }
  std::string operand(int depth) {
    return *rc::gen::arbitrary<bool>() ? "(" + expression(depth - 1) + ")" : name();
  }
  std::string target(int depth) { return operand(depth); }
  std::string chain(int depth) {
    std::string text = operand(depth);
    const int count = *rc::gen::inRange(1, 4);
    for (int i = 0; i < count; ++i) {
      text += " " +
              *rc::gen::element<std::string>("+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">",
                                             ">=", "in") +
              " " + operand(depth);
    }
    return text;
  }
};

RC_GTEST_PROP(PrintProperty, WhatIsPrintedParsesToTheSameTree, ()) {
  const std::string text = Writer().expression(4);
  const Dialect dialect = *rc::gen::element(Dialect::strict, Dialect::swamp);
  const auto tree = parse(text, dialect);
  RC_PRE(tree.has_value());
  const std::string printed = print(*tree);
  const auto again = parse(printed, dialect);
  RC_ASSERT(again.has_value());
  RC_ASSERT(same(*tree, tree->root(), *again, again->root()));
  RC_ASSERT(print(*again) == printed);
}

RC_GTEST_PROP(PrintProperty, AnyTextIsParsedOrRefusedWithAPlaceInIt, ()) {
  const std::string text = *rc::gen::container<std::string>(
      rc::gen::elementOf(std::string("ab1.?:,()[]{}'\"`+-*/%!=<>&| \n\\xru0_")));
  const auto tree = parse(text, Dialect::swamp);
  if (!tree) {
    RC_ASSERT(!tree.error().message.empty());
    RC_ASSERT(tree.error().begin <= tree.error().end);
    RC_ASSERT(tree.error().end <= text.size());
  }
}

}  // namespace
}  // namespace swamp::cel
