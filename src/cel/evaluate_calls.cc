#include <algorithm>

#include <fmt/format.h>

#include "cel/evaluator.h"
#include "cel/faults.h"

namespace swamp::cel {

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
    if (has_value && site.name == "or") return std::move(arguments[0]);
    if (has_value) return arguments[0].optional_value();
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

}  // namespace swamp::cel
