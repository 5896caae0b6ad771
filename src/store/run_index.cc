#include "store/run_index.h"

#include <algorithm>

#include "store/field_reader.h"
#include "value/json.h"

namespace swamp::store {
namespace {

constexpr std::int64_t kVersion = 2;

Value to_value(const RunSummary& run) {
  Map map{{"status", to_string(run.status)},
          {"workflowId", run.workflow_id},
          {"workflowName", run.workflow_name}};
  set_if(map, "startedAt", run.started_at);
  set_if(map, "completedAt", run.completed_at);
  map.set("tags", run.tags.to_value());
  map.set("inputs", run.inputs.is_map() ? run.inputs : Value(Map()));
  set_if(map, "instanceId", run.instance_id);
  set_if(map, "triggerSource", run.trigger_source);
  set_if(map, "failedStep", run.failed_step);
  set_if(map, "failureReason", run.failure_reason);
  if (run.step_progress) {
    map.set("stepProgress", Map{{"completed", std::int64_t{run.step_progress->completed}},
                                {"total", std::int64_t{run.step_progress->total}}});
  }
  return map;
}

Result<RunSummary> summary_from(const std::string& id, const Value& value) {
  FieldReader fields(value, "index entry");
  RunSummary run{.id = id};
  const auto status = parse_run_status(fields.text("status"));
  if (!status) fields.refuse("'status' of index entry is none that there is");
  run.status = status.value_or(RunStatus::pending);
  run.workflow_id = fields.text("workflowId");
  run.workflow_name = fields.text("workflowName");
  run.started_at = fields.time_if("startedAt");
  run.completed_at = fields.time_if("completedAt");
  run.tags = fields.take(Tags::from_value(fields.member("tags")));
  run.inputs = fields.member("inputs");
  run.instance_id = fields.text_if("instanceId");
  run.trigger_source = fields.text_if("triggerSource");
  run.failed_step = fields.text_if("failedStep");
  run.failure_reason = fields.text_if("failureReason");
  const Value& progress = fields.member("stepProgress");
  if (progress["completed"].kind() == Value::Kind::int64 &&
      progress["total"].kind() == Value::Kind::int64) {
    run.step_progress =
        StepProgress{.completed = static_cast<std::uint32_t>(progress["completed"].as_int()),
                     .total = static_cast<std::uint32_t>(progress["total"].as_int())};
  }
  SWAMP_CHECK(fields.finish());
  return run;
}

}  // namespace

RunSummary* RunIndex::find(std::string_view run_id) {
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [&](const RunSummary& run) { return run.id == run_id; });
  return found == entries.end() ? nullptr : &*found;
}

void RunIndex::set(RunSummary summary) {
  if (auto* there = find(summary.id)) {
    *there = std::move(summary);
  } else {
    entries.push_back(std::move(summary));
  }
}

void RunIndex::erase(std::string_view run_id) {
  std::erase_if(entries, [&](const RunSummary& run) { return run.id == run_id; });
}

std::string RunIndex::to_json() const {
  Map runs;
  runs.reserve(entries.size());
  for (const RunSummary& run : entries)
    runs.set(run.id, to_value(run));
  return write_json(redacted(Map{{"version", kVersion}, {"entries", std::move(runs)}}));
}

std::optional<std::string> RunIndex::with_new(std::string_view json, const RunSummary& run) {
  constexpr std::string_view kClosing = "}}";
  const std::string empty = RunIndex().to_json();
  const auto opening = std::string_view(empty).substr(0, empty.size() - kClosing.size());
  std::string entry;
  append_json_string(entry, run.id);
  entry += ':';
  const bool is_ours = json.starts_with(opening) && json.ends_with(kClosing);
  if (!is_ours || json.find(entry) != std::string_view::npos) return std::nullopt;
  append_json(entry, redacted(to_value(run)));
  json.remove_suffix(kClosing.size());
  std::string grown(json);
  if (json.size() > opening.size()) grown += ',';
  return grown.append(entry).append(kClosing);
}

Result<RunIndex> RunIndex::from_json(std::string_view text) {
  SWAMP_TRY(const auto document, parse_json(text, "index of runs"));
  const Value& entries = document["entries"];
  if (document["version"] != Value(kVersion) || !entries.is_map()) {
    return fail(ErrorCode::invalid_input, "the index of runs is of another version");
  }
  RunIndex index;
  for (const auto& [id, entry] : entries.as_map()) {
    SWAMP_TRY(auto run, summary_from(id, entry));
    index.entries.push_back(std::move(run));
  }
  return index;
}

}  // namespace swamp::store
