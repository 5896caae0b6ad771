#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/type.h"

namespace swamp::model {

/// The types that are known, by normalized name. Filled while the program starts, read-only
/// afterwards.
class Registry {
 public:
  /// Fails with conflict when the name is taken.
  Result<> add(std::shared_ptr<const Type> type);

  /// Null when there is none.
  std::shared_ptr<const Type> find(std::string_view normalized) const;

  /// Like find, but says what is near. Code name `unknown_model_type`.
  Result<std::shared_ptr<const Type>> require(std::string_view normalized) const;

  /// All in order of name; internal ones only when asked for.
  enum class Internal : std::uint8_t { hidden, shown };
  std::vector<std::shared_ptr<const Type>> all(Internal internal = Internal::hidden) const;

 private:
  std::map<std::string, std::shared_ptr<const Type>, std::less<>> types_;
};

/// The type's method, or an error that names the nearest. Code name `unknown_method`.
Result<const Method*> require_method(const Type& type, std::string_view method);

}  // namespace swamp::model
