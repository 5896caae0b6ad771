#pragma once

#include <atomic>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace swamp {

class Value;
class Map;

/// A list of values.
using List = std::vector<Value>;

/// Where a secret string came from. Shared by every value computed from it.
struct SecretOrigin {
  /// What is written wherever the value is persisted or shown: the expression, as the user wrote it
  /// (`${{ vault.get('v', 'k') }}`), or a stored reference.
  std::string expression;
  /// Set only when the string is exactly the result of one vault.get: names the secret, never its
  /// value.
  std::string vault = {};
  std::string key = {};

  /// A run of bytes of the string.
  struct Range {
    std::size_t begin = 0;
    std::size_t end = 0;
  };
  /// Which bytes are secret, in order, when only some are (a text around an expression); empty: all
  /// of them. Lets a shell command keep its own words and take only the secret ones from variables.
  std::vector<Range> ranges = {};
};

/// A datum as YAML, JSON and expressions know it.
///
/// Copies are cheap (containers and strings are shared and copied when changed) and safe to hand to
/// another thread; one Value object is used by one thread at a time, like a std::string.
///
/// Numbers keep their kind: int64, uint64 (only for whole numbers above int64) and double. A whole
/// number knows whether it came from data (YAML, JSON, a file) or from a literal of an expression:
/// the dialect divides them differently. A string may be secret: see SecretOrigin. Equality looks
/// at values, not at these two marks, and compares numbers of different kinds by their mathematical
/// value.
class Value {
 public:
  enum class Kind : std::uint8_t { null, boolean, int64, uint64, real, string, list, map };

  Value() noexcept = default;
  Value(std::nullptr_t) noexcept {}                          // NOLINT(google-explicit-constructor)
  Value(bool value) noexcept;                                // NOLINT(google-explicit-constructor)
  Value(int value) noexcept : Value(std::int64_t{value}) {}  // NOLINT(google-explicit-constructor)
  Value(std::int64_t value) noexcept;                        // NOLINT(google-explicit-constructor)
  Value(std::uint64_t value) noexcept;                       // NOLINT(google-explicit-constructor)
  Value(double value) noexcept;                              // NOLINT(google-explicit-constructor)
  Value(std::string value);                                  // NOLINT(google-explicit-constructor)
  // NOLINTNEXTLINE(google-explicit-constructor)
  Value(std::string_view value) : Value(std::string(value)) {}
  Value(const char* value) : Value(std::string(value)) {}  // NOLINT(google-explicit-constructor)
  Value(List value);                                       // NOLINT(google-explicit-constructor)
  Value(Map value);                                        // NOLINT(google-explicit-constructor)

  /// A whole number written in an expression rather than found in data.
  static Value literal(std::int64_t value) noexcept;

  /// A string that may be shown only as `origin->expression`. `origin` must not be null.
  static Value secret(std::string value, std::shared_ptr<const SecretOrigin> origin);

  Value(const Value& other) noexcept;
  Value(Value&& other) noexcept;
  Value& operator=(const Value& other) noexcept;
  Value& operator=(Value&& other) noexcept;
  ~Value();

  Kind kind() const noexcept { return kind_; }
  bool is_null() const noexcept { return kind_ == Kind::null; }
  bool is_bool() const noexcept { return kind_ == Kind::boolean; }
  bool is_string() const noexcept { return kind_ == Kind::string; }
  bool is_list() const noexcept { return kind_ == Kind::list; }
  bool is_map() const noexcept { return kind_ == Kind::map; }
  bool is_integer() const noexcept { return kind_ == Kind::int64 || kind_ == Kind::uint64; }
  bool is_number() const noexcept { return is_integer() || kind_ == Kind::real; }
  bool is_from_data() const noexcept { return from_data_; }

  // The value as its kind, which must be the right one (asserted).
  bool as_bool() const;
  std::int64_t as_int() const;
  std::uint64_t as_uint() const;
  double as_double() const;
  const std::string& as_string() const;
  const List& as_list() const;
  const Map& as_map() const;

  // For changing in place; copies first when the content is shared.
  List& mutable_list();
  Map& mutable_map();

  /// Any number as a double.
  double to_double() const;

  /// The origin of a secret string; null for everything else (containers are asked by their
  /// leaves).
  const std::shared_ptr<const SecretOrigin>& secret_origin() const noexcept;
  bool is_secret() const noexcept { return secret_origin() != nullptr; }

  /// Whether this or anything in it is secret.
  bool holds_secret() const;

  /// The member `key` of a map; null value when this is no map or has no such key.
  const Value& operator[](std::string_view key) const;

  friend bool operator==(const Value& a, const Value& b);

 private:
  struct StringRep;
  struct ListRep;
  struct MapRep;

  void retain() const noexcept;
  void release() noexcept;

  union {
    bool bool_;
    std::int64_t int_ = 0;
    std::uint64_t uint_;
    double real_;
    StringRep* string_;
    ListRep* list_;
    MapRep* map_;
  };
  Kind kind_ = Kind::null;
  bool from_data_ = true;
};

/// A map from strings to values that keeps the order in which keys were added.
class Map {
 public:
  using Entry = std::pair<std::string, Value>;
  using const_iterator = std::vector<Entry>::const_iterator;

  Map() = default;
  Map(std::initializer_list<Entry> entries);

  /// Many entries at once, faster than set() one by one. Of equal keys the last wins, in the place
  /// of the first.
  static Map from(std::vector<Entry> entries);

  std::size_t size() const { return entries_.size(); }
  bool empty() const { return entries_.empty(); }
  const_iterator begin() const { return entries_.begin(); }
  const_iterator end() const { return entries_.end(); }

  /// The value of `key`, or null. Pointers hold until the map is changed.
  const Value* find(std::string_view key) const;
  Value* find(std::string_view key);
  bool contains(std::string_view key) const { return find(key) != nullptr; }

  /// Sets `key`: in its old place when it is there, else at the end. Returns the stored value.
  Value& set(std::string key, Value value);

  /// Removes `key`; whether it was there.
  bool erase(std::string_view key);

  void reserve(std::size_t size) { entries_.reserve(size); }

  /// Equal when the same keys have equal values, in whatever order.
  friend bool operator==(const Map& a, const Map& b);

 private:
  std::size_t position(std::string_view key) const;
  void build_index();
  void drop_repeated();

  std::vector<Entry> entries_;
  // Positions sorted by key, kept only for maps large enough to profit. Always whole, so that
  // reading changes nothing and a shared map may be read by several threads.
  std::vector<std::uint32_t> index_;
};

/// `null`, `boolean`, `number`, `string`, `list`, `map`: for messages.
std::string_view kind_name(const Value& value);

/// A copy in which every secret string is replaced by its expression: the only form that may be
/// persisted or shown.
Value redacted(const Value& value);

}  // namespace swamp
