#pragma once

#include <string>

#include "value/value.h"

namespace swamp::render {

/// The answer of a command under `--json`: two blanks a level, one line end. Secrets are shown as
/// their expressions.
std::string json_document(const Value& value);

/// One event of a stream: the whole document on one line.
std::string json_line(const Value& value);

/// `{key: value}` without the entries whose value is null: for keys that are absent when unset.
Value without_nulls(Map map);

}  // namespace swamp::render
