#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace swamp::store {

/// A prepared statement. Bind (parameters count from 1), step through the rows, reset. Errors of
/// binding show in step().
class Statement {
 public:
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}

  Statement& bind(int parameter, std::string_view text);
  Statement& bind(int parameter, std::int64_t number);
  Statement& bind(int parameter, double number);
  Statement& bind_null(int parameter);

  /// Whether there is a row.
  Result<bool> step();
  /// Runs to the end and makes the statement ready for the next use.
  Result<> run();
  void reset();

  // Of the current row, columns count from 0. Views hold until the next step.
  std::string_view text(int column) const;
  std::int64_t integer(int column) const;
  bool is_null(int column) const;

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

enum class Access : std::uint8_t { read, write };

/// A connection to one database file. Used by one thread at a time.
class Database {
 public:
  /// Access::write makes the file when it is absent and switches it to WAL. Waits up to 5 s where
  /// another process writes.
  static Result<Database> open(const std::filesystem::path& file, Access access);

  Result<> execute(const char* sql);
  Result<Statement> prepare(std::string_view sql) const;
  std::int64_t changes() const;

 private:
  struct Close {
    void operator()(sqlite3* database) const;
  };
  explicit Database(sqlite3* database) : database_(database) {}
  Result<> switch_to_wal();
  void empty_long_log(const std::filesystem::path& file);

  std::unique_ptr<sqlite3, Close> database_;
};

/// Whether an error says that the file itself is damaged, or is no database at all.
bool is_damage(const Error& error);

}  // namespace swamp::store
