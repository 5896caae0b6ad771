#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "spec/field.h"

// Groups of keys that several kinds of document share.
namespace swamp::spec {

/// `driver` and `driverConfig` of one level. How levels combine is the engine's to know.
struct DriverChoice {
  std::optional<std::string> name = std::nullopt;
  SourceSpan where = {};
  Field config = {};  // a map; expressions are evaluated per step
};

/// Where a remote engine should run something: inherited from workflow to job to step, key by key.
struct Placement {
  Field target = {};
  Field labels = {};  // a map; an empty one takes away what was inherited
  Field platform = {};
  std::optional<std::chrono::milliseconds> queue_timeout = std::nullopt;
  SourceSpan queue_timeout_where = {};

  bool is_set() const { return target || labels || platform; }
};

/// `reports`: which must be made (and succeed), which are left out.
struct ReportSelection {
  struct Required {
    std::string name;
    std::vector<std::string> methods = {};  // empty: after every method
  };
  std::vector<Required> require = {};
  std::vector<std::string> skip = {};
};

/// How long the data of one output spec lives; absent members leave what the type says.
struct OutputPolicy {
  std::optional<std::string> lifetime =
      std::nullopt;               // ephemeral, infinite, job, workflow or an age such as `30d`
  Value garbage_collection = {};  // a number of versions or an age such as `7d`; null: absent
  std::optional<std::string> vault_name = std::nullopt;
};

}  // namespace swamp::spec
