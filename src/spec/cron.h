#pragma once

#include <string_view>

#include "base/result.h"

namespace swamp::spec {

/// Whether `text` is a schedule: five fields (minute hour day month weekday) or six (second first),
/// each
///
///   field := item (`,` item)*
///   item  := (`*` | `?` | value | value `-` value) (`/` step)?
///
/// months and weekdays also by their English names of three letters, 7 is Sunday; days also as `L`,
/// `LW`, `15W`, and weekdays as `5L` (last of the month) or `1#2` (second of the month). Fails with
/// invalid_input, naming the field.
Result<> check_cron(std::string_view text);

}  // namespace swamp::spec
