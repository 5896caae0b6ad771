#include "cel/functions/function.h"

namespace swamp::cel {

namespace {

bool is_zero(const Datum& value) {
  switch (value.kind()) {
    case Kind::null:
      return true;
    case Kind::boolean:
    case Kind::integer:
    case Kind::unsigned_integer:
    case Kind::number:
    case Kind::duration:
      return value.as_int() == 0;
    case Kind::real:
      return value.as_real() == 0;
    case Kind::timestamp:
      return value.as_timestamp() == Instant();
    case Kind::string:
    case Kind::bytes:
      return value.text().empty();
    case Kind::list:
    case Kind::map:
      return value.size() == 0;
    case Kind::optional:
      return !value.has_value();
    default:
      return false;
  }
}

Datum some(Call& call) {
  return Datum::some(call[0]);
}
Datum none(Call&) {
  return Datum::none();
}
Datum some_unless_zero(Call& call) {
  return is_zero(call[0]) ? Datum::none() : Datum::some(call[0]);
}
Datum has_value(Call& call) {
  return Datum::boolean(call[0].has_value());
}
Datum value(Call& call) {
  if (call[0].has_value()) return call[0].optional_value();
  return Datum::failure("the optional has no value", "orValue(…) gives one for that case");
}
// Reached only when there is no value: evaluation goes no further than it must.
Datum alternative(Call& call) {
  return call[1];
}

Datum unwrap(Call& call) {
  Items items;
  for (std::size_t i = 0; i < call[0].size() && call.charge(1); ++i) {
    const Datum item = call[0].at(i);
    if (!item.is(Kind::optional))
      return Datum::failure("the list holds something that is no optional");
    if (item.has_value()) items.push_back(item.optional_value());
  }
  return Datum::list(std::move(items));
}

constexpr Function kOptionalFunctions[] = {
    {.name = "optional.of",
     .type = "(dyn) -> optional",
     .doc = "an optional with a value",
     .example = "optional.of(1).hasValue()",
     .call = some},
    {.name = "optional.none",
     .type = "() -> optional",
     .doc = "an optional without one",
     .example = "!optional.none().hasValue()",
     .call = none},
    {.name = "optional.ofNonZeroValue",
     .type = "(dyn) -> optional",
     .doc = "without a value for null, false, 0, and what is empty",
     .example = "!optional.ofNonZeroValue('').hasValue()",
     .call = some_unless_zero},
    {.name = "optional.unwrap",
     .type = "(list) -> list",
     .doc = "the values of the optionals that have one",
     .example = "optional.unwrap([optional.of(1), optional.none()]) == [1]",
     .call = unwrap},
    {.name = "unwrapOpt",
     .type = "list.() -> list",
     .doc = "the values of the optionals that have one",
     .example = "[optional.none(), optional.of(1)].unwrapOpt() == [1]",
     .call = unwrap},
    {.name = "hasValue",
     .type = "optional.() -> bool",
     .doc = "whether there is a value",
     .example = "{'a': null}.?a.hasValue()",
     .call = has_value},
    {.name = "value",
     .type = "optional.() -> dyn",
     .doc = "the value; an error when there is none",
     .example = "{'a': 1}.?a.value() == 1",
     .call = value},
    {.name = "or",
     .type = "optional.(optional) -> optional",
     .doc = "this optional, or the other when this has no value; the other is evaluated only then",
     .example = "{}.?a.or({'b': 2}.?b).value() == 2",
     .call = alternative},
    {.name = "orValue",
     .type = "optional.(dyn) -> dyn",
     .doc = "the value, or the other when there is none; the other is evaluated only then",
     .example = "{}.?a.orValue(5) == 5",
     .call = alternative},
};

}  // namespace

std::span<const Function> optional_functions() {
  return kOptionalFunctions;
}

}  // namespace swamp::cel
