#include "model/registry.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/suggest.h"

namespace swamp::model {

Result<> Registry::add(std::shared_ptr<const Type> type) {
  std::string name = type->normalized;
  if (!types_.emplace(name, std::move(type)).second) {
    return fail(ErrorCode::conflict, fmt::format("model type '{}' is registered twice", name));
  }
  return {};
}

std::shared_ptr<const Type> Registry::find(std::string_view normalized) const {
  auto found = types_.find(normalized);
  return found == types_.end() ? nullptr : found->second;
}

Result<std::shared_ptr<const Type>> Registry::require(std::string_view normalized) const {
  if (auto type = find(normalized)) return type;
  std::vector<std::string> names;
  for (const auto& type : all()) {
    names.push_back(type->normalized);
  }
  std::string hint = did_you_mean(normalized, names);
  if (hint.empty()) hint = "'swamp model type search' lists the types that are installed";
  return fail(Error{.code = ErrorCode::not_found,
                    .message = fmt::format("no model type '{}' is installed", normalized),
                    .hint = std::move(hint),
                    .name = "unknown_model_type"});
}

std::vector<std::shared_ptr<const Type>> Registry::all(Internal internal) const {
  std::vector<std::shared_ptr<const Type>> types;
  for (const auto& [name, type] : types_) {
    if (internal == Internal::shown || !type->internal) types.push_back(type);
  }
  return types;
}

Result<const Method*> require_method(const Type& type, std::string_view method) {
  if (const Method* found = type.find_method(method)) return found;
  std::vector<std::string> names;
  for (const Method& one : type.methods) {
    names.push_back(one.name);
  }
  std::string hint = did_you_mean(method, names);
  if (hint.empty()) hint = fmt::format("its methods are: {}", fmt::join(names, ", "));
  return fail(Error{.code = ErrorCode::not_found,
                    .message = fmt::format("type '{}' has no method '{}'", type.normalized, method),
                    .hint = std::move(hint),
                    .name = "unknown_method"});
}

}  // namespace swamp::model
