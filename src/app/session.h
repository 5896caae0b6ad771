#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "async/blocking_pool.h"
#include "base/clock.h"
#include "base/result.h"
#include "model/registry.h"
#include "repo/documents.h"
#include "repo/repo.h"
#include "spec/definition.h"
#include "spec/workflow.h"
#include "store/artifact_store.h"
#include "store/catalog.h"
#include "store/layout.h"
#include "store/output_record.h"
#include "store/run_record.h"

namespace swamp::app {

/// Where a command was typed and what it has to work with.
struct SessionOptions {
  std::filesystem::path directory;                                 // the caller's
  std::optional<std::filesystem::path> repository = std::nullopt;  // `--repo-dir`
  std::function<std::optional<std::string>(std::string_view)> env;
  std::function<void(const Error&)> warn;  // for remarks that stop nothing
  const Clock* clock = &system_clock();
  IdSource* ids = &random_ids();
  /// Nothing in the repository is changed by reading it, not even what only makes the next command
  /// faster: no index is written, and a catalogue that is asked is made beside it and thrown away.
  bool read_only = false;
};

/// One repository as the use cases see it: every room that needs it, opened at first use and kept
/// while the command lasts. Used from one thread.
class Session {
 public:
  /// Finds the repository. Fails with not_found when there is none.
  static Result<std::unique_ptr<Session>> open(SessionOptions options);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  const SessionOptions& options() const;
  const Clock& clock() const { return *options().clock; }
  IdSource& ids() const { return *options().ids; }
  void warn(const Error& error) const;
  std::optional<std::string> env(std::string_view name) const;

  const repo::Repo& repo() const;
  const store::Layout& layout() const;
  const model::Registry& types();
  BlockingPool& pool();

  /// Definitions and workflows, looked through at first use. What was skipped is told as warnings
  /// when the session ends, except what was told as an error already.
  Result<repo::Documents*> documents();
  void was_told(const Error& skipped);

  store::Catalog& catalog();
  store::ArtifactStore& artifacts();
  store::OutputStore& outputs();
  store::RunStore& runs();

 private:
  struct State;
  explicit Session(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// A model that somebody named: a definition, or an ephemeral instance that has left data.
struct FoundModel {
  std::string id;
  std::string name;
  std::string type;                                    // normalized
  std::shared_ptr<const spec::Definition> definition;  // null: an ephemeral instance
  std::string path = {};   // of the definition, relative to the repository
  bool auto_made = false;  // a run made the definition
};

/// By name or id. Fails with not_found, code name `model_not_found`, with a suggestion.
Result<FoundModel> find_model(Session& session, std::string_view name_or_id);

}  // namespace swamp::app
