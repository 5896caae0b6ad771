#pragma once

#include <string>
#include <vector>

#include "render/style.h"
#include "spec/validate.h"
#include "value/value.h"

// How the rows of a validation are shown.
namespace swamp::cli {

/// The list `validations`: name, passed, warning?, error?, and where? the cause stands.
Value findings_document(const std::vector<spec::Finding>& findings);

/// `  ✓ check`, `  ✗ check` with the cause below it, `  ⚠ check`.
std::string findings_text(const std::vector<spec::Finding>& findings, render::Style style);

std::int64_t count_failed(const std::vector<spec::Finding>& findings);
std::int64_t count_warnings(const std::vector<spec::Finding>& findings);

}  // namespace swamp::cli
