#include "cel/parser.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "cel/characters.h"
#include "cel/literals.h"
#include "cel/loose_names.h"
#include "cel/macros.h"
#include "cel/tree_builder.h"

namespace swamp::cel {

namespace {

constexpr std::string_view kReserved[] = {
    "as",  "break", "const",   "continue",  "else",   "for", "function", "if",   "import",
    "let", "loop",  "package", "namespace", "return", "var", "void",     "while"};

/// How tightly the operators of one chain bind.
enum class Level : std::uint8_t { relation, sum, product };

std::optional<Operator> operator_of(Level level, TokenKind kind, std::string_view text) {
  switch (level) {
    case Level::relation:
      if (kind == TokenKind::equal) return Operator::equal;
      if (kind == TokenKind::not_equal) return Operator::not_equal;
      if (kind == TokenKind::less) return Operator::less;
      if (kind == TokenKind::less_equal) return Operator::less_equal;
      if (kind == TokenKind::greater) return Operator::greater;
      if (kind == TokenKind::greater_equal) return Operator::greater_equal;
      if (kind == TokenKind::identifier && text == "in") return Operator::in;
      return std::nullopt;
    case Level::sum:
      if (kind == TokenKind::plus) return Operator::add;
      if (kind == TokenKind::minus) return Operator::subtract;
      return std::nullopt;
    case Level::product:
      if (kind == TokenKind::star) return Operator::multiply;
      if (kind == TokenKind::slash) return Operator::divide;
      if (kind == TokenKind::percent) return Operator::modulo;
      return std::nullopt;
  }
  return std::nullopt;
}

template <std::size_t N>
bool is_one_of(std::string_view word, const std::string_view (&words)[N]) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

/// Recursive descent. The first fault is kept and turns the current token into `end`, so that every
/// loop stops by itself; what is built after it is thrown away.
class Parser {
 public:
  Parser(std::string_view text, Dialect dialect) : lexer_(text), dialect_(dialect) { advance(); }

  tl::expected<Tree, Fault> run() {
    const NodeId root = expression();
    if (token_.kind != TokenKind::end) unexpected("the end");
    if (fault_) return tl::unexpected(*std::move(fault_));
    return std::move(tree_).finish(root);
  }

 private:
  // Tokens.
  void advance();
  bool accept(TokenKind kind);
  void expect(TokenKind kind, std::string_view what);
  std::string_view text() const { return lexer_.text(token_); }
  void fail(std::string message, std::uint32_t begin, std::uint32_t end, std::string hint = {});
  void unexpected(std::string_view wanted);
  bool enter();

  // The grammar.
  NodeId expression();
  NodeId logical(NodeKind kind, TokenKind sign);
  NodeId chain(Level level);
  NodeId unary();
  NodeId member();
  NodeId members_of(NodeId target);
  NodeId dot(NodeId target);
  NodeId subscript(NodeId target);
  NodeId primary();
  NodeId name();
  NodeId literal(bool negative, std::uint32_t begin);
  NodeId list();
  NodeId map();
  std::vector<NodeId> arguments(TokenKind closing);

  // What the dialect adds.
  std::optional<NodeId> hyphenated_member(NodeId model);
  std::vector<NodeId> vault_arguments();
  std::optional<NodeId> bare_name();
  std::optional<NodeId> meaning_of(const LooseName& bare);
  void read_on_from(std::uint32_t position);

  // Nodes.
  NodeId add(Node node, std::span<const NodeId> children = {});
  NodeId call(std::optional<NodeId> target, std::string_view function, Token where,
              std::uint32_t begin, std::vector<NodeId> arguments);

  Lexer lexer_;
  Dialect dialect_;
  Token token_;
  std::uint32_t last_end_ = 0;  // where the token before the current one ends
  std::uint32_t depth_ = 0;
  TreeBuilder tree_;
  std::optional<Fault> fault_;
};

void Parser::fail(std::string message, std::uint32_t begin, std::uint32_t end, std::string hint) {
  if (!fault_)
    fault_ =
        Fault{.message = std::move(message), .hint = std::move(hint), .begin = begin, .end = end};
  token_ = {TokenKind::end, token_.begin, token_.begin};
}

void Parser::advance() {
  last_end_ = token_.end;
  if (fault_) return;
  token_ = lexer_.next();
  if (token_.kind == TokenKind::bad) {
    const Fault& fault = lexer_.fault();
    fail(fault.message, fault.begin, fault.end, fault.hint);
  }
}

bool Parser::accept(TokenKind kind) {
  if (token_.kind != kind) return false;
  advance();
  return true;
}

void Parser::unexpected(std::string_view wanted) {
  if (token_.kind == TokenKind::end) {
    fail(fmt::format("the expression ends where {} is expected", wanted), token_.begin,
         token_.begin);
  } else {
    fail(fmt::format("expected {}, found {}", wanted, in_quotes(text())), token_.begin, token_.end);
  }
}

void Parser::expect(TokenKind kind, std::string_view what) {
  if (!accept(kind)) unexpected(what);
}

bool Parser::enter() {
  if (++depth_ <= kMaxDepth) return true;
  fail(fmt::format("the expression is nested more than {} levels deep", kMaxDepth), token_.begin,
       token_.end);
  return false;
}

NodeId Parser::add(Node node, std::span<const NodeId> children) {
  if (fault_) return NodeId();  // the children may not exist
  const NodeId id = tree_.add(node, children);
  if (tree_[id].height > kMaxDepth) {
    fail(fmt::format("the expression is nested more than {} levels deep", kMaxDepth), node.at,
         node.at_end);
  }
  return id;
}

NodeId Parser::expression() {
  if (!enter()) return NodeId();
  const std::uint32_t begin = token_.begin;
  NodeId result = logical(NodeKind::any_of, TokenKind::or_or);
  if (token_.kind == TokenKind::question) {
    advance();
    const NodeId yes = expression();
    expect(TokenKind::colon, "':'");
    const NodeId no = expression();
    const NodeId condition = result;
    const Node& asked = tree_[condition];
    result = add({.kind = NodeKind::conditional,
                  .begin = begin,
                  .end = last_end_,
                  .at = asked.begin,
                  .at_end = asked.end},
                 std::array{condition, yes, no});
  }
  --depth_;
  return result;
}

NodeId Parser::logical(NodeKind kind, TokenKind sign) {
  const auto operand = [&] {
    return kind == NodeKind::any_of ? logical(NodeKind::all_of, TokenKind::and_and)
                                    : chain(Level::relation);
  };
  const std::uint32_t begin = token_.begin;
  const NodeId first = operand();
  if (token_.kind != sign) return first;
  std::vector<NodeId> operands{first};
  while (accept(sign)) {
    operands.push_back(operand());
  }
  return add({.kind = kind, .begin = begin, .end = last_end_, .at = begin, .at_end = last_end_},
             operands);
}

NodeId Parser::chain(Level level) {
  const auto operand = [&] {
    if (level == Level::product) return unary();
    return chain(level == Level::relation ? Level::sum : Level::product);
  };
  const std::uint32_t begin = token_.begin;
  const NodeId first = operand();
  auto next = operator_of(level, token_.kind, text());
  if (!next) return first;
  std::vector<NodeId> operands{first};
  std::vector<Operator> operators;
  while (next) {
    operators.push_back(*next);
    advance();
    operands.push_back(operand());
    next = operator_of(level, token_.kind, text());
  }
  const std::uint32_t detail = tree_.operators(operators);
  return add({.kind = NodeKind::chain,
              .begin = begin,
              .end = last_end_,
              .at = begin,
              .at_end = last_end_,
              .detail = detail},
             operands);
}

NodeId Parser::unary() {
  const Token sign = token_;
  if (sign.kind != TokenKind::bang && sign.kind != TokenKind::minus) return member();
  advance();
  const bool is_number = token_.kind == TokenKind::integer || token_.kind == TokenKind::real;
  if (sign.kind == TokenKind::minus && is_number) {
    return members_of(literal(true, sign.begin));  // so that the least integer can be written
  }
  if (!enter()) return NodeId();
  const NodeId operand = unary();
  --depth_;
  const NodeKind kind = sign.kind == TokenKind::bang ? NodeKind::invert : NodeKind::negate;
  return add(
      {.kind = kind, .begin = sign.begin, .end = last_end_, .at = sign.begin, .at_end = last_end_},
      std::array{operand});
}

NodeId Parser::member() {
  return members_of(primary());
}

NodeId Parser::members_of(NodeId target) {
  while (!fault_) {
    if (accept(TokenKind::dot)) {
      target = dot(target);
    } else if (accept(TokenKind::left_bracket)) {
      target = subscript(target);
    } else if (token_.kind == TokenKind::left_brace) {
      fail("a map literal cannot follow a value", token_.begin, token_.end,
           "there are no message types to build; an operator is missing");
    } else {
      break;
    }
  }
  return target;
}

NodeId Parser::dot(NodeId target) {
  const bool optional = accept(TokenKind::question);
  const Token name = token_;
  std::string_view word = text();
  if (name.kind == TokenKind::quoted_identifier) {
    word = word.substr(1, word.size() - 2);
  } else if (name.kind != TokenKind::identifier || word == "in" || word == "true" ||
             word == "false" || word == "null") {
    unexpected("the name of a member");
    return target;
  }
  advance();
  const std::uint32_t begin = fault_ ? 0 : tree_[target].begin;
  if (!optional && name.kind == TokenKind::identifier && token_.kind == TokenKind::left_paren) {
    const Node& node = tree_[target];
    const bool is_vault = dialect_ == Dialect::swamp && word == "get" &&
                          node.kind == NodeKind::name && tree_.tree().text(node) == "vault";
    if (is_vault) return call(target, word, name, begin, vault_arguments());
    advance();
    return call(target, word, name, begin, arguments(TokenKind::right_paren));
  }
  return add({.kind = NodeKind::select,
              .optional = optional,
              .begin = begin,
              .end = name.end,
              .at = name.begin,
              .at_end = name.end,
              .text = tree_.word(word)},
             std::array{target});
}

NodeId Parser::subscript(NodeId target) {
  const bool optional = accept(TokenKind::question);
  const NodeId key = expression();
  expect(TokenKind::right_bracket, "']'");
  if (fault_) return target;
  const Node& written = tree_[key];
  return add({.kind = NodeKind::index,
              .optional = optional,
              .begin = tree_[target].begin,
              .end = last_end_,
              .at = written.begin,
              .at_end = written.end},
             std::array{target, key});
}

NodeId Parser::primary() {
  switch (token_.kind) {
    case TokenKind::identifier:
    case TokenKind::dot:
      return name();
    case TokenKind::integer:
    case TokenKind::unsigned_integer:
    case TokenKind::real:
    case TokenKind::string:
    case TokenKind::bytes:
      return literal(false, token_.begin);
    case TokenKind::left_paren: {
      advance();
      const NodeId inner = expression();
      expect(TokenKind::right_paren, "')'");
      return inner;
    }
    case TokenKind::left_bracket:
      return list();
    case TokenKind::left_brace:
      return map();
    default:
      unexpected("a value");
      return NodeId();
  }
}

NodeId Parser::name() {
  const std::uint32_t begin = token_.begin;
  const bool leading_dot = accept(TokenKind::dot);
  const Token word = token_;
  const std::string_view text = this->text();
  const auto constant = [&](Literal value) {
    advance();
    return add({.kind = NodeKind::literal,
                .begin = begin,
                .end = word.end,
                .at = begin,
                .at_end = word.end,
                .detail = tree_.literal(std::move(value))});
  };
  if (!leading_dot && text == "true") return constant(true);
  if (!leading_dot && text == "false") return constant(false);
  if (!leading_dot && text == "null") return constant(nullptr);
  if (word.kind != TokenKind::identifier || text == "in" || text == "true" || text == "false" ||
      text == "null") {
    unexpected("a name");
    return NodeId();
  }
  if (is_one_of(text, kReserved)) {
    fail(fmt::format("'{}' is a reserved word", text), word.begin, word.end);
    return NodeId();
  }
  // What follows a model's name is read as text, before the lexer takes its hyphens apart.
  const bool may_have_hyphens = dialect_ == Dialect::swamp && text == "model";
  const Node node{.kind = NodeKind::name,
                  .leading_dot = leading_dot,
                  .begin = begin,
                  .end = word.end,
                  .at = word.begin,
                  .at_end = word.end,
                  .text = tree_.word(text)};
  if (may_have_hyphens) {
    const NodeId model = add(node);
    if (auto member = hyphenated_member(model)) return *member;
    advance();
    return model;
  }
  advance();
  if (token_.kind != TokenKind::left_paren) return add(node);
  advance();
  return call(std::nullopt, text, word, begin, arguments(TokenKind::right_paren));
}

NodeId Parser::literal(bool negative, std::uint32_t begin) {
  const Token token = token_;
  const std::string written = (negative ? "-" : "") + std::string(text());
  auto value = read_literal(token.kind, written);
  if (!value) {
    const std::uint32_t shift = token.begin - (negative ? 1 : 0);
    fail(value.error().message, value.error().begin + shift, value.error().end + shift,
         value.error().hint);
    return NodeId();
  }
  advance();
  return add({.kind = NodeKind::literal,
              .begin = begin,
              .end = token.end,
              .at = begin,
              .at_end = token.end,
              .detail = tree_.literal(*std::move(value))});
}

std::vector<NodeId> Parser::arguments(TokenKind closing) {
  std::vector<NodeId> result;
  while (!fault_ && token_.kind != closing) {
    result.push_back(expression());
    if (!accept(TokenKind::comma)) break;
  }
  expect(closing, "',' or ')'");
  return result;
}

NodeId Parser::list() {
  const std::uint32_t begin = token_.begin;
  advance();
  std::vector<NodeId> elements;
  std::vector<bool> optional;
  while (!fault_ && token_.kind != TokenKind::right_bracket) {
    optional.push_back(accept(TokenKind::question));
    elements.push_back(expression());
    if (!accept(TokenKind::comma)) break;
  }
  expect(TokenKind::right_bracket, "',' or ']'");
  const std::uint32_t detail = tree_.optional_entries(optional);
  return add({.kind = NodeKind::list,
              .begin = begin,
              .end = last_end_,
              .at = begin,
              .at_end = last_end_,
              .detail = detail},
             elements);
}

NodeId Parser::map() {
  const std::uint32_t begin = token_.begin;
  advance();
  std::vector<NodeId> entries;
  std::vector<bool> optional;
  while (!fault_ && token_.kind != TokenKind::right_brace) {
    optional.push_back(accept(TokenKind::question));
    entries.push_back(expression());
    expect(TokenKind::colon, "':'");
    entries.push_back(expression());
    if (!accept(TokenKind::comma)) break;
  }
  expect(TokenKind::right_brace, "',' or '}'");
  const std::uint32_t detail = tree_.optional_entries(optional);
  return add({.kind = NodeKind::map,
              .begin = begin,
              .end = last_end_,
              .at = begin,
              .at_end = last_end_,
              .detail = detail},
             entries);
}

NodeId Parser::call(std::optional<NodeId> target, std::string_view function, Token where,
                    std::uint32_t begin, std::vector<NodeId> arguments) {
  if (fault_) return NodeId();
  const bool has_target = target.has_value();
  if (has_target) arguments.insert(arguments.begin(), *target);
  const Node node{.kind = NodeKind::call,
                  .has_target = has_target,
                  .begin = begin,
                  .end = last_end_,
                  .at = where.begin,
                  .at_end = where.end,
                  .text = tree_.word(function)};
  auto macro = expand_macro(tree_, node, arguments);
  if (!macro) {
    fail(macro.error().message, macro.error().begin, macro.error().end, macro.error().hint);
    return NodeId();
  }
  if (macro->has_value()) {
    const NodeId id = **macro;
    if (tree_[id].height > kMaxDepth) (void)enter();
    return id;
  }
  return add(node, arguments);
}

/// `model.` and a name with hyphens.
std::optional<NodeId> Parser::hyphenated_member(NodeId model) {
  const auto found = hyphenated_model(lexer_.text(), token_.end);
  if (!found) return std::nullopt;
  const auto begin = static_cast<std::uint32_t>(found->begin);
  const auto end = static_cast<std::uint32_t>(found->end);
  read_on_from(end);
  return add({.kind = NodeKind::select,
              .begin = tree_[model].begin,
              .end = end,
              .at = begin,
              .at_end = end,
              .text = tree_.word(found->name)},
             std::array{model});
}

/// Makes what stands at `position` the current token.
void Parser::read_on_from(std::uint32_t position) {
  lexer_.seek(position);
  token_.end = position;
  advance();
}

/// The arguments of vault.get: names need no quotes there.
std::vector<NodeId> Parser::vault_arguments() {
  std::vector<NodeId> result;
  // The token after '(' is not read yet: a bare name need not be made of tokens.
  while (!fault_) {
    if (auto bare = bare_name()) {
      result.push_back(*bare);
    } else {
      advance();
      if (token_.kind == TokenKind::right_paren) break;
      result.push_back(expression());
    }
    if (token_.kind != TokenKind::comma) break;
  }
  expect(TokenKind::right_paren, "',' or ')'");
  return result;
}

/// The argument behind the current token, when it is a name without quotes.
std::optional<NodeId> Parser::bare_name() {
  const auto found = bare_argument(lexer_.text(), token_.end);
  if (!found) return std::nullopt;
  const auto begin = static_cast<std::uint32_t>(found->begin);
  const auto end = static_cast<std::uint32_t>(found->end);
  Node node{.kind = NodeKind::bare_name, .begin = begin, .end = end, .at = begin, .at_end = end};
  std::vector<NodeId> meaning;
  if (!found->is_quoted) {
    node.text = tree_.word(found->name);
    if (const auto tried = meaning_of(*found)) meaning.push_back(*tried);
  } else {
    node.kind = NodeKind::literal;
    node.detail = tree_.literal(std::string(found->name));
  }
  if (meaning.empty()) read_on_from(end);
  return add(node, meaning);
}

/// What the name means as an expression, for the case that a root is called so; nothing when it is
/// none. Read to its end on success only.
std::optional<NodeId> Parser::meaning_of(const LooseName& bare) {
  const bool is_comment = bare.name.find("//") != std::string_view::npos;
  if (!is_name_start(bare.name[0]) || is_comment) return std::nullopt;
  const std::size_t size = tree_.size();
  const std::uint32_t depth = depth_;
  advance();
  const NodeId tried = expression();
  const bool is_whole = !fault_ && last_end_ == bare.end && tree_[tried].kind != NodeKind::literal;
  if (is_whole) return tried;
  fault_.reset();
  depth_ = depth;
  tree_.truncate(size);
  return std::nullopt;
}

}  // namespace

tl::expected<Tree, Fault> parse(std::string_view text, Dialect dialect) {
  return Parser(text, dialect).run();
}

}  // namespace swamp::cel
