#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "value/value.h"

namespace swamp {

/// Reads one JSON document (RFC 8259). Whole numbers within int64 and uint64 stay exact, others
/// become doubles. Of equal keys the last wins, in the place of the first. Nesting is limited to
/// 1,000 levels. `name` is what a message calls the text. Fails with invalid_input, at line and
/// column.
Result<Value> parse_json(std::string_view text, std::string_view name = "<json>");

/// How a document is laid out.
struct JsonStyle {
  int indent = 0;  // blanks per level; 0 = compact on one line
};

/// Writes `value` as JSON the way JSON.stringify does: no final newline, shortest doubles (`5`
/// for 5.0, `1e+21`), NaN and infinities as null, whole numbers with all digits, non-ASCII as it
/// is, invalid UTF-8 as U+FFFD. Secrets must have been replaced before (see redacted()): a secret
/// string is written as its expression.
std::string write_json(const Value& value, JsonStyle style = {});

/// Appends to `out`, for documents built in pieces.
void append_json(std::string& out, const Value& value, JsonStyle style = {});
void append_json_string(std::string& out, std::string_view text);

/// RFC 8785: keys sorted by UTF-16 unit, numbers by value (an integer beyond 2^53 keeps its
/// digits), no blanks.
std::string write_canonical_json(const Value& value);

/// A number as JavaScript's String() prints it.
std::string number_to_string(double number);

/// `text` with every byte sequence that is not UTF-8 replaced by U+FFFD.
std::string to_valid_utf8(std::string_view text);
bool is_valid_utf8(std::string_view text);

}  // namespace swamp
