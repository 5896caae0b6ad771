#include "engine/call_target.h"

#include <fmt/format.h>

#include "base/suggest.h"
#include "spec/names.h"
#include "vault/identity_key.h"

namespace swamp::engine {
namespace {

Result<std::shared_ptr<const spec::Definition>> find_definition(EngineServices& services,
                                                                const std::string& name) {
  auto found = services.directory.find_definition(name);
  if (found || found.error().code != ErrorCode::not_found) return found;
  std::string hint = did_you_mean(name, services.directory.definition_names());
  if (hint.empty())
    hint =
        "'swamp model search' lists the models there are; a type needs no model: give 'modelType'";
  return fail(Error{.code = ErrorCode::not_found,
                    .message = fmt::format("there is no model '{}'", name),
                    .hint = std::move(hint),
                    .name = "model_not_found"});
}

Result<CallTarget> finish(CallTarget target, const std::string& method) {
  SWAMP_TRY(target.method, model::require_method(*target.type, method));
  return target;
}

model::Instance instance_of(const spec::Definition& definition) {
  return {.id = definition.id, .name = definition.name, .type = definition.type.normalized};
}

Result<CallTarget> target_of_definition(EngineServices& services, const CallNames& names) {
  CallTarget target;
  SWAMP_TRY(target.definition, find_definition(services, names.model));
  SWAMP_TRY(target.type, services.types.require(target.definition->type.normalized));
  target.instance = instance_of(*target.definition);
  return finish(std::move(target), names.method);
}

Result<model::Instance> identify(EngineServices& services, std::string_view type,
                                 const Map& global_args, model::IdentityContext identity) {
  const Value arguments(global_args);
  vault::Secret key;
  if (arguments.holds_secret()) {
    SWAMP_TRY(key, vault::identity_key(services.layout.repository / ".swamp" / "secrets"));
    identity.secret_key = key.reveal();
  }
  return model::identify(type, arguments, identity);
}

/// A definition of that name, which has to be of the type; nothing when there is none.
Result<std::shared_ptr<const spec::Definition>> find_named(EngineServices& services,
                                                           const model::Type& type,
                                                           const std::string& name) {
  auto found = services.directory.find_definition(name);
  if (!found && found.error().code == ErrorCode::not_found)
    return std::shared_ptr<const spec::Definition>();
  if (!found) return found;
  if ((*found)->type.normalized != type.normalized) {
    return fail(ErrorCode::conflict,
                fmt::format("model '{}' is of type '{}', not '{}'", name, (*found)->type.normalized,
                            type.normalized),
                "give another 'modelName', or none at all");
  }
  return found;
}

Result<CallTarget> target_of_type(EngineServices& services, CallNames names,
                                  const model::IdentityContext& identity) {
  CallTarget target{.by_type = true};
  SWAMP_TRY(const spec::TypeName type, spec::TypeName::parse(names.type));
  SWAMP_TRY(target.type, services.types.require(type.normalized));
  target.global_args = std::move(names.global_args);
  if (names.model_name.empty()) {
    const Map global_args = target.global_args.value_or(Map{});
    SWAMP_TRY(target.instance, identify(services, target.type->normalized, global_args, identity));
    return finish(std::move(target), names.method);
  }
  SWAMP_TRY(target.definition, find_named(services, *target.type, names.model_name));
  if (target.definition != nullptr) {
    target.instance = instance_of(*target.definition);
  } else {
    SWAMP_CHECK(spec::check_new_definition_name(names.model_name));
    target.instance = {.name = names.model_name, .type = target.type->normalized};
  }
  return finish(std::move(target), names.method);
}

}  // namespace

Map self_of(const CallTarget& target) {
  const auto map_or_empty = [](const spec::Field& field) {
    return field.value().is_map() ? field.value() : Value(Map{});
  };
  Map self{{"id", target.instance.id}, {"name", target.instance.name}, {"version", 1}};
  if (target.definition == nullptr) {
    self.set("tags", Map{});
    self.set("globalArguments", target.global_args.value_or(Map{}));
    return self;
  }
  self.set("version", target.definition->version);
  self.set("tags", map_or_empty(target.definition->tags));
  // What the call gives replaces the same keys of the definition.
  Value globals = map_or_empty(target.definition->global_arguments);
  for (const auto& [key, value] : target.global_args.value_or(Map{}))
    globals.mutable_map().set(key, value);
  self.set("globalArguments", std::move(globals));
  return self;
}

Result<CallTarget> find_target(EngineServices& services, CallNames names,
                               const model::IdentityContext& identity) {
  if (!names.model.empty()) return target_of_definition(services, names);
  return target_of_type(services, std::move(names), identity);
}

}  // namespace swamp::engine
