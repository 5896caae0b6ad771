#include "model/type.h"

#include <algorithm>
#include <array>

namespace swamp::model {
namespace {

struct NamedKind {
  std::string_view method_name;
  MethodKind kind;
};

constexpr std::array kImplied = {
    NamedKind{"create", MethodKind::create},  NamedKind{"get", MethodKind::read},
    NamedKind{"read", MethodKind::read},      NamedKind{"describe", MethodKind::read},
    NamedKind{"show", MethodKind::read},      NamedKind{"update", MethodKind::update},
    NamedKind{"patch", MethodKind::update},   NamedKind{"delete", MethodKind::remove},
    NamedKind{"destroy", MethodKind::remove}, NamedKind{"remove", MethodKind::remove},
    NamedKind{"list", MethodKind::list},      NamedKind{"search", MethodKind::list},
    NamedKind{"find", MethodKind::list},
};

template <class Named>
const Named* find_named(const std::vector<Named>& all, std::string_view name) {
  auto found =
      std::find_if(all.begin(), all.end(), [&](const Named& one) { return one.name == name; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace

std::string_view to_string(MethodKind kind) {
  switch (kind) {
    case MethodKind::create:
      return "create";
    case MethodKind::read:
      return "read";
    case MethodKind::update:
      return "update";
    case MethodKind::remove:
      return "delete";
    case MethodKind::list:
      return "list";
    case MethodKind::action:
      return "action";
    case MethodKind::unknown:
      return "unknown";
  }
  return "unknown";
}

MethodKind kind_from_name(std::string_view method_name) {
  for (const NamedKind& implied : kImplied) {
    if (implied.method_name == method_name) return implied.kind;
  }
  return MethodKind::unknown;
}

const Method* Type::find_method(std::string_view name) const {
  return find_named(methods, name);
}
const ResourceSpec* Type::find_resource(std::string_view name) const {
  return find_named(resources, name);
}
const FileSpec* Type::find_file(std::string_view name) const {
  return find_named(files, name);
}

}  // namespace swamp::model
