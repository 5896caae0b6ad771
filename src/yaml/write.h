#pragma once

#include <string>

#include "value/value.h"

namespace swamp::yaml {

/// How a document is written.
struct WriteStyle {
  char quote = '\'';  // of one-line strings that need quotes: ' or "
};

/// Writes `value` as a YAML document with a final newline, laid out as the original tool does: two
/// blanks of indent, sequences below their key, quotes only where needed, `>-` for long and `|-`
/// for many-lined strings. Reading it back gives an equal value. A secret string is written as its
/// expression.
std::string write(const Value& value, WriteStyle style = {});

}  // namespace swamp::yaml
