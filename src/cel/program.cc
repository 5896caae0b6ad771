#include "cel/program.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/suggest.h"
#include "cel/compiled.h"
#include "cel/evaluator.h"
#include "cel/faults.h"
#include "cel/macros.h"
#include "cel/parser.h"
#include "value/json.h"
#include "value/utf8.h"

namespace swamp::cel {

namespace {

constexpr std::size_t kLongestText = 16 << 20;

Error to_error(const Fault& fault, std::string_view text, const SourceSpan* where) {
  return {.code = ErrorCode::invalid_input,
          .message = fault.message,
          .where = place_of(text, where, fault.begin, fault.end),
          .hint = fault.hint};
}

/// Conditions that are plainly none, which the dialect refuses before anything runs.
std::optional<Fault> find_constant_condition(const Tree& tree) {
  for (const Node& node : tree.nodes()) {
    if (node.kind != NodeKind::all_of && node.kind != NodeKind::any_of) continue;
    for (const NodeId id : tree.children(node)) {
      const Node& side = tree[id];
      const bool is_other =
          side.kind == NodeKind::list || side.kind == NodeKind::map ||
          (side.kind == NodeKind::literal && !std::holds_alternative<bool>(tree.literal(side)));
      if (!is_other) continue;
      return Fault{.message = fmt::format("each side of '{}' must be true or false",
                                          node.kind == NodeKind::all_of ? "&&" : "||"),
                   .begin = side.begin,
                   .end = side.end};
    }
  }
  return std::nullopt;
}

}  // namespace

Result<std::shared_ptr<const Program::Compiled>> compile(std::string_view text, Dialect dialect,
                                                         const SourceSpan* where) {
  const auto refuse = [&](const Fault& fault) { return fail(to_error(fault, text, where)); };
  if (text.size() > kLongestText)
    return refuse({.message = "the expression is longer than 16 MiB", .end = 1});
  if (const auto bad = first_invalid_utf8(text); bad != std::string_view::npos) {
    const auto at = static_cast<std::uint32_t>(bad);
    return refuse({.message = "the expression is not UTF-8", .begin = at, .end = at + 1});
  }
  auto tree = parse(text, dialect);
  if (!tree) return refuse(tree.error());
  if (dialect == Dialect::swamp) {
    if (auto fault = find_constant_condition(*tree)) return refuse(*fault);
  }
  auto compiled = lay_out(*std::move(tree), std::string(text), dialect);
  compiled->references = collect_references(compiled->tree);
  if (where != nullptr) compiled->where = *where;
  return compiled;
}

Result<Program> Program::compile(std::string_view text, Dialect dialect, const SourceSpan* where) {
  SWAMP_TRY(auto compiled, cel::compile(text, dialect, where));
  return Program(std::move(compiled));
}

const References& Program::references() const {
  return compiled_->references;
}
const std::string& Program::text() const {
  return compiled_->text;
}
const Tree& Program::tree() const {
  return compiled_->tree;
}

Result<Outcome> Program::evaluate(const Scope& scope, const Answers& answers,
                                  const Limits& limits) const {
  Meter meter(limits.cost);
  Evaluator evaluator(*compiled_, scope, answers, meter);
  const Datum result = evaluator.run();
  if (result.is(Kind::unknown)) return Outcome(evaluator.take_asks());
  if (result.is(Kind::failure)) return fail(to_error(*compiled_, scope, result.as_failure()));
  auto value = to_value(result, meter);
  if (value) return Outcome(*std::move(value));
  value.error().where = place_of(*compiled_, 0, static_cast<std::uint32_t>(compiled_->text.size()));
  return fail(std::move(value).error());
}

std::vector<Error> Program::check_names(const Scope& scope) const {
  return cel::check_names(*compiled_, scope);
}

}  // namespace swamp::cel
