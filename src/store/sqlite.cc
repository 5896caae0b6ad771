#include "store/sqlite.h"

#include <chrono>
#include <thread>

#include <fmt/format.h>
#include <sqlite3.h>

#include "store/json_member.h"

namespace swamp::store {
namespace {

constexpr std::string_view kDamaged = "catalog_damaged";
constexpr int kWaitMs = 5000;

Error error_of(sqlite3* database) {
  const int code = sqlite3_errcode(database);
  Error error{.code = ErrorCode::unavailable,
              .message = fmt::format("the catalogue: {}", sqlite3_errmsg(database))};
  if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB) error.name = kDamaged;
  // Ours is the only hand that writes the tables: SQL that does not fit them is a file that does
  // not.
  if (code == SQLITE_ERROR) error.name = kDamaged;
  return error;
}

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

Statement& Statement::bind(int parameter, std::string_view text) {
  if (text.data() == nullptr) text = "";  // a null pointer would be bound as NULL
  sqlite3_bind_text64(statement_.get(), parameter, text.data(), text.size(), SQLITE_TRANSIENT,
                      SQLITE_UTF8);
  return *this;
}

Statement& Statement::bind(int parameter, std::int64_t number) {
  sqlite3_bind_int64(statement_.get(), parameter, number);
  return *this;
}

Statement& Statement::bind(int parameter, double number) {
  sqlite3_bind_double(statement_.get(), parameter, number);
  return *this;
}

Statement& Statement::bind_null(int parameter) {
  sqlite3_bind_null(statement_.get(), parameter);
  return *this;
}

Result<bool> Statement::step() {
  switch (sqlite3_step(statement_.get())) {
    case SQLITE_ROW:
      return true;
    case SQLITE_DONE:
      return false;
    default:
      return fail(error_of(sqlite3_db_handle(statement_.get())));
  }
}

Result<> Statement::run() {
  for (;;) {
    const auto more = step();
    if (more && *more) continue;
    // An error must be read before reset() clears it.
    reset();
    if (!more) return fail(more.error());
    return {};
  }
}

void Statement::reset() {
  sqlite3_reset(statement_.get());
}

std::string_view Statement::text(int column) const {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
  if (!bytes) return {};
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

void Database::Close::operator()(sqlite3* database) const {
  sqlite3_close_v2(database);
}

Result<Database> Database::open(const std::filesystem::path& file, Access access) {
  const int flags =
      access == Access::write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
  sqlite3* handle = nullptr;
  const int opened = sqlite3_open_v2(file.c_str(), &handle, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  Database database(handle);  // to be closed even when opening failed
  if (opened != SQLITE_OK) {
    if (!handle) return fail(ErrorCode::unavailable, "the catalogue: out of memory");
    return fail(error_of(handle).while_doing(fmt::format("opening '{}'", file.string())));
  }
  sqlite3_busy_timeout(handle, kWaitMs);
  add_json_functions(handle);
  // The last to close would otherwise sync and copy the log; the next to write does that when it is
  // due.
  sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  if (access == Access::write) {
    // A file that is only just made need not outlive a power cut. From then on NORMAL syncs at
    // checkpoints alone: a cut may cost the last rows, never the file.
    SWAMP_CHECK(database.execute("PRAGMA synchronous = OFF"));
    SWAMP_CHECK(database.switch_to_wal());
    SWAMP_CHECK(database.execute("PRAGMA synchronous = NORMAL"));
    database.empty_long_log(file);
  } else {
    // Pages are looked at where the kernel has them, not copied one system call at a time.
    SWAMP_CHECK(database.execute("PRAGMA mmap_size = 1073741824"));
  }
  return database;
}

/// The first process to come reads the log to its end before it does anything else, and does so
/// each time until the log is in the file.
void Database::empty_long_log(const std::filesystem::path& file) {
  constexpr std::uintmax_t kLong = std::uintmax_t{1} << 20;
  std::error_code is_absent;
  const auto size = std::filesystem::file_size(file.string() + "-wal", is_absent);
  if (is_absent || size < kLong) return;
  sqlite3_busy_timeout(database_.get(), 0);  // whoever reads it just now needs it
  (void)execute("PRAGMA wal_checkpoint(TRUNCATE)");
  sqlite3_busy_timeout(database_.get(), kWaitMs);
}

Result<> Database::switch_to_wal() {
  // Here SQLite does not wait for others by itself.
  constexpr int kTries = 8;
  auto pause = std::chrono::milliseconds(5);
  for (int attempt = 1;; ++attempt, pause *= 2) {
    auto switched = execute("PRAGMA journal_mode = WAL");
    const bool is_busy = !switched && sqlite3_errcode(database_.get()) == SQLITE_BUSY;
    if (!is_busy || attempt == kTries) return switched;
    std::this_thread::sleep_for(pause);
  }
}

Result<> Database::execute(const char* sql) {
  if (sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr) == SQLITE_OK) return {};
  return fail(error_of(database_.get()));
}

Result<Statement> Database::prepare(std::string_view sql) const {
  sqlite3_stmt* statement = nullptr;
  const int prepared = sqlite3_prepare_v3(database_.get(), sql.data(), static_cast<int>(sql.size()),
                                          0, &statement, nullptr);
  if (prepared != SQLITE_OK) return fail(error_of(database_.get()));
  return Statement(statement);
}

std::int64_t Database::changes() const {
  return sqlite3_changes64(database_.get());
}

bool is_damage(const Error& error) {
  return error.name == kDamaged;
}

}  // namespace swamp::store
