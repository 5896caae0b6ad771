#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "base/result.h"

namespace swamp::spec {

/// The name of a model type. Equality, order and paths use the normalized form; the raw one is for
/// display.
struct TypeName {
  std::string raw;
  std::string normalized;  // lower case, parts joined with `/`: `command/shell`, `@acme/web/site`

  /// Trims, joins parts written with `::`, `.` or blanks by `/`. Fails with invalid_input when
  /// nothing is left, or the text holds a backslash or a control character.
  static Result<TypeName> parse(std::string_view text);

  /// `@acme` of `@acme/web`; empty for built-in types.
  std::string_view collective() const;

  friend bool operator==(const TypeName& a, const TypeName& b) {
    return a.normalized == b.normalized;
  }
  friend std::strong_ordering operator<=>(const TypeName& a, const TypeName& b) {
    return a.normalized <=> b.normalized;
  }
};

/// What any definition or workflow name must keep to: not empty; no `..`, backslash or NUL; `/`
/// only in the scoped form `@collective/name(/more)*` of lower-case letters, digits, `_` and `-`.
/// `what` begins the message.
Result<> check_name(std::string_view name, std::string_view what);

/// What a new name must keep to besides: `[a-z0-9][a-z0-9_-]*` and at most 64 characters, unless it
/// is scoped.
Result<> check_new_definition_name(std::string_view name);
/// As above, without `_`.
Result<> check_new_workflow_name(std::string_view name);

/// Whether a definition of this name is stored as `<name>.yaml` rather than `<id>.yaml`.
bool is_definition_file_name(std::string_view name);
/// Whether a workflow of this name is stored as `workflow-<name>.yaml` rather than
/// `workflow-<id>.yaml`.
bool is_workflow_file_name(std::string_view name);

/// `@collective/name(/more)*`
bool is_scoped_name(std::string_view name);

}  // namespace swamp::spec
