#include "engine/recovery.h"

#include <iterator>

#include <fmt/format.h>

#include "os/process_info.h"

namespace swamp::engine {
namespace {

/// The iterations of a record by job and name, with their template.
std::map<std::pair<std::string, std::string>, StepOrigin> iterations_of(
    const store::RunRecord& record) {
  std::map<std::pair<std::string, std::string>, StepOrigin> origins;
  for (const RecordedExpansion& expansion : expansions_of(record)) {
    for (std::size_t i = 0; i < expansion.names.size(); ++i) {
      origins[{expansion.job, expansion.names[i]}] = {.job = expansion.job,
                                                      .step = expansion.names[i],
                                                      .template_name = expansion.step,
                                                      .index = i};
    }
  }
  return origins;
}

NodeStatus node_status(store::RunStatus status) {
  switch (status) {
    case store::RunStatus::succeeded:
      return NodeStatus::succeeded;
    case store::RunStatus::failed:
    case store::RunStatus::cancelled:
      return NodeStatus::failed;
    case store::RunStatus::skipped:
      return NodeStatus::skipped;
    case store::RunStatus::waiting_approval:
      return NodeStatus::waiting_approval;
    case store::RunStatus::running:
      return NodeStatus::running;
    default:
      return NodeStatus::pending;
  }
}

Error still_active(std::string_view run_id) {
  return Error{.code = ErrorCode::conflict,
               .message = fmt::format("run '{}' is still under way", run_id),
               .hint = "wait for it, or cancel it",
               .name = "run_active"};
}

/// A run of the original keeps no journal; its process number is all that tells.
Result<> check_process_gone(const store::RunRecord& record) {
  const bool is_running = record.status == store::RunStatus::running;
  const bool is_alive = is_running && record.pid && *record.pid != os::process_id() &&
                        os::is_process_alive(*record.pid);
  if (is_alive) return fail(still_active(record.id));
  return {};
}

/// Its first change carries the whole record.
bool tells_all(const store::Journal::Content& content) {
  return !content.records.empty() && content.records.front()["record"].is_map();
}

/// Without the record as it was saved; empty when the journal does not say everything, or what a
/// newer version wrote in it cannot be read.
std::optional<RunHistory> history_by_journal(const store::Journal::Content& content,
                                             std::string_view run_id) {
  if (!tells_all(content)) return std::nullopt;
  RunHistory history{store::RunRecord()};
  history.apply_all(content.records);
  if (history.record().id != run_id) return std::nullopt;
  return history;
}

store::RunRecord summarized(store::RunRecord record) {
  store::summarize(record);
  return record;
}

}  // namespace

store::RunRecord current_record(const store::Layout& layout, store::RunRecord saved) {
  const auto journal = store::read_journal(layout.journal(saved.id));
  if (!journal || journal->records.empty()) return saved;
  RunHistory history(std::move(saved));
  history.apply_all(journal->records);
  return summarized(std::move(history.mutable_record()));
}

std::optional<store::RunRecord> record_by_journal(const store::Layout& layout,
                                                  std::string_view run_id) {
  const auto journal = store::read_journal(layout.journal(run_id));
  if (!journal) return std::nullopt;
  auto history = history_by_journal(*journal, run_id);
  if (!history) return std::nullopt;
  return summarized(std::move(history->mutable_record()));
}

Result<LeftRun> take_over_run(EngineServices& services, std::string_view workflow_id,
                              std::string_view run_id) {
  const auto path = services.layout.journal(run_id);
  store::Journal::Content content;
  auto journal = store::Journal::take_over(path, content);
  if (!journal && journal.error().code == ErrorCode::conflict) return fail(still_active(run_id));
  if (!journal && journal.error().code != ErrorCode::not_found) return fail(journal.error());
  auto history = history_by_journal(content, run_id);
  if (!history) {
    auto saved = services.runs.load(workflow_id, run_id);
    if (!saved && content.records.empty()) return fail(saved.error());
    if (!journal) SWAMP_CHECK(check_process_gone(*saved));
    history = history_of(content, saved ? *std::move(saved) : store::RunRecord());
  }
  LeftRun left{.history = *std::move(history), .journal = journal ? *std::move(journal) : nullptr};
  SWAMP_TRY(const auto recovered,
            store::recover(content.records, services.artifacts, missing_in(content)));
  SWAMP_CHECK(services.catalog.rescan(recovered.instances));
  left.records = std::move(content.records);
  return left;
}

RunHistory history_of(const store::Journal::Content& content, store::RunRecord saved) {
  RunHistory history(content.outlived_boot && tells_all(content) ? store::RunRecord()
                                                                 : std::move(saved));
  history.apply_all(content.records);
  return history;
}

store::Missing missing_in(const store::Journal::Content& content) {
  return content.outlived_boot ? store::Missing::lost : store::Missing::removed;
}

Result<> recover_ephemeral(EngineServices& services, List records,
                           store::EphemeralStore& ephemeral) {
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (records[i]["kind"] != Value("nested") || !records[i]["run"].is_string()) continue;
    auto nested = store::read_journal(services.layout.journal(records[i]["run"].as_string()));
    if (!nested) continue;  // gone: then what it told is on the disk
    std::move(nested->records.begin(), nested->records.end(), std::back_inserter(records));
  }
  return ephemeral.recover(records);
}

Result<std::unique_ptr<store::Journal>> journal_of(EngineServices& services, LeftRun& left) {
  if (left.journal != nullptr) return std::move(left.journal);
  return store::Journal::create(services.layout.journal(left.history.record().id));
}

Past past_of(const store::RunRecord& record, const Plan& plan) {
  const auto iterations = iterations_of(record);
  const auto is_gate = [&](const std::string& job, const std::string& name) {
    const auto iteration = iterations.find({job, name});
    const auto& written = iteration == iterations.end() ? name : iteration->second.template_name;
    const auto job_id = plan.find_job(job);
    const auto step = job_id ? plan.find_step(*job_id, written) : std::nullopt;
    return step && std::holds_alternative<spec::ApprovalTask>(plan[*step].step->task);
  };
  Past past;
  for (const store::JobRecord& job : record.jobs) {
    Past::Job known{.name = job.name, .status = node_status(job.status)};
    for (const store::StepRecord& step : job.steps) {
      const NodeStatus status = node_status(step.status);
      const bool is_open = status == NodeStatus::pending || status == NodeStatus::running;
      if (is_open) continue;
      if (status == NodeStatus::waiting_approval && !is_gate(job.name, step.name)) continue;
      known.steps.push_back({.name = step.name,
                             .status = status,
                             .reason = step.reason,
                             .allowed = step.allowed_failure});
    }
    past.jobs.push_back(std::move(known));
  }
  for (RecordedExpansion& expansion : expansions_of(record)) {
    for (Past::Job& job : past.jobs) {
      if (job.name == expansion.job)
        job.expansions.push_back({expansion.step, std::move(expansion.names)});
    }
  }
  return past;
}

std::vector<std::pair<StepOrigin, std::vector<store::Artifact>>> written_by_steps(
    const store::RunRecord& record, const store::Artifacts& artifacts) {
  const auto iterations = iterations_of(record);
  std::vector<std::pair<StepOrigin, std::vector<store::Artifact>>> all;
  for (const store::JobRecord& job : record.jobs) {
    for (const store::StepRecord& step : job.steps) {
      const Value& type = step.output["modelType"];
      const Value& model = step.output["modelId"];
      if (!type.is_string() || !model.is_string()) continue;
      std::vector<store::Artifact> written;
      for (const store::ArtifactRef& ref : step.artifacts) {
        if (ref.tags.get("type") == "report") continue;
        const store::ArtifactKey key{type.as_string(), model.as_string(), ref.name};
        auto artifact = artifacts.version(key, ref.version);
        if (artifact && *artifact) written.push_back(**std::move(artifact));
      }
      const auto iteration = iterations.find({job.name, step.name});
      StepOrigin origin = iteration == iterations.end()
                              ? StepOrigin{.job = job.name, .step = step.name}
                              : iteration->second;
      if (!written.empty()) all.emplace_back(std::move(origin), std::move(written));
    }
  }
  return all;
}

std::vector<model::Instance> instances_of(const store::RunRecord& record) {
  std::vector<model::Instance> instances;
  for (const store::JobRecord& job : record.jobs) {
    for (const store::StepRecord& step : job.steps) {
      const Value& output = step.output;
      if (!output["modelId"].is_string() || !output["modelType"].is_string() ||
          !output["model"].is_string())
        continue;
      instances.push_back({.id = output["modelId"].as_string(),
                           .name = output["model"].as_string(),
                           .type = output["modelType"].as_string(),
                           .ephemeral = output["ephemeral"] == Value(true)});
    }
  }
  return instances;
}

}  // namespace swamp::engine
