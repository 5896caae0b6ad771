#include "engine/scope.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "engine/names/data.h"
#include "engine/names/file.h"
#include "engine/names/model.h"
#include "engine/names/name_context.h"
#include "engine/names/vault.h"
#include "engine/names/workflow.h"

namespace swamp::engine {
namespace {

using Answer = Task<Value> (*)(const NameContext&, cel::Ask);

struct AskedName {
  std::string_view name;
  Answer answer;
  std::size_t root_depth = 0;  // of a root: how many keys make one question; 0: a function
};

/// There are no workers here, so none is connected.
Task<Value> workers_connected(const NameContext&, cel::Ask) {
  co_return Value(List{});
}

constexpr std::array kAsked{
    AskedName{"model", model_member, 2},
    AskedName{"workflow", workflow_member, 2},
    AskedName{"data.latest", data_latest},
    AskedName{"data.version", data_version},
    AskedName{"data.listVersions", data_list_versions},
    AskedName{"data.findByTag", data_find_by_tag},
    AskedName{"data.findBySpec", data_find_by_spec},
    AskedName{"data.query", data_query},
    AskedName{"data.step", data_step},
    AskedName{"vault.get", vault_get},
    AskedName{"hashFiles", hash_files},
    AskedName{"file.contents", file_contents},
    AskedName{"model.method", model_method},
    AskedName{"workers.connected", workers_connected},
};

const AskedName* find_asked(std::string_view name) {
  const auto found = std::find_if(kAsked.begin(), kAsked.end(),
                                  [&](const AskedName& one) { return one.name == name; });
  return found == kAsked.end() ? nullptr : &*found;
}

}  // namespace

Scope& Scope::set(std::string name, Value value) {
  const auto known = std::find_if(variables_.begin(), variables_.end(),
                                  [&](const auto& variable) { return variable.first == name; });
  if (known != variables_.end()) {
    known->second = std::move(value);
  } else {
    variables_.emplace_back(std::move(name), std::move(value));
  }
  return *this;
}

const Value* Scope::find_root(std::string_view name) const {
  for (const auto& [variable, value] : variables_) {
    if (variable == name) return &value;
  }
  return nullptr;
}

std::size_t Scope::asked_root_depth(std::string_view name) const {
  const AskedName* asked = find_asked(name);
  return asked == nullptr ? 0 : asked->root_depth;
}

bool Scope::is_asked_function(std::string_view full_name) const {
  const AskedName* asked = find_asked(full_name);
  return asked != nullptr && asked->root_depth == 0;
}

std::vector<std::string> Scope::names() const {
  std::vector<std::string> names;
  for (const auto& [variable, value] : variables_) {
    names.push_back(variable);
  }
  for (const AskedName& asked : kAsked) {
    names.emplace_back(asked.name);
  }
  return names;
}

Map empty_self() {
  return Map{{"id", ""}, {"name", ""}, {"version", 1}, {"tags", Map{}}, {"globalArguments", Map{}}};
}

Task<Value> answer(const NameContext& context, cel::Ask ask) {
  const AskedName* asked = find_asked(ask.name);
  if (asked == nullptr)
    co_return fail(ErrorCode::internal, fmt::format("nothing answers '{}'", ask.name));
  co_return co_await asked->answer(context, std::move(ask));
}

Result<std::string> text_argument(const cel::Ask& ask, std::size_t index) {
  const Value& argument = ask.arguments[index];
  if (argument.is_string() && !argument.is_secret()) return argument.as_string();
  const std::string_view given = argument.is_string() ? "a secret" : kind_name(argument);
  return fail(ErrorCode::invalid_input, fmt::format("argument {} of '{}' is to be a text, not {}",
                                                    index + 1, ask.name, given));
}

Result<> check_argument_count(const cel::Ask& ask, std::size_t least, std::size_t most) {
  const std::size_t count = ask.arguments.size();
  if (count >= least && count <= most) return {};
  const std::string wanted =
      least == most ? std::to_string(least) : fmt::format("{} to {}", least, most);
  return fail(ErrorCode::invalid_input,
              fmt::format("'{}' takes {} arguments, not {}", ask.name, wanted, count));
}

}  // namespace swamp::engine
