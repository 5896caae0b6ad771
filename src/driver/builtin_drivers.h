#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "async/blocking_pool.h"
#include "driver/environment.h"
#include "driver/raw/children.h"
#include "value/value.h"

namespace swamp::driver {

/// What drivers use. Everything outlives the environments they open.
struct DriverServices {
  asio::any_io_executor executor;
  Children& children;
  BlockingPool& pool;
};

/// A kind of environment, as `driver:` names it.
struct Driver {
  std::string_view name;
  std::string_view doc;  // one line for people
  Task<std::unique_ptr<Environment>> (*open)(DriverServices services, Value config);
};

/// In the order in which people are shown them.
std::span<const Driver> builtin_drivers();

/// Fails with not_found, suggesting the nearest name.
Result<const Driver*> find_driver(std::string_view name);

/// Opens an environment. `config` is the merged `driverConfig` with every expression evaluated: a
/// map, or null for none. Fails with invalid_input for a setting that the driver does not have or
/// cannot read.
Task<std::unique_ptr<Environment>> open_environment(std::string driver, Value config,
                                                    DriverServices services);

}  // namespace swamp::driver
