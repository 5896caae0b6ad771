#include "cel/evaluator.h"

#include <algorithm>

#include <fmt/format.h>

#include "cel/operators.h"

namespace swamp::cel {

Evaluator::Evaluator(const Program::Compiled& program, const Scope& scope, const Answers& answers,
                     Meter& meter)
    : program_(program),
      scope_(scope),
      answers_(answers),
      meter_(meter),
      roots_(program.roots.size()),
      locals_(program.slots) {}

void Evaluator::bind(std::string_view root, const Datum& value) {
  for (std::size_t i = 0; i < program_.roots.size(); ++i) {
    if (program_.roots[i] == root) roots_[i] = {.state = Root::State::datum, .datum = &value};
  }
}

void Evaluator::bind(std::uint32_t root, const Value* value) {
  roots_[root] = {.state = value != nullptr ? Root::State::value : Root::State::none,
                  .value = value};
}

Datum Evaluator::fail_at(Datum datum, std::uint32_t begin, std::uint32_t end) const {
  if (datum.is(Kind::failure) && !datum.as_failure().has_place) {
    Failure& failure = datum.mutable_failure();
    failure.has_place = true;
    failure.begin = begin;
    failure.end = end;
  }
  return datum;
}

Datum Evaluator::fail_at(const Op& op, std::string message, std::string hint) const {
  return fail_at(Datum::failure(std::move(message), std::move(hint)), op.begin, op.end);
}

Datum Evaluator::out_of_budget(const Op& op) const {
  Datum failure = fail_at(op, "the expression takes too much work",
                          "it is stopped at a fixed number of steps; loop over less");
  failure.mutable_failure().is_final = true;
  return failure;
}

Datum Evaluator::eval(OpId id) {
  Datum result = eval_base(id);
  if (result.is(Kind::partial)) {
    const Op& op = program_.ops[id];
    const std::uint32_t end = op.steps > 0 ? program_.steps[op.b + op.steps - 1].end : op.end;
    return settle(result.as_partial(), op.from, end);
  }
  return result;
}

const Datum& Evaluator::peek(OpId id, Datum& scratch) {
  const Op& op = program_.ops[id];
  if (op.code == OpCode::constant || op.code == OpCode::local) {
    (void)meter_.charge(1);
    return op.code == OpCode::constant ? program_.constants[op.a] : locals_[op.a];
  }
  scratch = eval(id);
  return scratch;
}

Datum Evaluator::eval_base(OpId id) {
  const Op& op = program_.ops[id];
  if (!meter_.charge(1)) return out_of_budget(op);
  Datum result = [&]() -> Datum {
    switch (op.code) {
      case OpCode::constant:
        return program_.constants[op.a];
      case OpCode::local:
        return locals_[op.a];
      case OpCode::path:
        return path(op);
      case OpCode::select:
        return select(op);
      case OpCode::index:
        return index(op);
      case OpCode::test:
        return test(op);
      case OpCode::call:
        return call(op);
      case OpCode::list:
        return list(op);
      case OpCode::map:
        return map(op);
      case OpCode::negate:
      case OpCode::invert:
        return unary(op);
      case OpCode::chain:
        return chain(op);
      case OpCode::all_of:
        return logical(op, false);
      case OpCode::any_of:
        return logical(op, true);
      case OpCode::conditional:
        return conditional(op);
      case OpCode::macro:
        return macro(op);
      case OpCode::bare_name:
        return bare_name(op);
    }
    return Datum();
  }();
  return meter_.is_exhausted() ? out_of_budget(op) : result;
}

Datum Evaluator::unary(const Op& op) {
  Datum scratch;
  const Datum& operand = peek(program_.operands[op.first], scratch);
  if (is_stuck(operand)) return operand;
  if (op.code == OpCode::negate)
    return fail_at(negate(operand, program_.dialect), op.begin, op.end);
  if (!operand.is(Kind::boolean))
    return fail_at(op, fmt::format("'!' does not take {}", to_string(operand.kind())));
  return Datum::boolean(!operand.as_bool());
}

Datum Evaluator::boolean_wanted(std::string_view what, const Op& operand,
                                const Datum& value) const {
  return fail_at(operand,
                 fmt::format("{} must be true or false, not {}", what, to_string(value.kind())));
}

/// `&&` ends at the first false, `||` at the first true; what comes before may have failed. What
/// cannot be known yet ends both: whether the rest is needed depends on it.
Datum Evaluator::logical(const Op& op, bool decisive) {
  Datum trouble;
  for (const OpId id : program_.operands_of(op)) {
    Datum scratch;
    const Datum& value = peek(id, scratch);
    if (value.is(Kind::boolean)) {
      if (value.as_bool() == decisive) return value;
      continue;
    }
    if (value.is(Kind::unknown) || (value.is(Kind::failure) && value.as_failure().is_final))
      return value;
    if (trouble.is(Kind::failure)) continue;
    trouble = value.is(Kind::failure)
                  ? value
                  : boolean_wanted(decisive ? "each side of '||'" : "each side of '&&'",
                                   program_.ops[id], value);
  }
  return trouble.is(Kind::failure) ? trouble : Datum::boolean(!decisive);
}

Datum Evaluator::conditional(const Op& op) {
  const auto operands = program_.operands_of(op);
  Datum scratch;
  const Datum& condition = peek(operands[0], scratch);
  if (is_stuck(condition)) return condition;
  if (!condition.is(Kind::boolean)) return boolean_wanted("a condition", op, condition);
  return eval(operands[condition.as_bool() ? 1 : 2]);
}

Datum Evaluator::list(const Op& op) {
  const auto operands = program_.operands_of(op);
  Items items;
  items.reserve(operands.size());
  bool is_pending = false;
  for (std::size_t i = 0; i < operands.size(); ++i) {
    Datum value = eval(operands[i]);
    if (value.is(Kind::failure)) return is_pending ? Datum::unknown() : value;
    is_pending = is_pending || value.is(Kind::unknown);
    if (is_pending) continue;
    if (!program_.optional_entries[op.b + i]) {
      items.push_back(std::move(value));
    } else if (!value.is(Kind::optional)) {
      return fail_at(program_.ops[operands[i]],
                     fmt::format("'?' wants an optional, not {}", to_string(value.kind())));
    } else if (value.has_value()) {
      items.push_back(value.optional_value());
    }
  }
  return is_pending ? Datum::unknown() : Datum::list(std::move(items));
}

Datum Evaluator::checked_key(const Op& where, const Datum& key) const {
  if (key.origin() != nullptr) return fail_at(where, "a secret cannot be the key of a map");
  const bool is_strict = program_.dialect == Dialect::strict;
  const bool is_key = key.is(Kind::string) || key.is(Kind::boolean) || key.is(Kind::integer) ||
                      key.is(Kind::unsigned_integer) || (!is_strict && key.kind() < Kind::string);
  if (!is_key)
    return fail_at(where, fmt::format("{} cannot be the key of a map", to_string(key.kind())));
  return map_key(key, program_.dialect);
}

Datum Evaluator::map(const Op& op) {
  const auto operands = program_.operands_of(op);
  MapBuilder builder;
  bool is_pending = false;
  for (std::size_t i = 0; i < operands.size(); i += 2) {
    Datum key = eval(operands[i]);
    if (key.is_value()) key = checked_key(program_.ops[operands[i]], key);
    Datum value = key.is(Kind::failure) ? key : eval(operands[i + 1]);
    if (value.is(Kind::failure)) return is_pending ? Datum::unknown() : value;
    is_pending = is_pending || key.is(Kind::unknown) || value.is(Kind::unknown);
    if (is_pending) continue;
    if (program_.optional_entries[op.b + i / 2]) {
      if (!value.is(Kind::optional)) {
        return fail_at(program_.ops[operands[i + 1]],
                       fmt::format("'?' wants an optional, not {}", to_string(value.kind())));
      }
      if (!value.has_value()) continue;
      value = Datum(value.optional_value());
    }
    const bool is_new = builder.set(std::move(key), std::move(value));
    if (!is_new && program_.dialect == Dialect::strict)
      return fail_at(program_.ops[operands[i]], "the key is there twice");
  }
  return is_pending ? Datum::unknown() : std::move(builder).finish();
}

Datum Evaluator::bare_name(const Op& op) {
  if (op.count > 0) {
    const bool is_name = op.is_local || root(op.b).state != Root::State::none;
    if (is_name) return eval(program_.operands[op.first]);
  }
  return program_.constants[op.a];
}

}  // namespace swamp::cel
