#pragma once

#include <functional>
#include <string>
#include <vector>

#include "spec/definition.h"

namespace swamp::spec {

/// The fields of a definition in which expressions may stand, each with the keys that lead to it:
/// `{"methods", "execute", "arguments"}`. Fields that were not written come too, empty.
void visit_fields(
    const Definition& definition,
    const std::function<void(const std::vector<std::string>& keys, const Field& field)>& visit);

}  // namespace swamp::spec
