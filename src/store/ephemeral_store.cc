#include <atomic>
#include <charconv>
#include <set>

#include <fmt/format.h>

#include "base/ascii.h"
#include "os/directory.h"
#include "os/file.h"
#include "store/artifact_store.h"
#include "store/artifact_tree.h"
#include "store/catalog.h"
#include "store/journal.h"
#include "store/torn.h"

namespace swamp::store {

namespace fs = std::filesystem;

namespace {

std::string in_megabytes(std::uint64_t bytes) {
  return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1048576);
}

/// Bytes that may still be written.
class Budget {
 public:
  Budget(std::uint64_t limit, std::uint64_t used) : limit_(limit), used_(used) {}

  Result<> take(std::uint64_t bytes) {
    const auto before = used_.fetch_add(bytes);
    if (before + bytes <= limit_) return {};
    used_.fetch_sub(bytes);
    return fail(
        ErrorCode::invalid_input,
        fmt::format(
            "{} more would exceed the {} that ephemeral data may take in a run ({} are used)",
            in_megabytes(bytes), in_megabytes(limit_), in_megabytes(before)),
        "give large data the lifetime workflow or infinite, or raise SWAMP_EPHEMERAL_BUDGET");
  }

  void give_back(std::uint64_t bytes) { used_.fetch_sub(bytes); }

 private:
  const std::uint64_t limit_;
  std::atomic<std::uint64_t> used_;
};

/// Counts what goes through it, and at the end what others wrote into the file.
class BudgetedStream final : public StreamWriter {
 public:
  BudgetedStream(std::unique_ptr<StreamWriter> inner, Budget& budget, std::uint64_t taken)
      : inner_(std::move(inner)), budget_(budget), taken_(taken) {}

  ~BudgetedStream() override {
    if (!finalized_) budget_.give_back(taken_);
  }

  Result<> append(std::string_view bytes) override {
    SWAMP_CHECK(take(bytes.size()));
    return inner_->append(bytes);
  }

  const fs::path& path() const override { return inner_->path(); }
  std::uint32_t version() const override { return inner_->version(); }

  Result<Artifact> finalize() override {
    const auto status = os::find_identity(path());
    const auto size = status ? status->size : 0;
    if (size > taken_) SWAMP_CHECK(take(size - taken_));
    SWAMP_TRY(auto artifact, inner_->finalize());
    finalized_ = true;
    return artifact;
  }

 private:
  Result<> take(std::uint64_t bytes) {
    SWAMP_CHECK(budget_.take(bytes));
    taken_ += bytes;
    return {};
  }

  const std::unique_ptr<StreamWriter> inner_;
  Budget& budget_;
  std::uint64_t taken_;
  bool finalized_ = false;
};

std::uint64_t bytes_in(const fs::path& folder) {
  std::uint64_t bytes = 0;
  for (const Artifact& artifact : list_artifacts(folder).items)
    bytes += artifact.metadata.size.value_or(0);
  return bytes;
}

}  // namespace

struct EphemeralStore::State final : Artifacts {
  explicit State(Options given)
      : options(std::move(given)),
        catalog({.file = options.folder / "_swamp.db", .root = options.folder}),
        store({.root = options.folder,
               .clock = options.clock,
               .ids = options.ids,
               .catalog = &catalog}),
        budget(options.budget, bytes_in(options.folder)),
        has_data(os::exists(options.folder)) {}

  Result<Artifact> write(const Draft& draft) override {
    SWAMP_CHECK(budget.take(draft.content.size()));
    has_data = true;
    auto written = store.write(draft);
    if (!written) budget.give_back(draft.content.size());
    return written;
  }

  Result<std::unique_ptr<StreamWriter>> begin_stream(const Draft& draft) override {
    const auto size = draft.content.size();
    SWAMP_CHECK(budget.take(size));
    has_data = true;
    auto stream = store.begin_stream(draft);
    if (!stream) {
      budget.give_back(size);
      return stream;
    }
    return std::make_unique<BudgetedStream>(*std::move(stream), budget, size);
  }

  Result<Artifact> append(const ArtifactKey& key, std::string_view bytes) override {
    SWAMP_CHECK(budget.take(bytes.size()));
    auto appended = store.append(key, bytes);
    if (!appended) budget.give_back(bytes.size());
    return appended;
  }

  Result<> flush() override { return store.flush(); }

  Result<std::optional<Artifact>> latest(const ArtifactKey& key) const override {
    if (!has_data) return std::nullopt;
    return store.latest(key);
  }
  Result<std::optional<Artifact>> version(const ArtifactKey& key,
                                          std::uint32_t version) const override {
    if (!has_data) return std::nullopt;
    return store.version(key, version);
  }
  Result<std::vector<std::uint32_t>> versions(const ArtifactKey& key) const override {
    if (!has_data) return std::vector<std::uint32_t>{};
    return store.versions(key);
  }
  Result<std::vector<std::string>> names(const Instance& instance) const override {
    if (!has_data) return std::vector<std::string>{};
    return store.names(instance);
  }
  Result<std::string> content(const Artifact& artifact) const override {
    return store.content(artifact);
  }
  fs::path content_path(const Artifact& artifact) const override {
    return store.content_path(artifact);
  }

  const Options options;
  Catalog catalog;
  ArtifactStore store;
  Budget budget;
  std::atomic<bool> has_data;
};

EphemeralStore::EphemeralStore(Options options)
    : state_(std::make_unique<State>(std::move(options))) {}

EphemeralStore::~EphemeralStore() = default;

Artifacts& EphemeralStore::artifacts() {
  return *state_;
}

const Artifacts& EphemeralStore::artifacts() const {
  return *state_;
}

Catalog* EphemeralStore::catalog() {
  return empty() ? nullptr : &state_->catalog;
}

bool EphemeralStore::empty() const {
  return !state_->has_data;
}

Result<> EphemeralStore::recover(const List& records) {
  SWAMP_TRY(const auto items, journaled_artifacts(records));
  std::set<VersionName> named;
  std::set<Instance> instances;
  for (const JournaledArtifact& item : items) {
    if (item.artifact.metadata.lifetime != "ephemeral") continue;
    named.insert({item.artifact.key, item.artifact.metadata.version});
    instances.insert(item.artifact.key.instance());
  }
  if (named.empty() && empty()) return {};
  SWAMP_TRY(const auto others, remove_torn_versions(state_->options.folder, named));
  instances.insert(others.begin(), others.end());
  for (const JournaledArtifact& item : items) {
    if (item.artifact.metadata.lifetime != "ephemeral") continue;
    state_->has_data = true;
    if (item.content) {
      SWAMP_CHECK(state_->store.restore(item.artifact, *item.content));
      continue;
    }
    SWAMP_TRY(const auto check, state_->store.verify(item.artifact));
    if (check == ArtifactStore::Check::good)
      SWAMP_CHECK(state_->store.restore_metadata(item.artifact));
  }
  SWAMP_CHECK(state_->store.flush());
  const std::vector<Instance> all(instances.begin(), instances.end());
  SWAMP_CHECK(state_->catalog.rescan(all));
  return {};
}

Result<> EphemeralStore::remove() {
  const auto folder = state_->options.folder;
  state_.reset();  // closes the catalogue
  return os::remove_tree(folder);
}

// --- both stores as one ---

RunArtifacts::RunArtifacts(Artifacts& persistent, EphemeralStore& ephemeral)
    : persistent_(persistent), ephemeral_(ephemeral) {}

Result<Artifact> RunArtifacts::write(const Draft& draft) {
  return home_of(draft.lifetime).write(draft);
}

Result<std::unique_ptr<StreamWriter>> RunArtifacts::begin_stream(const Draft& draft) {
  return home_of(draft.lifetime).begin_stream(draft);
}

Result<Artifact> RunArtifacts::append(const ArtifactKey& key, std::string_view bytes) {
  SWAMP_TRY(const auto found, latest(key));
  return home_of(found ? found->metadata.lifetime : std::string_view()).append(key, bytes);
}

Result<> RunArtifacts::flush() {
  SWAMP_CHECK(ephemeral_.artifacts().flush());
  return persistent_.flush();
}

Result<std::optional<Artifact>> RunArtifacts::latest(const ArtifactKey& key) const {
  SWAMP_TRY(auto found, ephemeral_.artifacts().latest(key));
  if (found) return found;
  return persistent_.latest(key);
}

Result<std::optional<Artifact>> RunArtifacts::version(const ArtifactKey& key,
                                                      std::uint32_t version) const {
  SWAMP_TRY(auto found, ephemeral_.artifacts().version(key, version));
  if (found) return found;
  return persistent_.version(key, version);
}

Result<std::vector<std::uint32_t>> RunArtifacts::versions(const ArtifactKey& key) const {
  SWAMP_TRY(auto found, ephemeral_.artifacts().versions(key));
  if (!found.empty()) return found;
  return persistent_.versions(key);
}

Result<std::vector<std::string>> RunArtifacts::names(const Instance& instance) const {
  SWAMP_TRY(const auto own, ephemeral_.artifacts().names(instance));
  SWAMP_TRY(const auto others, persistent_.names(instance));
  std::vector<std::string> all;
  std::set_union(own.begin(), own.end(), others.begin(), others.end(), std::back_inserter(all));
  return all;
}

Result<std::string> RunArtifacts::content(const Artifact& artifact) const {
  return home_of(artifact.metadata.lifetime).content(artifact);
}

fs::path RunArtifacts::content_path(const Artifact& artifact) const {
  return home_of(artifact.metadata.lifetime).content_path(artifact);
}

Artifacts& RunArtifacts::home_of(std::string_view lifetime) const {
  return lifetime == "ephemeral" ? ephemeral_.artifacts() : persistent_;
}

Result<std::uint64_t> parse_ephemeral_budget(std::string_view text) {
  double number = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  std::string unit = to_lower(std::string_view(end, text.data() + text.size()));
  if (unit.ends_with('b')) unit.pop_back();
  const int shift = unit.empty() ? 0 : unit == "k" ? 10 : unit == "m" ? 20 : unit == "g" ? 30 : -1;
  const bool is_good = error == std::errc() && shift >= 0 && number > 0 && number < 1e9;
  if (is_good)
    return static_cast<std::uint64_t>(number * static_cast<double>(std::uint64_t{1} << shift));
  return fail(ErrorCode::invalid_input, fmt::format("'{}' is no amount of memory", text),
              "write it like 512m or 2g");
}

}  // namespace swamp::store
