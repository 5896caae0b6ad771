#include "cel/evaluator.h"

#include <algorithm>

#include <fmt/format.h>

#include "cel/faults.h"
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

namespace {

/// The running value of a chain. Texts that are joined one after the other grow in place: a sum of
/// n pieces copies each once.
class Running {
 public:
  explicit Running(Datum first) : value_(std::move(first)) {}

  Datum& value() {
    if (grows_) {
      value_ = Datum::string(std::move(text_), origin_);
      grows_ = false;
    }
    return value_;
  }

  bool is(Kind kind) const { return !grows_ && value_.is(kind); }
  void set(Datum value) { value_ = std::move(value); }

  bool append(Operator op, const Datum& right, Meter& meter) {
    const bool is_text = grows_ || value_.is(Kind::string);
    if (op != Operator::add || !is_text || !right.is(Kind::string)) return false;
    if (!grows_) {
      text_ = value_.text();
      origin_ = derived(value_.origin());
      grows_ = true;
    }
    meter.charge(right.text().size() / 16);
    text_ += right.text();
    if (origin_ == nullptr) origin_ = derived(right.origin());
    return true;
  }

 private:
  Datum value_;
  bool grows_ = false;
  std::string text_;
  std::shared_ptr<const SecretOrigin> origin_;
};

}  // namespace

Datum Evaluator::chain(const Op& op) {
  const auto operands = program_.operands_of(op);
  if (operands.size() == 2) {
    Datum left_scratch, right_scratch;
    const Datum& left = peek(operands[0], left_scratch);
    if (left.is(Kind::failure)) return left;
    const Datum& right = peek(operands[1], right_scratch);
    if (is_stuck(left)) return left;
    if (is_stuck(right)) return right;
    return fail_at(apply(program_.operators[op.b], left, right, program_.dialect, meter_), op.begin,
                   op.end);
  }
  Running running(eval(operands[0]));
  bool is_pending = false;
  for (std::size_t i = 1; i < operands.size() && !meter_.is_exhausted(); ++i) {
    is_pending = is_pending || running.is(Kind::unknown);
    if (running.is(Kind::failure)) break;
    Datum scratch;
    const Datum& right = peek(operands[i], scratch);
    // Once a part is not known, the others are still visited for what they ask.
    if (is_pending || right.is(Kind::unknown)) {
      is_pending = true;
      continue;
    }
    if (right.is(Kind::failure)) return right;
    const Operator sign = program_.operators[op.b + i - 1];
    if (running.append(sign, right, meter_)) continue;
    running.set(fail_at(apply(sign, running.value(), right, program_.dialect, meter_), op.begin,
                        program_.ops[operands[i]].end));
  }
  return is_pending ? Datum::unknown() : std::move(running.value());
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

Datum Evaluator::call(const Op& op) {
  const CallSite& site = program_.calls[op.a];
  const bool may_be_asked = !site.full_name.empty() && !site.is_namespaced &&
                            (site.has_target || site.candidates.empty());
  if (may_be_asked && scope_.is_asked_function(site.full_name)) return ask_call(op, site);
  if (site.candidates.empty()) return unknown_function(op, site);

  const auto operands = program_.operands_of(op);
  std::array<Datum, 4> few;
  std::vector<Datum> many(operands.size() > few.size() ? operands.size() : 0);
  const std::span<Datum> arguments =
      many.empty() ? std::span(few).first(operands.size()) : std::span(many);
  bool is_pending = false;
  for (std::size_t i = 0; i < operands.size(); ++i) {
    arguments[i] = eval(operands[i]);
    if (arguments[i].is(Kind::failure)) {
      return is_pending ? Datum::unknown() : std::move(arguments[i]);
    }
    is_pending = is_pending || arguments[i].is(Kind::unknown);
    if (i > 0 || !site.is_alternative) continue;
    if (is_pending) return Datum::unknown();  // whether the other is wanted depends on it
    const bool has_value = arguments[0].is(Kind::optional) && arguments[0].has_value();
    if (has_value)
      return site.name == "or" ? std::move(arguments[0]) : arguments[0].optional_value();
  }
  return is_pending ? Datum::unknown() : fail_at(invoke(op, site, arguments), op.begin, op.end);
}

Datum Evaluator::unknown_function(const Op& op, const CallSite& site) {
  const bool has_namespace =
      site.has_target && !site.full_name.empty() &&
      is_namespace(scope_, site.full_name.substr(0, site.full_name.find('.')));
  if (site.has_target && !has_namespace) {
    // When it is what stands before the dot that is wrong, that is the thing to say.
    Datum target = eval(program_.operands[op.first]);
    if (is_stuck(target)) return target;
  }
  return fail_at(Datum::failure(no_function(scope_, site)), op.begin, op.end);
}

namespace {

/// Whether the arguments fit; with `adapt`, whole numbers from data count as ints, or else as
/// doubles.
bool fits(const Signature& type, std::span<const Datum> arguments, bool adapt) {
  if (!type.takes_count(arguments.size())) return false;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    Kinds taken = type.parameter(i);
    constexpr Kinds kNumeric = kinds_of(Kind::integer) | kinds_of(Kind::real);
    if (adapt && (taken & kNumeric) != 0) taken |= kinds_of(Kind::number);
    if ((taken & kinds_of(arguments[i].kind())) == 0) return false;
  }
  return true;
}

void adapt(const Signature& type, std::span<Datum> arguments) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const Kinds taken = type.parameter(i);
    if (!arguments[i].is(Kind::number) || (taken & kinds_of(Kind::number)) != 0) continue;
    arguments[i] = (taken & kinds_of(Kind::integer)) != 0 ? Datum::integer(arguments[i].as_int())
                                                          : Datum::real(arguments[i].to_double());
  }
}

std::string kinds_text(std::span<const Datum> arguments, bool has_receiver) {
  std::string text;
  for (std::size_t i = has_receiver ? 1 : 0; i < arguments.size(); ++i) {
    if (!text.empty()) text += ", ";
    text += to_string(arguments[i].kind());
  }
  return has_receiver ? fmt::format("{}.({})", to_string(arguments[0].kind()), text)
                      : fmt::format("({})", text);
}

}  // namespace

Datum Evaluator::invoke(const Op& op, const CallSite& site, std::span<Datum> arguments) {
  const Function* function = nullptr;
  for (const bool adapting : {false, true}) {
    for (const Function* row : site.candidates) {
      if (function == nullptr && fits(row->type, arguments, adapting)) function = row;
    }
  }
  if (function == nullptr) return no_overload(op, site, arguments);
  adapt(function->type, arguments);
  for (const Datum& argument : arguments) {
    if (!argument.is(Kind::string) && !argument.is(Kind::bytes)) continue;
    meter_.charge(argument.text().size() / 16);
    if (function->tells_secrets && argument.origin() != nullptr) {
      return Datum::failure(fmt::format("'{}' cannot keep its result secret", site.name),
                            "what is computed from a secret stays a text");
    }
  }
  if (meter_.is_exhausted()) return out_of_budget(op);
  Call call{.arguments = arguments,
            .dialect = program_.dialect,
            .meter = meter_,
            .prepared = site.prepared.get()};
  Datum result = function->call(call);
  const bool is_told = result.is(Kind::failure) &&
                       std::any_of(arguments.begin(), arguments.end(), [](const Datum& argument) {
                         return argument.origin() != nullptr;
                       });
  // What a function says about its arguments would tell a secret.
  return is_told ? Datum::failure(fmt::format("'{}' fails on a secret", site.name)) : result;
}

Datum Evaluator::no_overload(const Op& op, const CallSite& site,
                             std::span<const Datum> arguments) const {
  const bool has_receiver = site.has_target && !site.is_namespaced;
  std::string hint = "it is ";
  for (const Function* row : site.candidates) {
    if (row != site.candidates.front()) hint += row == site.candidates.back() ? " or " : ", ";
    hint += row->type.text();
  }
  return fail_at(
      op, fmt::format("'{}' does not take {}", site.name, kinds_text(arguments, has_receiver)),
      std::move(hint));
}

Datum Evaluator::bare_name(const Op& op) {
  if (op.count > 0) {
    const bool is_name = op.is_local || root(op.b).state != Root::State::none;
    if (is_name) return eval(program_.operands[op.first]);
  }
  return program_.constants[op.a];
}

}  // namespace swamp::cel
