#include "driver/builtin_drivers.h"

#include <vector>

#include <fmt/format.h>

#include "base/suggest.h"
#include "driver/raw/raw_environment.h"

namespace swamp::driver {
namespace {

Error bad_setting(std::string_view key, std::string_view wanted, const Value& value) {
  return {.code = ErrorCode::invalid_input,
          .message = fmt::format("the setting '{}' of driver 'raw' must be {}, not a {}", key,
                                 wanted, kind_name(value))};
}

Result<std::map<std::string, std::string>> read_variables(const Value& value) {
  if (!value.is_map()) return fail(bad_setting("env", "a map", value));
  std::map<std::string, std::string> variables;
  for (const auto& [name, text] : value.as_map()) {
    if (!text.is_string()) {
      Error error = bad_setting("env." + name, "a string", text);
      error.hint = "write the value in quotes";
      return fail(std::move(error));
    }
    variables[name] = text.as_string();
  }
  return variables;
}

Result<RawEnvironment::Options> read_raw_options(const Value& config) {
  static const std::string settings[] = {"env", "workdir"};
  RawEnvironment::Options options;
  if (config.is_null()) return options;
  if (!config.is_map()) {
    return fail(ErrorCode::invalid_input,
                fmt::format("'driverConfig' must be a map, not a {}", kind_name(config)));
  }
  for (const auto& [key, value] : config.as_map()) {
    if (key == "env") {
      SWAMP_TRY(options.env, read_variables(value));
    } else if (key == "workdir") {
      if (!value.is_string()) return fail(bad_setting(key, "a string", value));
      options.directory = value.as_string();
    } else {
      const std::string hint = did_you_mean(key, settings);
      return fail(ErrorCode::invalid_input, fmt::format("driver 'raw' has no setting '{}'", key),
                  hint.empty() ? "its settings are 'env' and 'workdir'" : hint);
    }
  }
  return options;
}

Task<std::unique_ptr<Environment>> open_raw(DriverServices services, Value config) {
  SWAMP_CO_TRY(auto options, read_raw_options(config));
  co_return std::make_unique<RawEnvironment>(services.executor, services.children, services.pool,
                                             std::move(options));
}

constexpr Driver kDrivers[] = {
    {.name = "raw", .doc = "processes on this host", .open = open_raw},
};

}  // namespace

std::span<const Driver> builtin_drivers() {
  return kDrivers;
}

Result<const Driver*> find_driver(std::string_view name) {
  std::vector<std::string> names;
  for (const Driver& driver : kDrivers) {
    if (driver.name == name) return &driver;
    names.emplace_back(driver.name);
  }
  std::string hint = did_you_mean(name, names);
  if (hint.empty()) hint = fmt::format("drivers are: {}", fmt::join(names, ", "));
  return fail(ErrorCode::not_found, fmt::format("there is no driver '{}'", name), std::move(hint));
}

Task<std::unique_ptr<Environment>> open_environment(std::string driver, Value config,
                                                    DriverServices services) {
  SWAMP_CO_TRY(const Driver* found, find_driver(driver));
  co_return co_await found->open(std::move(services), std::move(config));
}

}  // namespace swamp::driver
