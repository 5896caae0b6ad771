#include <cmath>

#include <fmt/format.h>

#include "cel/characters.h"
#include "cel/evaluator.h"

namespace swamp::cel {

namespace {

constexpr std::size_t kLongestShown =
    40;  // what stands before a member is quoted in messages up to this length

/// A key as it would be written.
std::string shown(const Datum& key) {
  return key.is(Kind::string) ? in_quotes(key.text()) : key_text(key);
}

}  // namespace

const Evaluator::Root& Evaluator::root(std::uint32_t number) {
  Root& root = roots_[number];
  if (root.state != Root::State::unasked) return root;
  const std::string& name = program_.roots[number];
  root.value = scope_.find_root(name);
  if (root.value != nullptr) {
    root.state = Root::State::value;
  } else {
    root.wanted = scope_.asked_root_depth(name);
    root.state = root.wanted > 0 ? Root::State::asked : Root::State::none;
  }
  return root;
}

std::string Evaluator::container(const Op& op, std::uint32_t end) const {
  std::string_view words =
      std::string_view(program_.text).substr(op.from, end > op.from ? end - op.from : 0);
  words = words.substr(0, words.find_last_not_of(" \t\r\n.?[`") + 1);
  const bool is_shown =
      !words.empty() && words.size() <= kLongestShown && words.find('\n') == std::string_view::npos;
  return is_shown ? fmt::format("'{}'", words) : std::string();
}

Datum Evaluator::no_key(const Datum& base, std::string key, std::string container,
                        std::uint32_t begin, std::uint32_t end) const {
  const std::string in = container.empty() ? "" : " in " + container;
  Datum datum =
      fail_at(Datum::failure(fmt::format("there is no {}{}", in_quotes(key), in)), begin, end);
  Failure& failure = datum.mutable_failure();
  failure.missing = Failure::Missing::key;
  failure.word = std::move(key);
  failure.among = base;
  return datum;
}

Datum Evaluator::unknown_root(const Op& op) const {
  const std::string& name = program_.roots[op.a];
  Datum datum = fail_at(op, fmt::format("there is no '{}' here", name));
  Failure& failure = datum.mutable_failure();
  failure.missing = Failure::Missing::root;
  failure.word = name;
  return datum;
}

Datum Evaluator::path(const Op& op) {
  if (!op.is_local) return root_path(op);
  const Datum& local = locals_[op.a];
  if (local.is(Kind::map) && local.wrapped() != nullptr) return walk(local.wrapped(), op, 0);
  Datum at = local;
  for (std::uint32_t i = 0; i < op.steps && !is_stuck(at); ++i) {
    at = member(at, op, program_.steps[op.b + i], false);
  }
  return at;
}

/// In strict CEL a variable may be called `a.b`: the longest name that is one wins.
Datum Evaluator::root_path(const Op& op) {
  if (program_.dialect == Dialect::strict) {
    for (std::uint32_t i = 0; i < op.steps; ++i) {
      const Root& qualified = root(program_.qualified[op.b + i]);
      if (qualified.state != Root::State::none) return from_root(qualified, op, op.steps - i);
    }
  }
  return from_root(root(op.a), op, 0);
}

Datum Evaluator::from_root(const Root& root, const Op& op, std::uint32_t first_step) {
  if (root.state == Root::State::value) return walk(root.value, op, first_step);
  if (root.state == Root::State::none) return type_or_unknown(op);
  Datum at = root.state == Root::State::datum
                 ? *root.datum
                 : Datum::partial({.ask = {.name = program_.roots[op.a]}, .wanted = root.wanted});
  for (std::uint32_t i = first_step; i < op.steps && (at.is(Kind::partial) || at.is_value()); ++i) {
    at = member(at, op, program_.steps[op.b + i], false);
  }
  return at;
}

Datum Evaluator::type_or_unknown(const Op& op) const {
  std::string name = program_.roots[op.a];
  for (std::uint32_t i = 0; i < op.steps; ++i) {
    name += '.' + program_.steps[op.b + i].key.text();
  }
  const auto type = type_named(name);
  return type ? Datum::type(*type) : unknown_root(op);
}

/// Goes down into data without touching what lies on the way.
Datum Evaluator::walk(const Value* at, const Op& op, std::uint32_t first_step) {
  for (std::uint32_t i = first_step; i < op.steps; ++i) {
    const Step& step = program_.steps[op.b + i];
    const Value* next = at->is_map() ? at->as_map().find(step.key.text()) : nullptr;
    if (next == nullptr) return member(Datum::of(*at, program_.dialect), op, step, false);
    at = next;
  }
  return Datum::of(*at, program_.dialect);
}

Datum Evaluator::member(const Datum& base, const Op& op, const Step& step, bool optional) {
  if (base.is(Kind::partial))
    return extend(base.as_partial(), step.key, step.begin, step.end, optional);
  if (base.is(Kind::optional)) return optional_member(base, op, step, optional);
  if (base.is(Kind::map)) {
    Datum value;
    if (base.find(step.key, value)) return optional ? Datum::some(std::move(value)) : value;
    if (optional) return Datum::none();
    return no_key(base, step.key.text(), container(op, step.begin), step.begin, step.end);
  }
  if (optional && program_.dialect == Dialect::swamp) return Datum::none();
  const std::string before = container(op, step.begin);
  std::string hint;
  if (base.is(Kind::null))
    hint = fmt::format("write .?{} and orValue(…) for what may be missing", step.key.text());
  const std::string subject = before.empty()
                                  ? std::string(to_string(base.kind()))
                                  : fmt::format("{} is {} and", before, to_string(base.kind()));
  return fail_at(Datum::failure(fmt::format("{} has no member '{}'", subject, step.key.text()),
                                std::move(hint)),
                 step.begin, step.end);
}

/// After `.?`, members are optional too. The dialect takes a null for nothing there.
Datum Evaluator::optional_member(const Datum& base, const Op& op, const Step& step, bool optional) {
  if (!base.has_value()) return base;
  const Datum& inner = base.optional_value();
  if (inner.is(Kind::map)) return member(inner, op, step, true);
  if (inner.is(Kind::null) && program_.dialect == Dialect::swamp) return Datum::none();
  return member(inner, op, step, optional);
}

Datum Evaluator::select(const Op& op) {
  Datum base = eval_base(program_.operands[op.first]);
  if (is_stuck(base) && !base.is(Kind::partial)) return base;
  return member(base, op, program_.steps[op.b], op.optional);
}

Datum Evaluator::index(const Op& op) {
  const auto operands = program_.operands_of(op);
  Datum base = eval_base(operands[0]);
  if (base.is(Kind::failure)) return base;
  Datum scratch;
  const Datum& key = peek(operands[1], scratch);
  if (base.is(Kind::unknown)) return base;
  if (is_stuck(key)) return key;
  if (base.is(Kind::partial)) return extend(base.as_partial(), key, op.begin, op.end, op.optional);
  if (!base.is(Kind::optional)) return element(base, key, op, op.optional);
  return base.has_value() ? element(base.optional_value(), key, op, true) : base;
}

Datum Evaluator::element(const Datum& base, const Datum& key, const Op& op, bool optional) {
  if (base.is(Kind::list)) return list_element(base, key, op, optional);
  if (base.is(Kind::map)) {
    Datum value;
    if (base.find(map_key(key, program_.dialect), value))
      return optional ? Datum::some(std::move(value)) : value;
    if (optional) return Datum::none();
    const std::string before = container(op, op.begin);
    if (key.origin() != nullptr) return fail_at(op, "there is no key that the secret names");
    if (key.is(Kind::string)) return no_key(base, key.text(), before, op.begin, op.end);
    return fail_at(
        op, fmt::format("there is no {}{}", shown(key), before.empty() ? "" : " in " + before));
  }
  if (optional && program_.dialect == Dialect::swamp) return Datum::none();
  return fail_at(op, fmt::format("{} has no elements", to_string(base.kind())),
                 base.is(Kind::string) ? "the character at a place is charAt(…)" : "");
}

namespace {

/// The place that a number names in a list; a double counts when it is whole.
std::optional<std::int64_t> position_of(const Datum& key, Dialect dialect) {
  if (key.is(Kind::integer) || key.is(Kind::number)) return key.as_int();
  if (key.is(Kind::unsigned_integer) && dialect == Dialect::strict) {
    return static_cast<std::int64_t>(std::min<std::uint64_t>(key.as_uint(), INT64_MAX));
  }
  const bool is_whole = key.is(Kind::real) && std::trunc(key.as_real()) == key.as_real() &&
                        std::fabs(key.as_real()) < 0x1p63;
  if (is_whole) return static_cast<std::int64_t>(key.as_real());
  return std::nullopt;
}

}  // namespace

Datum Evaluator::list_element(const Datum& base, const Datum& key, const Op& op, bool optional) {
  const auto position = position_of(key, program_.dialect);
  if (!position)
    return fail_at(op, fmt::format("a place in a list is an int, not {}", to_string(key.kind())));
  if (*position >= 0 && static_cast<std::uint64_t>(*position) < base.size()) {
    Datum value = base.at(static_cast<std::size_t>(*position));
    return optional ? Datum::some(std::move(value)) : value;
  }
  if (optional) return Datum::none();
  const std::string before = container(op, op.begin);
  return fail_at(op, fmt::format("there is no place {} in {}, which has {} element{}", *position,
                                 before.empty() ? "the list" : before, base.size(),
                                 base.size() == 1 ? "" : "s"));
}

Datum Evaluator::test(const Op& op) {
  Datum base = eval_base(program_.operands[op.first]);
  if (is_stuck(base) && !base.is(Kind::partial)) return base;
  return test_member(base, op, program_.steps[op.b]);
}

Datum Evaluator::test_member(const Datum& base, const Op& op, const Step& step) {
  if (base.is(Kind::partial)) {
    // Asked as an optional: a question whose answer is "not found" is false.
    Datum answer = extend(base.as_partial(), step.key, step.begin, step.end, true);
    if (answer.is(Kind::partial)) answer = settle(answer.as_partial(), op.from, step.end);
    return answer.is(Kind::optional) ? Datum::boolean(answer.has_value()) : answer;
  }
  if (base.is(Kind::optional)) {
    return base.has_value() ? test_member(base.optional_value(), op, step) : Datum::boolean(false);
  }
  if (base.is(Kind::map)) {
    Datum ignored;
    return Datum::boolean(base.find(step.key, ignored));
  }
  if (program_.dialect == Dialect::swamp) return Datum::boolean(false);
  return member(base, op, step, false);
}

}  // namespace swamp::cel
