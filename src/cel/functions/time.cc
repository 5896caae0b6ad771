#include "cel/time.h"

#include "cel/functions/function.h"
#include "cel/zone.h"

namespace swamp::cel {

namespace {

using OpenZone = Result<std::shared_ptr<const Zone>>;

std::shared_ptr<const void> prepare_zone(const std::string& name) {
  return std::make_shared<const OpenZone>(Zone::open(name));
}

/// How far the zone that the second argument names is ahead at the first; without one, UTC.
Result<std::int64_t> offset_of(Call& call) {
  if (call.size() == 1) return 0;
  const auto* prepared = static_cast<const OpenZone*>(call.prepared);
  if (prepared == nullptr) call.charge(1000);  // a file is read
  SWAMP_TRY(const auto zone, prepared != nullptr ? *prepared : Zone::open(call.text(1)));
  return zone->offset_at(call[0].as_timestamp().seconds);
}

/// A part of the civil time in the zone.
template <std::int64_t (*Part)(const Civil&)>
Datum part(Call& call) {
  const auto offset = offset_of(call);
  if (!offset) return Datum::failure(Failure{.error = offset.error()});
  return Datum::integer(Part(civil_at(call[0].as_timestamp(), *offset)));
}

std::int64_t year(const Civil& at) {
  return at.year;
}
std::int64_t month(const Civil& at) {
  return at.month - 1;
}
std::int64_t date(const Civil& at) {
  return at.day;
}
std::int64_t day_of_month(const Civil& at) {
  return at.day - 1;
}
std::int64_t day_of_week(const Civil& at) {
  return at.weekday;
}
std::int64_t day_of_year(const Civil& at) {
  return at.day_of_year;
}
std::int64_t hour(const Civil& at) {
  return at.hour;
}
std::int64_t minute(const Civil& at) {
  return at.minute;
}
std::int64_t second(const Civil& at) {
  return at.second;
}

Datum milliseconds(Call& call) {
  if (const auto offset = offset_of(call); !offset)
    return Datum::failure(Failure{.error = offset.error()});
  return Datum::integer(call[0].as_timestamp().nanos / 1'000'000);
}

template <std::int64_t Unit>
Datum whole_units(Call& call) {
  return Datum::integer(call[0].as_int() / Unit);
}

/// CEL asks for the part below a second, the dialect for the whole duration.
Datum duration_milliseconds(Call& call) {
  const std::int64_t all = call[0].as_int() / 1'000'000;
  return Datum::integer(call.dialect == Dialect::strict ? all % 1000 : all);
}

constexpr Function kTimeFunctions[] = {
    {.name = "getFullYear",
     .type = "timestamp.() -> int",
     .doc = "the year",
     .example = "timestamp(0).getFullYear() == 1970",
     .call = part<year>},
    {.name = "getFullYear",
     .type = "timestamp.(string) -> int",
     .doc = "the year in a time zone",
     .example = "timestamp(0).getFullYear('-01:00') == 1969",
     .call = part<year>,
     .prepare = prepare_zone},
    {.name = "getMonth",
     .type = "timestamp.() -> int",
     .doc = "the month, from 0",
     .example = "timestamp(0).getMonth() == 0",
     .call = part<month>},
    {.name = "getMonth",
     .type = "timestamp.(string) -> int",
     .doc = "the month in a time zone, from 0",
     .example = "timestamp(0).getMonth('-01:00') == 11",
     .call = part<month>,
     .prepare = prepare_zone},
    {.name = "getDate",
     .type = "timestamp.() -> int",
     .doc = "the day of the month, from 1",
     .example = "timestamp(0).getDate() == 1",
     .call = part<date>},
    {.name = "getDate",
     .type = "timestamp.(string) -> int",
     .doc = "the day of the month in a time zone, from 1",
     .example = "timestamp(0).getDate('America/New_York') == 31",
     .call = part<date>,
     .prepare = prepare_zone},
    {.name = "getDayOfMonth",
     .type = "timestamp.() -> int",
     .doc = "the day of the month, from 0",
     .example = "timestamp(0).getDayOfMonth() == 0",
     .call = part<day_of_month>},
    {.name = "getDayOfMonth",
     .type = "timestamp.(string) -> int",
     .doc = "the day of the month in a time zone, from 0",
     .example = "timestamp(0).getDayOfMonth('-01:00') == 30",
     .call = part<day_of_month>,
     .prepare = prepare_zone},
    {.name = "getDayOfWeek",
     .type = "timestamp.() -> int",
     .doc = "the day of the week, Sunday is 0",
     .example = "timestamp(0).getDayOfWeek() == 4",
     .call = part<day_of_week>},
    {.name = "getDayOfWeek",
     .type = "timestamp.(string) -> int",
     .doc = "the day of the week in a time zone, Sunday is 0",
     .example = "timestamp(0).getDayOfWeek('-01:00') == 3",
     .call = part<day_of_week>,
     .prepare = prepare_zone},
    {.name = "getDayOfYear",
     .type = "timestamp.() -> int",
     .doc = "the day of the year, from 0",
     .example = "timestamp(86400).getDayOfYear() == 1",
     .call = part<day_of_year>},
    {.name = "getDayOfYear",
     .type = "timestamp.(string) -> int",
     .doc = "the day of the year in a time zone, from 0",
     .example = "timestamp(0).getDayOfYear('-01:00') == 364",
     .call = part<day_of_year>,
     .prepare = prepare_zone},
    {.name = "getHours",
     .type = "timestamp.() -> int",
     .doc = "the hour",
     .example = "timestamp(7200).getHours() == 2",
     .call = part<hour>},
    {.name = "getHours",
     .type = "timestamp.(string) -> int",
     .doc = "the hour in a time zone",
     .example = "timestamp(1700000000).getHours('Europe/Berlin') == 23",
     .call = part<hour>,
     .prepare = prepare_zone},
    {.name = "getMinutes",
     .type = "timestamp.() -> int",
     .doc = "the minute",
     .example = "timestamp(90).getMinutes() == 1",
     .call = part<minute>},
    {.name = "getMinutes",
     .type = "timestamp.(string) -> int",
     .doc = "the minute in a time zone",
     .example = "timestamp(0).getMinutes('+05:30') == 30",
     .call = part<minute>,
     .prepare = prepare_zone},
    {.name = "getSeconds",
     .type = "timestamp.() -> int",
     .doc = "the second",
     .example = "timestamp(90).getSeconds() == 30",
     .call = part<second>},
    {.name = "getSeconds",
     .type = "timestamp.(string) -> int",
     .doc = "the second in a time zone",
     .example = "timestamp(90).getSeconds('+05:30') == 30",
     .call = part<second>,
     .prepare = prepare_zone},
    {.name = "getMilliseconds",
     .type = "timestamp.() -> int",
     .doc = "the milliseconds of the second",
     .example = "timestamp('1970-01-01T00:00:00.25Z').getMilliseconds() == 250",
     .call = milliseconds},
    {.name = "getMilliseconds",
     .type = "timestamp.(string) -> int",
     .doc = "the same in every time zone",
     .example = "timestamp('1970-01-01T00:00:00.25Z').getMilliseconds('UTC') == 250",
     .call = milliseconds,
     .prepare = prepare_zone},
    {.name = "getHours",
     .type = "duration.() -> int",
     .doc = "the whole hours of the duration",
     .example = "duration('90m').getHours() == 1",
     .call = whole_units<3600 * 1'000'000'000LL>},
    {.name = "getMinutes",
     .type = "duration.() -> int",
     .doc = "the whole minutes of the duration",
     .example = "duration('90m').getMinutes() == 90",
     .call = whole_units<60 * 1'000'000'000LL>},
    {.name = "getSeconds",
     .type = "duration.() -> int",
     .doc = "the whole seconds of the duration",
     .example = "duration('2m').getSeconds() == 120",
     .call = whole_units<1'000'000'000LL>},
    {.name = "getMilliseconds",
     .type = "duration.() -> int",
     .doc = "the milliseconds of the duration (in strict CEL: of its last second)",
     .example = "duration('250ms').getMilliseconds() == 250",
     .call = duration_milliseconds},
};

}  // namespace

std::span<const Function> time_functions() {
  return kTimeFunctions;
}

}  // namespace swamp::cel
