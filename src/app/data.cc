#include "app/data.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "app/mending.h"
#include "base/ascii.h"
#include "base/suggest.h"
#include "store/artifact_tree.h"
#include "value/json.h"

namespace swamp::app {
namespace {

store::ArtifactKey key_of(const FoundModel& model, std::string_view name) {
  return {model.type, model.id, std::string(name)};
}

Error data_not_found(Session& session, const FoundModel& model, std::string_view name,
                     std::optional<std::uint32_t> version) {
  std::string message = fmt::format("no data '{}' of model '{}'", name, model.name);
  std::string hint;
  auto names = session.artifacts().names({model.type, model.id});
  if (version) {
    message += fmt::format(" has version {}", *version);
    hint = fmt::format("'swamp data versions {} {}' lists those there are", model.name, name);
  } else if (names) {
    hint = did_you_mean(name, *names);
    if (hint.empty()) hint = fmt::format("'swamp data list {}' shows what there is", model.name);
  }
  return Error{
      .code = ErrorCode::not_found, .message = std::move(message), .hint = std::move(hint)};
}

Result<std::string> content_of(Session& session, const store::Artifact& artifact) {
  return session.artifacts().content(artifact);
}

/// The model of an artifact, for showing: its definition's name, else the tag it was written with.
FoundModel model_of(Session& session, const store::Artifact& artifact) {
  if (auto found = find_model(session, artifact.key.model_id)) return *std::move(found);
  return {.id = artifact.key.model_id,
          .name = std::string(artifact.metadata.tags.get("modelName")),
          .type = artifact.key.type};
}

Result<store::RunSummary> find_run(Session& session, std::string_view workflow,
                                   std::string_view run) {
  if (!run.empty()) {
    SWAMP_TRY(auto found, session.runs().find(run));
    if (workflow.empty() || workflow == found.workflow_name || workflow == found.workflow_id)
      return found;
    return fail(ErrorCode::not_found,
                fmt::format("run {} is not one of workflow '{}'", found.id, workflow),
                fmt::format("it is one of '{}'", found.workflow_name));
  }
  SWAMP_TRY(auto* documents, session.documents());
  SWAMP_TRY(const auto* found, documents->index().find_workflow(workflow));
  SWAMP_TRY(auto latest, session.runs().latest(found->id));
  if (latest) return *std::move(latest);
  return fail(ErrorCode::not_found, fmt::format("workflow '{}' has not run yet", workflow),
              fmt::format("run it with 'swamp workflow run {}'", workflow));
}

/// The version that a run recorded, by its id among the versions of that name.
Result<std::optional<store::Artifact>> find_recorded(Session& session,
                                                     const store::ArtifactRef& recorded) {
  store::CatalogFilter filter{
      .data_id = recorded.data_id, .latest_only = false, .include_deleted = true};
  SWAMP_TRY(auto rows, session.catalog().find(filter));
  if (rows.empty()) return std::optional<store::Artifact>();
  return std::optional(rows.front().artifact);
}

bool matches(const SearchData& wanted, const store::Artifact& artifact) {
  const store::Metadata& data = artifact.metadata;
  const auto is = [](std::string_view filter, std::string_view value) {
    return filter.empty() || filter == value;
  };
  if (!is(wanted.type, data.tags.get("type")) || !is(wanted.lifetime, data.lifetime) ||
      !is(wanted.owner_type, data.owner.type) || !is(wanted.content_type, data.content_type)) {
    return false;
  }
  if (!is(wanted.workflow, data.owner.workflow_name) && wanted.workflow != data.owner.workflow_id)
    return false;
  if (!is(wanted.model, data.tags.get("modelName")) && wanted.model != artifact.key.model_id)
    return false;
  if (wanted.since && data.created_at < *wanted.since) return false;
  if (wanted.streaming_only && !data.streaming) return false;
  for (const auto& [name, text] : wanted.tags) {
    if (data.tags.get(name) != text || data.tags.find(name) == nullptr) return false;
  }
  return contains_in_any_case(data.name, wanted.query) ||
         contains_in_any_case(data.tags.get("type"), wanted.query) ||
         contains_in_any_case(data.tags.get("modelName"), wanted.query) ||
         contains_in_any_case(data.owner.ref, wanted.query);
}

using DataIds = std::optional<std::set<std::string>>;

void add_ids(std::set<std::string>& ids, const std::vector<store::ArtifactRef>& artifacts) {
  for (const store::ArtifactRef& artifact : artifacts)
    ids.insert(artifact.data_id);
}

/// What the run of this id (or beginning of one) has on record as written; nothing when there is no
/// such run, and no set at all when none was asked for.
Result<DataIds> written_by_run(Session& session, const std::string& run) {
  if (run.empty()) return DataIds();
  std::set<std::string> ids;
  auto summary = session.runs().find(run);
  if (!summary && summary.error().code != ErrorCode::not_found)
    return fail(std::move(summary).error());
  if (!summary) return DataIds(std::move(ids));
  SWAMP_TRY(const auto record, session.runs().load(summary->workflow_id, summary->id));
  for (const store::JobRecord& job : record.jobs) {
    for (const store::StepRecord& step : job.steps)
      add_ids(ids, step.artifacts);
  }
  add_ids(ids, record.workflow_artifacts);
  return DataIds(std::move(ids));
}

/// The same for a method run.
Result<DataIds> written_by_output(Session& session, const std::string& output) {
  if (output.empty()) return DataIds();
  std::set<std::string> ids;
  auto found = session.outputs().find(output);
  if (!found && found.error().code != ErrorCode::not_found) return fail(std::move(found).error());
  if (found) add_ids(ids, found->record.artifacts);
  return DataIds(std::move(ids));
}

}  // namespace

Result<DataItem> get_data(Session& session, const GetData& request) {
  SWAMP_TRY(auto model, find_model(session, request.model));
  const auto key = key_of(model, request.name);
  store::ArtifactStore& artifacts = session.artifacts();
  auto found = request.version ? artifacts.version(key, *request.version) : artifacts.latest(key);
  if (!found) return fail(std::move(found).error());
  if (!*found) return fail(data_not_found(session, model, request.name, request.version));
  DataItem item{.model = std::move(model), .artifact = **std::move(found)};
  item.content_path = session.layout().relative(artifacts.content_path(item.artifact));
  if (request.with_content) {
    SWAMP_TRY(auto content, content_of(session, item.artifact));
    item.content = std::move(content);
  }
  return item;
}

Result<RunData> list_run_data(Session& session, std::string_view workflow, std::string_view run) {
  SWAMP_TRY(auto summary, find_run(session, workflow, run));
  RunData data;
  SWAMP_TRY(data.run, session.runs().load(summary.workflow_id, summary.id));
  const auto add = [&](const std::string& job, const std::string& step,
                       const std::vector<store::ArtifactRef>& recorded) -> Result<> {
    for (const store::ArtifactRef& ref : recorded) {
      SWAMP_TRY(auto found, find_recorded(session, ref));
      if (!found) {
        data.warnings.push_back(
            {.code = ErrorCode::not_found,
             .message = fmt::format("version {} of '{}', which the run wrote, is gone", ref.version,
                                    ref.name)});
        continue;
      }
      data.artifacts.push_back({job, step, model_of(session, *found), *std::move(found)});
    }
    return {};
  };
  for (const store::JobRecord& job : data.run.jobs) {
    for (const store::StepRecord& step : job.steps) {
      SWAMP_CHECK(add(job.name, step.name, step.artifacts));
    }
  }
  SWAMP_CHECK(add("", "", data.run.workflow_artifacts));
  return data;
}

Result<DataItem> get_run_data(Session& session, std::string_view workflow, std::string_view run,
                              const GetData& request) {
  SWAMP_TRY(auto data, list_run_data(session, workflow, run));
  for (RunArtifact& one : data.artifacts) {
    if (one.artifact.metadata.name != request.name) continue;
    if (request.version && one.artifact.metadata.version != *request.version) continue;
    DataItem item{.model = std::move(one.model), .artifact = std::move(one.artifact)};
    item.content_path = session.layout().relative(session.artifacts().content_path(item.artifact));
    if (request.with_content) {
      SWAMP_TRY(auto content, content_of(session, item.artifact));
      item.content = std::move(content);
    }
    return item;
  }
  return fail(
      ErrorCode::not_found,
      fmt::format("run {} of '{}' wrote no data '{}'", data.run.id, data.run.workflow_name,
                  request.name),
      fmt::format("'swamp data list --workflow {}' shows what it wrote", data.run.workflow_name));
}

Result<ModelData> list_data(Session& session, std::string_view model) {
  ModelData data;
  SWAMP_TRY(data.model, find_model(session, model));
  auto found = store::list_latest(session.layout().data, {data.model.type, data.model.id});
  data.latest = std::move(found.items);
  data.warnings = std::move(found.warnings);
  return data;
}

Result<DataVersions> list_data_versions(Session& session, std::string_view model,
                                        std::string_view name) {
  DataVersions versions{.name = std::string(name)};
  SWAMP_TRY(versions.model, find_model(session, model));
  const auto key = key_of(versions.model, name);
  SWAMP_TRY(auto numbers, session.artifacts().versions(key));
  if (numbers.empty()) return fail(data_not_found(session, versions.model, name, std::nullopt));
  for (auto number = numbers.rbegin(); number != numbers.rend(); ++number) {
    SWAMP_TRY(auto artifact, session.artifacts().version(key, *number));
    if (artifact) versions.versions.push_back(*std::move(artifact));
  }
  return versions;
}

Result<DataSearchResult> search_data(Session& session, const SearchData& request) {
  SWAMP_TRY(const auto of_run, written_by_run(session, request.run));
  SWAMP_TRY(const auto of_output, written_by_output(session, request.output));
  const bool looks_back = of_run || of_output;
  SWAMP_TRY(auto rows,
            session.catalog().find({.latest_only = !looks_back, .include_deleted = true}));
  DataSearchResult result;
  for (store::CatalogRow& row : rows) {
    const std::string& id = row.artifact.metadata.id;
    if (of_run && !of_run->contains(id)) continue;
    if (of_output && !of_output->contains(id)) continue;
    if (matches(request, row.artifact)) result.found.push_back(std::move(row.artifact));
  }
  std::stable_sort(result.found.begin(), result.found.end(), [](const auto& a, const auto& b) {
    return a.metadata.created_at > b.metadata.created_at;
  });
  result.limited = result.found.size() > request.limit;
  if (result.limited) result.found.resize(request.limit);
  result.total = result.found.size();
  return result;
}

Result<store::QueryResult> query_data(Session& session, store::QueryRequest request) {
  SWAMP_TRY(auto query, store::Query::compile(std::move(request)));
  return query.run(session.catalog());
}

Result<RenamedData> rename_data(Session& session, std::string_view model, std::string_view name,
                                std::string_view new_name) {
  SWAMP_CHECK(mend_left_runs(session));
  SWAMP_TRY(auto found, find_model(session, model));
  SWAMP_TRY(auto renamed, session.artifacts().rename(key_of(found, name), new_name));
  return RenamedData{std::move(found), std::move(renamed)};
}

Result<DeletedData> delete_data(Session& session, std::string_view model, std::string_view name,
                                std::optional<std::uint32_t> version) {
  SWAMP_CHECK(mend_left_runs(session));
  DeletedData deleted{.name = std::string(name), .version = version};
  SWAMP_TRY(deleted.model, find_model(session, model));
  const auto key = key_of(deleted.model, name);
  SWAMP_TRY(auto versions, session.artifacts().versions(key));
  if (versions.empty()) return fail(data_not_found(session, deleted.model, name, std::nullopt));
  if (version) {
    SWAMP_CHECK(session.artifacts().remove_version(key, *version));
    deleted.versions_deleted = 1;
  } else {
    SWAMP_TRY(deleted.versions_deleted, session.artifacts().remove(key));
  }
  return deleted;
}

Result<DeletedBatch> delete_data_batch(Session& session, std::string_view model,
                                       std::string_view prefix, bool dry_run) {
  if (!dry_run) SWAMP_CHECK(mend_left_runs(session));
  DeletedBatch batch;
  SWAMP_TRY(batch.model, find_model(session, model));
  SWAMP_TRY(auto names, session.artifacts().names({batch.model.type, batch.model.id}));
  for (const std::string& name : names) {
    if (name.compare(0, prefix.size(), prefix) != 0) continue;
    const auto key = key_of(batch.model, name);
    auto removed = dry_run ? session.artifacts().versions(key).map([](const auto& versions) {
      return static_cast<std::uint32_t>(versions.size());
    })
                           : session.artifacts().remove(key);
    if (!removed) {
      batch.failed.emplace_back(name, std::move(removed).error());
      continue;
    }
    batch.names.push_back(name);
    batch.versions_deleted += *removed;
  }
  if (batch.names.empty() && batch.failed.empty()) {
    return fail(ErrorCode::not_found, prefix.empty()
                                          ? fmt::format("model '{}' has no data", batch.model.name)
                                          : fmt::format("no data of model '{}' begins with '{}'",
                                                        batch.model.name, prefix));
  }
  return batch;
}

Result<store::GcReport> collect_data_garbage(Session& session, bool dry_run) {
  if (!dry_run) SWAMP_CHECK(mend_left_runs(session));
  store::GcRules rules{.now = session.clock().now(), .dry_run = dry_run};
  std::map<std::string, store::RunSummary> runs;
  for (store::RunSummary& run : session.runs().list().runs) {
    runs.emplace(run.id, std::move(run));
  }
  const auto spared_since = rules.now - std::chrono::days(7);
  rules.run_exists = [&](const std::string&, const std::string& id) { return runs.count(id) != 0; };
  rules.is_spared = [&](const std::string& id) {
    auto run = runs.find(id);
    if (run == runs.end()) return false;
    if (!store::is_terminal(run->second.status)) return true;
    return run->second.status == store::RunStatus::failed &&
           run->second.completed_at.value_or(rules.now) > spared_since;
  };
  SWAMP_TRY(auto* documents, session.documents());
  rules.is_ephemeral_instance = [&](const store::Instance& instance) {
    return instance.type != "workflow" && !documents->index().find_definition(instance.model_id);
  };
  return store::collect_garbage(session.artifacts(), rules);
}

Result<std::vector<PrunedModel>> prune_data(Session& session, bool dry_run) {
  if (!dry_run) SWAMP_CHECK(mend_left_runs(session));
  SWAMP_TRY(auto* documents, session.documents());
  // A run record that names an ephemeral instance keeps its data.
  std::map<std::string, bool> named_by_runs;
  for (const store::RunSummary& run : session.runs().list().runs) {
    named_by_runs.emplace(run.id, true);
  }
  std::vector<PrunedModel> pruned;
  for (const store::Instance& instance : store::list_instances(session.layout().data)) {
    const bool exists = instance.type == "workflow"
                            ? documents->index().find_workflow(instance.model_id).has_value()
                            : documents->index().find_definition(instance.model_id).has_value();
    if (exists) continue;
    auto artifacts = store::list_artifacts(session.layout().data, instance);
    PrunedModel gone{.instance = instance};
    bool is_kept = false;
    for (const store::Artifact& artifact : artifacts.items) {
      is_kept = is_kept || named_by_runs.count(artifact.metadata.owner.workflow_run_id) != 0;
      if (gone.data_names.empty() || gone.data_names.back() != artifact.metadata.name) {
        gone.data_names.push_back(artifact.metadata.name);
      }
      if (gone.name.empty()) gone.name = artifact.metadata.tags.get("modelName");
      ++gone.versions;
      gone.bytes += artifact.metadata.size.value_or(0);
    }
    if (is_kept) continue;
    if (!dry_run) SWAMP_CHECK(session.artifacts().remove_instance(instance));
    pruned.push_back(std::move(gone));
  }
  return pruned;
}

}  // namespace swamp::app
