#include "cli/data_target.h"

#include <fmt/format.h>

#include "cli/usage_error.h"

namespace swamp::cli {

Result<std::vector<std::string>> by_option_or_place(const Invocation& invocation,
                                                    std::vector<std::string_view> options) {
  auto places = invocation.arguments();
  std::vector<std::string> values;
  for (const std::string_view option : options) {
    if (auto given = invocation.text(option)) {
      values.emplace_back(*given);
    } else if (!places.empty()) {
      values.push_back(places.front());
      places = places.subspan(1);
    } else {
      values.emplace_back();
    }
  }
  if (places.empty()) return values;
  return usage_error(
      fmt::format("'{}' is one too many: options say already what is meant", places.back()),
      fmt::format("see 'swamp {} --help'", invocation.command().path));
}

Result<DataTarget> data_target(const Invocation& invocation) {
  SWAMP_TRY(auto values, by_option_or_place(invocation, {kModelOption.name, kNameOption.name}));
  return DataTarget{.model = std::move(values[0]), .name = std::move(values[1])};
}

}  // namespace swamp::cli
