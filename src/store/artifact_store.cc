#include "store/artifact_store.h"

#include <fcntl.h>

#include <fmt/format.h>

#include "os/descriptor.h"
#include "os/file.h"
#include "os/hash.h"
#include "store/artifact_store_state.h"
#include "store/artifact_tree.h"
#include "store/catalog.h"

namespace swamp::store {

namespace fs = std::filesystem;

namespace {

constexpr int kMostHops = 5;

/// The metadata of a draft, but for what is known only once its content is.
Result<Metadata> metadata_of(const Draft& draft, IdSource& ids) {
  SWAMP_CHECK(check_key(draft.key));
  SWAMP_TRY(auto lifetime, check_lifetime(draft.lifetime));
  SWAMP_CHECK(check_retention(draft.retention));
  if (!draft.tags.find("type")) {
    return fail(ErrorCode::invalid_input,
                fmt::format("data '{}' has no tag 'type'", draft.key.name));
  }
  if (draft.content_type.empty()) {
    return fail(ErrorCode::invalid_input,
                fmt::format("data '{}' has no content type", draft.key.name));
  }
  return Metadata{.id = ids.uuid(),
                  .name = draft.key.name,
                  .content_type = draft.content_type,
                  .lifetime = std::move(lifetime),
                  .retention = draft.retention,
                  .streaming = draft.streaming,
                  .tags = draft.tags,
                  .owner = draft.owner,
                  .lifecycle = draft.lifecycle};
}

}  // namespace

/// Writes into the folder it claimed; only finalize() lets anybody see it.
class ArtifactStore::Stream final : public StreamWriter {
 public:
  Stream(State& state, ArtifactKey key, Metadata metadata, State::Claim claim, os::Descriptor file)
      : state_(state),
        key_(std::move(key)),
        metadata_(std::move(metadata)),
        claim_(std::move(claim)),
        path_(claim_.folder / "raw"),
        file_(std::move(file)) {}

  ~Stream() override {
    if (!finalized_) state_.abandon(key_, claim_);
  }

  Result<> append(std::string_view bytes) override {
    SWAMP_CHECK(os::write_all(file_, bytes, path_));
    sum_.update(bytes);
    size_ += bytes.size();
    return {};
  }

  const fs::path& path() const override { return path_; }
  std::uint32_t version() const override { return claim_.version; }

  Result<Artifact> finalize() override {
    SWAMP_TRY(auto sum, measure());
    file_.close();
    metadata_.version = claim_.version;
    metadata_.size = sum.size;
    metadata_.checksum = std::move(sum.checksum);
    metadata_.created_at = state_.options.clock->now();
    std::string content;
    if (metadata_.is_json() && sum.size <= kWholeInCatalog) {
      SWAMP_TRY(auto bytes, os::read_file_if_there(path_));
      content = std::move(bytes).value_or(std::string{});
    }
    SWAMP_TRY(auto artifact, state_.publish(key_, claim_.folder, metadata_, content));
    finalized_ = true;
    return artifact;
  }

 private:
  static constexpr std::size_t kWholeInCatalog = 64 * 1024;

  struct FileSum {
    std::uint64_t size = 0;
    std::string checksum;
  };

  /// Our own sum, unless somebody else wrote into the file too.
  Result<FileSum> measure() {
    SWAMP_TRY(const auto written, os::identity_of(file_, path_));
    const auto now_there = os::find_identity(path_);
    const bool is_ours = now_there && now_there->inode == written.inode && written.size == size_;
    if (is_ours) return FileSum{size_, os::to_hex(sum_.finish())};
    SWAMP_TRY(auto checksum, os::sha256_hex_of_file(path_));
    return FileSum{now_there ? now_there->size : 0, std::move(checksum)};
  }

  State& state_;
  const ArtifactKey key_;
  Metadata metadata_;
  const State::Claim claim_;
  const fs::path path_;
  os::Descriptor file_;
  os::Sha256 sum_;
  std::uint64_t size_ = 0;
  bool finalized_ = false;
};

ArtifactStore::ArtifactStore(Options options)
    : state_(std::make_unique<State>(std::move(options))) {}

ArtifactStore::~ArtifactStore() {
  (void)state_->flush();
}  // a marker left behind is of no consequence

const fs::path& ArtifactStore::root() const {
  return state_->options.root;
}

Result<Artifact> ArtifactStore::write(const Draft& draft) {
  SWAMP_TRY(auto metadata, metadata_of(draft, *state_->options.ids));
  return state_->write_version(draft.key, std::move(metadata), draft.content);
}

Result<std::unique_ptr<StreamWriter>> ArtifactStore::begin_stream(const Draft& draft) {
  SWAMP_TRY(auto metadata, metadata_of(draft, *state_->options.ids));
  SWAMP_TRY(auto claim, state_->claim(draft.key, draft.owner));
  auto file =
      os::open_descriptor(claim.folder / "raw", O_WRONLY | O_CREAT | O_EXCL | O_APPEND, "make");
  if (!file) {
    state_->abandon(draft.key, claim);
    return fail(std::move(file).error());
  }
  auto stream = std::make_unique<Stream>(*state_, draft.key, std::move(metadata), std::move(claim),
                                         *std::move(file));
  if (!draft.content.empty()) SWAMP_CHECK(stream->append(draft.content));
  return std::unique_ptr<StreamWriter>(std::move(stream));
}

Result<Artifact> ArtifactStore::append(const ArtifactKey& key, std::string_view bytes) {
  SWAMP_TRY(auto found, latest(key));
  if (!found) return fail(ErrorCode::not_found, fmt::format("data '{}' does not exist", key.name));
  Artifact artifact = *std::move(found);
  if (!artifact.metadata.streaming) {
    return fail(ErrorCode::invalid_input, fmt::format("data '{}' is not streaming", key.name));
  }
  const auto path = content_path(artifact);
  {
    SWAMP_TRY(const auto file, os::open_descriptor(path, O_WRONLY | O_APPEND, "write"));
    SWAMP_CHECK(os::write_all(file, bytes, path));
    SWAMP_TRY(const auto written, os::identity_of(file, path));
    artifact.metadata.size = written.size;
    artifact.metadata.checksum.clear();
  }
  std::string whole;
  if (artifact.metadata.is_json()) {
    SWAMP_TRY(whole, content(artifact));
  }
  return state_->publish(artifact.key, path.parent_path(), artifact.metadata, whole);
}

Result<> ArtifactStore::flush() {
  return state_->flush();
}

Result<std::optional<Artifact>> ArtifactStore::latest(const ArtifactKey& key) const {
  ArtifactKey at = key;
  for (int hop = 0; hop <= kMostHops; ++hop) {
    if (!is_safe(at)) return std::nullopt;
    const auto newest = state_->newest(at);
    if (!newest) return std::nullopt;
    SWAMP_TRY(auto found, version(at, *newest));
    if (!found || found->metadata.renamed_to.empty()) return found;
    at.name = found->metadata.renamed_to;
  }
  return std::nullopt;
}

Result<std::optional<Artifact>> ArtifactStore::version(const ArtifactKey& key,
                                                       std::uint32_t version) const {
  if (!is_safe(key)) return std::nullopt;
  SWAMP_TRY(auto metadata, read_metadata(state_->folder(key, version)));
  if (!metadata) return std::nullopt;
  metadata->version = version;
  return Artifact{.key = key, .metadata = *std::move(metadata)};
}

Result<std::vector<std::uint32_t>> ArtifactStore::versions(const ArtifactKey& key) const {
  if (!is_safe(key)) return std::vector<std::uint32_t>{};
  return list_versions(state_->folder(key));
}

Result<std::vector<std::string>> ArtifactStore::names(const Instance& instance) const {
  return list_names(state_->options.root, instance);
}

Result<std::string> ArtifactStore::content(const Artifact& artifact) const {
  const auto path = content_path(artifact);
  SWAMP_TRY(auto bytes, os::read_file_if_there(path));
  if (bytes) return *std::move(bytes);
  return fail(ErrorCode::not_found, fmt::format("content of data '{}', version {}, is missing",
                                                artifact.key.name, artifact.metadata.version));
}

fs::path ArtifactStore::content_path(const Artifact& artifact) const {
  return state_->folder(artifact.key, artifact.metadata.version) / "raw";
}

Result<ArtifactStore::Check> ArtifactStore::verify(const Artifact& artifact) const {
  const auto path = content_path(artifact);
  const auto status = os::find_identity(path);
  if (!status) return Check::missing;
  const Metadata& metadata = artifact.metadata;
  if (metadata.size && *metadata.size != status->size) return Check::size_differs;
  if (metadata.checksum.empty()) return Check::no_checksum;
  SWAMP_TRY(const auto checksum, os::sha256_hex_of_file(path));
  return checksum == metadata.checksum ? Check::good : Check::checksum_differs;
}

}  // namespace swamp::store
