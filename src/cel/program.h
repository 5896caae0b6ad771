#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "base/result.h"
#include "value/value.h"

namespace swamp::cel {

class Tree;

/// Which rules hold. `strict` is CEL as its specification says; `swamp` is the dialect that files
/// in the wild are written in (docs/expressions.md): whole numbers from data divide as doubles,
/// null-safe select, names of ours.
enum class Dialect : std::uint8_t { strict, swamp };

/// Something that an expression needs to know and that only the outside can tell: a call of a
/// function that the scope declares as asked (`data.latest`, `vault.get`, `hashFiles`), or a member
/// of an asked root
/// (`model.web.resource`). Two equal asks of one evaluation are one question.
struct Ask {
  std::string name;       // `data.latest`, `vault.get`, `model`
  List arguments;         // as evaluated; for a member of a root: the keys
  SourceSpan where = {};  // the call, in the file when that is known

  /// The asks are equal: same name, equal arguments.
  friend bool operator==(const Ask& a, const Ask& b) {
    return a.name == b.name && a.arguments == b.arguments;
  }
};

/// The answers found so far for one evaluation. An answer may be an error: it then is the result of
/// that call, and
/// `||`, `&&`, `exists` and `all` absorb it as CEL says.
class Answers {
 public:
  /// The first answer to a question counts.
  void add(Ask ask, Result<Value> answer);
  /// Null when the question has no answer yet. The pointer stays good.
  const Result<Value>* find(const Ask& ask) const;

 private:
  // By the hash of the question. Nodes of a map stay where they are.
  std::unordered_multimap<std::size_t, std::pair<Ask, Result<Value>>> answers_;
};

/// What names mean during one evaluation.
class Scope {
 public:
  virtual ~Scope() = default;

  /// The value of a root variable; null pointer when the scope has no such name. The pointer must
  /// stay good while the evaluation lasts.
  virtual const Value* find_root(std::string_view name) const = 0;

  /// Number of keys that make one question below an asked root (`model` has 2: name and kind); 0
  /// when `name` is no asked root. Functions that are asked are known by their full name, such as
  /// `data.latest`.
  virtual std::size_t asked_root_depth(std::string_view name) const = 0;
  virtual bool is_asked_function(std::string_view full_name) const = 0;

  /// All names, for messages and suggestions.
  virtual std::vector<std::string> names() const = 0;
};

/// A scope made of plain values, with nothing to ask: tests, queries, `expr eval` without a
/// repository.
class PlainScope final : public Scope {
 public:
  explicit PlainScope(Map variables) : variables_(std::move(variables)) {}
  const Value* find_root(std::string_view name) const override { return variables_.find(name); }
  std::size_t asked_root_depth(std::string_view) const override { return 0; }
  bool is_asked_function(std::string_view) const override { return false; }
  std::vector<std::string> names() const override;

 private:
  Map variables_;
};

/// What an expression mentions, read from its tree. Loop variables of macros and `cel.bind` are not
/// in it.
struct References {
  std::set<std::string> roots;      // `inputs`, `data`, `vault`, …
  std::set<std::string> functions;  // full names as called: `data.latest`, `size`, `startsWith`
  /// Constant paths below a root: `inputs.env.name` gives {"inputs","env","name"}; also through
  /// ["constant"].
  std::vector<std::vector<std::string>> paths;
  /// Calls whose arguments are all constant: {"vault.get", "prod", "pw"}.
  std::vector<std::vector<std::string>> constant_calls;

  bool mentions(std::string_view root) const { return roots.count(std::string(root)) != 0; }
  void merge(const References& other);
};

/// What an evaluation may use up before it is an error.
struct Limits {
  /// One per node evaluated, per element and per 16 bytes visited; more for what takes memory. How
  /// deep an expression may nest is kMaxDepth (tree.h), checked when it is compiled.
  std::uint64_t cost = 10'000'000;
};

/// An evaluation ends with a value, or with what it needs to know first.
using Outcome = std::variant<Value, std::vector<Ask>>;

/// A compiled expression: immutable, shared between threads, evaluated many times.
class Program {
 public:
  /// `where` is the place of the text in the file it was found in; errors point into that file.
  /// Fails with invalid_input: syntax, nesting too deep, a macro with wrong arguments.
  static Result<Program> compile(std::string_view text, Dialect dialect,
                                 const SourceSpan* where = nullptr);

  const References& references() const;
  const std::string& text() const;
  /// The expression itself, for rooms that translate it.
  const Tree& tree() const;

  /// Evaluates with what is known. A list of asks means: find the answers, add them, evaluate
  /// again. Only asks of branches that are really taken appear. A value that CEL alone knows leaves
  /// as the dialect says: timestamp as RFC 3339, duration as `string()` gives it, bytes as base64,
  /// optional as its value (none: null), type as its name. Fails with invalid_input at the
  /// offending node, with the line and a caret when printed.
  Result<Outcome> evaluate(const Scope& scope, const Answers& answers,
                           const Limits& limits = {}) const;

  /// Checks names against `scope` without evaluating: unknown roots and functions, with
  /// suggestions.
  std::vector<Error> check_names(const Scope& scope) const;

  struct Compiled;  // see compiled.h

 private:
  explicit Program(std::shared_ptr<const Compiled> compiled) : compiled_(std::move(compiled)) {}
  friend class Query;

  std::shared_ptr<const Compiled> compiled_;
};

}  // namespace swamp::cel
