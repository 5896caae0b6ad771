#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "value/value.h"

namespace swamp::schema {

struct Program;

/// One thing that a value has and its schema does not want, or the reverse.
struct Problem {
  std::string instance;  // JSON pointer to the value or the part of it; empty: the whole
  std::string schema;    // JSON pointer to the keyword (behind the URI of its document when that is
                         // another one)
  std::string
      message;  // one clause that does not name the place: `expected a string, found a number`
  std::string hint = {};
};

struct Options {
  bool assert_formats = false;  // `format` refuses values rather than only describing them
  /// Further documents that `$ref` may name, by URI. Nothing is ever fetched.
  std::vector<std::pair<std::string, Value>> documents = {};
  std::size_t max_steps = 10'000'000;  // schemas asked of parts of one value, before it is refused
};

/// A JSON Schema (draft 2020-12, all vocabularies), compiled. Immutable; copies share it and may be
/// used by several threads at once.
class Schema {
 public:
  /// Fails with invalid_input when the schema itself is wrong: a keyword of the wrong form, a
  /// `$ref` that leads nowhere, a pattern that RE2 cannot run (look-around, back references).
  /// Unknown keywords are ignored.
  static Result<Schema> compile(const Value& schema, const Options& options = {});

  /// Everything that is wrong with `value`, in a fixed order; empty when it fits. At
  /// most 1,000 are told. A value that leads through more than 2,000 schemas inside each other does
  /// not fit.
  std::vector<Problem> validate(const Value& value) const;

  /// The same question without the words, and faster.
  bool accepts(const Value& value) const;

 private:
  explicit Schema(std::shared_ptr<const Program> program) : program_(std::move(program)) {}

  std::shared_ptr<const Program> program_;
};

/// The problems as one error: the first is its message, with its place in the value (`at 'a.b[0]':
/// …`), the others are in `also`. `what` names the value: "input 'count'", "arguments of 'deploy'".
/// `problems` must not be empty.
Error to_error(const std::vector<Problem>& problems, std::string_view what);

}  // namespace swamp::schema
