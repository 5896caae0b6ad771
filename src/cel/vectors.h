#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "base/source_span.h"

namespace swamp::cel {

/// A vector that did not come out as it says.
struct VectorFailure {
  std::string name;  // `string_ext/quote/unicode` or the expression itself
  std::string expression;
  std::string message;  // `expected 5, got 6`
};

struct VectorReport {
  std::size_t passed = 0;
  std::vector<VectorFailure> failures;
};

/// Evaluates the vectors of a file of either form:
///
///   [{"name", "section", "expr", "bindings": {name: typed}, "value": typed | "error": text}, …]
///     strict CEL; typed is {"int": "5"}, {"bytes": base64}, {"map": [[typed, typed], …]}, …
///   {"context": {…}, "vectors": [{"expr", "value": JSON | "error": true}, …]}
///     the dialect, over plain data
///
/// Fails when the file is no such file.
Result<VectorReport> run_vectors(const SourceText& file);

}  // namespace swamp::cel
