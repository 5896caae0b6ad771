#include "engine/method_runner.h"

#include <algorithm>

#include <fmt/format.h>

#include "async/timeout.h"
#include "base/duration.h"
#include "engine/method_arguments.h"
#include "engine/method_context.h"
#include "engine/method_record.h"
#include "engine/method_reports.h"
#include "engine/method_sensitive.h"
#include "engine/method_services.h"
#include "engine/type_schemas.h"
#include "model/registry.h"

namespace swamp::engine {
namespace {

/// One call on its way: each member function is one stage.
class CallRun {
 public:
  CallRun(MethodCall call, const model::Method& method, MethodServices& services,
          TypeSchemas& schemas, MethodListener& listener)
      : call_(std::move(call)),
        method_(method),
        services_(services),
        schemas_(schemas),
        listener_(listener) {}

  Task<MethodOutcome> run() {
    SWAMP_CO_CHECK(check());
    SWAMP_CO_TRY(const auto held, co_await take_locks());

    started_at_ = services_.clock.now();
    const auto begin = services_.clock.steady();
    listener_.on_start();
    CallContext context(call_, services_, schemas_, listener_);
    auto ended = co_await execute(context);
    if (ended && method_.kind == model::MethodKind::remove) ended = mark_deleted(context);
    duration_ =
        std::chrono::duration_cast<std::chrono::milliseconds>(services_.clock.steady() - begin);
    co_return conclude(context, std::move(ended));
  }

 private:
  Result<> check() {
    SWAMP_TRY(auto checked, check_arguments(call_.type, method_, call_.global_arguments,
                                            call_.arguments, schemas_));
    call_.global_arguments = std::move(checked.global_arguments);
    call_.arguments = std::move(checked.arguments);
    register_sensitive(call_.type->global_arguments_schema, call_.global_arguments);
    register_sensitive(method_.arguments_schema, call_.arguments);
    if (method_.is_mutating()) SWAMP_CHECK(check_vault());
    return check_not_deleted();
  }

  void register_sensitive(const Value& schema, const Value& arguments) {
    for (const SensitiveSpot& spot : sensitive_fields(known(schema), arguments)) {
      services_.redactor.add_leaves(*spec::find_at(arguments, spot.pointer));
    }
  }

  const KnownSchema& known(const Value& schema) { return schemas_.of(call_.type, schema); }

  /// A method that will have secrets to keep is not started when there is nowhere to keep them.
  Result<> check_vault() {
    if (!has_sensitive_outputs(call_.type, schemas_) || services_.vaults.default_vault()) return {};
    return fail(Error{.code = ErrorCode::invalid_input,
                      .message = fmt::format(
                          "'{}' writes sensitive fields, but there is no vault to keep them in",
                          call_.instance.name),
                      .hint = "make one with 'swamp vault create local_encryption main'"});
  }

  /// Reading or updating something of which only tombstones are left is a mistake.
  Result<> check_not_deleted() const {
    if (method_.kind != model::MethodKind::read && method_.kind != model::MethodKind::update)
      return {};
    SWAMP_TRY(auto names, services_.artifacts.names({call_.instance.type, call_.instance.id}));
    bool any_deleted = false;
    for (const std::string& name : names) {
      SWAMP_TRY(auto latest,
                services_.artifacts.latest({call_.instance.type, call_.instance.id, name}));
      if (!latest || call_.type->find_resource(latest->metadata.tags.get("specName")) == nullptr)
        continue;
      if (latest->metadata.lifecycle == store::Lifecycle::active) return {};
      any_deleted = true;
    }
    if (!any_deleted) return {};
    return fail(Error{.code = ErrorCode::conflict,
                      .message = fmt::format("everything of '{}' was deleted", call_.instance.name),
                      .hint = "run its create method first"});
  }

  Task<MethodLocks::Held> take_locks() {
    const auto& held = call_.held_by_callers;
    if (std::find(held.begin(), held.end(), call_.instance.id) != held.end())
      co_return MethodLocks::Held();
    std::function<void(std::string_view)> on_wait = [this](std::string_view holder) {
      tell_wait(holder);
    };
    co_return co_await services_.locks.take(call_.instance.type, call_.instance.id,
                                            MethodLocks::need_of(*call_.type, method_),
                                            std::move(on_wait));
  }

  void tell_wait(std::string_view holder) {
    listener_.on_notice("lock_wait",
                        fmt::format("waiting for '{}', in use by {}", call_.instance.name, holder),
                        {});
  }

  Task<> execute(CallContext& context) {
    auto body = method_.body->run(context);
    if (!call_.timeout) co_return co_await std::move(body);
    auto ended = co_await within(*call_.timeout, std::move(body));
    if (!ended && ended.error().code == ErrorCode::timed_out && ended.error().name.empty()) {
      out_of_time_ = true;
      co_return fail(Error{
          .code = ErrorCode::timed_out,
          .message =
              fmt::format("'{}' took longer than {} of {}", call_.method,
                          call_.provenance.step.empty() ? "'--timeout'" : "its step's 'timeout'",
                          to_human(*call_.timeout)),
          .name = "method_execution_failed"});
    }
    co_return ended;
  }

  /// After a method of kind delete, whatever the instance has of declared resources is marked as
  /// gone.
  Result<> mark_deleted(CallContext& context) {
    SWAMP_TRY(auto names, services_.artifacts.names({call_.instance.type, call_.instance.id}));
    for (const std::string& name : names) {
      const store::ArtifactKey key{call_.instance.type, call_.instance.id, name};
      SWAMP_TRY(auto latest, services_.artifacts.latest(key));
      if (!latest || latest->metadata.lifecycle == store::Lifecycle::deleted) continue;
      if (call_.type->find_resource(latest->metadata.tags.get("specName")) == nullptr) continue;
      SWAMP_TRY(auto marker, services_.persistent.write_tombstone(key, call_.method));
      if (!marker) continue;
      SWAMP_TRY(auto content, services_.persistent.content(*marker));
      context.written().push_back({std::move(*marker), std::move(content)});
    }
    return {};
  }

  Result<MethodOutcome> conclude(CallContext& context, Result<> ended) {
    MethodOutcome outcome{
        .succeeded = ended.has_value(), .output_id = services_.ids.uuid(), .duration = duration_};
    if (!ended) {
      outcome.error = masked(std::move(ended).error());
      if (outcome.error->code == ErrorCode::cancelled) outcome.reason = "cancelled";
      if (out_of_time_ || outcome.error->code == ErrorCode::timed_out) outcome.reason = "timeout";
    }
    outcome.global_arguments =
        masked_arguments(known(call_.type->global_arguments_schema), call_.global_arguments);
    outcome.arguments = masked_arguments(known(method_.arguments_schema), call_.arguments);
    outcome.written = std::move(context.written());
    for (const WrittenArtifact& written : outcome.written) {
      outcome.infos.push_back(info_of(written));
    }
    // A cancelled call is told as it is, without summaries; for all others a report that cannot be
    // made is a failure only where it is required.
    if (outcome.reason != "cancelled")
      SWAMP_CHECK(make_reports(call_, method_, context, listener_, outcome));
    SWAMP_CHECK(write_output_record(call_, services_, started_at_, outcome));
    return outcome;
  }

  Error masked(Error error) const {
    error.message = services_.redactor.mask(error.message);
    error.hint = services_.redactor.mask(error.hint);
    for (std::string& note : error.notes) {
      note = services_.redactor.mask(note);
    }
    if (error.name.empty()) error.name = "method_execution_failed";
    return error;
  }

  MethodCall call_;
  const model::Method& method_;
  MethodServices& services_;
  TypeSchemas& schemas_;
  MethodListener& listener_;
  Timestamp started_at_;
  std::chrono::milliseconds duration_{0};
  bool out_of_time_ = false;
};

}  // namespace

MethodRunner::MethodRunner(MethodServices& services)
    : services_(services), schemas_(std::make_unique<TypeSchemas>()) {}

MethodRunner::~MethodRunner() = default;

Task<MethodOutcome> MethodRunner::run(MethodCall call, MethodListener& listener) {
  const std::shared_ptr<const model::Type> type = call.type;  // keeps the method alive
  SWAMP_CO_TRY(const model::Method* method, model::require_method(*type, call.method));
  CallRun run(std::move(call), *method, services_, *schemas_, listener);
  co_return co_await run.run();
}

}  // namespace swamp::engine
