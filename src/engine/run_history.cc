#include "engine/run_history.h"

#include <algorithm>
#include <set>

#include "base/clock.h"
#include "store/journal.h"
#include "value/text_of.h"

namespace swamp::engine {
namespace {

using Recorded = store::RunStatus;

std::optional<Timestamp> time_of(const Value& change, std::string_view key) {
  return parse_iso8601(text_of(change[key]));
}

Recorded status_of(const Value& change) {
  return store::parse_run_status(text_of(change["status"])).value_or(Recorded::failed);
}

/// The four keys that records list of each artifact of a change.
std::vector<store::ArtifactRef> refs_of(const Value& artifacts) {
  std::vector<store::ArtifactRef> refs;
  if (!artifacts.is_list()) return refs;
  for (const Value& entry : artifacts.as_list()) {
    if (auto ref = store::ref_from_journal(entry)) refs.push_back(*std::move(ref));
  }
  return refs;
}

std::optional<store::AssertResult> assertion_of(const Value& told) {
  if (!told.is_map()) return std::nullopt;
  return store::AssertResult{.passed = told["passed"] == Value(true),
                             .expr = text_of(told["expr"]),
                             .message = text_of(told["message"]),
                             .severity = text_of(told["severity"]),
                             .error = text_of(told["error"])};
}

store::StepRecord pending_step(std::string name) {
  store::StepRecord step;
  step.name = std::move(name);
  return step;
}

/// Steps of a job that is skipped go with it, without changes of their own.
void skip_steps(store::JobRecord& job) {
  for (store::StepRecord& step : job.steps) {
    if (store::is_terminal(step.status)) continue;
    step.status = Recorded::skipped;
    step.reason = "dependency";
  }
}

constexpr std::string_view kExpansions = "expansions";
constexpr std::string_view kActive = "activeMs";  // before the last `start`
constexpr std::string_view kBegunAt =
    "jobsBegunMs";  // of each job with a limit: where activeMs stood

std::chrono::milliseconds milliseconds_of(const Value& count) {
  return std::chrono::milliseconds(count.is_integer() ? count.as_int() : 0);
}

Value to_value(const RecordedExpansion& expansion) {
  return Map{{"job", expansion.job},
             {"step", expansion.step},
             {"names", List(expansion.names.begin(), expansion.names.end())},
             {"items", expansion.items}};
}

}  // namespace

RunHistory::RunHistory(store::RunRecord record) : record_(std::move(record)) {
  for (std::size_t job = 0; job < record_.jobs.size(); ++job) {
    jobs_.emplace(record_.jobs[job].name, job);
    steps_.emplace_back();
    index_job(job);
  }
}

void RunHistory::apply_all(const List& changes) {
  for (const Value& change : changes) {
    apply(change);
  }
}

void RunHistory::apply(const Value& change) {
  const std::string kind = text_of(change["kind"]);
  note_time(change);
  if (kind == "start") {
    apply_start(change);
  } else if (kind == "job") {
    store::JobRecord& job = record_.jobs[job_place(text_of(change["job"]))];
    job.status = status_of(change);
    if (job.status == Recorded::running) {
      if (!job.started_at) job.started_at = time_of(change, "at");
      job.completed_at.reset();
      if (change["limited"] == Value(true)) note_job_began(job.name);
    } else if (job.status != Recorded::skipped) {
      job.completed_at = time_of(change, "at");
    }
    job.reason = text_of(change["reason"]);
    if (job.status == Recorded::skipped) skip_steps(job);
  } else if (kind == "expanded") {
    apply_expansion(change);
  } else if (kind == "begun") {
    store::StepRecord& step = step_of(change);
    step.status = Recorded::running;
    step.started_at = time_of(change, "at");
    if (change["attempt"].is_integer())
      step.attempts = static_cast<std::uint32_t>(change["attempt"].as_int());
  } else if (kind == "ended") {
    apply_end(change);
  } else if (kind == "nested") {
    step_of(change).output = Map{{"type", "workflow"},
                                 {"workflow", change["workflow"]},
                                 {"runId", change["run"]},
                                 {"status", "running"}};
  } else if (kind == "gate") {
    store::StepRecord& step = step_of(change);
    step.status = Recorded::waiting_approval;
    step.started_at = time_of(change, "at");
    step.approval_prompt = text_of(change["prompt"]);
  } else if (kind == "decided") {
    step_of(change).approval =
        store::ApprovalDecision{.approved = change["approved"] == Value(true),
                                .reason = text_of(change["reason"]),
                                .decided_by = text_of(change["by"]),
                                .decided_at = time_of(change, "at").value_or(Timestamp())};
  } else if (kind == "reopened") {
    apply_reopening(change);
  } else if (kind == "run") {
    record_.status = status_of(change);
    if (store::is_terminal(record_.status)) record_.completed_at = time_of(change, "at");
    if (const std::string reason = text_of(change["reason"]); !reason.empty())
      record_.tags.set("cancel_reason", reason);
    for (store::ArtifactRef& ref : refs_of(change["artifacts"])) {
      record_.workflow_artifacts.push_back(std::move(ref));
    }
  }
}

void RunHistory::note_time(const Value& change) {
  if (const auto at = time_of(change, "at")) last_at_ = at;
}

/// The clock of a job with a time limit begins where that of the run stands.
void RunHistory::note_job_began(const std::string& job) {
  if (!record_.extra.is_map()) record_.extra = Map{};
  Map& extra = record_.extra.mutable_map();
  Value* known = extra.find(kBegunAt);
  if (known == nullptr) known = &extra.set(std::string(kBegunAt), Map{});
  if (known->as_map().contains(job)) return;
  known->mutable_map().set(job, std::int64_t{active_time().count()});
}

/// From here on the record is the one that the change carries: what came before it is in there.
void RunHistory::apply_start(const Value& change) {
  auto record = store::RunRecord::from_value(change["record"]);
  if (!record) return;  // of a newer version; the changes that follow still say what happened
  *this = RunHistory(*std::move(record));
  resumed_at_ = last_at_ = time_of(change, "at");
}

void RunHistory::start(Timestamp at) {
  resumed_at_ = last_at_ = at;
}

std::chrono::milliseconds RunHistory::active_time() const {
  std::chrono::milliseconds active = active_before(record_);
  const auto since = resumed_at_ ? resumed_at_ : record_.started_at;
  if (since && last_at_ && *last_at_ > *since) active += *last_at_ - *since;
  return active;
}

/// The step is as if it had never run; the template of iterations takes their place.
void RunHistory::apply_reopening(const Value& change) {
  const std::string job_name = text_of(change["job"]);
  const std::string step_name = text_of(change["step"]);
  const std::size_t job = job_place(job_name);
  auto& steps = record_.jobs[job].steps;
  Value* known = record_.extra.is_map() ? record_.extra.mutable_map().find(kExpansions) : nullptr;
  List kept;
  for (const RecordedExpansion& one : expansions_of(record_)) {
    if (one.job != job_name || one.step != step_name) {
      kept.push_back(to_value(one));
      continue;
    }
    const auto is_iteration = [&](const store::StepRecord& step) {
      return std::find(one.names.begin(), one.names.end(), step.name) != one.names.end();
    };
    auto at = std::find_if(steps.begin(), steps.end(), is_iteration);
    at = steps.insert(at, pending_step(step_name));
    steps.erase(std::remove_if(at + 1, steps.end(), is_iteration), steps.end());
    index_job(job);
  }
  if (known != nullptr) *known = std::move(kept);
  step_of(change) = pending_step(step_name);
  if (Value* begun = record_.extra.is_map() ? record_.extra.mutable_map().find(kBegunAt) : nullptr)
    begun->mutable_map().erase(job_name);
  record_.jobs[job].status = Recorded::pending;
  record_.jobs[job].completed_at.reset();
  record_.jobs[job].reason.clear();
}

void RunHistory::apply_end(const Value& change) {
  store::StepRecord& step = step_of(change);
  step.status = status_of(change);
  const bool ran = step.status != Recorded::skipped;
  step.completed_at = ran ? time_of(change, "at") : std::nullopt;
  step.error = text_of(change["error"]);
  step.reason = text_of(change["reason"]);
  step.allowed_failure = change["allowed"] == Value(true);
  step.output = change["output"];
  step.assertion = assertion_of(change["assert"]);
  // A step's results are those of its last attempt.
  step.artifacts = refs_of(change["artifacts"]);
  for (store::ArtifactRef& report : refs_of(change["reports"])) {
    step.artifacts.push_back(std::move(report));
  }
}

void RunHistory::apply_expansion(const Value& change) {
  const std::string job_name = text_of(change["job"]);
  const std::string step_name = text_of(change["step"]);
  const std::size_t job = job_place(job_name);
  auto& steps = record_.jobs[job].steps;
  auto at = std::find_if(steps.begin(), steps.end(),
                         [&](const auto& step) { return step.name == step_name; });
  std::vector<store::StepRecord> iterations;
  for (const Value& name : change["names"].as_list()) {
    iterations.push_back(pending_step(name.as_string()));
  }
  // The iterations take the place of their template.
  if (at != steps.end()) at = steps.erase(at);
  steps.insert(at, std::make_move_iterator(iterations.begin()),
               std::make_move_iterator(iterations.end()));
  index_job(job);

  if (!record_.extra.is_map()) record_.extra = Map{};
  Map& extra = record_.extra.mutable_map();
  Value& known = extra.contains(kExpansions) ? *extra.find(kExpansions)
                                             : extra.set(std::string(kExpansions), List{});
  known.mutable_list().push_back(Map{{"job", job_name},
                                     {"step", step_name},
                                     {"names", change["names"]},
                                     {"items", change["items"]}});
}

void RunHistory::adopt(const Plan& plan) {
  drop_missing(plan);
  const auto expansions = expansions_of(record_);
  for (const PlannedJob& planned : plan.jobs()) {
    const std::size_t job = job_place(planned.job->name);
    for (const spec::Step& step : planned.job->steps) {
      const std::string& name = step.name.text();
      const bool is_expanded =
          std::any_of(expansions.begin(), expansions.end(), [&](const RecordedExpansion& one) {
            return one.job == planned.job->name && one.step == name;
          });
      if (is_expanded || steps_[job].count(name) != 0) continue;
      steps_[job].emplace(name, record_.jobs[job].steps.size());
      record_.jobs[job].steps.push_back(pending_step(name));
    }
  }
}

/// What the file has no more will never run: it stays on record, as skipped.
void RunHistory::drop_missing(const Plan& plan) {
  const auto is_there = [&](const std::string& job, const std::string& step) {
    const auto id = plan.find_job(job);
    return id && plan.find_step(*id, step);
  };
  std::set<std::pair<std::string, std::string>> iterations;  // of templates that are there
  for (const RecordedExpansion& expansion : expansions_of(record_)) {
    if (!is_there(expansion.job, expansion.step)) continue;
    for (const std::string& name : expansion.names)
      iterations.emplace(expansion.job, name);
  }
  for (store::JobRecord& job : record_.jobs) {
    for (store::StepRecord& step : job.steps) {
      if (store::is_terminal(step.status) || is_there(job.name, step.name) ||
          iterations.count({job.name, step.name}) != 0)
        continue;
      step.status = Recorded::skipped;
      step.reason = "removed";
    }
    if (store::is_terminal(job.status) || plan.find_job(job.name)) continue;
    job.status = Recorded::skipped;
    job.reason = "removed";
  }
}

std::size_t RunHistory::job_place(const std::string& job) {
  auto found = jobs_.find(job);
  if (found != jobs_.end()) return found->second;
  record_.jobs.emplace_back().name = job;
  steps_.emplace_back();
  jobs_.emplace(job, record_.jobs.size() - 1);
  return record_.jobs.size() - 1;
}

store::StepRecord& RunHistory::step_of(const Value& change) {
  const std::size_t job = job_place(text_of(change["job"]));
  const std::string name = text_of(change["step"]);
  auto [place, is_new] = steps_[job].emplace(name, record_.jobs[job].steps.size());
  if (is_new) record_.jobs[job].steps.push_back(pending_step(name));
  return record_.jobs[job].steps[place->second];
}

void RunHistory::index_job(std::size_t job) {
  steps_[job].clear();
  for (std::size_t step = 0; step < record_.jobs[job].steps.size(); ++step) {
    steps_[job].emplace(record_.jobs[job].steps[step].name, step);
  }
}

std::chrono::milliseconds active_before(const store::RunRecord& record) {
  return milliseconds_of(record.extra[kActive]);
}

std::chrono::milliseconds active_when_begun(const store::RunRecord& record, std::string_view job) {
  return milliseconds_of(record.extra[kBegunAt][job]);
}

std::vector<RecordedExpansion> expansions_of(const store::RunRecord& record) {
  std::vector<RecordedExpansion> expansions;
  const Value& known = record.extra[kExpansions];
  if (!known.is_list()) return expansions;
  for (const Value& one : known.as_list()) {
    RecordedExpansion expansion{.job = text_of(one["job"]), .step = text_of(one["step"])};
    if (!one["names"].is_list()) continue;
    for (const Value& name : one["names"].as_list()) {
      if (name.is_string()) expansion.names.push_back(name.as_string());
    }
    if (one["items"].is_list()) expansion.items = one["items"].as_list();
    expansions.push_back(std::move(expansion));
  }
  return expansions;
}

}  // namespace swamp::engine
