#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "cel/program.h"

namespace swamp::cel {

/// A text that may hold `${{ … }}`, compiled.
///
/// The scanner knows CEL's strings, comments and braces, so `}}` inside a map literal or a string
/// does not end an expression. A text that is one expression and nothing else (trailing blanks and
/// newlines apart) keeps the type of its value; otherwise values are put into the text: null as
/// nothing, lists and maps as JSON with two blanks of indent, numbers as JavaScript prints them.
/// `${{}}` is plain text. There is no escape.
class Template {
 public:
  /// Fails with invalid_input when an expression has no end or does not compile.
  static Result<Template> compile(std::string_view text, Dialect dialect,
                                  const SourceSpan* where = nullptr);

  /// Whether the text holds an expression at all: the cheap test before compile().
  static bool has_expression(std::string_view text);

  /// No expression in it: the value is the text.
  bool is_plain() const;
  /// One expression and nothing else.
  bool is_whole() const;
  const std::string& text() const { return text_; }
  const References& references() const { return references_; }

  /// As Program::evaluate. What is computed from a secret is a secret string whose expression is
  /// this text as written.
  Result<Outcome> evaluate(const Scope& scope, const Answers& answers,
                           const Limits& limits = {}) const;

  std::vector<Error> check_names(const Scope& scope) const;

  /// The programs in order of appearance.
  std::vector<const Program*> programs() const;

 private:
  Template() = default;

  std::string text_;
  std::vector<std::variant<std::string, Program>> parts_;
  bool whole_ = false;
  References references_;
};

}  // namespace swamp::cel
