#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cel/program.h"
#include "value/value.h"

namespace swamp::engine {

/// What names mean where a step, a definition or a method is evaluated: some plain variables, and
/// everything that has to be asked for (see answer() in names/name_context.h).
///
/// Cheap to copy. A variable that was not set is an unknown name.
class Scope final : public cel::Scope {
 public:
  /// Sets a variable, in place of what it was.
  Scope& set(std::string name, Value value);

  const Value* find_root(std::string_view name) const override;
  std::size_t asked_root_depth(std::string_view name) const override;
  bool is_asked_function(std::string_view full_name) const override;
  std::vector<std::string> names() const override;

 private:
  std::vector<std::pair<std::string, Value>> variables_;
};

/// What `self` is in a step that calls no model yet, or in an iteration: the fields of a
/// definition, empty.
Map empty_self();

}  // namespace swamp::engine
