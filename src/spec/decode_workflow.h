#pragma once

#include "spec/document_reader.h"
#include "spec/workflow.h"

// The parts of the workflow decoder. Not for other rooms.
namespace swamp::spec {

/// An element of `steps`. What is wrong is reported; the step then holds what could be read.
Step decode_step(const yaml::Node& node, Problems& problems);

/// `task` of a step; `owner` is what messages call that.
StepTask decode_task(const yaml::Node& node, const std::string& owner, Problems& problems);

/// `dependsOn` of the map that `reader` reads. `upstream` is the key that names the other: `job` or
/// `step`.
std::vector<Dependency> decode_dependencies(MapReader& reader, std::string_view upstream);

/// `concurrency`; 0 is the same as absent.
std::optional<int> decode_concurrency(MapReader& reader);

}  // namespace swamp::spec
