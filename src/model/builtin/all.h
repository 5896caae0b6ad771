#pragma once

#include "model/registry.h"

namespace swamp::model {

/// The types that come with swamp.
Registry builtin_types();

}  // namespace swamp::model
