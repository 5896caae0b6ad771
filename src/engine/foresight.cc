#include "engine/foresight.h"

#include <algorithm>
#include <cassert>

namespace swamp::engine {
namespace {

/// As an Evaluation: only an expression that makes up ever new questions comes this far.
constexpr int kMostRounds = 1000;

/// Whether one path leads to the other, or beyond.
bool touches(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  const auto [end, other] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  return end == a.end() || other == b.end();
}

NotYet secret() {
  return {.when = "when the step runs: it is a secret", .secret = true};
}

}  // namespace

Foresight::Foresight(Scope scope, Horizon horizon, NameContext context)
    : scope_(std::move(scope)), horizon_(std::move(horizon)), context_(std::move(context)) {
  assert(!context_.fetches_secrets);
}

std::optional<NotYet> Foresight::hidden_in(const cel::References& references) const {
  for (const Horizon::Hidden& hidden : horizon_.hidden) {
    const std::string& root = hidden.path.front();
    if (!references.mentions(root)) continue;
    // Without a path it is used as a whole, or by a key that is computed.
    bool as_a_whole = true;
    for (const auto& path : references.paths) {
      if (path.front() != root) continue;
      if (touches(path, hidden.path)) return hidden.why;
      as_a_whole = false;
    }
    if (as_a_whole) return hidden.why;
  }
  return std::nullopt;
}

/// Why an evaluation may have failed: something below a root that it mentions is hidden.
std::optional<NotYet> Foresight::missed_by(const cel::References& references) const {
  for (const Horizon::Hidden& hidden : horizon_.hidden) {
    if (references.mentions(hidden.path.front())) return hidden.why;
  }
  return std::nullopt;
}

Task<Foresight::Leaf> Foresight::evaluate(cel::References references, Evaluate evaluate) {
  if (auto hidden = hidden_in(references)) co_return Leaf(*std::move(hidden));
  for (int round = 0; round < kMostRounds; ++round) {
    Result<cel::Outcome> outcome = evaluate(scope_, answers_);
    if (!outcome) {
      if (auto missed = missed_by(references)) co_return Leaf(*std::move(missed));
      co_return Leaf(std::move(outcome).error());
    }
    if (Value* value = std::get_if<Value>(&*outcome)) {
      if (value->holds_secret()) co_return Leaf(secret());
      co_return Leaf(std::move(*value));
    }
    for (cel::Ask& ask : std::get<std::vector<cel::Ask>>(*outcome)) {
      if (ask.name == "vault.get") co_return Leaf(secret());
      if (auto not_yet = horizon_.look(ask)) co_return Leaf(*std::move(not_yet));
      Result<Value> found = co_await answer(context_, ask);
      if (!found && found.error().code == ErrorCode::cancelled) co_return fail(found.error());
      // What is compared with a secret would be told by the result.
      if (found && found->holds_secret()) co_return Leaf(secret());
      answers_.add(std::move(ask), std::move(found));
    }
  }
  co_return Leaf(
      Error{.code = ErrorCode::invalid_input, .message = "an expression never stops asking"});
}

void Foresight::put(Leaf leaf, const std::string& place, const std::string& text, Foreseen& into) {
  if (Value* value = std::get_if<Value>(&leaf)) {
    spec::set_at(into.value, place, std::move(*value));
  } else if (NotYet* not_yet = std::get_if<NotYet>(&leaf)) {
    into.unknown.push_back({.place = place, .expression = text, .why = std::move(*not_yet)});
  } else if (!into.error) {
    into.error = std::get<Error>(std::move(leaf));
  }
}

Task<Foreseen> Foresight::foresee(spec::Field field) {
  Foreseen foreseen{.value = field.value()};
  if (!field.has_expressions()) co_return foreseen;
  for (std::size_t i = 0; i < field.expressions().size(); ++i) {
    const auto& compiled = field.compiled(i);
    if (!compiled) {
      if (!foreseen.error) foreseen.error = compiled.error();
      continue;
    }
    Evaluate evaluate_leaf = [&compiled](const Scope& scope, const cel::Answers& answers) {
      return compiled->evaluate(scope, answers);
    };
    SWAMP_CO_TRY(Leaf leaf, co_await evaluate(compiled->references(), std::move(evaluate_leaf)));
    put(std::move(leaf), field.expressions()[i].pointer, compiled->text(), foreseen);
  }
  co_return foreseen;
}

Task<Foreseen> Foresight::foresee(spec::Expression expression) {
  Foreseen foreseen{.value = Value(expression.text())};
  const auto& program = expression.program();
  if (!program) {
    foreseen.error = program.error();
    co_return foreseen;
  }
  Evaluate evaluate_it = [&program](const Scope& scope, const cel::Answers& answers) {
    return program->evaluate(scope, answers);
  };
  SWAMP_CO_TRY(Leaf leaf, co_await evaluate(program->references(), std::move(evaluate_it)));
  put(std::move(leaf), "", expression.text(), foreseen);
  co_return foreseen;
}

}  // namespace swamp::engine
