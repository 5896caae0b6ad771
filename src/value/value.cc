#include "value/value.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

namespace swamp {

struct Value::StringRep {
  std::atomic<std::uint32_t> users{1};
  std::string text;
  std::shared_ptr<const SecretOrigin> origin;
};
struct Value::ListRep {
  std::atomic<std::uint32_t> users{1};
  List items;
};
struct Value::MapRep {
  std::atomic<std::uint32_t> users{1};
  Map entries;
};

namespace {

constexpr std::size_t kIndexFrom = 17;  // below this a linear search over the keys is faster

bool drop(std::atomic<std::uint32_t>& users) {
  return users.fetch_sub(1, std::memory_order_acq_rel) == 1;
}

/// Whether an integer and a double are the same number, without rounding either.
bool same_number(std::int64_t whole, double real) {
  return real >= -0x1p63 && real < 0x1p63 && std::trunc(real) == real &&
         static_cast<std::int64_t>(real) == whole;
}
bool same_number(std::uint64_t whole, double real) {
  return real >= 0 && real < 0x1p64 && std::trunc(real) == real &&
         static_cast<std::uint64_t>(real) == whole;
}

bool equal_numbers(const Value& a, const Value& b) {
  using Kind = Value::Kind;
  if (a.kind() == b.kind()) {
    switch (a.kind()) {
      case Kind::int64:
        return a.as_int() == b.as_int();
      case Kind::uint64:
        return a.as_uint() == b.as_uint();
      default:
        return a.as_double() == b.as_double();
    }
  }
  if (a.kind() == Kind::real) return equal_numbers(b, a);
  if (b.kind() == Kind::real) {
    return a.kind() == Kind::int64 ? same_number(a.as_int(), b.as_double())
                                   : same_number(a.as_uint(), b.as_double());
  }
  const Value& negative_able = a.kind() == Kind::int64 ? a : b;
  const Value& positive = a.kind() == Kind::int64 ? b : a;
  return negative_able.as_int() >= 0 &&
         static_cast<std::uint64_t>(negative_able.as_int()) == positive.as_uint();
}

}  // namespace

Value::Value(bool value) noexcept : bool_(value), kind_(Kind::boolean) {}
Value::Value(std::int64_t value) noexcept : int_(value), kind_(Kind::int64) {}
Value::Value(std::uint64_t value) noexcept {
  if (value <= static_cast<std::uint64_t>(INT64_MAX)) {
    int_ = static_cast<std::int64_t>(value);
    kind_ = Kind::int64;
  } else {
    uint_ = value;
    kind_ = Kind::uint64;
  }
}
Value::Value(double value) noexcept : real_(value), kind_(Kind::real) {}
Value::Value(std::string value)
    : string_(new StringRep{.text = std::move(value)}), kind_(Kind::string) {}
Value::Value(List value) : list_(new ListRep{.items = std::move(value)}), kind_(Kind::list) {}
Value::Value(Map value) : map_(new MapRep{.entries = std::move(value)}), kind_(Kind::map) {}

Value Value::literal(std::int64_t value) noexcept {
  Value number(value);
  number.from_data_ = false;
  return number;
}

Value Value::secret(std::string value, std::shared_ptr<const SecretOrigin> origin) {
  assert(origin != nullptr);
  Value text(std::move(value));
  text.string_->origin = std::move(origin);
  return text;
}

Value::Value(const Value& other) noexcept
    : int_(other.int_), kind_(other.kind_), from_data_(other.from_data_) {
  retain();
}

Value::Value(Value&& other) noexcept
    : int_(other.int_), kind_(other.kind_), from_data_(other.from_data_) {
  other.kind_ = Kind::null;
}

Value& Value::operator=(const Value& other) noexcept {
  Value copy(other);
  return *this = std::move(copy);
}

Value& Value::operator=(Value&& other) noexcept {
  if (this != &other) {
    release();
    int_ = other.int_;
    kind_ = other.kind_;
    from_data_ = other.from_data_;
    other.kind_ = Kind::null;
  }
  return *this;
}

Value::~Value() {
  release();
}

void Value::retain() const noexcept {
  if (kind_ == Kind::string) string_->users.fetch_add(1, std::memory_order_relaxed);
  if (kind_ == Kind::list) list_->users.fetch_add(1, std::memory_order_relaxed);
  if (kind_ == Kind::map) map_->users.fetch_add(1, std::memory_order_relaxed);
}

void Value::release() noexcept {
  if (kind_ == Kind::string && drop(string_->users)) delete string_;
  if (kind_ == Kind::list && drop(list_->users)) delete list_;
  if (kind_ == Kind::map && drop(map_->users)) delete map_;
  kind_ = Kind::null;
}

bool Value::as_bool() const {
  assert(kind_ == Kind::boolean);
  return bool_;
}
std::int64_t Value::as_int() const {
  assert(kind_ == Kind::int64);
  return int_;
}
std::uint64_t Value::as_uint() const {
  assert(kind_ == Kind::uint64);
  return uint_;
}
double Value::as_double() const {
  assert(kind_ == Kind::real);
  return real_;
}
const std::string& Value::as_string() const {
  assert(kind_ == Kind::string);
  return string_->text;
}
const List& Value::as_list() const {
  assert(kind_ == Kind::list);
  return list_->items;
}
const Map& Value::as_map() const {
  assert(kind_ == Kind::map);
  return map_->entries;
}

List& Value::mutable_list() {
  assert(kind_ == Kind::list);
  if (list_->users.load(std::memory_order_acquire) != 1) *this = Value(List(list_->items));
  return list_->items;
}

Map& Value::mutable_map() {
  assert(kind_ == Kind::map);
  if (map_->users.load(std::memory_order_acquire) != 1) *this = Value(Map(map_->entries));
  return map_->entries;
}

double Value::to_double() const {
  switch (kind_) {
    case Kind::int64:
      return static_cast<double>(int_);
    case Kind::uint64:
      return static_cast<double>(uint_);
    default:
      return as_double();
  }
}

const std::shared_ptr<const SecretOrigin>& Value::secret_origin() const noexcept {
  static const std::shared_ptr<const SecretOrigin> kNone;
  return kind_ == Kind::string ? string_->origin : kNone;
}

bool Value::holds_secret() const {
  if (kind_ == Kind::string) return is_secret();
  if (kind_ == Kind::list) {
    return std::any_of(as_list().begin(), as_list().end(),
                       [](const Value& v) { return v.holds_secret(); });
  }
  if (kind_ == Kind::map) {
    return std::any_of(as_map().begin(), as_map().end(),
                       [](const Map::Entry& e) { return e.second.holds_secret(); });
  }
  return false;
}

const Value& Value::operator[](std::string_view key) const {
  static const Value kNull{};
  const Value* member = kind_ == Kind::map ? as_map().find(key) : nullptr;
  return member != nullptr ? *member : kNull;
}

bool operator==(const Value& a, const Value& b) {
  if (a.is_number() && b.is_number()) return equal_numbers(a, b);
  if (a.kind_ != b.kind_) return false;
  switch (a.kind_) {
    case Value::Kind::null:
      return true;
    case Value::Kind::boolean:
      return a.bool_ == b.bool_;
    case Value::Kind::string:
      return a.string_ == b.string_ || a.as_string() == b.as_string();
    case Value::Kind::list:
      return a.list_ == b.list_ || a.as_list() == b.as_list();
    case Value::Kind::map:
      return a.map_ == b.map_ || a.as_map() == b.as_map();
    default:
      return false;
  }
}

Map::Map(std::initializer_list<Entry> entries) {
  entries_.reserve(entries.size());
  for (const Entry& entry : entries) {
    set(entry.first, entry.second);
  }
}

Map Map::from(std::vector<Entry> entries) {
  Map map;
  map.entries_ = std::move(entries);
  map.build_index();
  map.drop_repeated();
  if (map.entries_.size() < kIndexFrom) map.index_ = {};
  return map;
}

/// Needs the index, in which equal keys lie side by side in their order.
void Map::drop_repeated() {
  std::vector<bool> dropped(entries_.size());
  bool any = false;
  for (std::size_t i = 1, first = 0; i < index_.size(); ++i) {
    Entry& entry = entries_[index_[i]];
    if (entry.first != entries_[index_[first]].first) {
      first = i;
      continue;
    }
    entries_[index_[first]].second = std::move(entry.second);
    dropped[index_[i]] = any = true;
  }
  if (!any) return;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    if (dropped[i]) continue;
    if (kept != i) entries_[kept] = std::move(entries_[i]);
    ++kept;
  }
  entries_.resize(kept);
  build_index();
}

std::size_t Map::position(std::string_view key) const {
  if (entries_.size() < kIndexFrom) {
    auto found = std::find_if(entries_.begin(), entries_.end(),
                              [&](const Entry& e) { return e.first == key; });
    return static_cast<std::size_t>(found - entries_.begin());
  }
  auto found = std::lower_bound(
      index_.begin(), index_.end(), key,
      [&](std::uint32_t at, std::string_view k) { return entries_[at].first < k; });
  return found != index_.end() && entries_[*found].first == key ? *found : entries_.size();
}

void Map::build_index() {
  index_.resize(entries_.size());
  std::iota(index_.begin(), index_.end(), 0U);
  std::stable_sort(index_.begin(), index_.end(), [&](std::uint32_t a, std::uint32_t b) {
    return entries_[a].first < entries_[b].first;
  });
}

const Value* Map::find(std::string_view key) const {
  const std::size_t at = position(key);
  return at < entries_.size() ? &entries_[at].second : nullptr;
}

Value* Map::find(std::string_view key) {
  const std::size_t at = position(key);
  return at < entries_.size() ? &entries_[at].second : nullptr;
}

Value& Map::set(std::string key, Value value) {
  if (Value* old = find(key)) return *old = std::move(value);
  entries_.emplace_back(std::move(key), std::move(value));
  if (entries_.size() == kIndexFrom) {
    build_index();
  } else if (entries_.size() > kIndexFrom) {
    const auto last = static_cast<std::uint32_t>(entries_.size() - 1);
    auto place = std::lower_bound(
        index_.begin(), index_.end(), last,
        [&](std::uint32_t a, std::uint32_t b) { return entries_[a].first < entries_[b].first; });
    index_.insert(place, last);
  }
  return entries_.back().second;
}

bool Map::erase(std::string_view key) {
  const std::size_t at = position(key);
  if (at == entries_.size()) return false;
  entries_.erase(entries_.begin() + static_cast<std::ptrdiff_t>(at));
  index_.clear();
  if (entries_.size() >= kIndexFrom) build_index();
  return true;
}

bool operator==(const Map& a, const Map& b) {
  return a.size() == b.size() && std::all_of(a.begin(), a.end(), [&](const Map::Entry& entry) {
           const Value* other = b.find(entry.first);
           return other != nullptr && *other == entry.second;
         });
}

std::string_view kind_name(const Value& value) {
  switch (value.kind()) {
    case Value::Kind::null:
      return "null";
    case Value::Kind::boolean:
      return "boolean";
    case Value::Kind::int64:
    case Value::Kind::uint64:
    case Value::Kind::real:
      return "number";
    case Value::Kind::string:
      return "string";
    case Value::Kind::list:
      return "list";
    case Value::Kind::map:
      return "map";
  }
  return "null";
}

Value redacted(const Value& value) {
  if (!value.holds_secret()) return value;
  if (value.is_string()) return value.secret_origin()->expression;
  if (value.is_list()) {
    List items;
    items.reserve(value.as_list().size());
    for (const Value& item : value.as_list()) {
      items.push_back(redacted(item));
    }
    return items;
  }
  Map entries;
  for (const auto& [key, member] : value.as_map()) {
    entries.set(key, redacted(member));
  }
  return entries;
}

}  // namespace swamp
