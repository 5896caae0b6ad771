#include "engine/model_calls.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/resolve.h"
#include "engine/run_family.h"

namespace swamp::engine {
namespace {

constexpr std::size_t kLongestChain = 10;
constexpr int kMostCalls = 100;

std::string key_of(const Provenance& from) {
  return from.run_id + '\n' + from.job + '\n' + from.step;
}

/// By name or id of a definition first, then by type.
CallNames names_of(const EngineServices& services, const model::ModelCall& call) {
  const auto definition = services.directory.find_definition(call.model);
  const bool is_type = !definition && definition.error().code == ErrorCode::not_found &&
                       services.types.find(call.model);
  if (is_type) return {.type = call.model, .method = call.method};
  return {.model = call.model, .method = call.method};
}

Result<> check_chain(const MethodCall& caller, const MethodCall& next) {
  const auto& held = caller.held_by_callers;
  if (held.size() >= kLongestChain) {
    return fail(ErrorCode::invalid_input,
                fmt::format("methods call each other more than {} deep", kLongestChain));
  }
  const bool is_self = caller.instance.id == next.instance.id;
  if (is_self || std::find(held.begin(), held.end(), next.instance.id) != held.end()) {
    return fail(
        ErrorCode::invalid_input,
        fmt::format("'{}' is called from within one of its own methods", next.instance.name));
  }
  return {};
}

Value handles_of(const MethodOutcome& outcome) {
  List handles;
  for (const WrittenArtifact& written : outcome.written) {
    const store::Metadata& metadata = written.artifact.metadata;
    handles.push_back(Map{{"name", metadata.name},
                          {"specName", std::string(metadata.tags.get("specName"))},
                          {"kind", std::string(metadata.tags.get("type"))},
                          {"dataId", metadata.id},
                          {"version", std::int64_t{metadata.version}},
                          {"size", static_cast<std::int64_t>(metadata.size.value_or(0))}});
  }
  return handles;
}

}  // namespace

Task<Value> ModelCalls::call(model::ModelCall call, const MethodCall& caller,
                             MethodListener& listener) {
  const std::string key = key_of(caller.provenance);
  if (++counts_[key] > kMostCalls) {
    co_return fail(ErrorCode::invalid_input,
                   fmt::format("a method may call others at most {} times", kMostCalls));
  }
  if (!call.inputs.is_map())
    co_return fail(ErrorCode::invalid_input, "the inputs of a call are to be a map");
  Scope scope;
  scope.set("env", family_.services().process_environment);
  Evaluation evaluation(std::move(scope), family_.context(nullptr, caller.provenance.job, nullptr));
  CallNames names = names_of(family_.services(), call);
  StepView view;
  SWAMP_CO_TRY(MethodCall next, co_await resolve_plain_call(std::move(names), call.inputs.as_map(),
                                                            std::move(view), evaluation));
  SWAMP_CO_CHECK(check_chain(caller, next));
  next.provenance = caller.provenance;
  next.provenance.triggered_by = "model";
  next.selection.skip_reports = true;
  next.environment = caller.environment;
  next.working_directory = caller.working_directory;
  next.process_variables = caller.process_variables;
  next.process_input = driver::Input::empty;
  next.held_by_callers = caller.held_by_callers;
  next.held_by_callers.push_back(caller.instance.id);
  next.log_file = caller.log_file;

  SWAMP_CO_TRY(MethodOutcome outcome, co_await family_.methods().run(std::move(next), listener));
  const Value handles = handles_of(outcome);
  auto& written = written_[key];
  written.insert(written.end(), std::make_move_iterator(outcome.written.begin()),
                 std::make_move_iterator(outcome.written.end()));
  if (!outcome.succeeded) {
    if (outcome.error) co_return fail(*outcome.error);
    co_return fail(ErrorCode::internal, "the called method failed without a reason");
  }
  co_return Value(Map{{"ok", true}, {"resources", handles}});
}

std::vector<WrittenArtifact> ModelCalls::take_written(const Provenance& step) {
  counts_.erase(key_of(step));
  const auto found = written_.find(key_of(step));
  if (found == written_.end()) return {};
  std::vector<WrittenArtifact> written = std::move(found->second);
  written_.erase(found);
  return written;
}

}  // namespace swamp::engine
