#include "cel/datum.h"

#include <array>
#include <cassert>
#include <unordered_map>

#include "value/json.h"

namespace swamp::cel {

namespace {

struct ListObject final : Object {
  explicit ListObject(Items content) : items(std::move(content)) {}
  Items items;
};

std::size_t hash_key(const Datum& key);

/// Keys are found by comparing them all until there are many.
struct MapObject final : Object {
  static constexpr std::size_t kIndexFrom = 17;

  explicit MapObject(std::vector<Entry> content) : entries(std::move(content)) {
    if (entries.size() < kIndexFrom) return;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      index.emplace(hash_key(entries[i].first), static_cast<std::uint32_t>(i));
    }
  }

  const Datum* find(const Datum& key) const {
    Meter free(UINT64_MAX);
    if (index.empty()) {
      for (const Entry& entry : entries) {
        if (equal(entry.first, key, free)) return &entry.second;
      }
      return nullptr;
    }
    const auto [begin, end] = index.equal_range(hash_key(key));
    for (auto at = begin; at != end; ++at) {
      if (equal(entries[at->second].first, key, free)) return &entries[at->second].second;
    }
    return nullptr;
  }

  std::vector<Entry> entries;
  std::unordered_multimap<std::size_t, std::uint32_t> index;
};

struct OptionalObject final : Object {
  explicit OptionalObject(Datum content) : value(std::move(content)) {}
  Datum value;
};
struct NetworkObject final : Object {
  explicit NetworkObject(const Network& content) : value(content) {}
  Network value;
};
struct FailureObject final : Object {
  explicit FailureObject(Failure content) : value(std::move(content)) {}
  Failure value;
};
struct PartialObject final : Object {
  explicit PartialObject(Partial content) : value(std::move(content)) {}
  Partial value;
};

/// Equal keys have equal hashes: numbers of all kinds by their value as a double.
std::size_t hash_key(const Datum& key) {
  if (key.is_numeric()) return std::hash<double>()(key.to_double());
  if (key.is(Kind::string)) return std::hash<std::string>()(key.text());
  if (key.is(Kind::boolean)) return key.as_bool() ? 1 : 2;
  return 0;
}

}  // namespace

std::string_view to_string(Kind kind) {
  static constexpr std::array<std::string_view, 19> kNames = {
      "null",     "bool", "int",    "uint",    "number", "double", "timestamp",
      "duration", "type", "string", "bytes",   "list",   "map",    "optional",
      "ip",       "cidr", "error",  "unknown", "unknown"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string_view to_string(TypeName type) {
  static constexpr std::array<std::string_view, 15> kNames = {"null_type",
                                                              "bool",
                                                              "int",
                                                              "uint",
                                                              "double",
                                                              "string",
                                                              "bytes",
                                                              "list",
                                                              "map",
                                                              "type",
                                                              "google.protobuf.Timestamp",
                                                              "google.protobuf.Duration",
                                                              "optional_type",
                                                              "net.IP",
                                                              "net.CIDR"};
  return kNames[static_cast<std::size_t>(type)];
}

Datum Datum::boolean(bool value) noexcept {
  return {Kind::boolean, value ? 1 : 0};
}
Datum Datum::integer(std::int64_t value) noexcept {
  return {Kind::integer, value};
}
Datum Datum::unsigned_integer(std::uint64_t value) noexcept {
  return {Kind::unsigned_integer, static_cast<std::int64_t>(value)};
}
Datum Datum::number(std::int64_t value) noexcept {
  return {Kind::number, value};
}
Datum Datum::real(double value) noexcept {
  return {Kind::real, std::bit_cast<std::int64_t>(value)};
}
Datum Datum::timestamp(Instant value) noexcept {
  return {Kind::timestamp, value.seconds, value.nanos};
}
Datum Datum::duration(std::int64_t nanos) noexcept {
  return {Kind::duration, nanos};
}
Datum Datum::type(TypeName value) noexcept {
  return {Kind::type, static_cast<std::int64_t>(value)};
}
Datum Datum::string(std::string value) {
  return {Kind::string, Value(std::move(value)), false};
}
Datum Datum::bytes(std::string octets) {
  return {Kind::bytes, Value(std::move(octets)), false};
}
Datum Datum::list(Items items) {
  return {Kind::list, new ListObject(std::move(items))};
}
Datum Datum::map(std::vector<Entry> entries) {
  return {Kind::map, new MapObject(std::move(entries))};
}
Datum Datum::some(Datum value) {
  return {Kind::optional, new OptionalObject(std::move(value))};
}
Datum Datum::none() noexcept {
  return {Kind::optional, std::int64_t{0}};
}
Datum Datum::ip(const Network& value) {
  return {Kind::ip, new NetworkObject(value)};
}
Datum Datum::cidr(const Network& value) {
  return {Kind::cidr, new NetworkObject(value)};
}
Datum Datum::unknown() noexcept {
  return {Kind::unknown, std::int64_t{0}};
}
Datum Datum::partial(Partial partial) {
  return {Kind::partial, new PartialObject(std::move(partial))};
}
Datum Datum::failure(Failure failure) {
  return {Kind::failure, new FailureObject(std::move(failure))};
}
Datum Datum::failure(std::string message, std::string hint) {
  return failure(Failure{.error = {.code = ErrorCode::invalid_input,
                                   .message = std::move(message),
                                   .hint = std::move(hint)}});
}

Datum Datum::string(std::string value, const std::shared_ptr<const SecretOrigin>& origin) {
  if (origin == nullptr) return string(std::move(value));
  return {Kind::string, Value::secret(std::move(value), origin), false};
}
Datum Datum::bytes(std::string octets, const std::shared_ptr<const SecretOrigin>& origin) {
  if (origin == nullptr) return bytes(std::move(octets));
  return {Kind::bytes, Value::secret(std::move(octets), origin), false};
}

Datum Datum::of(const Value& value, Dialect dialect) noexcept {
  const bool strict = dialect == Dialect::strict;
  switch (value.kind()) {
    case Value::Kind::null:
      return {};
    case Value::Kind::boolean:
      return boolean(value.as_bool());
    case Value::Kind::int64:
      return strict || !value.is_from_data() ? integer(value.as_int()) : number(value.as_int());
    case Value::Kind::uint64:
      return unsigned_integer(value.as_uint());
    case Value::Kind::real:
      return real(value.as_double());
    case Value::Kind::string:
      return {Kind::string, value, strict};
    case Value::Kind::list:
      return {Kind::list, value, strict};
    case Value::Kind::map:
      return {Kind::map, value, strict};
  }
  return {};
}

void Datum::copy_owned(const Datum& other) noexcept {
  if (held_ == Held::object) {
    object_ = other.object_;
    object_->users.fetch_add(1, std::memory_order_relaxed);
  } else {
    new (&value_) Value(other.value_);
  }
}

void Datum::take_owned(Datum& other) noexcept {
  if (held_ == Held::object) {
    object_ = other.object_;
  } else {
    new (&value_) Value(std::move(other.value_));
    other.value_.~Value();
  }
  other.held_ = Held::plain;
  other.kind_ = Kind::null;
  other.plain_ = Plain();
}

void Datum::drop_owned() noexcept {
  if (held_ == Held::object) {
    if (object_->users.fetch_sub(1, std::memory_order_acq_rel) == 1) delete object_;
  } else {
    value_.~Value();
  }
}

double Datum::to_double() const noexcept {
  if (kind_ == Kind::real) return as_real();
  if (kind_ == Kind::unsigned_integer) return static_cast<double>(as_uint());
  return static_cast<double>(as_int());
}

const std::shared_ptr<const SecretOrigin>& Datum::origin() const noexcept {
  static const std::shared_ptr<const SecretOrigin> kNone;
  return is_wrapped() ? value_.secret_origin() : kNone;
}

const Network& Datum::as_network() const {
  return static_cast<const NetworkObject*>(object_)->value;
}
const Failure& Datum::as_failure() const {
  return static_cast<const FailureObject*>(object_)->value;
}
Failure& Datum::mutable_failure() {
  return static_cast<FailureObject*>(object_)->value;
}
const Partial& Datum::as_partial() const {
  return static_cast<const PartialObject*>(object_)->value;
}
const Datum& Datum::optional_value() const {
  return static_cast<const OptionalObject*>(object_)->value;
}

std::size_t Datum::size() const {
  assert(kind_ == Kind::list || kind_ == Kind::map);
  if (kind_ == Kind::list) {
    return is_wrapped() ? value_.as_list().size()
                        : static_cast<const ListObject*>(object_)->items.size();
  }
  return is_wrapped() ? value_.as_map().size()
                      : static_cast<const MapObject*>(object_)->entries.size();
}

Datum Datum::at(std::size_t position) const {
  if (is_wrapped()) return of(value_.as_list()[position], dialect());
  return static_cast<const ListObject*>(object_)->items[position];
}

Datum Datum::key_at(std::size_t position) const {
  if (is_wrapped())
    return string((value_.as_map().begin() + static_cast<std::ptrdiff_t>(position))->first);
  return static_cast<const MapObject*>(object_)->entries[position].first;
}

Datum Datum::value_at(std::size_t position) const {
  if (is_wrapped()) {
    return of((value_.as_map().begin() + static_cast<std::ptrdiff_t>(position))->second, dialect());
  }
  return static_cast<const MapObject*>(object_)->entries[position].second;
}

bool Datum::find(std::string_view key, Datum& value) const {
  if (!is_wrapped()) return find(string(std::string(key)), value);
  const Value* found = value_.as_map().find(key);
  if (found != nullptr) value = of(*found, dialect());
  return found != nullptr;
}

bool Datum::find(const Datum& key, Datum& value) const {
  if (is_wrapped()) return key.is(Kind::string) && find(std::string_view(key.text()), value);
  const Datum* found = static_cast<const MapObject*>(object_)->find(key);
  if (found != nullptr) value = *found;
  return found != nullptr;
}

bool MapBuilder::set(Datum key, Datum value) {
  Meter free(UINT64_MAX);
  const std::size_t hash = hash_key(key);
  const auto [begin, end] = index_.equal_range(hash);
  for (auto at = begin; at != end; ++at) {
    Entry& entry = entries_[at->second];
    if (!equal(entry.first, key, free)) continue;
    entry.second = std::move(value);
    return false;
  }
  index_.emplace(hash, static_cast<std::uint32_t>(entries_.size()));
  entries_.emplace_back(std::move(key), std::move(value));
  return true;
}

Datum map_key(const Datum& key, Dialect dialect) {
  return dialect == Dialect::swamp && key.kind() < Kind::string ? Datum::string(key_text(key))
                                                                : key;
}

std::shared_ptr<const SecretOrigin> derived(const std::shared_ptr<const SecretOrigin>& origin) {
  const bool is_plain =
      origin == nullptr || (origin->vault.empty() && origin->key.empty() && origin->ranges.empty());
  if (is_plain) return origin;
  auto copy = std::make_shared<SecretOrigin>();
  copy->expression = origin->expression;
  return copy;
}

TypeName type_of(const Datum& datum) {
  switch (datum.kind()) {
    case Kind::boolean:
      return TypeName::boolean;
    case Kind::integer:
      return TypeName::integer;
    case Kind::unsigned_integer:
      return TypeName::unsigned_integer;
    case Kind::number:
    case Kind::real:
      return TypeName::real;
    case Kind::timestamp:
      return TypeName::timestamp;
    case Kind::duration:
      return TypeName::duration;
    case Kind::type:
      return TypeName::type;
    case Kind::string:
      return TypeName::string;
    case Kind::bytes:
      return TypeName::bytes;
    case Kind::list:
      return TypeName::list;
    case Kind::map:
      return TypeName::map;
    case Kind::optional:
      return TypeName::optional;
    case Kind::ip:
      return TypeName::ip;
    case Kind::cidr:
      return TypeName::cidr;
    default:
      return TypeName::null_type;
  }
}

}  // namespace swamp::cel
