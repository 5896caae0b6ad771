#pragma once

#include <string>
#include <string_view>

#include "cel/characters.h"
#include "cel/program.h"
#include "value/json.h"

namespace swamp::cel::testing {

/// The variables of the tests of the dialect.
inline Map inputs() {
  return {{"inputs", Map{{"n", 5},
                         {"big", std::int64_t{9007199254740993}},
                         {"f", 1.5},
                         {"s", "hi"},
                         {"yes", true},
                         {"nul", nullptr},
                         {"list", List{1, 2, 3}},
                         {"m", Map{{"k", "v"}, {"nul", nullptr}, {"deep", Map{{"x", 1}}}}},
                         {"env", Map{{"name", "prod"}}}}},
          {"self", Map{{"name", "me"}, {"env", Map{{"x", 7}}}}}};
}

/// The result as JSON, or `error: ` and the message.
inline std::string eval(std::string_view text, Dialect dialect = Dialect::swamp,
                        const Limits& limits = {}) {
  auto program = Program::compile(text, dialect);
  if (!program) return "error: " + program.error().message;
  auto outcome = program->evaluate(PlainScope(inputs()), Answers(), limits);
  if (!outcome) return "error: " + outcome.error().message;
  return write_json(std::get<Value>(*outcome));
}

inline std::string strict(std::string_view text) {
  return eval(text, Dialect::strict);
}

/// The error as people see it: message, place, what is marked, and the hint.
///
///   there is no 'inputz' here @1:1 «inputz»  did you mean 'inputs'?
inline std::string shown(const Error& error) {
  std::string text = error.message;
  if (error.where) {
    const std::string_view line = error.where->source->line(error.where->line);
    const std::size_t begin = byte_of_character(line, error.where->column - 1);
    const std::size_t end = byte_of_character(line, error.where->column - 1 + error.where->length);
    text += " @" + std::to_string(error.where->line) + ":" + std::to_string(error.where->column);
    text += " «" + std::string(line.substr(begin, end - begin)) + "»";
  }
  return error.hint.empty() ? text : text + "  " + error.hint;
}

/// What goes wrong with `text`, as shown(); `no error` when nothing does.
inline std::string complaint(std::string_view text, Dialect dialect = Dialect::swamp) {
  auto program = Program::compile(text, dialect);
  if (!program) return shown(program.error());
  auto outcome = program->evaluate(PlainScope(inputs()), Answers());
  return outcome ? "no error" : shown(outcome.error());
}

}  // namespace swamp::cel::testing
