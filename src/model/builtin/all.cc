#include "model/builtin/all.h"

#include <cassert>

#include "model/builtin/shell.h"

namespace swamp::model {

Registry builtin_types() {
  Registry registry;
  for (auto make : {make_shell_type}) {
    [[maybe_unused]] const auto added = registry.add(make());
    assert(added);
  }
  return registry;
}

}  // namespace swamp::model
