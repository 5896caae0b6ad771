#include "cli/option_checks.h"

#include <charconv>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/suggest.h"
#include "cli/usage_error.h"

namespace swamp::cli {
namespace {

std::string source_of(const Invocation::Given& given) {
  return given.from_variable ? fmt::format("variable '{}'", given.option->env)
                             : fmt::format("option '{}'", spelled(*given.option));
}

Result<> check_number(const Invocation::Given& given) {
  const auto& [option, value, from_variable] = given;
  std::int64_t number = 0;
  const auto [end, problem] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (problem != std::errc() || end != value.data() + value.size()) {
    return usage_error(fmt::format("{} needs a whole number, not '{}'", source_of(given), value));
  }
  if (number < option->least) {
    return usage_error(
        fmt::format("{} must be at least {}, not {}", source_of(given), option->least, number));
  }
  return {};
}

Result<> check_duration(const Invocation::Given& given) {
  const auto parsed = parse_duration_option(*given.option, given.value);
  if (parsed) return {};
  return usage_error(fmt::format("{} of {}", parsed.error().message, source_of(given)),
                     parsed.error().hint);
}

Result<> check_choice(const Invocation::Given& given) {
  if (has_word(given.option->choices, given.value, '|')) return {};
  std::vector<std::string> choices;
  for_each_word(
      given.option->choices, [&](std::string_view choice) { choices.emplace_back(choice); }, '|');
  auto hint = did_you_mean(given.value, choices);
  if (hint.empty()) hint = fmt::format("use one of {}", fmt::join(choices, ", "));
  return usage_error(fmt::format("'{}' is not a value of {}", given.value, source_of(given)),
                     std::move(hint));
}

}  // namespace

std::string spelled(const Option& option) {
  return fmt::format("--{}", option.name);
}

Result<> check_value(const Invocation::Given& given) {
  switch (given.option->type) {
    case Option::Type::number:
      return check_number(given);
    case Option::Type::time_limit:
    case Option::Type::age:
      return check_duration(given);
    case Option::Type::text:
      return given.option->choices.empty() ? Result<>() : check_choice(given);
    case Option::Type::flag:
      return {};
  }
  return {};
}

}  // namespace swamp::cli
