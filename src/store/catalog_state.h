#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "async/guarded.h"
#include "store/catalog.h"
#include "store/catalog_scan.h"
#include "store/catalog_writer.h"
#include "store/group_worker.h"
#include "store/sqlite.h"

namespace swamp::store {

/// The writing thread with its connection, and the connections that read.
struct Catalog::State {
  struct Change {
    enum class Kind : std::uint8_t { add, remove_name, remove_version, remove_instance };
    Kind kind = Kind::add;
    Artifact artifact;  // of a removal only what it names
    std::string content;
  };
  /// Something to do between two groups of changes.
  struct Call {
    std::function<Result<>(CatalogWriter&)> work;  // empty: nothing but telling
    std::function<void(Result<>)> done;
  };
  using Item = std::variant<Change, Call>;

  explicit State(Options given);

  /// Runs `use` on the writing thread after everything queued before, and waits for it.
  Result<> call(std::function<Result<>(CatalogWriter&)> use);
  void push(Change change) { worker.push(std::move(change), Urgency::may_wait); }

  /// Brings the catalogue up to date and runs `use` with a connection that reads. Where the file
  /// turns out to be damaged it is made anew, and `use` runs once more.
  Result<> read(const std::function<Result<>(const Database&)>& use);

  Result<std::vector<Error>> bring_up_to_date();
  Result<std::vector<Error>> rebuild();
  /// Runs `work` on the writing thread and returns what could not be read.
  Result<std::vector<Error>> scanned(const std::function<Result<>(CatalogScan&)>& work);

  const Options options;

  // Only the writing thread uses these.
  std::optional<CatalogWriter> writer;
  std::optional<Error> failure;  // the first since the last flush()
  bool is_checked = false;       // the files were looked at since this catalogue was opened

  struct Readers {
    std::uint64_t generation = 0;
    std::vector<Database> idle;
  };
  Guarded<Readers> readers;
  std::atomic<std::uint64_t> generation{0};  // grows when the file is replaced

 private:
  Result<Database> lend_reader();
  void give_back(Database reader);
  Result<> read_once(const std::function<Result<>(const Database&)>& use);
  void work(std::vector<Item> group);
  void write(std::vector<Change> changes);
  Result<> apply(const Change& change, CatalogWriter& to);
  Result<> with_writer(const std::function<Result<>(CatalogWriter&)>& use);
  Result<> open_writer();
  Result<> discard();
  std::filesystem::path distrust_mark() const;

 public:
  /// A transaction writes whole pages, many times what one change needs: changes wait for others,
  /// unless somebody waits for them.
  static constexpr std::chrono::milliseconds kPatience{25};
  GroupWorker<Item> worker{[this](std::vector<Item> group) { work(std::move(group)); },
                           kPatience};  // goes first
};

}  // namespace swamp::store
