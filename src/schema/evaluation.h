#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "schema/program.h"
#include "schema/schema.h"
#include "schema/seen.h"

namespace swamp::schema {

/// One look at one value: where in it and in the schema we are, and what was wrong so far. Used
/// once.
class Evaluation {
 public:
  /// Null `problems`: only the answer is wanted, and what cannot change it is left out.
  Evaluation(const Program& program, std::vector<Problem>* problems)
      : program_(program), problems_(problems) {}

  /// Whether the value fits the program. It does not when a limit was met.
  bool run(const Value& value);

  // What follows is for keywords.

  /// Whether `value`, the current one, fits `node`; what was seen of it goes into `seen` only if it
  /// does.
  bool fits(const Node& node, const Value& value, Seen& seen);
  bool fits_property(const Node& node, const Value& value, std::string_view name);
  bool fits_item(const Node& node, const Value& value, std::size_t index);

  /// The same without telling problems.
  bool fits_quietly(const Node& node, const Value& value, Seen& seen);
  /// The problems with `node` alone.
  std::vector<Problem> problems_of(const Node& node, const Value& value);

  bool wants_problems() const { return problems_ != nullptr; }
  bool tracks_seen() const { return program_.tracks_seen; }

  /// Notes that the current value is not as `keyword` wants it. `make` returns the message; it is
  /// called only when problems are wanted. Always false.
  template <class MakeMessage>
  bool fail(const Keyword& keyword, MakeMessage make) {
    if (wants_problems()) add_problem(keyword, make());
    return false;
  }
  void add_problem(const Keyword& keyword, std::string message, std::string hint = {});
  void add_problem(Problem problem);

  /// See Problem::instance.
  std::string instance() const;

  /// The schemas on the way to the current one, outermost first.
  const std::vector<const Node*>& nodes() const { return nodes_; }

 private:
  struct Step {
    std::string_view name;  // of a property
    std::size_t index = 0;
    bool is_item = false;
  };

  bool fits_member(const Node& node, const Value& value, Step step);
  bool check_keywords(const Node& node, const Value& value, Seen& seen);
  bool is_running(const Node& node, const Value& value) const;
  bool stop(std::string message);

  const Program& program_;
  std::vector<Problem>* problems_;
  std::vector<Step> path_;            // from the whole value to the current one
  std::vector<const Node*> nodes_;    // from the root to the current schema
  std::vector<const Value*> values_;  // what each of them looks at
  std::size_t steps_ = 0;
  std::string stopped_;  // why it was given up; empty while it goes on
};

}  // namespace swamp::schema
