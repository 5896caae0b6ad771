#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "value/value.h"

namespace swamp::spec {

/// One round of a forEach.
struct Iteration {
  Value element;      // what `self.<item>` is: an element of the list, or `{key, value}` of a map
  std::string label;  // what tells it from its siblings where the step's name does not: its text,
                      // of what has none or is secret its place in the list
};

/// The rounds that a list or map stands for, in its order. Fails with invalid_input for anything
/// else.
Result<std::vector<Iteration>> iterations_of(const Value& in);

/// `<name>-<label>`: how an iteration is called when the step's name holds no expression.
std::string iteration_name(std::string_view name, const Iteration& iteration);

/// A plain value as a label: texts as they are, `1.5`, `true`, `null`; empty for lists and maps.
/// Not for secrets: names are shown.
std::string iteration_label(const Value& value);

}  // namespace swamp::spec
