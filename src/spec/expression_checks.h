#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "spec/expression_names.h"
#include "spec/field.h"
#include "spec/workflow.h"

// What can be said of the expressions of a document without evaluating them. Not for other rooms.
namespace swamp::spec {

/// One expression with the place it stands in, whether in a Field or bare.
struct FoundExpression {
  const cel::References* references;
  const std::string* text;  // the whole text it stands in
  const SourceSpan* where;  // where that text begins
};

/// Calls `visit` for every expression of the field that compiles.
void visit_expressions(const Field& field,
                       const std::function<void(const FoundExpression&)>& visit);
void visit_expressions(const Expression& expression,
                       const std::function<void(const FoundExpression&)>& visit);

/// Where `needle` stands in the expression's text; the beginning of the text when it is not there
/// as it is.
SourceSpan place_of(const FoundExpression& expression, std::string_view needle);

/// Where the constant text `text` stands in quotes in the expression: as the first argument of
/// `function` (`data.step`), else anywhere, else the beginning of the whole.
SourceSpan place_of_constant(const FoundExpression& expression, std::string_view function,
                             std::string_view text);

/// Whether somebody wrote `${{ … }}` around an assert's expression; a row of its own tells that. A
/// string within an expression may well hold one: the name of a forEach step.
bool is_wrapped(const Expression& expression);

/// Syntax errors in order of place: everything of a workflow, its trigger and the asserts included.
std::vector<Error> syntax_errors(const Workflow& workflow);

/// Unknown names and functions; members of `self` that are not there.
std::vector<Error> name_errors(const Workflow& workflow);

/// `inputs.x` where the workflow declares inputs, and no `x` among them. A workflow that declares
/// none takes anything.
std::vector<Error> undeclared_inputs(const Workflow& workflow);

}  // namespace swamp::spec
