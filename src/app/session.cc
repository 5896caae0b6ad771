#include "app/session.h"

#include <filesystem>
#include <set>
#include <unistd.h>

#include "model/builtin/all.h"
#include "os/directory.h"

namespace swamp::app {
namespace {

std::string place_of(const Error& error) {
  return error.where ? error.where->to_string() : error.message;
}

/// Whether the folder is there and somebody else's, or on a disk that only can be read.
bool is_write_protected(const std::filesystem::path& folder) {
  std::error_code ignored;
  return std::filesystem::exists(folder, ignored) && ::access(folder.c_str(), W_OK) != 0;
}

unsigned pool_size() {
  return 2;
}  // what blocks is the disk, not the processor

}  // namespace

struct Session::State {
  explicit State(SessionOptions given, repo::Repo found)
      : options(std::move(given)), repo(std::move(found)), layout(store::Layout::in(repo.root())) {}

  SessionOptions options;
  repo::Repo repo;
  store::Layout layout;
  std::optional<model::Registry> types;
  std::unique_ptr<BlockingPool> pool;
  std::optional<repo::Documents> documents;
  std::set<std::string> told;             // places of files that were skipped, and an error said so
  std::filesystem::path private_catalog;  // its folder; empty: it is the repository's
  std::unique_ptr<store::Catalog> catalog;
  std::unique_ptr<store::ArtifactStore> artifacts;  // tells the catalogue, so it goes first
  std::unique_ptr<store::OutputStore> outputs;
  std::unique_ptr<store::RunStore> runs;
};

Session::Session(std::unique_ptr<State> state) : state_(std::move(state)) {}

Session::~Session() {
  if (!state_->private_catalog.empty()) {
    state_->artifacts.reset();
    state_->catalog.reset();
    (void)os::remove_tree(state_->private_catalog);
  }
  if (!state_->documents) return;
  for (const Error& warning : state_->documents->index().warnings()) {
    if (state_->told.count(place_of(warning)) == 0) warn(warning);
  }
}

Result<std::unique_ptr<Session>> Session::open(SessionOptions options) {
  repo::Whereabouts whereabouts{.working_directory = options.directory};
  if (options.repository) whereabouts.flag = options.repository->string();
  if (options.env) whereabouts.environment = options.env("SWAMP_REPO_DIR");
  SWAMP_TRY(auto found, repo::Repo::find(whereabouts));
  return std::unique_ptr<Session>(
      new Session(std::make_unique<State>(std::move(options), std::move(found))));
}

const SessionOptions& Session::options() const {
  return state_->options;
}

void Session::warn(const Error& error) const {
  if (state_->options.warn) state_->options.warn(error);
}

std::optional<std::string> Session::env(std::string_view name) const {
  return state_->options.env ? state_->options.env(name) : std::nullopt;
}

const repo::Repo& Session::repo() const {
  return state_->repo;
}
const store::Layout& Session::layout() const {
  return state_->layout;
}

const model::Registry& Session::types() {
  if (!state_->types) state_->types = model::builtin_types();
  return *state_->types;
}

BlockingPool& Session::pool() {
  if (!state_->pool) state_->pool = std::make_unique<BlockingPool>(pool_size());
  return *state_->pool;
}

Result<repo::Documents*> Session::documents() {
  if (!state_->documents) {
    using File = repo::DocumentIndex::File;
    SWAMP_TRY(auto documents,
              repo::Documents::open(state_->repo,
                                    options().read_only ? File::left_alone : File::written));
    state_->documents = std::move(documents);
  }
  return &*state_->documents;
}

void Session::was_told(const Error& skipped) {
  state_->told.insert(place_of(skipped));
}

store::Catalog& Session::catalog() {
  if (!state_->catalog) {
    auto file = layout().catalog();
    // Who may only look at a repository can still ask what is in it.
    if (options().read_only || is_write_protected(file.parent_path())) {
      state_->private_catalog = std::filesystem::temp_directory_path() / ("swamp-" + ids().uuid());
      file = state_->private_catalog / file.filename();
    }
    state_->catalog = std::make_unique<store::Catalog>(store::Catalog::Options{
        .file = std::move(file), .root = layout().data, .original = layout().original_catalog()});
  }
  return *state_->catalog;
}

store::ArtifactStore& Session::artifacts() {
  if (!state_->artifacts) {
    state_->artifacts = std::make_unique<store::ArtifactStore>(
        store::ArtifactStore::Options{.root = layout().data,
                                      .clock = state_->options.clock,
                                      .ids = state_->options.ids,
                                      .catalog = &catalog(),
                                      .prune_on_write = state_->repo.marker().auto_gc});
  }
  return *state_->artifacts;
}

store::OutputStore& Session::outputs() {
  if (!state_->outputs) state_->outputs = std::make_unique<store::OutputStore>(layout());
  return *state_->outputs;
}

store::RunStore& Session::runs() {
  if (!state_->runs) state_->runs = std::make_unique<store::RunStore>(layout());
  return *state_->runs;
}

Result<FoundModel> find_model(Session& session, std::string_view name_or_id) {
  SWAMP_TRY(auto* documents, session.documents());
  auto entry = documents->index().find_definition(name_or_id);
  if (entry) {
    SWAMP_TRY(auto definition, documents->find_definition((*entry)->id));
    return FoundModel{.id = definition->id,
                      .name = definition->name,
                      .type = definition->type.normalized,
                      .definition = definition,
                      .path = (*entry)->path,
                      .auto_made = (*entry)->kind == repo::DocumentKind::auto_definition};
  }
  if (entry.error().code != ErrorCode::not_found) return fail(std::move(entry).error());
  // No definition: an ephemeral instance has left its name and id with its data.
  const bool by_id = is_uuid(name_or_id);
  store::CatalogFilter filter{.include_deleted = true};
  (by_id ? filter.model_id : filter.model_name) = name_or_id;
  SWAMP_TRY(auto rows, session.catalog().find(filter));
  if (rows.empty()) return fail(std::move(entry).error());
  const store::Artifact& artifact = rows.front().artifact;
  return FoundModel{.id = artifact.key.model_id,
                    .name = std::string(artifact.metadata.tags.get("modelName")),
                    .type = artifact.key.type};
}

}  // namespace swamp::app
