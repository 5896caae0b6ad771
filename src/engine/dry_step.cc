#include "engine/dry_step.h"

#include <fmt/format.h>

#include "engine/call_target.h"
#include "engine/truth.h"
#include "spec/iteration_names.h"

namespace swamp::engine {
namespace {

Error not_a_map(std::string_view key, const Value& value, const spec::Field& field) {
  return Error{.code = ErrorCode::invalid_input,
               .message = fmt::format("'{}' is to be a map, not {}", key, kind_name(value)),
               .where = field.where()};
}

void find_instance(EngineServices& services, CallNames names, const spec::ModelMethodTask& task,
                   Foresight& foresight, DryStep& out) {
  auto target = find_target(services, std::move(names), {});
  if (!target) {
    out.error = std::move(target).error();
    const spec::Field& whose = task.model ? task.model : task.model_type;
    if (!out.error->where && whose.where().source) out.error->where = whose.where();
    return;
  }
  Map self = self_of(*target);
  const Value* seen = foresight.scope().find_root("self");
  for (const auto& [key, value] : seen->as_map()) {
    if (!self.contains(key)) self.set(key, value);  // the item of a round
  }
  foresight.scope().set("self", std::move(self));
  out.instance = target->instance;
}

}  // namespace

Result<std::string> name_in(const Foreseen& seen, std::string_view key) {
  const Value& value = seen.value;
  std::string text =
      value.is_null() || value.is_list() || value.is_map() ? "" : spec::iteration_label(value);
  if (!text.empty()) return text;
  return fail(ErrorCode::invalid_input,
              fmt::format("'{}' is to be a text, not {}", key,
                          value.is_string() ? "empty" : kind_name(value)));
}

Task<Foreseen> add_field(std::string key, spec::Field field, Foresight& foresight, DryStep& out) {
  SWAMP_CO_TRY(Foreseen seen, co_await foresight.foresee(field));
  if (seen.error && !out.error) {
    out.error = seen.error;
    if (!out.error->where && field.where().source) out.error->where = field.where();
  }
  if (field.is_set()) out.fields.push_back({.key = std::move(key), .seen = seen});
  co_return seen;
}

Task<> foresee_call(EngineServices& services, const spec::ModelMethodTask& task,
                    Foresight& foresight, DryStep& out) {
  struct Name {
    const char* key;
    const spec::Field& field;
    std::string CallNames::*into;
  };
  const Name names[] = {{"modelIdOrName", task.model, &CallNames::model},
                        {"modelType", task.model_type, &CallNames::type},
                        {"modelName", task.model_name, &CallNames::model_name},
                        {"methodName", task.method, &CallNames::method}};
  CallNames call;
  std::optional<NotYet> later;
  for (const Name& name : names) {
    if (!name.field) continue;
    SWAMP_CO_TRY(const Foreseen seen, co_await add_field(name.key, name.field, foresight, out));
    if (!seen.is_known()) {
      if (!seen.unknown.empty()) later = seen.unknown.front().why;
      continue;
    }
    auto text = name_in(seen, name.key);
    if (text) {
      call.*name.into = *std::move(text);
    } else if (!out.error) {
      out.error = std::move(text).error();
    }
  }
  if (task.global_args) {
    SWAMP_CO_TRY(const Foreseen seen,
                 co_await add_field("globalArgs", task.global_args, foresight, out));
    if (!seen.unknown.empty()) later = seen.unknown.front().why;
    if (seen.is_known()) {
      if (seen.value.is_map()) {
        call.global_args = seen.value.as_map();
      } else if (!out.error) {
        out.error = not_a_map("globalArgs", seen.value, task.global_args);
      }
    }
  }
  if (out.error) co_return Result<>{};
  if (later) {
    for (const char* member : {"id", "name", "version", "tags", "globalArguments"})
      foresight.horizon().hidden.push_back({.path = {"self", member}, .why = *later});
  } else {
    find_instance(services, std::move(call), task, foresight, out);
    if (out.error) co_return Result<>{};
  }
  SWAMP_CO_TRY(const Foreseen inputs, co_await add_field("inputs", task.inputs, foresight, out));
  if (!out.error && inputs.is_known() && task.inputs && !inputs.value.is_map())
    out.error = not_a_map("inputs", inputs.value, task.inputs);
  co_return Result<>{};
}

Task<> foresee_assert(const spec::AssertTask& task, std::optional<spec::Severity> fail_on,
                      Foresight& foresight, DryStep& out) {
  SWAMP_CO_TRY(Foreseen expr, co_await foresight.foresee(task.expr));
  out.fields.push_back({.key = "expr", .seen = expr});
  // A message that cannot be evaluated is told as it is written.
  SWAMP_CO_TRY(Foreseen message, co_await foresight.foresee(task.message));
  const std::string text = message.is_known() && message.value.is_string()
                               ? message.value.as_string()
                               : task.message.text();
  message.error.reset();
  out.fields.push_back({.key = "message", .seen = std::move(message)});
  if (expr.error) {
    out.error = std::move(expr.error);
  } else if (expr.is_known() && !is_truthy(expr.value)) {
    out.error = Error{.code = ErrorCode::invalid_input,
                      .message = fmt::format("assertion failed: {}", text),
                      .where = task.expr.where(),
                      .name = "assertion_failed"};
    out.allowed_failure = out.allowed_failure || (fail_on && task.severity < *fail_on);
  }
  co_return Result<>{};
}

}  // namespace swamp::engine
