#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "spec/field.h"
#include "spec/inputs.h"
#include "spec/names.h"
#include "spec/settings.h"

namespace swamp::spec {

/// A model definition as its file says it, checked. Immutable and shared (`std::shared_ptr<const
/// Definition>`).
struct Definition {
  struct Method {
    std::string name;
    Field arguments = {};  // a map; absent when none were written
    SourceSpan where = {};
  };
  struct Checks {
    std::vector<std::string> require = {};
    std::vector<std::string> skip = {};
    SourceSpan where = {};
  };
  struct Resource {
    std::string spec_name;
    OutputPolicy policy = {};
    SourceSpan where = {};
  };

  TypeName type = {};
  std::optional<std::string> type_version =
      std::nullopt;  // CalVer; absent also for a legacy number
  std::string id;
  std::string name;
  SourceSpan name_where = {};
  int version = 1;
  Field tags = {};              // a map of texts
  Field global_arguments = {};  // a map
  std::vector<Method> methods = {};
  InputSchema inputs = {};
  Checks checks = {};
  ReportSelection reports = {};
  std::vector<Resource> resources = {};
  DriverChoice driver = {};

  /// Keys that this version does not know: kept on save; an error in `validate` and `create`, a
  /// warning in use.
  std::vector<Error> unknown_keys = {};

  Value document = {};  // everything as written, in the order of the file
  Source source = {};   // the file; null when it was made in memory

  /// The arguments that the definition fixes for a method; an absent field when it says nothing
  /// about it.
  const Field& arguments_of(std::string_view method) const;

  /// Whether anything in it is an expression.
  bool has_expressions() const;
};

}  // namespace swamp::spec
