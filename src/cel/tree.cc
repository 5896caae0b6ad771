#include "cel/tree.h"

#include <array>

#include <fmt/format.h>

#include "cel/lexer.h"

namespace swamp::cel {

namespace {

/// How tightly a node binds; what stands inside must bind at least as tightly as its place asks.
enum class Binding : std::uint8_t {
  conditional,
  any_of,
  all_of,
  relation,
  sum,
  product,
  unary,
  member
};

Binding binding_of(Operator op) {
  switch (op) {
    case Operator::add:
    case Operator::subtract:
      return Binding::sum;
    case Operator::multiply:
    case Operator::divide:
    case Operator::modulo:
      return Binding::product;
    default:
      return Binding::relation;
  }
}

Binding tighter(Binding binding) {
  return static_cast<Binding>(static_cast<int>(binding) + 1);
}

bool is_plain_name(std::string_view text) {
  if (text.empty() || !is_name_start(text[0]) || text == "in" || text == "true" ||
      text == "false" || text == "null") {
    return false;
  }
  for (const char c : text) {
    if (!is_name_part(c)) return false;
  }
  return true;
}

void append_quoted(std::string& out, std::string_view text, bool ascii_only) {
  out += '\'';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\'' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (byte < 0x20 || byte == 0x7F || (ascii_only && byte >= 0x80)) {
      out += fmt::format("\\x{:02x}", byte);
    } else {
      out += c;
    }
  }
  out += '\'';
}

class Printer {
 public:
  explicit Printer(const Tree& tree) : tree_(tree) {}

  std::string take() && { return std::move(out_); }

  void print(const Node& node, Binding least) {
    const bool in_parentheses = binding(node) < least;
    if (in_parentheses) out_ += '(';
    bare(node);
    if (in_parentheses) out_ += ')';
  }

 private:
  Binding binding(const Node& node) const {
    switch (node.kind) {
      case NodeKind::conditional:
        return Binding::conditional;
      case NodeKind::any_of:
        return Binding::any_of;
      case NodeKind::all_of:
        return Binding::all_of;
      case NodeKind::chain:
        return binding_of(tree_.operators(node)[0]);
      case NodeKind::negate:
      case NodeKind::invert:
        return Binding::unary;
      default:
        return Binding::member;
    }
  }

  void bare(const Node& node) {
    switch (node.kind) {
      case NodeKind::literal:
        return literal(tree_.literal(node));
      case NodeKind::name:
        if (node.leading_dot) out_ += '.';
        [[fallthrough]];
      case NodeKind::variable:
      case NodeKind::bare_name:
        out_ += tree_.text(node);
        return;
      case NodeKind::select:
        return select(node);
      case NodeKind::index:
        return index(node);
      case NodeKind::call:
      case NodeKind::macro:
        return call(node);
      case NodeKind::list:
        return list(node);
      case NodeKind::map:
        return map(node);
      case NodeKind::negate:
        return negate(node);
      case NodeKind::invert:
        out_ += '!';
        return print(tree_.child(node, 0), Binding::unary);
      case NodeKind::chain:
        return chain(node);
      case NodeKind::all_of:
        return joined(node, " && ", Binding::all_of);
      case NodeKind::any_of:
        return joined(node, " || ", Binding::any_of);
      case NodeKind::conditional:
        print(tree_.child(node, 0), Binding::any_of);
        out_ += " ? ";
        print(tree_.child(node, 1), Binding::conditional);
        out_ += " : ";
        print(tree_.child(node, 2), Binding::conditional);
        return;
    }
  }

  void literal(const Literal& value) {
    if (std::holds_alternative<std::nullptr_t>(value)) {
      out_ += "null";
    } else if (const auto* boolean = std::get_if<bool>(&value)) {
      out_ += *boolean ? "true" : "false";
    } else if (const auto* whole = std::get_if<std::int64_t>(&value)) {
      out_ += fmt::to_string(*whole);
    } else if (const auto* natural = std::get_if<std::uint64_t>(&value)) {
      out_ += fmt::format("{}u", *natural);
    } else if (const auto* real = std::get_if<double>(&value)) {
      const std::string digits = fmt::format("{}", *real);
      out_ += digits;
      if (digits.find_first_of(".e") == std::string::npos) out_ += ".0";
    } else if (const auto* text = std::get_if<std::string>(&value)) {
      append_quoted(out_, *text, false);
    } else {
      out_ += 'b';
      append_quoted(out_, std::get<Bytes>(value).octets, true);
    }
  }

  void select(const Node& node) {
    print(tree_.child(node, 0), Binding::member);
    out_ += node.optional ? ".?" : ".";
    const std::string& name = tree_.text(node);
    out_ += is_plain_name(name) ? name : '`' + name + '`';
  }

  void index(const Node& node) {
    print(tree_.child(node, 0), Binding::member);
    out_ += node.optional ? "[?" : "[";
    print(tree_.child(node, 1), Binding::conditional);
    out_ += ']';
  }

  void call(const Node& node) {
    const bool is_in_cel =
        node.kind == NodeKind::macro && (node.macro == Macro::bind || node.macro == Macro::block);
    auto arguments = tree_.children(node);
    if (is_in_cel) {
      out_ += "cel.";
    } else if (node.has_target) {
      print(tree_[arguments[0]], Binding::member);
      out_ += '.';
      arguments = arguments.subspan(1);
    }
    out_ += tree_.text(node);
    out_ += '(';
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      if (i > 0) out_ += ", ";
      print(tree_[arguments[i]], Binding::conditional);
    }
    out_ += ')';
  }

  void list(const Node& node) {
    out_ += '[';
    for (std::size_t i = 0; i < node.child_count; ++i) {
      if (i > 0) out_ += ", ";
      if (tree_.is_optional_entry(node, i)) out_ += '?';
      print(tree_.child(node, i), Binding::conditional);
    }
    out_ += ']';
  }

  void map(const Node& node) {
    out_ += '{';
    for (std::size_t i = 0; i < node.child_count; i += 2) {
      if (i > 0) out_ += ", ";
      if (tree_.is_optional_entry(node, i / 2)) out_ += '?';
      print(tree_.child(node, i), Binding::conditional);
      out_ += ": ";
      print(tree_.child(node, i + 1), Binding::conditional);
    }
    out_ += '}';
  }

  void negate(const Node& node) {
    out_ += '-';
    const std::size_t begin = out_.size();
    print(tree_.child(node, 0), Binding::unary);
    // `-5` would be a literal.
    if (begin < out_.size() && is_digit(out_[begin])) {
      out_.insert(begin, "(");
      out_ += ')';
    }
  }

  void chain(const Node& node) {
    const auto operators = tree_.operators(node);
    const Binding operand = tighter(binding_of(operators[0]));
    for (std::size_t i = 0; i < node.child_count; ++i) {
      if (i > 0) {
        out_ += ' ';
        out_ += to_string(operators[i - 1]);
        out_ += ' ';
      }
      print(tree_.child(node, i), operand);
    }
  }

  void joined(const Node& node, std::string_view sign, Binding own) {
    for (std::size_t i = 0; i < node.child_count; ++i) {
      if (i > 0) out_ += sign;
      print(tree_.child(node, i), tighter(own));
    }
  }

  const Tree& tree_;
  std::string out_;
};

}  // namespace

std::string_view to_string(Operator op) {
  static constexpr std::array<std::string_view, 12> kSigns = {
      "+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "in"};
  return kSigns[static_cast<std::size_t>(op)];
}

std::string Tree::dotted_name(const Node& node) const {
  switch (node.kind) {
    case NodeKind::name:
      return node.slot == kNoSlot ? text(node) : std::string();
    case NodeKind::call:
      if (!node.has_target) return text(node);
      break;
    case NodeKind::select:
      if (node.optional) return {};
      break;
    default:
      return {};
  }
  std::string before = dotted_name(child(node, 0));
  if (before.empty() || child(node, 0).kind == NodeKind::call) return {};
  return before + "." + text(node);
}

std::string print(const Tree& tree, NodeId node) {
  Printer printer(tree);
  printer.print(tree[node], Binding::conditional);
  return std::move(printer).take();
}

std::string print(const Tree& tree) {
  return print(tree, tree.root());
}

std::string quote(std::string_view text) {
  std::string out;
  append_quoted(out, text, false);
  return out;
}

}  // namespace swamp::cel
