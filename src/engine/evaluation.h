#pragma once

#include <string>
#include <utility>
#include <vector>

#include "async/task.h"
#include "cel/program.h"
#include "engine/names/name_context.h"
#include "engine/scope.h"
#include "spec/field.h"
#include "value/value.h"

namespace swamp::engine {

/// Evaluates fields that belong together, such as those of one step: each question is asked once,
/// so that all of them see the same answers.
class Evaluation {
 public:
  /// All outlive the evaluation.
  Evaluation(Scope scope, NameContext context)
      : scope_(std::move(scope)), context_(std::move(context)) {}

  Scope& scope() { return scope_; }
  const NameContext& context() const { return context_; }

  /// The value of a field; null when it is absent. Fails at the offending place.
  Task<Value> value_of(spec::Field field);
  Task<Value> value_of(spec::Expression expression);

  /// A text that names something: not empty, not secret (denied). `what` begins the message.
  Task<std::string> name_of(spec::Field field, std::string what);

  /// A map; an absent field is an empty one.
  Task<Map> map_of(spec::Field field, std::string what);

  /// Texts by name, none of them secret (denied); scalars become texts.
  Task<Map> texts_of(spec::Field field, std::string what);

  /// From now on secrets are fetched anew.
  void forget_secrets();

 private:
  template <class Evaluate>
  Task<Value> repeat(Evaluate evaluate);
  Task<> find_answers(std::vector<cel::Ask> asks);

  Scope scope_;
  NameContext context_;
  cel::Answers answers_;
  std::vector<std::pair<cel::Ask, Result<Value>>> known_;  // the same, to forget some
};

}  // namespace swamp::engine
