#include <algorithm>

#include "cel/evaluator.h"

namespace swamp::cel {

Datum Evaluator::extend(const Partial& partial, const Datum& key, std::uint32_t begin,
                        std::uint32_t end, bool optional) {
  auto value = to_value(key, meter_);
  if (!value) return fail_at(Datum::failure(Failure{.error = value.error()}), begin, end);
  Partial longer = partial;
  longer.ask.arguments.push_back(*std::move(value));
  longer.optional = longer.optional || optional;
  if (longer.ask.arguments.size() < longer.wanted) return Datum::partial(std::move(longer));
  return settle(longer, begin, end);
}

Datum Evaluator::settle(const Partial& partial, std::uint32_t begin, std::uint32_t end) {
  Datum answer = ask(partial.ask, begin, end);
  if (!partial.optional || answer.is(Kind::unknown)) return answer;
  const bool is_missing =
      answer.is(Kind::failure) && answer.as_failure().error.code == ErrorCode::not_found;
  if (is_missing) return Datum::none();
  return answer.is_value() ? Datum::some(std::move(answer)) : answer;
}

Datum Evaluator::ask(Ask ask, std::uint32_t begin, std::uint32_t end) {
  if (const Result<Value>* answer = answers_.find(ask)) {
    if (answer->has_value()) return Datum::of(**answer, program_.dialect);
    return fail_at(Datum::failure(Failure{.error = answer->error()}), begin, end);
  }
  if (std::find(asks_.begin(), asks_.end(), ask) == asks_.end()) {
    ask.where = place_of(program_, begin, end);
    asks_.push_back(std::move(ask));
  }
  return Datum::unknown();
}

Datum Evaluator::ask_call(const Op& op, const CallSite& site) {
  Ask question{.name = site.full_name};
  bool is_pending = false;
  for (const OpId id : program_.operands_of(op).subspan(site.has_target ? 1 : 0)) {
    Datum argument = eval(id);
    if (argument.is(Kind::failure)) return is_pending ? Datum::unknown() : argument;
    is_pending = is_pending || argument.is(Kind::unknown);
    if (is_pending) continue;
    auto value = to_value(argument, meter_);
    const Op& where = program_.ops[id];
    if (!value)
      return fail_at(Datum::failure(Failure{.error = value.error()}), where.begin, where.end);
    question.arguments.push_back(*std::move(value));
  }
  return is_pending ? Datum::unknown() : ask(std::move(question), op.begin, op.end);
}

}  // namespace swamp::cel
