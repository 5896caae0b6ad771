#include "store/query_pushdown.h"

#include <cmath>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "store/query_fields.h"
#include "value/json.h"

namespace swamp::store {
namespace {

using cel::Node;
using cel::NodeKind;
using cel::Operator;

constexpr std::size_t kMostParameters = 400;

/// Nothing is known of the row.
Verdict unsure() {
  return {};
}

bool is_unsure(const Verdict& verdict) {
  return verdict.unsure == "1";
}

/// Something that has a value in every row: a column, a tag, or a member of the attributes.
struct Operand {
  QueryField::Kind kind = QueryField::Kind::text;
  std::string sql;   // a column; of tags and attributes the column they lie in
  std::string path;  // `?3`, the JSON path below it; empty: the column itself
};

class Translator {
 public:
  explicit Translator(const cel::Tree& tree) : tree_(tree) {}

  Verdict of(const Node& node) {
    if (parameters.size() > kMostParameters) return unsure();
    switch (node.kind) {
      case NodeKind::all_of:
        return joined(node, " AND ", " OR ");
      case NodeKind::any_of:
        return joined(node, " OR ", " AND ");
      case NodeKind::invert: {
        Verdict inner = of(tree_.child(node, 0));
        std::swap(inner.yes, inner.no);
        return inner;
      }
      case NodeKind::chain:
        return node.child_count == 2 ? comparison(node) : unsure();
      case NodeKind::call:
        return call(node);
      case NodeKind::macro:
        return node.macro == cel::Macro::has ? has(tree_.child(node, 0)) : unsure();
      case NodeKind::name:
        return flag(node);
      default:
        return unsure();
    }
  }

  std::vector<SqlValue> parameters;

 private:
  Verdict joined(const Node& node, std::string_view for_yes, std::string_view for_no) {
    Verdict all{.yes = "", .no = "", .unsure = ""};
    for (const auto id : tree_.children(node)) {
      const Verdict one = of(tree_[id]);
      const bool is_first = all.yes.empty();
      all.yes += is_first ? one.yes : fmt::format("{}{}", for_yes, one.yes);
      all.no += is_first ? one.no : fmt::format("{}{}", for_no, one.no);
      all.unsure += is_first ? one.unsure : fmt::format(" OR {}", one.unsure);
    }
    return {"(" + all.yes + ")", "(" + all.no + ")", "(" + all.unsure + ")"};
  }

  std::string bind(SqlValue value) {
    parameters.push_back(std::move(value));
    return fmt::format("?{}", parameters.size());
  }

  // --- what is compared ---

  /// Keys that JSON never writes with escapes and that a path can quote.
  static bool is_simple_key(std::string_view key) {
    if (key.empty()) return false;
    for (const char c : key) {
      if (c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return false;
    }
    return true;
  }

  /// The key of `a.key` or `a["key"]`.
  std::optional<std::string> key_of(const Node& node) const {
    if (node.optional) return std::nullopt;
    if (node.kind == NodeKind::select) return tree_.text(node);
    if (node.kind != NodeKind::index) return std::nullopt;
    return text_literal(tree_.child(node, 1));
  }

  std::optional<Operand> operand(const Node& node) {
    if (node.kind == NodeKind::name) {
      const auto* field = node.slot == cel::kNoSlot ? find_query_field(tree_.text(node)) : nullptr;
      using Kind = QueryField::Kind;
      const bool is_column = field && (field->kind == Kind::text || field->kind == Kind::number ||
                                       field->kind == Kind::boolean);
      if (!is_column) return std::nullopt;
      return Operand{field->kind, std::string(field->sql), {}};
    }
    return member(node);
  }

  /// `tags.x`, `attributes.a.b`.
  std::optional<Operand> member(const Node& node) {
    std::vector<std::string> keys;
    const Node* at = &node;
    while (at->kind == NodeKind::select || at->kind == NodeKind::index) {
      auto key = key_of(*at);
      if (!key || !is_simple_key(*key)) return std::nullopt;
      keys.push_back(*std::move(key));
      at = &tree_.child(*at, 0);
    }
    if (at->kind != NodeKind::name || at->slot != cel::kNoSlot || keys.empty()) return std::nullopt;
    const auto* field = find_query_field(tree_.text(*at));
    const bool is_tags = field && field->kind == QueryField::Kind::tags && keys.size() == 1;
    const bool is_attributes = field && field->kind == QueryField::Kind::attributes;
    if (!is_tags && !is_attributes) return std::nullopt;
    std::string path = "$";
    for (auto key = keys.rbegin(); key != keys.rend(); ++key)
      path += fmt::format(".\"{}\"", *key);
    return Operand{field->kind, std::string(field->sql), bind(std::move(path))};
  }

  // --- constants ---

  std::optional<std::string> text_literal(const Node& node) const {
    if (node.kind != NodeKind::literal) return std::nullopt;
    const auto* text = std::get_if<std::string>(&tree_.literal(node));
    if (!text || text->find('\0') != text->npos) return std::nullopt;
    return *text;
  }

  /// A number that SQLite compares with whole numbers as we do.
  std::optional<SqlValue> number_literal(const Node& node) const {
    constexpr double kExact = 0x1p53;
    const bool is_negative = node.kind == NodeKind::negate;
    const Node& of = is_negative ? tree_.child(node, 0) : node;
    if (of.kind != NodeKind::literal) return std::nullopt;
    const cel::Literal& literal = tree_.literal(of);
    if (const auto* whole = std::get_if<std::int64_t>(&literal)) {
      if (*whole <= -static_cast<std::int64_t>(kExact) ||
          *whole >= static_cast<std::int64_t>(kExact))
        return std::nullopt;
      return SqlValue(is_negative ? -*whole : *whole);
    }
    if (const auto* real = std::get_if<double>(&literal)) {
      if (!(std::abs(*real) < kExact)) return std::nullopt;
      return SqlValue(is_negative ? -*real : *real);
    }
    return std::nullopt;
  }

  std::optional<bool> bool_literal(const Node& node) const {
    if (node.kind != NodeKind::literal) return std::nullopt;
    const auto* flag = std::get_if<bool>(&tree_.literal(node));
    return flag ? std::optional(*flag) : std::nullopt;
  }

  bool is_null_literal(const Node& node) const {
    return node.kind == NodeKind::literal &&
           std::holds_alternative<std::nullptr_t>(tree_.literal(node));
  }

  // --- conditions ---

  /// A condition on something that is there in every row, so that it is never null.
  static Verdict decided(const std::string& yes) {
    return {"(" + yes + ")", fmt::format("(NOT ({}))", yes), "0"};
  }

  static std::string type_of(const Operand& of) {
    return fmt::format("json_type({}, {})", of.sql, of.path);
  }
  static std::string value_of(const Operand& of) {
    return fmt::format("json_extract({}, {})", of.sql, of.path);
  }

  /// `condition` about a member of the attributes that is there; where it is not, the row fails.
  static Verdict on_member(const Operand& of, const std::string& condition) {
    return {.yes = fmt::format("ifnull({}, 0)", condition),
            .no = fmt::format("ifnull({} IS NOT NULL AND NOT ({}), 0)", type_of(of), condition),
            .unsure = fmt::format("({} IS NULL)", of.sql)};
  }

  /// Whether the member is one of these texts, truth values and nulls; where it is not there, the
  /// row fails.
  Verdict is_one_of(const Operand& of, List values) {
    const auto condition = fmt::format("json_member_in({}, {}, {})", of.sql, of.path,
                                       bind(write_json(Value(std::move(values)))));
    const bool is_always_there = of.kind == QueryField::Kind::tags;  // the column
    return {.yes = fmt::format("ifnull({}, 0)", condition),
            .no = fmt::format("ifnull(NOT {}, 0)", condition),
            .unsure = is_always_there ? "0" : fmt::format("({} IS NULL)", of.sql)};
  }

  /// on_member() for operators that fail on members of another type.
  static Verdict on_member_of_type(const Operand& of, std::string_view type,
                                   const std::string& condition) {
    return {.yes = fmt::format("ifnull({} = '{}' AND {}, 0)", type_of(of), type, condition),
            .no = fmt::format("ifnull({} = '{}' AND NOT ({}), 0)", type_of(of), type, condition),
            .unsure = fmt::format("({} IS NULL)", of.sql)};
  }

  /// SQLite's reading of fractions is not ours to the last bit.
  static Verdict unsure_of_reals(Verdict verdict, const Operand& of) {
    verdict.unsure = fmt::format("({} IS NULL OR ifnull({} = 'real', 0))", of.sql, type_of(of));
    const auto guard = fmt::format("ifnull({} <> 'real', 0)", type_of(of));
    verdict.yes = fmt::format("({} AND {})", guard, verdict.yes);
    verdict.no = fmt::format("({} AND {})", guard, verdict.no);
    return verdict;
  }

  static std::string_view sql_operator(Operator op) {
    switch (op) {
      case Operator::less:
        return "<";
      case Operator::less_equal:
        return "<=";
      case Operator::greater:
        return ">";
      case Operator::greater_equal:
        return ">=";
      default:
        return "=";
    }
  }

  static Operator mirrored(Operator op) {
    switch (op) {
      case Operator::less:
        return Operator::greater;
      case Operator::less_equal:
        return Operator::greater_equal;
      case Operator::greater:
        return Operator::less;
      case Operator::greater_equal:
        return Operator::less_equal;
      default:
        return op;
    }
  }

  static bool is_member(const Operand& of) {
    return of.kind == QueryField::Kind::tags || of.kind == QueryField::Kind::attributes;
  }

  static bool is_order(Operator op) {
    return op == Operator::less || op == Operator::less_equal || op == Operator::greater ||
           op == Operator::greater_equal;
  }

  Verdict comparison(const Node& node) {
    const Operator op = tree_.operators(node)[0];
    const Node& left = tree_.child(node, 0);
    const Node& right = tree_.child(node, 1);
    if (op == Operator::in) return membership(left, right);
    const bool is_equality = op == Operator::equal || op == Operator::not_equal;
    if (!is_equality && !is_order(op)) return unsure();
    Verdict verdict = compare(left, op, right);
    if (is_unsure(verdict)) verdict = compare(right, mirrored(op), left);
    if (op == Operator::not_equal) std::swap(verdict.yes, verdict.no);
    return verdict;
  }

  /// `side op literal`; for != the verdict on ==.
  Verdict compare(const Node& side, Operator op, const Node& literal) {
    if (side.kind == NodeKind::literal) return unsure();
    const auto text = text_literal(literal);
    const auto number = number_literal(literal);
    const auto flag = bool_literal(literal);
    if (!text && !number && !flag && !is_null_literal(literal)) return unsure();
    const auto of = operand(side);
    if (!of) return unsure();
    if (text) return compare_text(*of, op, *text);
    if (number) return compare_number(*of, op, *number);
    if (is_order(op)) return unsure();
    return flag ? compare_bool(*of, *flag) : compare_null(*of);
  }

  Verdict compare_text(const Operand& of, Operator op, const std::string& text) {
    const auto sign = sql_operator(op);
    if (is_member(of) && !is_order(op)) return is_one_of(of, {Value(text)});
    switch (of.kind) {
      case QueryField::Kind::text:
        return decided(fmt::format("{} {} {}", of.sql, sign, bind(text)));
      case QueryField::Kind::tags: {
        const auto condition = fmt::format("{} {} {}", value_of(of), sign, bind(text));
        return {fmt::format("ifnull({}, 0)", condition),
                fmt::format("ifnull(NOT ({}), 0)", condition), "0"};
      }
      case QueryField::Kind::attributes:
        return on_member_of_type(of, "text",
                                 fmt::format("{} {} {}", value_of(of), sign, bind(text)));
      default:
        return unsure();
    }
  }

  Verdict compare_number(const Operand& of, Operator op, const SqlValue& number) {
    const auto sign = sql_operator(op);
    if (of.kind == QueryField::Kind::number)
      return decided(fmt::format("{} {} {}", of.sql, sign, bind(number)));
    if (of.kind != QueryField::Kind::attributes) return unsure();
    const auto condition = fmt::format("{} {} {}", value_of(of), sign, bind(number));
    if (is_order(op)) return unsure_of_reals(on_member_of_type(of, "integer", condition), of);
    return unsure_of_reals(
        on_member(of, fmt::format("({} = 'integer' AND {})", type_of(of), condition)), of);
  }

  Verdict compare_bool(const Operand& of, bool flag) {
    if (of.kind == QueryField::Kind::boolean)
      return decided(fmt::format("{} = {}", of.sql, flag ? 1 : 0));
    if (of.kind != QueryField::Kind::attributes) return unsure();
    return is_one_of(of, {Value(flag)});
  }

  Verdict compare_null(const Operand& of) {
    if (of.kind != QueryField::Kind::attributes) return unsure();
    return is_one_of(of, {Value()});
  }

  /// `name in ['a', 'b']`, `'x' in tags`.
  Verdict membership(const Node& left, const Node& right) {
    if (right.kind == NodeKind::name) {
      const auto key = text_literal(left);
      return key ? has_key(right, *key) : unsure();
    }
    if (right.kind != NodeKind::list || right.child_count == 0) return unsure();
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < right.child_count; ++i) {
      auto text = text_literal(tree_.child(right, i));
      if (!text || tree_.is_optional_entry(right, i)) return unsure();
      texts.push_back(*std::move(text));
    }
    if (parameters.size() + texts.size() > kMostParameters) return unsure();
    const auto of = operand(left);
    if (!of) return unsure();
    if (is_member(*of)) return is_one_of(*of, List(texts.begin(), texts.end()));
    if (of->kind != QueryField::Kind::text) return unsure();
    std::string list;
    for (std::string& text : texts)
      list += fmt::format("{}{}", list.empty() ? "" : ", ", bind(std::move(text)));
    return decided(fmt::format("{} IN ({})", of->sql, list));
  }

  /// `'key' in map`, `has(map.key)`.
  Verdict has_key(const Node& map, const std::string& key) {
    const auto* field = map.kind == NodeKind::name && map.slot == cel::kNoSlot
                            ? find_query_field(tree_.text(map))
                            : nullptr;
    if (!field || !is_simple_key(key)) return unsure();
    const bool is_tags = field->kind == QueryField::Kind::tags;
    if (!is_tags && field->kind != QueryField::Kind::attributes) return unsure();
    const auto sql = std::string(field->sql);
    const auto path = bind(fmt::format("$.\"{}\"", key));
    const auto there = fmt::format("json_type({}, {}) IS NOT NULL", sql, path);
    if (is_tags) return decided(there);
    const auto is_map = fmt::format("ifnull(json_type({}) = 'object', 0)", sql);
    return {.yes = fmt::format("({} AND {})", is_map, there),
            .no = fmt::format("({} AND NOT ({}))", is_map, there),
            .unsure = fmt::format("(NOT {})", is_map)};
  }

  Verdict has(const Node& select) {
    if (select.kind != NodeKind::select || select.optional) return unsure();
    return has_key(tree_.child(select, 0), tree_.text(select));
  }

  /// `name.startsWith('a')` and its kin.
  Verdict call(const Node& node) {
    if (!node.has_target || node.child_count != 2) return unsure();
    const std::string& function = tree_.text(node);
    const bool is_known =
        function == "startsWith" || function == "endsWith" || function == "contains";
    const auto text = is_known ? text_literal(tree_.child(node, 1)) : std::nullopt;
    if (!text || text->empty()) return unsure();
    const auto of = operand(tree_.child(node, 0));
    if (!of) return unsure();
    const auto part = bind(*text);
    const auto condition = [&](const std::string& whole) {
      if (function == "contains") return fmt::format("instr({}, {}) > 0", whole, part);
      if (function == "startsWith")
        return fmt::format("substr({}, 1, length({})) = {}", whole, part, part);
      return fmt::format("substr({}, -length({})) = {}", whole, part, part);
    };
    switch (of->kind) {
      case QueryField::Kind::text:
        return decided(condition(of->sql));
      case QueryField::Kind::tags:
        return {fmt::format("ifnull({}, 0)", condition(value_of(*of))),
                fmt::format("ifnull(NOT ({}), 0)", condition(value_of(*of))), "0"};
      case QueryField::Kind::attributes:
        return on_member_of_type(*of, "text", condition(value_of(*of)));
      default:
        return unsure();
    }
  }

  /// A field that is a truth value itself.
  Verdict flag(const Node& node) {
    const auto of = operand(node);
    if (!of || of->kind != QueryField::Kind::boolean) return unsure();
    return decided(of->sql + " = 1");
  }

  const cel::Tree& tree_;
};

}  // namespace

Pushdown push_down(const cel::Tree& tree) {
  Translator translator(tree);
  Pushdown result;
  result.verdict = translator.of(tree[tree.root()]);
  result.parameters = std::move(translator.parameters);
  if (result.parameters.size() > kMostParameters) return {};
  return result;
}

}  // namespace swamp::store
