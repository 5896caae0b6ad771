#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/source_span.h"
#include "value/value.h"

namespace swamp::spec {

/// How a job or step ended, as far as conditions can tell. A time-out, a cancel and an allowed
/// failure are `failed`.
enum class Ending : std::uint8_t { succeeded, failed, skipped };

/// What must hold of the upstream that a dependency names.
struct Condition {
  enum class Kind : std::uint8_t {
    always,
    succeeded,
    failed,
    completed,
    skipped,
    all_of,
    any_of,
    negation
  };

  Kind kind = Kind::succeeded;
  std::vector<Condition> parts = {};  // all_of and any_of: two or more; negation: one
  SourceSpan where = {};
};

/// Whether the condition holds once the upstream has ended like this.
bool holds(const Condition& condition, Ending ending);

/// Whether the condition, or a part of it, is of this kind.
bool mentions(const Condition& condition, Condition::Kind kind);

/// `succeeded`, `not failed`, `(failed or skipped)`: for messages and graphs.
std::string to_string(const Condition& condition);

/// As documents write it: `{type: and, conditions: […]}`.
Value to_value(const Condition& condition);

/// An edge of the graph: this job or step waits for `target` of the same list.
struct Dependency {
  std::string target;  // the name as written: a forEach step is named by its template's text
  Condition condition = {};
  SourceSpan where = {};  // of the name
};

}  // namespace swamp::spec
