#include "store/catalog.h"

#include <chrono>
#include <future>
#include <set>
#include <thread>
#include <unistd.h>
#include <variant>

#include <fmt/format.h>

#include "os/directory.h"
#include "os/file.h"
#include "store/catalog_scan.h"
#include "store/catalog_state.h"
#include "store/catalog_table.h"
#include "store/catalog_writer.h"

namespace swamp::store {

namespace fs = std::filesystem;

namespace {

Result<std::vector<CatalogRow>> find_rows(const Database& database, const CatalogFilter& filter) {
  std::string sql = fmt::format("SELECT {} FROM artifacts WHERE 1", artifact_columns());
  std::vector<std::string_view> texts;
  const auto where = [&](std::string_view column, std::string_view text) {
    if (text.empty()) return;
    texts.push_back(text);
    sql += fmt::format(" AND {} = ?{}", column, texts.size());
  };
  where("type", filter.type);
  where("model_id", filter.model_id);
  where("name", filter.name);
  where("model_name", filter.model_name);
  where("spec_name", filter.spec_name);
  where("workflow_run_id", filter.workflow_run_id);
  where("id", filter.data_id);
  if (filter.version) sql += fmt::format(" AND version = {}", *filter.version);
  if (filter.latest_only) sql += " AND is_latest = 1";
  if (!filter.include_deleted) sql += " AND is_live = 1";
  sql += " ORDER BY type, model_id, name, version";

  SWAMP_TRY(auto select, database.prepare(sql));
  for (std::size_t i = 0; i < texts.size(); ++i)
    select.bind(static_cast<int>(i) + 1, texts[i]);
  std::vector<CatalogRow> rows;
  for (;;) {
    SWAMP_TRY(const bool more, select.step());
    if (!more) return rows;
    auto row = read_row(select);
    const auto* tag = filter.tag ? row.artifact.metadata.tags.find(filter.tag->first) : nullptr;
    if (!filter.tag || (tag && *tag == filter.tag->second)) rows.push_back(std::move(row));
  }
}

}  // namespace

// --- the writing thread ---

Catalog::State::State(Options given) : options(std::move(given)) {}

fs::path Catalog::State::distrust_mark() const {
  return options.file.string() + "-distrusted";
}

Result<> Catalog::State::open_writer() {
  if (writer) return {};
  SWAMP_CHECK(os::make_directories(options.file.parent_path()));
  if (os::exists(distrust_mark())) SWAMP_CHECK(discard());
  auto opened = CatalogWriter::open(options.file);
  if (!opened && is_damage(opened.error())) {
    SWAMP_CHECK(discard());
    opened = CatalogWriter::open(options.file);
  }
  if (!opened) return fail(std::move(opened).error());
  writer.emplace(*std::move(opened));
  return {};
}

Result<> Catalog::State::discard() {
  writer.reset();
  for (const char* ending : {"", "-wal", "-shm", "-distrusted"}) {
    SWAMP_CHECK(os::remove_file(options.file.string() + ending));
  }
  generation.fetch_add(1);  // readers let go of the old file
  return {};
}

void Catalog::State::work(std::vector<Item> group) {
  std::vector<Change> changes;
  for (Item& item : group) {
    if (auto* call = std::get_if<Call>(&item)) {
      write(std::exchange(changes, {}));
      call->done(call->work ? with_writer(call->work) : Result<>{});
    } else {
      changes.push_back(std::get<Change>(std::move(item)));
    }
  }
  write(std::move(changes));
}

Result<> Catalog::State::with_writer(const std::function<Result<>(CatalogWriter&)>& use) {
  SWAMP_CHECK(open_writer());
  auto done = use(*writer);
  if (done || !is_damage(done.error())) return done;
  // The files know everything the catalogue knew.
  SWAMP_CHECK(discard());
  SWAMP_CHECK(open_writer());
  return use(*writer);
}

void Catalog::State::write(std::vector<Change> changes) {
  if (changes.empty()) return;
  auto written = with_writer([&](CatalogWriter& to) -> Result<> {
    SWAMP_CHECK(to.begin());
    Result<> done;
    for (const Change& change : changes) {
      done = apply(change, to);
      if (!done) break;
    }
    if (done) done = to.commit();
    if (!done) to.roll_back();
    return done;
  });
  if (written) return;
  if (!failure) failure = std::move(written).error();
  (void)os::write_file_atomically(distrust_mark(), "");
}

Result<> Catalog::State::apply(const Change& change, CatalogWriter& to) {
  switch (change.kind) {
    case Change::Kind::add:
      return to.add(change.artifact, change.content);
    case Change::Kind::remove_name:
      return to.remove(change.artifact.key);
    case Change::Kind::remove_version:
      return to.remove_version(change.artifact.key, change.artifact.metadata.version);
    case Change::Kind::remove_instance:
      return to.remove_instance(change.artifact.key.instance());
  }
  return {};
}

Result<> Catalog::State::call(std::function<Result<>(CatalogWriter&)> use) {
  auto answer = std::make_shared<std::promise<Result<>>>();
  auto result = answer->get_future();
  worker.push(
      Call{std::move(use), [answer](Result<> done) { answer->set_value(std::move(done)); }});
  return result.get();
}

// --- reading ---

Result<Database> Catalog::State::lend_reader() {
  const auto current = generation.load();
  auto idle = readers.with([&](Readers& all) -> std::optional<Database> {
    if (std::exchange(all.generation, current) != current) all.idle.clear();
    if (all.idle.empty()) return std::nullopt;
    auto taken = std::move(all.idle.back());
    all.idle.pop_back();
    return taken;
  });
  if (idle) return *std::move(idle);
  return Database::open(options.file, Access::read);
}

void Catalog::State::give_back(Database reader) {
  readers.with([&](Readers& all) {
    if (all.generation == generation.load()) all.idle.push_back(std::move(reader));
  });
}

Result<> Catalog::State::read_once(const std::function<Result<>(const Database&)>& use) {
  SWAMP_TRY(auto reader, lend_reader());
  SWAMP_CHECK(use(reader));
  give_back(std::move(reader));
  return {};
}

Result<> Catalog::State::read(const std::function<Result<>(const Database&)>& use) {
  SWAMP_CHECK(bring_up_to_date());
  auto done = read_once(use);
  if (done || !is_damage(done.error())) return done;
  const auto anew = [this](CatalogWriter&) -> Result<> {
    SWAMP_CHECK(discard());
    return open_writer();
  };
  SWAMP_CHECK(call(anew));
  SWAMP_CHECK(rebuild());
  return read_once(use);
}

Result<std::vector<Error>> Catalog::State::bring_up_to_date() {
  return scanned([this](CatalogScan& scan) -> Result<> {
    if (is_checked) return scan.follow_original();
    SWAMP_CHECK(scan.bring_up_to_date());
    is_checked = true;
    return {};
  });
}

Result<std::vector<Error>> Catalog::State::rebuild() {
  return scanned([](CatalogScan& scan) { return scan.rebuild(); });
}

Result<std::vector<Error>> Catalog::State::scanned(
    const std::function<Result<>(CatalogScan&)>& work) {
  std::vector<Error> warnings;
  const auto scan_files = [&, this](CatalogWriter& to) -> Result<> {
    CatalogScan scan(to, options.root, options.original);
    auto done = work(scan);
    warnings = scan.take_warnings();
    return done;
  };
  SWAMP_CHECK(call(scan_files));
  return warnings;
}

// --- the interface ---

Catalog::Catalog(Options options) : state_(std::make_unique<State>(std::move(options))) {}

Catalog::~Catalog() = default;

const fs::path& Catalog::root() const {
  return state_->options.root;
}

void Catalog::add(const Artifact& artifact, std::string content) {
  state_->push({State::Change::Kind::add, artifact, std::move(content)});
}

void Catalog::remove(const ArtifactKey& key) {
  state_->push({State::Change::Kind::remove_name, {.key = key}, {}});
}

void Catalog::remove_version(const ArtifactKey& key, std::uint32_t version) {
  state_->push(
      {State::Change::Kind::remove_version, {.key = key, .metadata = {.version = version}}, {}});
}

void Catalog::remove_instance(const Instance& instance) {
  state_->push(
      {State::Change::Kind::remove_instance, {.key = {instance.type, instance.model_id, {}}}, {}});
}

Result<> Catalog::flush() {
  std::optional<Error> failure;
  auto answer = std::make_shared<std::promise<void>>();
  auto done = answer->get_future();
  state_->worker.push(State::Call{{}, [this, &failure, answer](Result<>) {
                                    failure = std::exchange(state_->failure, std::nullopt);
                                    answer->set_value();
                                  }});
  done.get();
  if (failure) return fail(*std::move(failure));
  return {};
}

Result<std::vector<Error>> Catalog::bring_up_to_date() {
  return state_->bring_up_to_date();
}

Result<std::vector<Error>> Catalog::rescan(std::span<const Instance> instances) {
  return state_->scanned([&](CatalogScan& scan) {
    return scan.rescan({instances.begin(), instances.end()});
  });
}

Result<std::vector<Error>> Catalog::rescan_all() {
  return state_->rebuild();
}

Result<> Catalog::compact() {
  return state_->call([](CatalogWriter& writer) { return writer.compact(); });
}

Result<std::vector<CatalogRow>> Catalog::find(const CatalogFilter& filter) {
  std::vector<CatalogRow> rows;
  const auto find = [&](const Database& database) -> Result<> {
    SWAMP_TRY(rows, find_rows(database, filter));
    return {};
  };
  SWAMP_CHECK(state_->read(find));
  return rows;
}

}  // namespace swamp::store
