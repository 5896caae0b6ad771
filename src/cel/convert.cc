#include <fmt/format.h>

#include "base/base64.h"
#include "cel/datum.h"
#include "cel/network.h"
#include "cel/time.h"
#include "value/json.h"

namespace swamp::cel {

namespace {

/// Data that is put into many places is counted in each: printed, it would be as long.
bool charge_content(const Datum& datum, Meter& meter) {
  if (datum.is(Kind::list) || datum.is(Kind::map)) return meter.charge(datum.size() + 1);
  return meter.charge(1);
}

std::optional<Value> convert(const Datum& datum, Meter& meter);

std::optional<Value> convert_list(const Datum& datum, Meter& meter) {
  List items;
  items.reserve(datum.size());
  for (std::size_t i = 0; i < datum.size(); ++i) {
    auto item = convert(datum.at(i), meter);
    if (!item) return std::nullopt;
    items.push_back(*std::move(item));
  }
  return Value(std::move(items));
}

std::optional<Value> convert_map(const Datum& datum, Meter& meter) {
  Map entries;
  entries.reserve(datum.size());
  for (std::size_t i = 0; i < datum.size(); ++i) {
    auto value = convert(datum.value_at(i), meter);
    if (!value) return std::nullopt;
    entries.set(key_text(datum.key_at(i)), *std::move(value));
  }
  return Value(std::move(entries));
}

Value text_of(std::string text, const std::shared_ptr<const SecretOrigin>& origin) {
  return origin == nullptr ? Value(std::move(text)) : Value::secret(std::move(text), origin);
}

std::optional<Value> convert(const Datum& datum, Meter& meter) {
  if (!charge_content(datum, meter)) return std::nullopt;
  switch (datum.kind()) {
    case Kind::boolean:
      return Value(datum.as_bool());
    case Kind::integer:
    case Kind::number:
      return Value(datum.as_int());
    case Kind::unsigned_integer:
      return Value(datum.as_uint());
    case Kind::real:
      return Value(datum.as_real());
    case Kind::timestamp:
      return Value(format_timestamp(datum.as_timestamp()));
    case Kind::duration:
      return Value(format_duration(datum.as_int()));
    case Kind::type:
      return Value(to_string(datum.as_type()));
    case Kind::string:
      return *datum.wrapped();
    case Kind::bytes:
      return text_of(base64_encode(datum.text()), derived(datum.origin()));
    case Kind::list:
      return datum.wrapped() != nullptr ? *datum.wrapped() : convert_list(datum, meter);
    case Kind::map:
      return datum.wrapped() != nullptr ? *datum.wrapped() : convert_map(datum, meter);
    case Kind::optional:
      return datum.has_value() ? convert(datum.optional_value(), meter) : Value();
    case Kind::ip:
      return Value(format_ip(datum.as_network()));
    case Kind::cidr:
      return Value(format_cidr(datum.as_network()));
    default:
      return Value();
  }
}

std::shared_ptr<const SecretOrigin> secret_in(const Value& value, Meter& meter) {
  if (!meter.charge(1)) return nullptr;
  if (value.is_string()) return value.secret_origin();
  if (value.is_list()) {
    for (const Value& item : value.as_list()) {
      if (auto origin = secret_in(item, meter)) return origin;
    }
  }
  if (value.is_map()) {
    for (const auto& [key, member] : value.as_map()) {
      if (auto origin = secret_in(member, meter)) return origin;
    }
  }
  return nullptr;
}

}  // namespace

std::shared_ptr<const SecretOrigin> secret_in(const Datum& datum, Meter& meter) {
  if (datum.kind() < Kind::string) return nullptr;
  if (datum.wrapped() != nullptr) return secret_in(*datum.wrapped(), meter);
  if (datum.is(Kind::optional))
    return datum.has_value() ? secret_in(datum.optional_value(), meter) : nullptr;
  if (!datum.is(Kind::list) && !datum.is(Kind::map)) return nullptr;
  for (std::size_t i = 0; i < datum.size() && meter.charge(1); ++i) {
    if (auto origin = secret_in(datum.is(Kind::list) ? datum.at(i) : datum.value_at(i), meter))
      return origin;
  }
  return nullptr;
}

Result<Value> to_value(const Datum& datum, Meter& meter) {
  auto value = convert(datum, meter);
  if (value) return *std::move(value);
  return fail(ErrorCode::invalid_input, "the result is too large");
}

std::string key_text(const Datum& key) {
  switch (key.kind()) {
    case Kind::null:
      return "null";
    case Kind::boolean:
      return key.as_bool() ? "true" : "false";
    case Kind::integer:
    case Kind::number:
      return fmt::to_string(key.as_int());
    case Kind::unsigned_integer:
      return fmt::to_string(key.as_uint());
    case Kind::real:
      return number_to_string(key.as_real());
    case Kind::timestamp:
      return format_timestamp(key.as_timestamp());
    case Kind::duration:
      return format_duration(key.as_int());
    case Kind::type:
      return std::string(to_string(key.as_type()));
    case Kind::string:
      return key.text();
    case Kind::ip:
      return format_ip(key.as_network());
    case Kind::cidr:
      return format_cidr(key.as_network());
    default:
      return std::string(to_string(key.kind()));
  }
}

}  // namespace swamp::cel
