#include "engine/method_locks.h"

#include <fmt/format.h>

#include "async/timeout.h"
#include "base/clock.h"
#include "os/directory.h"
#include "os/file.h"
#include "os/process_info.h"
#include "value/json.h"

namespace swamp::engine {
namespace {

/// Whether a lock file of the original says that somebody holds it: on this machine its process
/// lives, on another it was renewed within its time to live.
bool is_live(const Value& lock) {
  if (lock["hostname"] == Value(os::host_name())) {
    return lock["pid"].is_integer() && os::is_process_alive(lock["pid"].as_int());
  }
  const auto renewed =
      lock["acquiredAt"].is_string() ? parse_iso8601(lock["acquiredAt"].as_string()) : std::nullopt;
  const auto ttl =
      std::chrono::milliseconds(lock["ttlMs"].is_integer() ? lock["ttlMs"].as_int() : 30'000);
  return renewed && system_clock().now() < *renewed + ttl;
}

/// The live lock of the original at `path`, as its holder describes itself.
std::optional<std::string> original_holder(const std::filesystem::path& path) {
  auto text = os::read_file(path, 64 * 1024);
  if (!text) return std::nullopt;
  auto lock = parse_json(*text, path.string());
  if (!lock || !is_live(*lock)) return std::nullopt;
  return fmt::format("another swamp (process {} on '{}')", write_json((*lock)["pid"]),
                     (*lock)["hostname"].is_string() ? (*lock)["hostname"].as_string() : "?");
}

Error lock_timeout(Error error) {
  error.name = "lock_timeout";
  if (error.hint.empty()) error.hint = "try again later, or wait longer: SWAMP_LOCK_TIMEOUT_MS";
  return error;
}

}  // namespace

MethodLocks::MethodLocks(Options options) : options_(std::move(options)) {}

MethodLocks::Need MethodLocks::need_of(const model::Type& type, const model::Method& method) {
  using Kind = model::MethodKind;
  const bool changes_instance =
      method.kind == Kind::create || method.kind == Kind::update || method.kind == Kind::remove;
  return {.exclusive = changes_instance, .data_mutex = method.is_mutating() && !type.concurrent};
}

Task<MethodLocks::Held> MethodLocks::take(std::string type, std::string id, Need need,
                                          std::function<void(std::string_view)> on_wait) {
  if (!folder_made_) {
    SWAMP_CO_CHECK(os::make_directories(options_.folder));
    folder_made_ = true;
  }
  if (seen_.insert(id).second) SWAMP_CO_CHECK(co_await honour_original(type, id, on_wait));
  Held held;
  const auto mode = need.exclusive ? os::LockMode::exclusive : os::LockMode::shared;
  SWAMP_CO_TRY(held.instance, co_await take_one(options_.folder / (id + ".lock"), mode, on_wait));
  if (need.data_mutex) {
    SWAMP_CO_TRY(held.data, co_await take_one(options_.folder / (id + ".data.lock"),
                                              os::LockMode::exclusive, on_wait));
  }
  co_return held;
}

Task<os::FileLock> MethodLocks::take_one(std::filesystem::path path, os::LockMode mode,
                                         std::function<void(std::string_view)> on_wait) {
  os::LockWait wait{.limit = options_.limit};
  wait.on_contended = [on_wait](const std::optional<os::LockHolder>& holder) {
    if (on_wait) on_wait(holder ? holder->to_string() : "another process");
  };
  auto lock = co_await table_.lock(std::move(path), mode, std::move(wait));
  if (!lock) {
    if (lock.error().code == ErrorCode::timed_out)
      co_return fail(lock_timeout(std::move(lock).error()));
    co_return fail(std::move(lock).error());
  }
  if (mode == os::LockMode::exclusive) {
    SWAMP_CO_CHECK(lock->describe(os::LockHolder::self(options_.command)));
  }
  co_return std::move(*lock);
}

/// The original's locks are files that its processes renew and remove; nothing wakes who waits for
/// one.
Task<> MethodLocks::honour_original(std::string type, std::string id,
                                    std::function<void(std::string_view)> on_wait) {
  const auto path = options_.data / type / id / ".lock";
  auto holder = original_holder(path);
  if (!holder) co_return Result<>{};
  if (on_wait) on_wait(*holder);
  const auto until = std::chrono::steady_clock::now() + options_.limit;
  while (holder) {
    if (std::chrono::steady_clock::now() >= until) {
      co_return fail(
          lock_timeout(Error{.code = ErrorCode::timed_out,
                             .message = fmt::format("'{}' stayed locked by {}", id, *holder)}));
    }
    SWAMP_CO_CHECK(co_await sleep_for(std::chrono::milliseconds(250)));
    holder = original_holder(path);
  }
  co_return Result<>{};
}

}  // namespace swamp::engine
