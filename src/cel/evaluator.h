#pragma once

#include <array>
#include <string>
#include <vector>

#include "cel/compiled.h"
#include "cel/datum.h"

namespace swamp::cel {

/// One evaluation of one program. Uses memory of its own only for what the expression builds, and
/// for loop variables and roots beyond the first eight.
class Evaluator {
 public:
  /// All must outlive the evaluator.
  Evaluator(const Program::Compiled& program, const Scope& scope, const Answers& answers,
            Meter& meter);

  /// What a root is, instead of what the scope says. Before run(); `value` must outlive it. A name
  /// that the expression does not mention is ignored.
  void bind(std::string_view root, const Datum& value);
  void bind(std::uint32_t root, const Value* value);

  /// A value, a failure with its place, or unknown; asks() then is not empty.
  Datum run() { return eval(program_.root); }

  const std::vector<Ask>& asks() const { return asks_; }
  std::vector<Ask> take_asks() { return std::move(asks_); }

 private:
  /// Forty-eight of fifty expressions have no more roots and loop variables than fit without an
  /// allocation.
  template <class T>
  class Small {
   public:
    explicit Small(std::size_t size) : more_(size > kInside ? size : 0) {}
    T& operator[](std::size_t at) { return more_.empty() ? inside_[at] : more_[at]; }

   private:
    static constexpr std::size_t kInside = 8;
    std::array<T, kInside> inside_;
    std::vector<T> more_;
  };

  /// What the scope says about a root; asked once.
  struct Root {
    enum class State : std::uint8_t { unasked, value, datum, asked, none } state = State::unasked;
    const Value* value = nullptr;
    const Datum* datum = nullptr;
    std::size_t wanted = 0;
  };

  // evaluator.cc
  Datum eval(OpId id);
  /// As eval, but may give a Partial: only for what takes members from it.
  Datum eval_base(OpId id);
  /// As eval, without a copy of constants and loop variables. The reference holds until `scratch`
  /// changes.
  const Datum& peek(OpId id, Datum& scratch);
  Datum logical(const Op& op, bool decisive);
  Datum boolean_wanted(std::string_view what, const Op& operand, const Datum& value) const;
  Datum unary(const Op& op);
  Datum conditional(const Op& op);
  Datum list(const Op& op);
  Datum map(const Op& op);
  Datum checked_key(const Op& where, const Datum& key) const;
  Datum bare_name(const Op& op);

  // evaluate_chain.cc
  Datum chain(const Op& op);

  // evaluate_calls.cc
  Datum call(const Op& op);
  Datum invoke(const Op& op, const CallSite& site, std::span<Datum> arguments);
  Datum unknown_function(const Op& op, const CallSite& site);
  Datum no_overload(const Op& op, const CallSite& site, std::span<const Datum> arguments) const;

  // evaluate_members.cc
  Datum path(const Op& op);
  Datum root_path(const Op& op);
  Datum from_root(const Root& root, const Op& op, std::uint32_t first_step);
  Datum type_or_unknown(const Op& op) const;
  Datum walk(const Value* at, const Op& op, std::uint32_t first_step);
  Datum member(const Datum& base, const Op& op, const Step& step, bool optional);
  Datum optional_member(const Datum& base, const Op& op, const Step& step, bool optional);
  Datum select(const Op& op);
  Datum index(const Op& op);
  Datum test(const Op& op);
  Datum test_member(const Datum& base, const Op& op, const Step& step);
  Datum element(const Datum& base, const Datum& key, const Op& op, bool optional);
  Datum list_element(const Datum& base, const Datum& key, const Op& op, bool optional);
  const Root& root(std::uint32_t number);
  Datum unknown_root(const Op& op) const;

  // evaluate_asks.cc
  /// One more key of a question below a root; asked when it is the last that is wanted.
  Datum extend(const Partial& partial, const Datum& key, std::uint32_t begin, std::uint32_t end,
               bool optional);
  Datum settle(const Partial& partial, std::uint32_t begin, std::uint32_t end);
  Datum ask(Ask ask, std::uint32_t begin, std::uint32_t end);
  Datum ask_call(const Op& op, const CallSite& site);

  // evaluate_macros.cc
  Datum macro(const Op& op);
  Datum quantifier(const Op& op, const Datum& target);
  Datum exactly_one(const Op& op, const Datum& target);
  template <class Visit>
  Datum each_round(const Op& op, const Datum& target, bool has_condition, Visit visit);
  Datum collect(const Op& op, const Datum& target);
  Datum collect_map(const Op& op, const Datum& target);
  Datum sort_by(const Op& op, const Datum& target);
  Datum optional_map(const Op& op, const Datum& target);
  Datum bind(const Op& op);
  Datum block(const Op& op);
  void set_variables(const Op& op, const Datum& target, std::size_t position);
  Datum condition(OpId id);

  /// The failure, with its place when it has none yet.
  Datum fail_at(Datum failure, std::uint32_t begin, std::uint32_t end) const;
  Datum fail_at(const Op& op, std::string message, std::string hint = {}) const;
  Datum out_of_budget(const Op& op) const;
  /// What stands before the member or key at `end`, in quotes and only when it is short: for
  /// messages.
  std::string container(const Op& op, std::uint32_t end) const;
  Datum no_key(const Datum& base, std::string key, std::string container, std::uint32_t begin,
               std::uint32_t end) const;

  const Program::Compiled& program_;
  const Scope& scope_;
  const Answers& answers_;
  Meter& meter_;
  std::vector<Ask> asks_;
  Small<Root> roots_;
  Small<Datum> locals_;
};

/// Whether the datum ends a strict evaluation here: a failure or unknown.
inline bool is_stuck(const Datum& datum) {
  return !datum.is_value();
}

}  // namespace swamp::cel
