#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cel/program.h"

namespace swamp::spec {

/// Where an expression stands: some names exist only there.
enum class ExpressionPlace : std::uint8_t {
  start,       // inputs and tags of a workflow, evaluated before there is a run
  workflow,    // everything that is evaluated for a step
  definition,  // a definition, evaluated for one of its methods
  trigger,     // `trigger.inputs`: what came in, before there is a run
};

/// The names that expressions can reach, without values: for checking them before anything is
/// evaluated.
class KnownNames final : public cel::Scope {
 public:
  explicit KnownNames(ExpressionPlace place) : place_(place) {}

  const Value* find_root(std::string_view name) const override;
  std::size_t asked_root_depth(std::string_view name) const override;
  bool is_asked_function(std::string_view full_name) const override;
  std::vector<std::string> names() const override;

 private:
  ExpressionPlace place_;
};

}  // namespace swamp::spec
