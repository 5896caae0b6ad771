#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace swamp {

/// Wall-clock time to the millisecond: the precision of every time stamp that swamp writes.
using Timestamp = std::chrono::sys_time<std::chrono::milliseconds>;

/// Where time comes from. Handed in, so that tests decide it. Safe from any thread.
class Clock {
 public:
  virtual ~Clock() = default;

  virtual Timestamp now() const = 0;

  /// For measuring; never goes back.
  virtual std::chrono::steady_clock::time_point steady() const = 0;
};

/// The clock of the machine.
const Clock& system_clock();

/// `2026-11-20T21:28:59.034Z`
std::string to_iso8601(Timestamp time);

/// Reads RFC 3339, with or without fraction (cut to milliseconds), `Z` or an offset. Empty when it
/// is not one.
std::optional<Timestamp> parse_iso8601(std::string_view text);

/// Where new ids and other randomness come from. Handed in for the same reason. Safe from any
/// thread.
class IdSource {
 public:
  virtual ~IdSource() = default;

  /// A random UUID (RFC 9562 version 4), lower case.
  virtual std::string uuid() = 0;
};

/// Ids from the kernel's random numbers.
IdSource& random_ids();

/// Whether `text` has the form of a UUID of any version, in either case.
bool is_uuid(std::string_view text);

/// Formats 16 bytes as a lower-case UUID.
std::string format_uuid(const unsigned char (&bytes)[16]);

}  // namespace swamp
