#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "spec/catalogue.h"
#include "spec/expression_checks.h"

namespace swamp::spec {

/// What is wrong with a constant path below `model`, such as
/// `model.web.resource.result.main.attributes.ip`: an unknown model, kind, output spec, field, or
/// attribute. `path[0]` is `model`.
std::vector<Error> model_path_errors(const std::vector<std::string>& path,
                                     const FoundExpression& found, const Catalogue& catalogue);

/// What is wrong with a constant path below `self` in a definition.
std::vector<Error> self_path_errors(const std::vector<std::string>& path,
                                    const FoundExpression& found);

}  // namespace swamp::spec
