#include "app/model_cancel.h"

#include <map>

#include <fmt/format.h>

#include "app/cancel_requests.h"
#include "app/mending.h"
#include "async/loop.h"
#include "async/timeout.h"
#include "engine/method_journal.h"
#include "engine/run_history.h"
#include "os/file.h"
#include "store/journal.h"
#include "store/journal_folder.h"
#include "value/text_of.h"

namespace swamp::app {
namespace {

/// Longer than the grace that processes get.
constexpr std::chrono::seconds kEndTime(30);

/// The calls of the steps of a run that have begun and not ended.
std::vector<RunningCall> calls_of_run(const store::Journal::Content& content) {
  std::map<std::string, RunningCall> running;
  engine::RunHistory history{store::RunRecord()};
  for (const Value& record : content.records) {
    history.apply(record);
    const std::string kind = text_of(record["kind"]);
    const std::string step = text_of(record["job"]) + "/" + text_of(record["step"]);
    if (kind == "ended") running.erase(step);
    if (kind != "uses") continue;
    running[step] = {.step = step,
                     .model_id = text_of(record["modelId"]),
                     .model_name = text_of(record["model"]),
                     .type = text_of(record["type"]),
                     .method = text_of(record["method"])};
  }
  std::vector<RunningCall> calls;
  for (auto& [step, call] : running) {
    call.run_id = history.record().id;
    call.workflow = history.record().workflow_name;
    call.pid = history.record().pid.value_or(0);
    calls.push_back(std::move(call));
  }
  return calls;
}

std::vector<RunningCall> calls_of(const store::JournalFile& file) {
  const auto content = store::read_journal(file.path);
  if (!content) return {};
  const auto call = engine::call_of(*content);
  if (!call) return calls_of_run(*content);
  if (call->ended) return {};
  return {{.run_id = file.run_id,
           .model_id = call->record.definition_id,
           .model_name = call->model,
           .type = call->type,
           .method = call->record.method,
           .pid = call->record.pid.value_or(0)}};
}

Result<std::vector<RunningCall>> list_running(Session& session) {
  std::vector<RunningCall> running;
  SWAMP_TRY(const auto journals, store::list_journals(session.layout().journals));
  for (const store::JournalFile& file : journals) {
    if (file.state != store::JournalState::open) continue;
    SWAMP_TRY(const bool alive, store::is_alive(file.path));
    if (!alive) continue;
    for (RunningCall& call : calls_of(file))
      running.push_back(std::move(call));
  }
  return running;
}

bool is_same(const RunningCall& a, const RunningCall& b) {
  return a.run_id == b.run_id && a.step == b.step;
}

/// What ends them is another process, which tells nobody.
Task<> wait_for_ends(Session& session, std::vector<RunningCall> calls) {
  const auto until = std::chrono::steady_clock::now() + kEndTime;
  while (true) {
    SWAMP_CO_TRY(const auto running, list_running(session));
    const auto left = std::find_if(calls.begin(), calls.end(), [&](const RunningCall& call) {
      return std::any_of(running.begin(), running.end(),
                         [&](const RunningCall& one) { return is_same(one, call); });
    });
    if (left == calls.end()) co_return Result<>{};
    if (std::chrono::steady_clock::now() > until) {
      co_return fail(
          ErrorCode::timed_out,
          fmt::format("'{}.{}' was asked to end and still runs", left->model_name, left->method),
          "look again with 'swamp run history --active'");
    }
    SWAMP_CO_CHECK(co_await sleep_for(std::chrono::milliseconds(50)));
  }
}

Result<> ask_all(Session& session, const std::vector<RunningCall>& calls, std::string_view reason,
                 std::vector<std::filesystem::path>& requests) {
  for (const RunningCall& call : calls) {
    const CancelRequest request{
        .run_id = call.run_id, .step = call.step, .reason = std::string(reason)};
    SWAMP_CHECK(ask_to_cancel(session.layout(), call.pid, request, requests.emplace_back()));
  }
  return {};
}

}  // namespace

Result<std::vector<RunningCall>> cancel_calls(Session& session,
                                              std::optional<std::string_view> model,
                                              std::string_view reason) {
  SWAMP_CHECK(mend_left_runs(session));
  SWAMP_TRY(auto calls, list_running(session));
  if (model) {
    std::erase_if(calls, [&](const RunningCall& call) {
      return call.model_name != *model && call.model_id != *model;
    });
    if (calls.empty()) {
      SWAMP_TRY(const auto found, find_model(session, *model));
      return fail(ErrorCode::not_found, fmt::format("no method of model '{}' runs", found.name),
                  "'swamp run history --active' lists what runs");
    }
  }
  std::vector<std::filesystem::path> requests;
  auto ended = ask_all(session, calls, reason, requests);
  if (ended) ended = run_loop(wait_for_ends(session, calls));
  for (const auto& request : requests)
    (void)os::remove_file(request);
  if (!ended) return fail(std::move(ended).error());
  return calls;
}

}  // namespace swamp::app
