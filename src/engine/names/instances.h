#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/names/name_context.h"
#include "model/method_context.h"
#include "spec/definition.h"

namespace swamp::engine {

/// What a model name in an accessor stands for.
struct NamedInstances {
  std::shared_ptr<const spec::Definition> definition = nullptr;  // when it names one
  bool is_type = false;                                          // it is the name of a type
  std::vector<model::Instance> instances = {};
};

/// The instances that `name` means: the definition of exactly that name or id, else the ephemeral
/// instance of that name that this run used, else those of the type that this run used (outside a
/// run: all that have data), else those whose data says that this was their name. Blocks on the
/// catalogue only in the last two cases.
Task<NamedInstances> find_instances(const NameContext& context, std::string name);

/// The one instance that is meant, or none. Fails with invalid_input when there are several, naming
/// them.
Task<std::optional<model::Instance>> find_one_instance(const NameContext& context,
                                                       std::string name);

}  // namespace swamp::engine
