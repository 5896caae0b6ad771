#include "app/method_run.h"

#include <fmt/format.h>

#include "app/cancel_requests.h"
#include "app/engine_room.h"
#include "app/mending.h"
#include "app/models.h"
#include "app/signals.h"
#include "async/cancellation.h"
#include "async/loop.h"
#include "engine/evaluation.h"
#include "engine/method_journal.h"
#include "engine/method_services.h"
#include "engine/recorder.h"
#include "engine/resolve.h"
#include "os/directory.h"
#include "vault/identity_key.h"

namespace swamp::app {
namespace {

/// A type name as one writes it, or as it is registered.
Result<std::string> normalized_type(Session& session, const std::string& type) {
  SWAMP_TRY(auto found, find_type(session, type));
  return found->normalized;
}

/// Passes what a call tells on to the listener of the command and to the log file of the run.
class Telling final : public engine::MethodListener {
 public:
  Telling(engine::RunListener& listener, engine::RunLog& log, std::string category)
      : listener_(listener), log_(log), category_(std::move(category)) {}

  void on_start() override {}
  void on_output(driver::Chunk::Stream stream, std::string_view line) override {
    const auto level =
        stream == driver::Chunk::Stream::out ? engine::LogLevel::info : engine::LogLevel::warning;
    log_.line(level, category_, line);
    listener_.on_event(engine::MethodOutput{.stream = stream, .line = std::string(line)});
  }
  void on_notice(std::string_view kind, std::string_view message, Value details) override {
    log_.line(engine::LogLevel::info, category_, message);
    listener_.on_event(engine::StepNotice{
        .kind = std::string(kind), .message = std::string(message), .details = std::move(details)});
  }
  void on_report(const engine::ReportEnded& report) override { listener_.on_event(report); }

 private:
  engine::RunListener& listener_;
  engine::RunLog& log_;
  std::string category_;
};

/// One `model method run` on its way.
class MethodCommand {
 public:
  MethodCommand(Session& session, RunMethod request, engine::RunListener& listener)
      : session_(session), request_(std::move(request)), listener_(listener) {}

  Task<> run() {
    const auto executor = co_await asio::this_coro::executor;
    const EngineRoom::Options options{.last_evaluated = request_.last_evaluated,
                                      .command = request_.command_line};
    SWAMP_CO_TRY(auto room, EngineRoom::open(session_, executor, options));
    SWAMP_CO_CHECK(co_await mend_left_runs(session_, *room));
    ephemeral_.emplace(
        store::EphemeralStore::Options{.folder = session_.layout().run_private(run_id_),
                                       .clock = &session_.clock(),
                                       .ids = &session_.ids(),
                                       .budget = room->services().ephemeral_budget});
    artifacts_.emplace(session_.artifacts(), *ephemeral_);
    SWAMP_CO_TRY(auto call, co_await resolve(*room));
    auto ended = co_await carry_out(*room, std::move(call));
    // Data of lifetime `ephemeral` ends with the command.
    if (!ephemeral_->empty()) SWAMP_CO_CHECK(ephemeral_->remove());
    co_return ended;
  }

  MethodRun take() { return std::move(result_); }

  /// Whether another process asks to end this call.
  bool is_cancelled() const {
    bool wanted = false;
    take_cancel_requests(session_.layout(), [&](const CancelRequest& request) {
      const bool is_ours = request.run_id == run_id_;
      wanted |= is_ours;
      return is_ours;
    });
    return wanted;
  }

 private:
  Task<engine::MethodCall> resolve(EngineRoom& room) {
    SWAMP_CO_TRY(const auto key, vault::identity_key(session_.repo().internal() / "secrets"));
    engine::CallNames names{.model = request_.model, .method = request_.method};
    if (!request_.type.empty()) {
      SWAMP_CO_TRY(names.type, normalized_type(session_, request_.type));
      names.model_name = request_.definition;
      names.global_args = request_.global_args;
    }
    engine::Scope scope;
    scope.set("env", room.services().process_environment);
    engine::NameContext context{
        .services = room.services(), .artifacts = *artifacts_, .redactor = redactor_};
    engine::Evaluation evaluation(std::move(scope), std::move(context));
    engine::StepView view{.identity = {.secret_key = key.reveal()}};
    SWAMP_CO_TRY(auto call,
                 co_await engine::resolve_plain_call(std::move(names), std::move(request_.inputs),
                                                     std::move(view), evaluation));
    call.provenance.initiated_by = "ghost";
    call.provenance.runtime_tags = request_.tags;
    call.selection = request_.selection;
    call.timeout = request_.timeout;
    call.process_variables = request_.trace;
    for (const auto& mark : room.services().repository_marks)
      call.process_variables.insert(mark);
    call.process_variables["SWAMP_RUN"] = run_id_;
    call.process_variables["SWAMP_STEP"] = fmt::format("{}/{}", call.instance.name, call.method);
    co_return call;
  }

  Task<> carry_out(EngineRoom& room, engine::MethodCall call) {
    const auto log_path = session_.outputs().log_path(call.instance.type, call.method,
                                                      call.instance.id, session_.clock().now());
    SWAMP_CO_CHECK(os::make_directories(log_path.parent_path()));
    engine::RunLog log(log_path, session_.clock());
    call.log_file = session_.layout().relative(log_path);
    result_ = {.instance = call.instance,
               .type_version = call.type->version,
               .method = call.method,
               .log_file = log_path.string(),
               .initiated_by = call.provenance.initiated_by};
    listener_.on_event(engine::MethodResolved{.model_name = call.instance.name,
                                              .model_type = call.instance.type,
                                              .model_id = call.instance.id,
                                              .method = call.method,
                                              .ephemeral = call.instance.ephemeral,
                                              .global_arguments = redacted(call.global_arguments)});

    SWAMP_CO_TRY(auto journal,
                 engine::MethodJournal::begin(session_.layout(), run_id_, call, session_.clock()));
    engine::MethodServices services{.artifacts = *artifacts_,
                                    .persistent = session_.artifacts(),
                                    .outputs = session_.outputs(),
                                    .vaults = room.vaults(),
                                    .redactor = redactor_,
                                    .locks = room.services().locks,
                                    .clock = session_.clock(),
                                    .ids = session_.ids()};
    const std::string category =
        fmt::format("model·method·run·{}·{}", call.instance.name, call.method);
    Telling telling(listener_, log, category);
    auto methods = room.services().make_methods(services);
    auto outcome = co_await methods->run(std::move(call), telling);
    // A cancelled call has ended; what remains is to say so on disk.
    co_await acknowledge_cancellation();
    if (!outcome) {
      SWAMP_CO_CHECK(journal.abandon());
      co_return fail(std::move(outcome).error());
    }
    result_.outcome = *std::move(outcome);
    // Success is told once what was written is on the disk.
    co_return co_await journal.conclude(result_.outcome, *artifacts_);
  }

  Session& session_;
  RunMethod request_;
  engine::RunListener& listener_;
  std::string run_id_ = session_.ids().uuid();
  vault::Redactor redactor_;
  std::optional<store::EphemeralStore> ephemeral_;
  std::optional<store::RunArtifacts> artifacts_;
  MethodRun result_;
};

}  // namespace

Result<MethodRun> run_method(Session& session, RunMethod request, engine::RunListener& listener) {
  MethodCommand command(session, std::move(request), listener);
  SWAMP_CHECK(run_loop(until_signal(command.run(), [&] { return command.is_cancelled(); })));
  return command.take();
}

}  // namespace swamp::app
