#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cel/datum.h"
#include "cel/functions/function.h"
#include "cel/program.h"
#include "cel/tree.h"

namespace swamp::cel {

/// What one operation does. Operands are other operations.
enum class OpCode : std::uint8_t {
  constant,  // constants[a]
  local,     // the loop variable in slot a
  path,  // the root roots[a] (with is_local the loop variable in slot a) and its members steps[b, b
         // + steps)
  select,       // [operand], the member steps[b]; with optional `.?`
  index,        // [operand, key]
  test,         // has(): [operand], the member steps[b]
  call,         // [argument…] of calls[a]
  list,         // [element…], flags in optional_entries[b…]
  map,          // [key, value…], flags in optional_entries[b…]
  negate,       // [operand]
  invert,       // [operand]
  chain,        // [operand…], operators[b…]
  all_of,       // [operand…]
  any_of,       // [operand…]
  conditional,  // [condition, yes, no]
  macro,        // [target, body…]; its variables from slot a on
  bare_name,    // [] or [meaning]: constants[a] unless a root or loop variable has the name
};

using OpId = std::uint32_t;

struct Op {
  OpCode code = OpCode::constant;
  Macro macro = Macro::has;
  bool optional = false;
  bool is_local = false;
  std::uint8_t variables = 0;  // of a macro
  std::uint32_t a = 0;
  std::uint32_t b = 0;
  std::uint32_t steps = 0;
  std::uint32_t first = 0;  // operands[first, first + count)
  std::uint32_t count = 0;
  std::uint32_t from = 0;   // the first byte it covers
  std::uint32_t begin = 0;  // where a failure points
  std::uint32_t end = 0;
};

/// A member, and where it is written.
struct Step {
  Datum key;  // a string
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

/// A call, resolved as far as the text tells.
struct CallSite {
  std::string name;  // as written: `startsWith`
  std::string
      full_name;  // `data.latest` when what stands before is one name: it may be an asked function
  bool has_target = false;
  bool is_namespaced = false;   // `math.abs`: the target is no argument
  bool is_alternative = false;  // `or`, `orValue`: the argument is evaluated only when it is wanted
  std::vector<const Function*> candidates;  // by name, receiver and count
  std::shared_ptr<const void> prepared;
};

/// The compact form of an expression: what evaluation reads. Immutable.
struct Program::Compiled {
  std::string text;
  Dialect dialect = Dialect::swamp;
  std::optional<SourceSpan> where;
  Tree tree;
  References references;

  std::vector<Op> ops;
  OpId root = 0;
  std::uint32_t slots = 0;
  std::vector<OpId> operands;
  std::vector<Datum> constants;
  std::vector<Step> steps;
  std::vector<Operator> operators;
  std::vector<bool> optional_entries;
  std::vector<CallSite> calls;
  std::vector<std::string> roots;
  /// Strict CEL lets a variable be called `a.b`: for path ops of that dialect, roots to try before
  /// roots[a], longest first: roots[qualified[i]] for i in [op.b, op.b + op.steps).
  std::vector<std::uint32_t> qualified;

  std::span<const OpId> operands_of(const Op& op) const {
    return std::span(operands).subspan(op.first, op.count);
  }
};

/// See Program::compile.
Result<std::shared_ptr<const Program::Compiled>> compile(std::string_view text, Dialect dialect,
                                                         const SourceSpan* where);

/// Lays the tree out as operations.
std::shared_ptr<Program::Compiled> lay_out(Tree tree, std::string text, Dialect dialect);

/// The type that is called so (`int`, `google.protobuf.Timestamp`), if any.
std::optional<TypeName> type_named(std::string_view name);

/// Reads from the tree what it mentions.
References collect_references(const Tree& tree);

/// The place of some bytes of the expression: in its file when that is known.
SourceSpan place_of(const Program::Compiled& program, std::uint32_t begin, std::uint32_t end);

}  // namespace swamp::cel
