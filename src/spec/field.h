#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cel/program.h"
#include "cel/template.h"
#include "value/value.h"

namespace swamp::spec {

/// A value as somebody wrote it in a document, in which texts may hold `${{ … }}`.
///
/// Expressions are bound to their place: only the texts that a person wrote are ever searched for
/// them, once, and what an evaluation puts in their place is data. Templates are compiled at first
/// use and kept. A Field is immutable and cheap to copy; copies share everything and may be used by
/// several threads at once.
class Field {
 public:
  /// A place inside the value: JSON Pointer (RFC 6901; empty is the value itself) and where it
  /// stands in the file.
  struct Place {
    std::string pointer;
    SourceSpan where;
  };

  /// Absent: the key was not written.
  Field() = default;

  /// A text or tree that a person wrote; `places` holds at least the root and every text, in order
  /// of the document.
  static Field written(Value value, std::vector<Place> places);
  static Field written(Value value, SourceSpan where = {});

  /// The same, but only the texts at `pointers` are searched for expressions: for files that swamp
  /// writes itself.
  static Field written_only_at(Value value, std::vector<Place> places,
                               const std::vector<std::string>& pointers);

  /// Data: nothing in it is an expression, whatever it says.
  static Field data(Value value, SourceSpan where = {});

  bool is_set() const { return rep_ != nullptr; }
  explicit operator bool() const { return is_set(); }

  /// As written; null when absent.
  const Value& value() const;

  /// The text as written, when the value is one; else empty.
  const std::string& text() const;

  /// Where the value stands; for a pointer the nearest place known at or above it.
  const SourceSpan& where() const;
  const SourceSpan& where(std::string_view pointer) const;

  bool has_expressions() const;

  /// The whole field is one `${{ … }}` and nothing else: its type is known only when it is
  /// evaluated.
  bool is_whole_expression() const;

  /// The texts that hold expressions, in order of the document.
  const std::vector<Place>& expressions() const;

  /// The template of `expressions()[index]`, or why it does not compile.
  const Result<cel::Template>& compiled(std::size_t index) const;

  /// All syntax errors, in order of place. Empty when everything compiles.
  std::vector<Error> check_syntax() const;

  /// Unknown names and functions in what compiles, in order of place.
  std::vector<Error> check_names(const cel::Scope& scope) const;

  /// What all expressions together mention; those that do not compile mention nothing.
  const cel::References& references() const;

  /// The value with every expression replaced by its result, or all that must be known first. An
  /// absent field is null. The first error, in order of place, wins.
  Result<cel::Outcome> evaluate(const cel::Scope& scope, const cel::Answers& answers,
                                const cel::Limits& limits = {}) const;

  /// The field `key` of a map, with its own places and expressions; absent when there is none. It
  /// compiles anew: keep it when it is used often.
  Field member(std::string_view key) const;

  /// The same value written down: places and expressions do not count.
  friend bool operator==(const Field& a, const Field& b) { return a.value() == b.value(); }

 private:
  struct Rep;
  static Field make(Value value, std::vector<Place> places, std::vector<Place> expressions);

  std::shared_ptr<const Rep> rep_;
};

/// A bare CEL expression (`assert.expr`), compiled at first use. Immutable, cheap to copy, safe to
/// share.
class Expression {
 public:
  Expression() = default;
  explicit Expression(std::string text, SourceSpan where = {});

  const std::string& text() const;
  const SourceSpan& where() const;
  const Result<cel::Program>& program() const;

 private:
  struct Rep;
  std::shared_ptr<const Rep> rep_;
};

/// Replaces what stands at `pointer` (RFC 6901) in `tree`; whether there is such a place.
bool set_at(Value& tree, std::string_view pointer, Value value);

/// What stands at `pointer`, or null.
const Value* find_at(const Value& tree, std::string_view pointer);

/// `pointer` with one more key, escaped.
std::string pointer_to(std::string_view pointer, std::string_view key);

}  // namespace swamp::spec
