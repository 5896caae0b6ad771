#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "async/task.h"
#include "cel/program.h"
#include "engine/names/name_context.h"
#include "engine/scope.h"
#include "spec/field.h"
#include "value/value.h"

namespace swamp::engine {

/// Why something is not known yet.
struct NotYet {
  std::string when;     // `when 'build' has run`
  bool secret = false;  // it is a secret: nobody sees it
};

/// An expression whose value cannot be told before it is evaluated in a run.
struct Unknown {
  std::string place;  // JSON Pointer into the field
  std::string expression;
  NotYet why;
};

/// A field, evaluated as far as that can be done without running anything.
struct Foreseen {
  Value value;  // texts with unknown expressions in them stay as they are written
  std::vector<Unknown> unknown = {};
  std::optional<Error> error = std::nullopt;  // the first: evaluating it would fail

  bool is_known() const { return unknown.empty() && !error; }
};

/// How far one can see.
struct Horizon {
  struct Hidden {
    std::vector<std::string> path;  // below a root of the scope: {"run"}, {"inputs", "region"}
    NotYet why;
  };
  std::vector<Hidden> hidden = {};
  /// Whether a question can be answered now; else what has to happen before.
  std::function<std::optional<NotYet>(const cel::Ask&)> look;
};

/// Evaluates fields before their run: what asks beyond the horizon stays as it is written, with the
/// reason. Secrets are never fetched and never shown; what is made of one is unknown. Each question
/// is asked once.
class Foresight {
 public:
  /// `context` must not fetch secrets (asserted). All it refers to outlives this.
  Foresight(Scope scope, Horizon horizon, NameContext context);

  Scope& scope() { return scope_; }
  Horizon& horizon() { return horizon_; }

  /// Fails only when the task is cancelled.
  Task<Foreseen> foresee(spec::Field field);
  Task<Foreseen> foresee(spec::Expression expression);

 private:
  using Leaf = std::variant<Value, NotYet, Error>;
  using Evaluate = std::function<Result<cel::Outcome>(const Scope&, const cel::Answers&)>;

  Task<Leaf> evaluate(cel::References references, Evaluate evaluate);
  std::optional<NotYet> hidden_in(const cel::References& references) const;
  std::optional<NotYet> missed_by(const cel::References& references) const;
  static void put(Leaf leaf, const std::string& place, const std::string& text, Foreseen& into);

  Scope scope_;
  Horizon horizon_;
  NameContext context_;
  cel::Answers answers_;
};

}  // namespace swamp::engine
