#pragma once

#include <atomic>
#include <bit>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "cel/meter.h"
#include "cel/program.h"
#include "value/value.h"

namespace swamp::cel {

/// What a datum is. The order counts: up to `type` a datum owns nothing.
enum class Kind : std::uint8_t {
  null,
  boolean,
  integer,
  unsigned_integer,
  number,  // the dialect's whole number from data: a double to type() and `/`, exact in `+ - * %`
  real,
  timestamp,
  duration,
  type,
  string,
  bytes,
  list,
  map,
  optional,
  ip,
  cidr,
  failure,  // evaluation went wrong here; not a value of the language
  unknown,  // depends on an ask that has no answer yet
  partial,  // the beginning of a question below an asked root (`model.web`)
};

/// `int`, `data number`, `list`, …: for messages.
std::string_view to_string(Kind kind);

/// What type() gives.
enum class TypeName : std::uint8_t {
  null_type,
  boolean,
  integer,
  unsigned_integer,
  real,
  string,
  bytes,
  list,
  map,
  type,
  timestamp,
  duration,
  optional,
  ip,
  cidr,
};

/// `int`, `google.protobuf.Timestamp`, …
std::string_view to_string(TypeName type);

/// Seconds and nanoseconds since 1970, within the years 1 to 9999.
struct Instant {
  std::int64_t seconds = 0;
  std::int32_t nanos = 0;
  friend auto operator<=>(const Instant&, const Instant&) = default;
};

/// An address, and for a CIDR how many of its bits count.
struct Network {
  unsigned char octets[16] = {};  // an IPv4 address uses the first four
  bool is_v4 = false;
  std::uint8_t prefix = 0;
};

class Datum;

/// Shared content of a datum.
struct Object {
  virtual ~Object() = default;
  std::atomic<std::uint32_t> users{1};
};

struct Failure;
struct Partial;

using Items = std::vector<Datum>;
using Entry = std::pair<Datum, Datum>;

/// A value as expressions know it: everything that `swamp::Value` is, and unsigned numbers, bytes,
/// points and spans of time, types, optionals, addresses and maps with keys of any kind.
///
/// A `Value` becomes a datum and back without a copy of what is in it. Copies are cheap; scalars
/// never allocate.
class Datum {
 public:
  Datum() noexcept : plain_() {}
  Datum(const Datum& other) noexcept { copy(other); }
  Datum(Datum&& other) noexcept { take(other); }
  Datum& operator=(const Datum& other) noexcept {
    if (this != &other) {
      drop();
      copy(other);
    }
    return *this;
  }
  Datum& operator=(Datum&& other) noexcept {
    if (this != &other) {
      drop();
      take(other);
    }
    return *this;
  }
  ~Datum() { drop(); }

  static Datum boolean(bool value) noexcept;
  static Datum integer(std::int64_t value) noexcept;
  static Datum unsigned_integer(std::uint64_t value) noexcept;
  static Datum number(std::int64_t value) noexcept;
  static Datum real(double value) noexcept;
  static Datum timestamp(Instant value) noexcept;
  static Datum duration(std::int64_t nanos) noexcept;
  static Datum type(TypeName value) noexcept;
  static Datum string(std::string value);
  static Datum bytes(std::string octets);
  static Datum list(Items items);
  /// A map; keys must differ.
  static Datum map(std::vector<Entry> entries);
  static Datum some(Datum value);
  static Datum none() noexcept;
  static Datum ip(const Network& value);
  static Datum cidr(const Network& value);
  static Datum failure(std::string message, std::string hint = {});
  static Datum failure(Failure failure);
  static Datum unknown() noexcept;
  static Datum partial(Partial partial);

  /// What `value` is to expressions of the dialect. Constant time.
  static Datum of(const Value& value, Dialect dialect) noexcept;

  /// A string or bytes that is secret when `origin` is not null.
  static Datum string(std::string value, const std::shared_ptr<const SecretOrigin>& origin);
  static Datum bytes(std::string octets, const std::shared_ptr<const SecretOrigin>& origin);

  Kind kind() const noexcept { return kind_; }
  bool is(Kind kind) const noexcept { return kind_ == kind; }
  /// A value of the language: neither failure nor unknown (nor partial).
  bool is_value() const noexcept { return kind_ < Kind::failure; }
  bool is_true() const noexcept { return kind_ == Kind::boolean && plain_.whole != 0; }
  bool is_numeric() const noexcept { return kind_ >= Kind::integer && kind_ <= Kind::real; }

  // The content; the kind must be right.
  bool as_bool() const noexcept { return plain_.whole != 0; }
  std::int64_t as_int() const noexcept { return plain_.whole; }  // integer, number, duration
  std::uint64_t as_uint() const noexcept { return static_cast<std::uint64_t>(plain_.whole); }
  double as_real() const noexcept { return std::bit_cast<double>(plain_.whole); }
  double to_double() const noexcept;  // any number
  Instant as_timestamp() const noexcept { return {plain_.whole, plain_.nanos}; }
  TypeName as_type() const noexcept { return static_cast<TypeName>(plain_.whole); }
  const std::string& text() const { return value_.as_string(); }  // string, bytes
  const std::shared_ptr<const SecretOrigin>& origin() const noexcept;
  const Network& as_network() const;
  const Failure& as_failure() const;
  Failure& mutable_failure();
  const Partial& as_partial() const;

  // Lists and maps, wherever their content lies.
  std::size_t size() const;
  Datum at(std::size_t position) const;      // of a list
  Datum key_at(std::size_t position) const;  // of a map
  Datum value_at(std::size_t position) const;
  /// The entry with this key: true, and the value in `value`.
  bool find(const Datum& key, Datum& value) const;
  bool find(std::string_view key, Datum& value) const;

  // Optionals.
  bool has_value() const noexcept { return held_ == Held::object; }
  const Datum& optional_value() const;

  /// The `Value` that a string, or a list or map that came from outside, lies in; null otherwise.
  const Value* wrapped() const noexcept { return is_wrapped() ? &value_ : nullptr; }

 private:
  enum class Held : std::uint8_t { plain, value, strict_value, object };

  /// A boolean, whole number, double (its bits), duration, type, or the seconds and nanoseconds of
  /// an instant.
  struct Plain {
    std::int64_t whole = 0;
    std::int32_t nanos = 0;
  };

  Datum(Kind kind, std::int64_t whole, std::int32_t nanos = 0) noexcept
      : plain_{whole, nanos}, kind_(kind) {}
  Datum(Kind kind, Object* object) noexcept : object_(object), kind_(kind), held_(Held::object) {}
  Datum(Kind kind, Value value, bool strict) noexcept
      : value_(std::move(value)), kind_(kind), held_(strict ? Held::strict_value : Held::value) {}

  bool is_wrapped() const noexcept { return held_ == Held::value || held_ == Held::strict_value; }
  Dialect dialect() const noexcept {
    return held_ == Held::strict_value ? Dialect::strict : Dialect::swamp;
  }

  void copy(const Datum& other) noexcept {
    kind_ = other.kind_;
    held_ = other.held_;
    if (held_ == Held::plain) {
      plain_ = other.plain_;
    } else {
      copy_owned(other);
    }
  }
  void take(Datum& other) noexcept {
    kind_ = other.kind_;
    held_ = other.held_;
    if (held_ == Held::plain) {
      plain_ = other.plain_;
    } else {
      take_owned(other);
    }
  }
  void drop() noexcept {
    if (held_ != Held::plain) drop_owned();
  }
  void copy_owned(const Datum& other) noexcept;
  void take_owned(Datum& other) noexcept;
  void drop_owned() noexcept;

  union {
    Plain plain_;
    Value value_;
    Object* object_;
  };
  Kind kind_ = Kind::null;
  Held held_ = Held::plain;
};

/// Why a part of an expression has no value. The place is filled in by the evaluator.
///
/// Failures are often absorbed, so what is only wanted for showing one (a suggestion) is not worked
/// out here.
struct Failure {
  enum class Missing : std::uint8_t { nothing, key, root, function };

  Error error;
  bool is_final = false;    // a limit: nothing absorbs it
  bool has_place = false;   // begin and end are set
  std::uint32_t begin = 0;  // bytes of the expression
  std::uint32_t end = 0;
  Missing missing = Missing::nothing;
  std::string word = {};  // what is missing …
  Datum among = {};       // … and for a key, the map in which it is
};

/// A question about an asked root that still wants keys.
struct Partial {
  Ask ask;
  std::size_t wanted = 0;
  bool optional = false;  // one of its members was written `.?`
};

/// Collects the entries of a map, finding keys fast.
class MapBuilder {
 public:
  /// Sets `key`; whether it was new. An old entry keeps its place.
  bool set(Datum key, Datum value);
  std::size_t size() const { return entries_.size(); }
  Datum finish() && { return Datum::map(std::move(entries_)); }

 private:
  std::vector<Entry> entries_;
  std::unordered_multimap<std::size_t, std::uint32_t> index_;
};

/// Whether the values are equal: numbers by their mathematical value, otherwise kind and content.
/// Charges what it visits.
bool equal(const Datum& a, const Datum& b, Meter& meter);

enum class Order : std::uint8_t { less, equal, greater, unordered, incomparable };

/// Numbers of all kinds among each other; strings by code point; bools, bytes, instants and
/// durations. `unordered` is NaN, `incomparable` kinds that have no order.
Order compare(const Datum& a, const Datum& b, Meter& meter);

/// The elements of `list` in the order of `keys`, which are as many; equal keys keep their order. A
/// failure when keys have no order among each other.
Datum sorted_by(const Datum& list, const Items& keys, Meter& meter);

TypeName type_of(const Datum& datum);

/// The origin of the first secret in the datum, itself or anything in it; null when there is none.
std::shared_ptr<const SecretOrigin> secret_in(const Datum& datum, Meter& meter);

/// An origin for what is computed from a secret: the same words, but no longer exactly one vault's
/// key.
std::shared_ptr<const SecretOrigin> derived(const std::shared_ptr<const SecretOrigin>& origin);

/// The datum as it leaves the language; see Program::evaluate. Fails when that would use up the
/// meter.
Result<Value> to_value(const Datum& datum, Meter& meter);

/// A key as text, for maps that have only texts as keys: what leaves the language, and all maps of
/// the dialect.
std::string key_text(const Datum& key);

/// What a key is in a map of the dialect: a text when it is a scalar.
Datum map_key(const Datum& key, Dialect dialect);

}  // namespace swamp::cel
