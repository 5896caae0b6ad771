#include "cli/invocation.h"

#include <cassert>
#include <charconv>
#include <cstdlib>

#include "base/duration.h"

namespace swamp::cli {

Result<std::chrono::milliseconds> parse_duration_option(const Option& option,
                                                        std::string_view value) {
  auto age = parse_age(value);
  if (option.type == Option::Type::age) return age;
  auto limit = parse_time_limit(value);
  // The units of ages are understood too: `2w` limits nothing for long, but it was always allowed.
  return !limit && age && age->count() > 0 ? age : limit;
}

const Option& Invocation::declared(std::string_view name) const {
  const Option* found = nullptr;
  for_each_option(*command_, [&](const Option& option) {
    if (found == nullptr && option.name == name) found = &option;
  });
  for (const Option& option : global_options()) {
    if (found == nullptr && option.name == name) found = &option;
  }
  assert(found != nullptr);
  return *found;
}

std::size_t Invocation::position(std::string_view name) const {
  for (std::size_t i = 0; i < command_->arguments.size(); ++i) {
    if (command_->arguments[i].name == name) return i;
  }
  assert(false);
  return arguments_.size();
}

bool Invocation::json() const {
  return command_->always_json || has("json") || (command_->json_to_programs && unattended_);
}

Globals Invocation::globals() const {
  const std::string_view level = text("log-level").value_or("info");
  const bool quiet = has("quiet") || level == "error" || level == "fatal";
  const bool verbose = has("verbose") || level == "debug" || level == "trace";
  return {.json = json(),
          .log = has("log"),
          .quiet = quiet,
          .verbose = verbose && !quiet,
          .no_color = has("no-color"),
          .show_properties = has("show-properties")};
}

std::string_view Invocation::argument(std::string_view name) const {
  const std::size_t at = position(name);
  assert(at < arguments_.size());
  return arguments_[at];
}

std::optional<std::string_view> Invocation::find_argument(std::string_view name) const {
  const std::size_t at = position(name);
  if (at >= arguments_.size()) return std::nullopt;
  return arguments_[at];
}

std::span<const std::string> Invocation::rest() const {
  assert(!command_->arguments.empty() &&
         command_->arguments.back().need == Argument::Need::variadic);
  const std::size_t fixed = command_->arguments.size() - 1;
  return std::span(arguments_).subspan(std::min(fixed, arguments_.size()));
}

bool Invocation::has(std::string_view name) const {
  const Option& option = declared(name);
  for (const Given& given : given_) {
    if (given.option == &option) return true;
  }
  return false;
}

std::optional<std::string_view> Invocation::text(std::string_view name) const {
  const Option& option = declared(name);
  assert(option.type != Option::Type::flag);
  std::optional<std::string_view> value;
  for (const Given& given : given_) {
    if (given.option == &option) value = given.value;
  }
  if (!value && !option.default_value.empty()) value = option.default_value;
  return value;
}

std::optional<std::int64_t> Invocation::number(std::string_view name) const {
  assert(declared(name).type == Option::Type::number);
  const auto value = text(name);
  if (!value) return std::nullopt;
  std::int64_t number = 0;
  std::from_chars(value->data(), value->data() + value->size(),
                  number);  // checked when it was parsed
  return number;
}

std::optional<std::chrono::milliseconds> Invocation::duration(std::string_view name) const {
  const auto value = text(name);
  if (!value) return std::nullopt;
  const auto parsed = parse_duration_option(declared(name), *value);
  assert(parsed);  // checked when the line was parsed
  return *parsed;
}

std::vector<std::string> Invocation::texts(std::string_view name) const {
  const Option& option = declared(name);
  std::vector<std::string> values;
  for (const Given& given : given_) {
    if (given.option == &option) values.push_back(given.value);
  }
  return values;
}

}  // namespace swamp::cli
