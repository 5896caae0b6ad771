#include "store/journal.h"

#include <algorithm>
#include <cassert>
#include <fcntl.h>
#include <future>
#include <mutex>
#include <unistd.h>
#include <variant>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>

#include "async/event.h"
#include "os/directory.h"
#include "os/file.h"
#include "os/kernel_lock.h"
#include "os/process_info.h"
#include "os/system_error.h"
#include "store/group_worker.h"
#include "store/journal_folder.h"
#include "store/journal_format.h"
#include "value/json.h"

namespace swamp::store {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kOpened = "journal-opened";
constexpr std::string_view kSealed = "journal-sealed";
constexpr std::size_t kWriteAtOnce = std::size_t{1} << 20;
// Records that nobody waits for are written together: to wake the worker costs more than to write.
constexpr std::chrono::milliseconds kGather{1};

struct Frame {
  std::string bytes;  // empty: the record is too large to be one
  std::vector<fs::path> sync_first;
};

/// Somebody waits for everything appended before.
struct Wait {
  bool for_sync = false;
  Journal::Sequence upto = 0;
  std::function<void(Result<>)> done;
};

std::string opened_payload() {
  Map record;
  record.set("kind", kOpened);
  record.set("boot", os::boot_id());
  return write_json(record);
}

}  // namespace

struct Journal::State {
  using Item = std::variant<Frame, Wait>;

  State(fs::path where, os::Descriptor opened) : path(std::move(where)), file(std::move(opened)) {}

  void work(std::vector<Item> group);
  void take(Frame frame);
  void write_buffer();
  void sync(Sequence upto);
  Result<> sync_content(const fs::path& content) const;
  Result<> sync_name();
  Result<> outcome() const;

  const fs::path path;
  const os::Descriptor file;

  std::mutex order;  // numbers are given in the order in which items are queued
  Sequence last = 0;
  std::atomic<Sequence> durable{0};
  bool closed = false;

  // Only the worker's thread uses these.
  bool has_durable_name = false;
  std::string buffer;
  std::optional<Error>
      failure;  // the first; nothing is written after it, so that no record has a gap before it

  GroupWorker<Item> worker{[this](std::vector<Item> group) { work(std::move(group)); }, kGather};
};

void Journal::State::work(std::vector<Item> group) {
  std::vector<Wait> waits;
  for (Item& item : group) {
    if (auto* frame = std::get_if<Frame>(&item)) {
      take(std::move(*frame));
    } else {
      waits.push_back(std::move(std::get<Wait>(item)));
    }
  }
  write_buffer();
  Sequence upto = 0;
  for (const Wait& wait : waits) {
    if (wait.for_sync) upto = std::max(upto, wait.upto);
  }
  if (upto > durable.load()) sync(upto);
  for (const Wait& wait : waits)
    wait.done(outcome());
}

void Journal::State::take(Frame frame) {
  for (const fs::path& content : frame.sync_first) {
    write_buffer();  // what came before need not wait for this content
    if (failure) return;
    if (auto synced = sync_content(content); !synced) failure = std::move(synced).error();
  }
  if (frame.bytes.empty() && !failure)
    failure = Error{.code = ErrorCode::invalid_input,
                    .message = "a record of the journal is larger than 256 MiB"};
  buffer += frame.bytes;
  if (buffer.size() >= kWriteAtOnce) write_buffer();
}

void Journal::State::write_buffer() {
  if (!failure && !buffer.empty()) {
    if (auto written = os::write_all(file, buffer, path); !written)
      failure = std::move(written).error();
  }
  buffer.clear();
}

void Journal::State::sync(Sequence upto) {
  if (failure) return;
  if (auto synced = os::sync_content(file, path); !synced) {
    failure = std::move(synced).error();
    return;
  }
  if (auto named = sync_name(); !named) {
    failure = std::move(named).error();
    return;
  }
  durable.store(upto);
}

/// A file is there after a crash only when its name is, in every folder on the way. `.journals`
/// and the two above it may be as new as the journal.
Result<> Journal::State::sync_name() {
  constexpr int kFolders = 3;
  if (std::exchange(has_durable_name, true)) return {};
  fs::path folder = path.parent_path();
  for (int i = 0; i < kFolders; ++i, folder = folder.parent_path()) {
    SWAMP_CHECK(os::sync_directory(folder));
  }
  return {};
}

/// The same for content, up to the folder that holds the journal too.
Result<> Journal::State::sync_content(const fs::path& content) const {
  SWAMP_CHECK(os::sync_file(content));
  const auto holds_journal = [this](const fs::path& folder) {
    const auto below = path.lexically_relative(folder);
    return !below.empty() && *below.begin() != "..";
  };
  fs::path folder = content.parent_path();  // sync_file() saw to this one
  while (!holds_journal(folder)) {
    folder = folder.parent_path();
    SWAMP_CHECK(os::sync_directory(folder));
  }
  return {};
}

Result<> Journal::State::outcome() const {
  if (failure) return fail(*failure);
  return {};
}

Journal::Journal(std::unique_ptr<State> state) : state_(std::move(state)) {}

Journal::~Journal() = default;

namespace {

/// Empty when somebody who cleans up after a crash took the file before we had locked it.
Result<std::optional<os::Descriptor>> try_make_locked(const fs::path& path) {
  // It gets its name only once it is locked: whoever finds it unlocked may conclude that its run is
  // dead.
  const fs::path unnamed = path.parent_path() / fmt::format(".{}.tmp", random_ids().uuid());
  SWAMP_TRY(auto file, os::open_descriptor(unnamed, O_RDWR | O_CREAT | O_EXCL | O_APPEND, "make"));
  std::string head(kJournalMagic);
  append_frame(head, opened_payload());
  bool is_taken = false;
  auto ready = [&]() -> Result<> {
    SWAMP_TRY(const bool locked, os::try_kernel_lock(file, os::LockMode::exclusive, unnamed));
    is_taken = !locked;
    if (is_taken) return {};
    SWAMP_CHECK(os::write_all(file, head, path));
    if (::link(unnamed.c_str(), path.c_str()) == 0) return {};
    is_taken = errno == ENOENT;
    return is_taken ? Result<>() : fail(os::system_error(errno, "make", path));
  }();
  ::unlink(unnamed.c_str());
  if (!ready) return fail(std::move(ready).error());
  return is_taken ? std::nullopt : std::optional(std::move(file));
}

Result<os::Descriptor> make_locked(const fs::path& path) {
  constexpr int kMostTries = 10;
  for (int tries = 0; tries < kMostTries; ++tries) {
    SWAMP_TRY(auto file, try_make_locked(path));
    if (file) return *std::move(file);
  }
  return fail(ErrorCode::conflict,
              fmt::format("cannot keep '{}': it is taken away each time", path.string()));
}

}  // namespace

Result<std::unique_ptr<Journal>> Journal::create(const fs::path& path) {
  SWAMP_CHECK(os::make_directories(path.parent_path()));
  SWAMP_TRY(auto file, make_locked(path));
  return std::unique_ptr<Journal>(new Journal(std::make_unique<State>(path, std::move(file))));
}

Result<std::unique_ptr<Journal>> Journal::take_over(const fs::path& path, Content& content) {
  SWAMP_TRY(auto file, os::open_descriptor(path, O_RDWR | O_APPEND, "open"));
  SWAMP_TRY(const bool locked, os::try_kernel_lock(file, os::LockMode::exclusive, path));
  // Between opening and locking somebody may have retired it.
  if (!os::is_still_at(file, path))
    return fail(ErrorCode::not_found, fmt::format("journal '{}' is gone", path.string()));
  if (!locked) {
    return fail(ErrorCode::conflict, fmt::format("the run of journal '{}' is alive", path.string()),
                "wait for it, or cancel it");
  }
  SWAMP_TRY(auto bytes, os::read_all(file, path));
  SWAMP_TRY(content, parse_journal(bytes, path.string()));
  SWAMP_TRY(const bool was_put_right, unmark_journal(path));
  if (was_put_right) content.outlived_boot = false;
  if (content.torn && ::ftruncate(file.get(), static_cast<off_t>(content.size)) != 0) {
    return fail(os::system_error(errno, "cut", path));
  }
  std::string head;
  append_frame(head, opened_payload());
  SWAMP_CHECK(os::write_all(file, head, path));
  return std::unique_ptr<Journal>(new Journal(std::make_unique<State>(path, std::move(file))));
}

Journal::Sequence Journal::append(Value record, std::vector<fs::path> sync_first) {
  assert(record["kind"].is_string());
  Frame frame{.sync_first = std::move(sync_first)};
  const auto payload = write_json(redacted(record));
  if (payload.size() <= kMaxPayload) append_frame(frame.bytes, payload);
  std::scoped_lock lock(state_->order);
  assert(!state_->closed);
  state_->worker.push(std::move(frame), Urgency::may_wait);
  return ++state_->last;
}

namespace {

/// What a task that waits for a sync shares with the worker.
struct Answer {
  explicit Answer(const asio::any_io_executor& executor) : ended(executor), guard(executor) {}

  void arrived() {
    guard.reset();
    ended.set();
  }

  Result<> result;
  Event ended;
  asio::executor_work_guard<asio::any_io_executor> guard;
};

}  // namespace

Task<> Journal::durable(Sequence sequence) {
  if (state_->durable.load() >= sequence) co_return Result<>{};
  auto executor = co_await asio::this_coro::executor;
  auto answer = std::make_shared<Answer>(executor);
  // The guard keeps the loop alive until the answer is there, and travels back with it: nothing of
  // the loop may be left with the worker, which may look at what it has done after the loop is
  // gone.
  std::function<void(Result<>)> done = [travelling = answer, executor](Result<> result) mutable {
    travelling->result = std::move(result);
    asio::post(executor, [travelling = std::move(travelling)] { travelling->arrived(); });
  };
  push_wait(sequence, true, std::move(done));
  co_await answer->ended.wait_regardless();  // a sync is short, and the answer must find somebody
  co_return std::move(answer->result);
}

Result<> Journal::wait_durable(Sequence sequence) {
  if (state_->durable.load() >= sequence) return {};
  return wait(sequence, true);
}

Result<> Journal::wait_written() {
  return wait(last(), false);
}

Result<> Journal::seal() {
  Map record;
  record.set("kind", kSealed);
  append(record);
  return close(JournalState::ended);
}

Result<> Journal::rest() {
  return close(JournalState::resting);
}

Result<> Journal::close(JournalState state) {
  std::unique_lock lock(state_->order);
  state_->closed = true;
  lock.unlock();
  SWAMP_CHECK(wait_written());
  (void)mark_journal(state_->path, state);  // without it somebody looks at the journal once more
  return {};
}

void Journal::push_wait(Sequence upto, bool for_sync, std::function<void(Result<>)> done) {
  std::scoped_lock lock(state_->order);
  // Everything queued by now gets the same sync.
  state_->worker.push(Wait{for_sync, std::max(upto, state_->last), std::move(done)});
}

Result<> Journal::wait(Sequence upto, bool for_sync) {
  auto answer = std::make_shared<std::promise<Result<>>>();
  auto result = answer->get_future();
  push_wait(upto, for_sync, [answer](Result<> ended) { answer->set_value(std::move(ended)); });
  return result.get();
}

Journal::Sequence Journal::last() const {
  std::scoped_lock lock(state_->order);
  return state_->last;
}

const fs::path& Journal::path() const {
  return state_->path;
}

// --- reading ---

Result<Journal::Content> parse_journal(std::string_view bytes, std::string_view name) {
  if (!bytes.starts_with(kJournalMagic)) {
    return fail(ErrorCode::invalid_input, fmt::format("'{}' is no journal", name));
  }
  bytes.remove_prefix(kJournalMagic.size());
  const std::string this_boot = os::boot_id();
  Journal::Content content;
  FrameReader frames(bytes);
  std::size_t good = 0;
  while (auto payload = frames.next()) {
    auto record = parse_json(*payload, name);
    if (!record || !(*record)["kind"].is_string()) break;
    good = frames.taken();
    const auto& kind = (*record)["kind"].as_string();
    if (kind == kOpened) {
      const Value& boot = (*record)["boot"];
      content.boot_id = boot.is_string() ? boot.as_string() : std::string();
      content.outlived_boot |= content.boot_id != this_boot;
      content.sealed = false;
    } else if (kind == kSealed) {
      content.sealed = true;
    } else {
      content.records.push_back(*std::move(record));
    }
  }
  content.torn = good < bytes.size();
  content.size = kJournalMagic.size() + good;
  return content;
}

Result<Journal::Content> read_journal(const fs::path& path) {
  SWAMP_TRY(auto file, os::open_descriptor(path, O_RDONLY, "read"));
  SWAMP_TRY(auto bytes, os::read_all(file, path));
  return parse_journal(bytes, path.string());
}

Result<bool> is_alive(const fs::path& journal) {
  SWAMP_TRY(auto file, os::open_if_there(journal, O_RDONLY, "open"));
  if (!file) return false;
  return os::is_kernel_locked(*file, journal);
}

}  // namespace swamp::store
