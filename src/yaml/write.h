#pragma once

#include <memory>
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

/// Writes the same piece by piece: for a map of which a list would be large as a Value. What was
/// written is text and nothing else.
class DocumentWriter {
 public:
  explicit DocumentWriter(WriteStyle style = {});
  ~DocumentWriter();

  // In a map, as the document is one:
  void member(const std::string& key, const Value& value);
  void members(const Map& map);
  void begin_list(const std::string& key);  // which gets at least one item

  // In a list:
  void item(const Value& value);
  void begin_map();  // which gets at least one member
  void end_map();
  void end_list();

  /// The document, once every list has ended. It has at least one member.
  std::string finish() &&;

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace swamp::yaml
