#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/session.h"
#include "store/gc.h"
#include "store/query.h"

// What people ask of data. Every function takes names as they were typed and finds the rest itself.
namespace swamp::app {

/// One version with its content.
struct DataItem {
  FoundModel model;
  store::Artifact artifact;
  std::string content_path;                           // relative to the repository
  std::optional<std::string> content = std::nullopt;  // absent when not asked for
};

struct GetData {
  std::string model;
  std::string name;
  std::optional<std::uint32_t> version = std::nullopt;
  bool with_content = true;
};
Result<DataItem> get_data(Session& session, const GetData& request);

/// An artifact that a run recorded.
struct RunArtifact {
  std::string job;
  std::string step;
  FoundModel model;
  store::Artifact artifact;
};
struct RunData {
  store::RunRecord run;
  std::vector<RunArtifact> artifacts;
  std::vector<Error> warnings;  // recorded versions that are gone
};
/// What a run of a workflow wrote: `run` (an id or prefix), else the latest.
Result<RunData> list_run_data(Session& session, std::string_view workflow, std::string_view run);

/// The data of a name as a run wrote it.
Result<DataItem> get_run_data(Session& session, std::string_view workflow, std::string_view run,
                              const GetData& request);

struct ModelData {
  FoundModel model;
  std::vector<store::Artifact> latest;  // one per name, tombstones too
  std::vector<Error> warnings;
};
Result<ModelData> list_data(Session& session, std::string_view model);

struct DataVersions {
  FoundModel model;
  std::string name;
  std::vector<store::Artifact> versions;  // newest first
};
Result<DataVersions> list_data_versions(Session& session, std::string_view model,
                                        std::string_view name);

struct SearchData {
  std::string query;
  std::string type;
  std::string lifetime;
  std::string owner_type;
  std::string workflow;
  std::string model;
  std::string content_type;
  std::string output;
  std::string run;
  std::optional<Timestamp> since = std::nullopt;
  std::vector<std::pair<std::string, std::string>> tags = {};
  bool streaming_only = false;
  std::size_t limit = 50;
};
struct DataSearchResult {
  std::vector<store::Artifact> found;  // newest first, at most `limit`
  std::size_t total = 0;
  bool limited = false;
};
Result<DataSearchResult> search_data(Session& session, const SearchData& request);

Result<store::QueryResult> query_data(Session& session, store::QueryRequest request);

struct RenamedData {
  FoundModel model;
  store::ArtifactStore::Renamed renamed;
};
Result<RenamedData> rename_data(Session& session, std::string_view model, std::string_view name,
                                std::string_view new_name);

struct DeletedData {
  FoundModel model;
  std::string name;
  std::optional<std::uint32_t> version;
  std::uint32_t versions_deleted = 0;
};
Result<DeletedData> delete_data(Session& session, std::string_view model, std::string_view name,
                                std::optional<std::uint32_t> version);

/// All names of a model that start with `prefix`.
struct DeletedBatch {
  FoundModel model;
  std::vector<std::string> names;
  std::uint32_t versions_deleted = 0;
  std::vector<std::pair<std::string, Error>> failed;
};
Result<DeletedBatch> delete_data_batch(Session& session, std::string_view model,
                                       std::string_view prefix, bool dry_run);

/// Removes what lifetimes and retention policies no longer keep.
Result<store::GcReport> collect_data_garbage(Session& session, bool dry_run);

/// Data whose model is gone.
struct PrunedModel {
  store::Instance instance;
  std::string name;
  std::vector<std::string> data_names;
  std::uint32_t versions = 0;
  std::uint64_t bytes = 0;
};
Result<std::vector<PrunedModel>> prune_data(Session& session, bool dry_run);

}  // namespace swamp::app
