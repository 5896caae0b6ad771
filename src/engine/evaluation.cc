#include "engine/evaluation.h"

#include <algorithm>

#include <fmt/format.h>

#include "spec/iteration_names.h"
#include "spec/text_places.h"

namespace swamp::engine {
namespace {

/// Each round answers at least one question, so only an expression that makes up ever new ones
/// comes this far.
constexpr int kMostRounds = 1000;

Error misfit(std::string message, const spec::Field& field) {
  return Error{
      .code = ErrorCode::invalid_input, .message = std::move(message), .where = field.where()};
}

Error secret_misfit(std::string message, const spec::Field& field) {
  Error error = misfit(std::move(message), field);
  error.code = ErrorCode::denied;
  return error;
}

}  // namespace

template <class Evaluate>
Task<Value> Evaluation::repeat(Evaluate evaluate) {
  for (int round = 0; round < kMostRounds; ++round) {
    SWAMP_CO_TRY(cel::Outcome outcome, evaluate(scope_, answers_));
    if (Value* value = std::get_if<Value>(&outcome)) co_return std::move(*value);
    SWAMP_CO_CHECK(co_await find_answers(std::get<std::vector<cel::Ask>>(std::move(outcome))));
  }
  co_return fail(ErrorCode::invalid_input, "an expression never stops asking");
}

Task<Value> Evaluation::value_of(spec::Field field) {
  if (!field.has_expressions()) co_return field.value();
  auto evaluate = [field](const Scope& scope, const cel::Answers& answers) {
    return field.evaluate(scope, answers);
  };
  co_return co_await repeat(evaluate);
}

Task<Value> Evaluation::value_of(spec::Expression expression) {
  if (!expression.program()) co_return fail(expression.program().error());
  auto evaluate = [expression](const Scope& scope,
                               const cel::Answers& answers) -> Result<cel::Outcome> {
    auto outcome = expression.program()->evaluate(scope, answers);
    if (outcome) return outcome;
    return fail(spec::placed_in(std::move(outcome).error(), expression.text(), expression.where()));
  };
  co_return co_await repeat(evaluate);
}

Task<> Evaluation::find_answers(std::vector<cel::Ask> asks) {
  for (cel::Ask& ask : asks) {
    Result<Value> found = co_await answer(context_, ask);
    if (!found && found.error().code == ErrorCode::cancelled) co_return fail(found.error());
    known_.emplace_back(ask, found);
    answers_.add(std::move(ask), std::move(found));
  }
  co_return Result<>{};
}

void Evaluation::forget_secrets() {
  // What was read from data may hold secrets too; only a vault is asked anew, data is what it was.
  std::erase_if(known_, [](const auto& known) { return known.first.name == "vault.get"; });
  answers_ = cel::Answers();
  for (const auto& [ask, value] : known_) {
    answers_.add(ask, value);
  }
}

Task<std::string> Evaluation::name_of(spec::Field field, std::string what) {
  SWAMP_CO_TRY(const Value value, co_await value_of(field));
  if (value.is_secret())
    co_return fail(secret_misfit(fmt::format("{} may not be a secret", what), field));
  const bool is_plain = !value.is_null() && !value.is_list() && !value.is_map();
  std::string text = is_plain ? spec::iteration_label(value) : std::string();
  if (text.empty()) {
    co_return fail(misfit(fmt::format("{} is to be a text, not {}", what,
                                      value.is_string() ? "empty" : kind_name(value)),
                          field));
  }
  co_return text;
}

Task<Map> Evaluation::map_of(spec::Field field, std::string what) {
  SWAMP_CO_TRY(const Value value, co_await value_of(field));
  if (value.is_null() && !field.is_whole_expression()) co_return Map{};
  if (!value.is_map()) {
    co_return fail(misfit(fmt::format("{} is to be a map, not {}", what, kind_name(value)), field));
  }
  co_return value.as_map();
}

Task<Map> Evaluation::texts_of(spec::Field field, std::string what) {
  SWAMP_CO_TRY(const Map map, co_await map_of(field, what));
  Map texts;
  for (const auto& [key, value] : map) {
    if (value.holds_secret())
      co_return fail(
          secret_misfit(fmt::format("'{}' of {} may not be a secret", key, what), field));
    if (value.is_map() || value.is_list()) {
      co_return fail(misfit(
          fmt::format("'{}' of {} is to be a text, not {}", key, what, kind_name(value)), field));
    }
    texts.set(key, spec::iteration_label(value));
  }
  co_return texts;
}

}  // namespace swamp::engine
