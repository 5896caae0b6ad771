#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "value/value.h"

namespace swamp::store {

/// Reads the members of a stored map. The first thing found wrong is kept, everything after it
/// reads as empty, and finish() tells it: so a decoder is a plain list of its fields.
class FieldReader {
 public:
  /// `what` is what messages call the document: `metadata`. Must outlive this, like `value`.
  FieldReader(const Value& value, std::string_view what);

  std::string text(std::string_view key);     // required, not empty
  std::string text_if(std::string_view key);  // empty when absent or null
  std::int64_t integer(std::string_view key);
  std::optional<std::int64_t> integer_if(std::string_view key);
  Timestamp time(std::string_view key);
  std::optional<Timestamp> time_if(std::string_view key);
  bool flag(std::string_view key, bool otherwise);
  /// The member itself; null when absent.
  const Value& member(std::string_view key) const { return value_[key]; }
  /// A list; nothing when absent or null.
  const List& list(std::string_view key);

  /// The value of a nested decoder, or an empty one after its error was kept.
  template <class T>
  T take(Result<T> nested) {
    if (nested) return *std::move(nested);
    keep(std::move(nested).error());
    return T{};
  }

  void refuse(std::string message);
  Result<> finish() const;

 private:
  void keep(Error error);
  void refuse_kind(std::string_view key, std::string_view wanted);

  const Value& value_;
  std::string_view what_;
  std::optional<Error> error_;
};

/// Sets `key` unless the text is empty; the same for a value that is null, a time or number that is
/// absent.
void set_if(Map& map, std::string_view key, const std::string& text);
void set_if(Map& map, std::string_view key, const Value& value);
void set_if(Map& map, std::string_view key, const std::optional<Timestamp>& time);
void set_if(Map& map, std::string_view key, const std::optional<std::int64_t>& number);

}  // namespace swamp::store
