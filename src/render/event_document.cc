#include "render/event_document.h"

#include <variant>

#include "render/error_text.h"
#include "render/json_document.h"

namespace swamp::render {
namespace {

Value text_or_null(const std::string& text) {
  return text.empty() ? Value() : Value(text);
}

Value texts(const std::vector<std::string>& list) {
  return List(list.begin(), list.end());
}

Value parents_or_null(const std::vector<std::string>& parents) {
  return parents.empty() ? Value() : texts(parents);
}

Value error_or_null(const std::optional<Error>& error) {
  return error ? error_document(*error) : Value();
}

Value true_or_null(bool value) {
  return value ? Value(true) : Value();
}

Value milliseconds(std::chrono::milliseconds time) {
  return std::int64_t{time.count()};
}

Value seconds_or_null(const std::optional<std::chrono::seconds>& time) {
  return time ? Value(std::int64_t{time->count()}) : Value();
}

/// Builds the document key by key; null values are dropped at the end.
class Document {
 public:
  Document(std::string_view kind, Timestamp time)
      : map_{{"kind", kind}, {"time", to_iso8601(time)}} {}

  Document& add(std::string key, Value value) {
    map_.set(std::move(key), std::move(value));
    return *this;
  }
  Document& at(const engine::StepPath& path) {
    add("parents", parents_or_null(path.parents)).add("jobId", path.job).add("stepId", path.step);
    if (path.for_each_template.empty()) return *this;
    return add("forEachTemplate", path.for_each_template).add("forEachIndex", path.for_each_index);
  }
  Value take() { return without_nulls(std::move(map_)); }

 private:
  Map map_;
};

Value artifact_document(const engine::ArtifactInfo& artifact) {
  return without_nulls(Map{{"dataId", artifact.data_id},
                           {"name", artifact.name},
                           {"version", artifact.version},
                           {"modelName", text_or_null(artifact.model_name)},
                           {"specName", text_or_null(artifact.spec_name)},
                           {"kind", artifact.kind},
                           {"size", artifact.size}});
}

struct Writer {
  Timestamp time;

  Document begin(std::string_view kind) const { return {kind, time}; }

  Value operator()(const engine::RunStarted& e) const {
    List jobs;
    for (const auto& job : e.jobs) {
      jobs.emplace_back(Map{{"id", job.name},
                            {"stepCount", std::uint64_t{job.step_count}},
                            {"dependsOn", texts(job.depends_on)}});
    }
    return begin("started")
        .add("parents", parents_or_null(e.parents))
        .add("runId", e.run_id)
        .add("workflowId", e.workflow_id)
        .add("workflowName", e.workflow_name)
        .add("logPath", text_or_null(e.log_path))
        .add("resumed", true_or_null(e.resumed))
        .add("jobs", std::move(jobs))
        .take();
  }

  Value operator()(const engine::JobStarted& e) const {
    return begin("job_started")
        .add("parents", parents_or_null(e.parents))
        .add("jobId", e.job)
        .take();
  }

  Value operator()(const engine::JobEnded& e) const {
    const bool skipped = e.status == engine::NodeStatus::skipped;
    Document document = begin(skipped ? "job_skipped" : "job_completed");
    document.add("parents", parents_or_null(e.parents)).add("jobId", e.job);
    if (!skipped)
      document.add("status", to_string(e.status)).add("durationMs", milliseconds(e.duration));
    return document.take();
  }

  Value operator()(const engine::StepStarted& e) const {
    return begin("step_started")
        .at(e.path)
        .add("attempt", e.attempt > 1 ? Value(e.attempt) : Value())
        .take();
  }

  Value operator()(const engine::MethodResolved& e) const {
    return begin("model_resolved")
        .at(e.path)
        .add("modelName", e.model_name)
        .add("modelType", e.model_type)
        .add("modelId", e.model_id)
        .add("methodName", e.method)
        .add("ephemeral", true_or_null(e.ephemeral))
        .add("globalArguments", e.global_arguments)
        .take();
  }

  Value operator()(const engine::MethodOutput& e) const {
    return begin("method_output")
        .at(e.path)
        .add("stream", e.stream == driver::Chunk::Stream::out ? "stdout" : "stderr")
        .add("line", e.line)
        .take();
  }

  Value operator()(const engine::StepNotice& e) const {
    return begin("method_event")
        .at(e.path)
        .add("event",
             without_nulls(Map{{"type", e.kind}, {"message", e.message}, {"details", e.details}}))
        .take();
  }

  Value operator()(const engine::StepEnded& e) const {
    const std::string_view kind = e.status == engine::NodeStatus::skipped  ? "step_skipped"
                                  : e.status == engine::NodeStatus::failed ? "step_failed"
                                                                           : "step_completed";
    Document document = begin(kind);
    document.at(e.path)
        .add("reason", text_or_null(e.reason))
        .add("guardExpression", text_or_null(e.guard_expression))
        .add("guardResult", e.guard_result)
        .add("error", error_or_null(e.error))
        .add("allowedFailure", true_or_null(e.allowed_failure))
        .add("modelName", text_or_null(e.model_name))
        .add("methodName", text_or_null(e.method));
    if (e.status == engine::NodeStatus::skipped) return document.take();
    List artifacts;
    for (const auto& artifact : e.artifacts)
      artifacts.push_back(artifact_document(artifact));
    return document.add("durationMs", milliseconds(e.duration))
        .add("dataHandles", std::move(artifacts))
        .take();
  }

  Value operator()(const engine::AssertChecked& e) const {
    return begin("assert_result")
        .at(e.path)
        .add("passed", e.passed)
        .add("expr", e.expression)
        .add("message", text_or_null(e.message))
        .add("severity", e.severity)
        .add("error", error_or_null(e.error))
        .take();
  }

  Value operator()(const engine::ApprovalRequested& e) const {
    return begin("approval_requested")
        .at(e.path)
        .add("runId", e.run_id)
        .add("prompt", e.prompt)
        .add("timeout", seconds_or_null(e.timeout))
        .take();
  }

  Value operator()(const engine::ReportEnded& e) const {
    Document document = begin(e.success ? "report_completed" : "report_failed");
    if (e.path) document.at(*e.path);
    return document.add("reportName", e.name)
        .add("scope", e.scope)
        .add("markdown", text_or_null(e.markdown))
        .add("json", e.json)
        .add("error", text_or_null(e.error))
        .take();
  }

  Value operator()(const engine::RunNotice& e) const {
    return begin("notice").add("type", e.kind).add("message", e.message).take();
  }

  Value operator()(const engine::RunSuspended& e) const {
    return begin("suspended")
        .add("jobId", e.job)
        .add("stepId", e.step)
        .add("prompt", e.prompt)
        .add("timeout", seconds_or_null(e.timeout))
        .take();
  }

  Value operator()(const engine::RunEnded& e) const {
    const bool cancelled = e.status == engine::RunStatus::cancelled;
    return begin(cancelled ? "cancelled" : "completed")
        .add("parents", parents_or_null(e.parents))
        .add("runId", e.run_id)
        .add("workflowName", e.workflow_name)
        .add("status", to_string(e.status))
        .add("durationMs", milliseconds(e.duration))
        .add("reason", text_or_null(e.reason))
        .add("error", error_or_null(e.error))
        .take();
  }
};

}  // namespace

Value event_document(const engine::RunEvent& event, Timestamp time) {
  return std::visit(Writer{time}, event);
}

}  // namespace swamp::render
