#include "app/session.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "base/suggest.h"
#include "model/builtin/all.h"
#include "os/file.h"
#include "spec/definition_yaml.h"
#include "spec/workflow_yaml.h"
#include "yaml/parse.h"

namespace swamp::app {
namespace {

constexpr std::size_t kDocumentLimit = 32U << 20;

Result<yaml::Document> read_document(const repo::Repo& repo, const std::string& path) {
  SWAMP_TRY(auto text, os::read_file(repo.root() / path, kDocumentLimit));
  return yaml::parse(std::move(text), path);
}

/// The type that a definition's folder stands for: what lies between the root of definitions and the file.
std::string type_of_folder(std::string_view path) {
  for (const std::string_view root : {"models/", ".swamp/auto-definitions/"}) {
    if (path.substr(0, root.size()) != root) continue;
    path.remove_prefix(root.size());
    const auto slash = path.rfind('/');
    return std::string(slash == std::string_view::npos ? "" : path.substr(0, slash));
  }
  return {};
}

unsigned pool_size() { return 2; }  // what blocks is the disk, not the processor

}  // namespace

struct Session::State {
  explicit State(SessionOptions given, repo::Repo found)
      : options(std::move(given)), repo(std::move(found)), layout(store::Layout::in(repo.root())) {}

  SessionOptions options;
  repo::Repo repo;
  store::Layout layout;
  std::optional<model::Registry> types;
  std::unique_ptr<BlockingPool> pool;
  std::optional<repo::DocumentIndex> documents;
  std::map<std::string, std::shared_ptr<const spec::Definition>, std::less<>> definitions;  // by path
  std::map<std::string, std::shared_ptr<const spec::Workflow>, std::less<>> workflows;
  std::unique_ptr<store::Catalog> catalog;
  std::unique_ptr<store::ArtifactStore> artifacts;  // tells the catalogue, so it goes first
  std::unique_ptr<store::OutputStore> outputs;
  std::unique_ptr<store::RunStore> runs;
};

Session::Session(std::unique_ptr<State> state) : state_(std::move(state)) {}
Session::~Session() = default;

Result<std::unique_ptr<Session>> Session::open(SessionOptions options) {
  repo::Whereabouts whereabouts{.working_directory = options.directory};
  if (options.repository) whereabouts.flag = options.repository->string();
  if (options.env) whereabouts.environment = options.env("SWAMP_REPO_DIR");
  SWAMP_TRY(auto found, repo::Repo::find(whereabouts));
  return std::unique_ptr<Session>(new Session(std::make_unique<State>(std::move(options), std::move(found))));
}

const SessionOptions& Session::options() const { return state_->options; }

void Session::warn(const Error& error) const {
  if (state_->options.warn) state_->options.warn(error);
}

std::optional<std::string> Session::env(std::string_view name) const {
  return state_->options.env ? state_->options.env(name) : std::nullopt;
}

const repo::Repo& Session::repo() const { return state_->repo; }
const store::Layout& Session::layout() const { return state_->layout; }

const model::Registry& Session::types() {
  if (!state_->types) state_->types = model::builtin_types();
  return *state_->types;
}

BlockingPool& Session::pool() {
  if (!state_->pool) state_->pool = std::make_unique<BlockingPool>(pool_size());
  return *state_->pool;
}

Result<repo::DocumentIndex*> Session::documents() {
  if (!state_->documents) {
    SWAMP_TRY(auto index, repo::DocumentIndex::open(state_->repo));
    state_->documents = std::move(index);
    for (const Error& warning : state_->documents->warnings()) {
      warn(warning);
    }
  }
  return &*state_->documents;
}

Result<std::shared_ptr<const spec::Definition>> Session::read_definition(const repo::DocumentEntry& entry) {
  if (auto known = state_->definitions.find(entry.path); known != state_->definitions.end()) return known->second;
  SWAMP_TRY(auto document, read_document(state_->repo, entry.path));
  SWAMP_TRY(auto definition, spec::decode_definition(document, type_of_folder(entry.path)));
  for (const Error& unknown : definition.unknown_keys) {
    warn(unknown);
  }
  auto shared = std::make_shared<const spec::Definition>(std::move(definition));
  state_->definitions.emplace(entry.path, shared);
  return shared;
}

Result<std::shared_ptr<const spec::Workflow>> Session::read_workflow(const repo::DocumentEntry& entry) {
  if (auto known = state_->workflows.find(entry.path); known != state_->workflows.end()) return known->second;
  SWAMP_TRY(auto document, read_document(state_->repo, entry.path));
  SWAMP_TRY(auto workflow, spec::decode_workflow(document));
  auto shared = std::make_shared<const spec::Workflow>(std::move(workflow));
  state_->workflows.emplace(entry.path, shared);
  return shared;
}

store::Catalog& Session::catalog() {
  if (!state_->catalog) {
    state_->catalog = std::make_unique<store::Catalog>(store::Catalog::Options{
        .file = layout().catalog(), .root = layout().data, .original = layout().original_catalog()});
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
  auto entry = documents->find_definition(name_or_id);
  if (entry) {
    SWAMP_TRY(auto definition, session.read_definition(**entry));
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
