#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace swamp::store {

/// Where the traces of runs lie. Every path is absolute; `type` is a normalized model type whose
/// slashes become folders (`@acme/pod` lies in `@acme/pod/`). Making a path creates nothing.
///
/// The four roots are fields of their own because a datastore may move some of them out of the
/// repository.
struct Layout {
  std::filesystem::path
      repository;  // the user's folder; paths stored in records are relative to it
  std::filesystem::path data;
  std::filesystem::path outputs;
  std::filesystem::path workflow_runs;
  std::filesystem::path logs;  // logs of workflow runs never leave the repository
  std::filesystem::path
      journals;  // one folder for all runs, so that one listing finds every journal

  /// The usual places: `.swamp/data`, `.swamp/outputs`, `.swamp/workflow-runs` and
  /// `.swamp/workflow-runs/.journals`.
  static Layout in(const std::filesystem::path& repository);

  std::filesystem::path instance(std::string_view type, std::string_view model_id) const;
  /// Our catalogue, and the original's, which is only ever looked at.
  std::filesystem::path catalog() const;
  std::filesystem::path original_catalog() const;

  std::filesystem::path method_outputs(std::string_view type, std::string_view method) const;

  std::filesystem::path runs_of(std::string_view workflow_id) const;
  std::filesystem::path run_record(std::string_view workflow_id, std::string_view run_id) const;
  std::filesystem::path run_log(std::string_view workflow_id, std::string_view run_id) const;
  std::filesystem::path runs_index(std::string_view workflow_id) const;

  std::filesystem::path journal(std::string_view run_id) const;
  /// What a run keeps for itself and removes at its end: ephemeral data, captured outputs.
  std::filesystem::path run_private(std::string_view run_id) const;

  /// `path` as records write it: relative to the repository when it lies in it.
  std::string relative(const std::filesystem::path& path) const;
};

}  // namespace swamp::store
