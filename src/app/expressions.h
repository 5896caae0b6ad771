#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/session.h"
#include "cel/vectors.h"

// What people ask of expressions.
namespace swamp::app {

/// Evaluates a bare CEL expression, or a text with `${{ }}` in it, on this repository: data,
/// models, workflows, vaults, files and the environment are there, and `inputs`. A secret in the
/// result shows as its expression.
Result<Value> evaluate_expression(Session& session, std::string_view text, Map inputs);

/// What is wrong with it, without evaluating: syntax, unknown names and functions. Empty: nothing.
std::vector<Error> check_expression(std::string_view text);

/// Runs a file of conformance vectors of either form.
Result<cel::VectorReport> run_vector_file(const std::filesystem::path& path);

}  // namespace swamp::app
