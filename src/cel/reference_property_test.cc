#include <cmath>
#include <optional>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "cel/parser.h"
#include "cel/program.h"
#include "value/json.h"

namespace swamp::cel {
namespace {

/// A value of the reference evaluator; without one it is an error.
using Plain = std::optional<Value>;

/// Evaluates strict CEL as its definition reads, node by node, over booleans, ints, doubles,
/// strings, lists and what is made of them. Slow, and without any thought of its own.
class Reference {
 public:
  Reference(const Tree& tree, const Map& variables)
      : tree_(tree), variables_(variables), locals_(tree.slots()) {}

  Plain run() { return eval(tree_.root()); }

 private:
  Plain eval(NodeId id) {
    const Node& node = tree_[id];
    const auto children = tree_.children(node);
    switch (node.kind) {
      case NodeKind::literal:
        return literal(tree_.literal(node));
      case NodeKind::name: {
        if (node.slot != kNoSlot) return locals_[node.slot];
        const Value* value = variables_.find(tree_.text(node));
        return value != nullptr ? Plain(*value) : std::nullopt;
      }
      case NodeKind::index:
        return index(eval(children[0]), eval(children[1]));
      case NodeKind::list:
        return list(children);
      case NodeKind::negate:
        return negate(eval(children[0]));
      case NodeKind::invert: {
        const Plain value = eval(children[0]);
        return value && value->is_bool() ? Plain(!value->as_bool()) : std::nullopt;
      }
      case NodeKind::conditional: {
        const Plain value = eval(children[0]);
        return value && value->is_bool() ? eval(children[value->as_bool() ? 1 : 2]) : std::nullopt;
      }
      case NodeKind::all_of:
      case NodeKind::any_of:
        return logical(children, node.kind == NodeKind::any_of);
      case NodeKind::chain:
        return chain(node);
      case NodeKind::macro:
        return macro(node);
      case NodeKind::call:
        return size(eval(children[0]));
      default:
        return std::nullopt;
    }
  }

  static Plain literal(const Literal& literal) {
    if (const auto* boolean = std::get_if<bool>(&literal)) return Value(*boolean);
    if (const auto* whole = std::get_if<std::int64_t>(&literal)) return Value(*whole);
    if (const auto* real = std::get_if<double>(&literal)) return Value(*real);
    return Value(std::get<std::string>(literal));
  }

  /// A double that is whole is a place, too.
  static Plain index(const Plain& list, const Plain& at) {
    if (!list || !at || !list->is_list() || !at->is_number()) return std::nullopt;
    const double place = at->to_double();
    const bool fits = std::trunc(place) == place && place >= 0 &&
                      place < static_cast<double>(list->as_list().size());
    return fits ? Plain(list->as_list()[static_cast<std::size_t>(place)]) : std::nullopt;
  }

  Plain list(std::span<const NodeId> children) {
    List items;
    for (const NodeId child : children) {
      Plain item = eval(child);
      if (!item) return std::nullopt;
      items.push_back(*std::move(item));
    }
    return Value(std::move(items));
  }

  static Plain negate(const Plain& value) {
    if (!value) return std::nullopt;
    if (value->kind() == Value::Kind::real) return Value(-value->as_double());
    const bool fits = value->kind() == Value::Kind::int64 && value->as_int() != INT64_MIN;
    return fits ? Plain(-value->as_int()) : std::nullopt;
  }

  static Plain size(const Plain& value) {
    if (value && value->is_list()) return Value(static_cast<std::int64_t>(value->as_list().size()));
    if (value && value->is_string())
      return Value(static_cast<std::int64_t>(value->as_string().size()));  // ASCII only
    return std::nullopt;
  }

  /// One side that decides wins over anything; otherwise all must be booleans.
  Plain logical(std::span<const NodeId> children, bool decisive) {
    bool has_failed = false;
    for (const NodeId child : children) {
      const Plain value = eval(child);
      if (value && value->is_bool() && value->as_bool() == decisive) return Value(decisive);
      if (!value || !value->is_bool()) has_failed = true;
    }
    return has_failed ? std::nullopt : Plain(Value(!decisive));
  }

  Plain chain(const Node& node) {
    const auto operators = tree_.operators(node);
    const auto children = tree_.children(node);
    Plain value = eval(children[0]);
    for (std::size_t i = 1; i < children.size(); ++i) {
      const Plain right = eval(children[i]);
      if (!value || !right) return std::nullopt;
      value = apply(operators[i - 1], *value, *right);
    }
    return value;
  }

  static Plain apply(Operator op, const Value& a, const Value& b) {
    switch (op) {
      case Operator::equal:
        return Value(a == b);
      case Operator::not_equal:
        return Value(!(a == b));
      case Operator::in: {
        if (!b.is_list()) return std::nullopt;
        const List& items = b.as_list();
        return Value(std::find(items.begin(), items.end(), a) != items.end());
      }
      case Operator::less:
      case Operator::less_equal:
      case Operator::greater:
      case Operator::greater_equal:
        return relation(op, a, b);
      default:
        return arithmetic(op, a, b);
    }
  }

  template <class T>
  static bool holds(Operator op, const T& a, const T& b) {
    if (op == Operator::less) return a < b;
    if (op == Operator::less_equal) return a <= b;
    return op == Operator::greater ? a > b : a >= b;
  }

  static Plain relation(Operator op, const Value& a, const Value& b) {
    if (a.is_number() && b.is_number()) {
      // Small numbers only: they are exact as doubles.
      return Value(holds(op, a.to_double(), b.to_double()));
    }
    if (a.is_string() && b.is_string()) return Value(holds(op, a.as_string(), b.as_string()));
    if (a.is_bool() && b.is_bool()) return Value(holds(op, a.as_bool(), b.as_bool()));
    return std::nullopt;
  }

  static Plain arithmetic(Operator op, const Value& a, const Value& b) {
    if (op == Operator::add && a.is_string() && b.is_string())
      return Value(a.as_string() + b.as_string());
    if (op == Operator::add && a.is_list() && b.is_list()) {
      List joined = a.as_list();
      joined.insert(joined.end(), b.as_list().begin(), b.as_list().end());
      return Value(std::move(joined));
    }
    if (a.kind() != b.kind() || !a.is_number()) return std::nullopt;
    return a.is_integer() ? on_ints(op, a.as_int(), b.as_int())
                          : on_doubles(op, a.as_double(), b.as_double());
  }

  static Plain on_ints(Operator op, std::int64_t a, std::int64_t b) {
    std::int64_t result = 0;
    if (op == Operator::add)
      return __builtin_add_overflow(a, b, &result) ? std::nullopt : Plain(result);
    if (op == Operator::subtract)
      return __builtin_sub_overflow(a, b, &result) ? std::nullopt : Plain(result);
    if (op == Operator::multiply)
      return __builtin_mul_overflow(a, b, &result) ? std::nullopt : Plain(result);
    if (b == 0 || (a == INT64_MIN && b == -1 && op == Operator::divide)) return std::nullopt;
    if (op == Operator::modulo) return b == -1 ? Value(0) : Value(a % b);
    return Value(a / b);
  }

  static Plain on_doubles(Operator op, double a, double b) {
    if (op == Operator::add) return Value(a + b);
    if (op == Operator::subtract) return Value(a - b);
    if (op == Operator::multiply) return Value(a * b);
    return op == Operator::divide ? Plain(a / b) : std::nullopt;
  }

  Plain macro(const Node& node) {
    const auto children = tree_.children(node);
    const Plain target = eval(children[0]);
    if (!target || !target->is_list()) return std::nullopt;
    List results;
    bool has_failed = false;
    for (const Value& item : target->as_list()) {
      locals_[node.slot] = item;
      const Plain result = eval(children[2]);
      const bool is_usable = result && (node.macro == Macro::map || result->is_bool());
      const bool is_quantifier = node.macro == Macro::all || node.macro == Macro::exists;
      if (!is_usable && !is_quantifier) return std::nullopt;
      has_failed = has_failed || !is_usable;
      if (!is_usable) continue;
      if (is_quantifier && result->as_bool() == (node.macro == Macro::exists)) return result;
      if (node.macro == Macro::map) results.push_back(*result);
      if (node.macro == Macro::filter && result->as_bool()) results.push_back(item);
    }
    if (node.macro == Macro::map || node.macro == Macro::filter) return Value(std::move(results));
    return has_failed ? std::nullopt : Plain(Value(node.macro == Macro::all));
  }

  const Tree& tree_;
  const Map& variables_;
  std::vector<Plain> locals_;
};

/// Writes expressions that mostly make sense: of a wanted kind, now and then of another.
class Writer {
 public:
  enum Kind { boolean, whole, real, text, list };

  std::string expression(Kind kind, int depth) {
    if (*rc::gen::inRange(0, 40) == 0) kind = static_cast<Kind>(*rc::gen::inRange(0, 5));
    if (depth <= 0) return leaf(kind);
    const auto inner = [&](Kind wanted) { return "(" + expression(wanted, depth - 1) + ")"; };
    const int form = *rc::gen::inRange(0, 8);
    if (form == 0) return leaf(kind);
    if (form == 1) return inner(boolean) + " ? " + inner(kind) + " : " + inner(kind);
    if (form == 2) return "[" + inner(kind) + ", " + inner(kind) + "][" + inner(whole) + "]";
    switch (kind) {
      case boolean:
        return condition(form, depth);
      case whole:
        if (form == 3) return "size(" + inner(list) + ")";
        if (form == 4) return "-" + inner(whole);
        return inner(whole) + one_of("+", "-", "*", "/", "%") + inner(whole) + one_of("+", "-") +
               inner(whole);
      case real:
        return inner(real) + one_of("+", "-", "*", "/") + inner(real);
      case text:
        return inner(text) + " + " + inner(text) + " + " + inner(text);
      case list:
        if (form == 3) return inner(list) + " + " + inner(list);
        if (form == 4)
          return inner(list) + ".filter(" + variable(depth) + ", " + loop(boolean, depth) + ")";
        if (form == 5)
          return inner(list) + ".map(" + variable(depth) + ", " + loop(whole, depth) + ")";
        return "[" + inner(whole) + ", " + inner(text) + "]";
    }
    return leaf(kind);
  }

 private:
  std::string condition(int form, int depth) {
    const auto inner = [&](Kind wanted) { return "(" + expression(wanted, depth - 1) + ")"; };
    const auto any = [&] { return static_cast<Kind>(*rc::gen::inRange(0, 5)); };
    if (form == 3)
      return inner(boolean) + one_of("&&", "||") + inner(boolean) + one_of("&&", "||") +
             inner(boolean);
    if (form == 4) return "!" + inner(boolean);
    if (form == 5)
      return inner(list) + one_of(".all(", ".exists(") + variable(depth) + ", " +
             loop(boolean, depth) + ")";
    if (form == 6) return inner(any()) + " in " + inner(list);
    const Kind kind = any();
    return inner(kind) + one_of("==", "!=", "<", "<=", ">", ">=") + inner(kind);
  }

  /// The body of a loop, which knows its variable.
  std::string loop(Kind kind, int depth) {
    in_scope_.push_back(variable(depth));
    const std::string body = expression(kind, depth - 1);
    in_scope_.pop_back();
    return body;
  }

  std::string leaf(Kind kind) {
    if (!in_scope_.empty() && *rc::gen::inRange(0, 2) == 0) return *rc::gen::elementOf(in_scope_);
    switch (kind) {
      case boolean:
        return one_of("true", "false", "yes");
      case whole:
        return one_of("0", "1", "2", "-3", "7", "n");
      case real:
        return one_of("0.0", "0.5", "-2.25", "r");
      case text:
        return one_of("''", "'a'", "'bc'", "s");
      case list:
        return one_of("[]", "[1, 2, 3]", "['a', 1, true]", "l");
    }
    return "0";
  }

  static std::string variable(int depth) { return "x" + std::to_string(depth); }

  template <class... Words>
  std::string one_of(Words... words) {
    return *rc::gen::element<std::string>(words...);
  }

  std::vector<std::string> in_scope_;
};

/// Fails when the compiled expression and its tree do not agree; whether it has a value.
bool check(const std::string& text) {
  const Map variables = {{"n", 4}, {"r", 1.5}, {"s", "str"}, {"l", List{0, 5, "a"}}, {"yes", true}};
  const auto tree = parse(text, Dialect::strict);
  RC_ASSERT(tree.has_value());
  const Plain wanted = Reference(*tree, variables).run();
  const auto outcome =
      Program::compile(text, Dialect::strict)->evaluate(PlainScope(variables), Answers());
  if (wanted.has_value() != outcome.has_value()) RC_LOG() << text;
  RC_ASSERT(wanted.has_value() == outcome.has_value());
  if (wanted) {
    RC_LOG() << text;
    RC_ASSERT(write_json(std::get<Value>(*outcome)) == write_json(*wanted));
  }
  return wanted.has_value();
}

RC_GTEST_PROP(ReferenceProperty, ACompiledExpressionGivesWhatItsTreeMeans, ()) {
  // Most of a large expression comes to nothing once something in it has failed: many small ones
  // find what a few large ones hide.
  int with_value = 0;
  for (int i = 0; i < 40; ++i) {
    const auto kind = static_cast<Writer::Kind>(*rc::gen::inRange(0, 5));
    with_value += check(Writer().expression(kind, 1 + i % 4)) ? 1 : 0;
  }
  RC_CLASSIFY(with_value > 20, "most have a value");
}

}  // namespace
}  // namespace swamp::cel
