#include "cel/query.h"

#include <algorithm>

#include "cel/evaluator.h"
#include "cel/faults.h"

namespace swamp::cel {

namespace {

constexpr std::uint32_t kNone = UINT32_MAX;

/// The names of the columns, without values.
class Columns final : public Scope {
 public:
  explicit Columns(std::span<const std::string> names) : names_(names) {}

  const Value* find_root(std::string_view name) const override {
    static const Value kAny(nullptr);
    return std::find(names_.begin(), names_.end(), name) != names_.end() ? &kAny : nullptr;
  }
  std::size_t asked_root_depth(std::string_view) const override { return 0; }
  bool is_asked_function(std::string_view) const override { return false; }
  std::vector<std::string> names() const override { return {names_.begin(), names_.end()}; }

 private:
  std::span<const std::string> names_;
};

}  // namespace

Result<Query> Query::bind(const Program& program, std::span<const std::string> columns) {
  if (auto unknown = program.check_names(Columns(columns)); !unknown.empty())
    return fail(combine(std::move(unknown)));
  Query query(program);
  query.names_.assign(columns.begin(), columns.end());
  query.reads_.resize(columns.size());
  for (const std::string& root : program.compiled_->roots) {
    const auto column = std::find(columns.begin(), columns.end(), root);
    const bool is_column = column != columns.end();
    query.columns_.push_back(is_column ? static_cast<std::uint32_t>(column - columns.begin())
                                       : kNone);
    if (is_column) query.reads_[query.columns_.back()] = true;
  }
  return query;
}

namespace {

Datum run(Evaluator& evaluator, std::span<const std::uint32_t> columns,
          std::span<const Value> row) {
  for (std::uint32_t root = 0; root < columns.size(); ++root) {
    evaluator.bind(root, columns[root] == kNone ? nullptr : &row[columns[root]]);
  }
  return evaluator.run();
}

}  // namespace

Query::Match Query::matches(std::span<const Value> row, const Limits& limits) const {
  const Columns scope({});
  const Answers answers;
  Meter meter(limits.cost);
  Evaluator evaluator(*program_.compiled_, scope, answers, meter);
  const Datum result = run(evaluator, columns_, row);
  if (result.is(Kind::failure)) return Match::failed;
  return result.is_true() ? Match::yes : Match::no;
}

Result<Value> Query::evaluate(std::span<const Value> row, const Limits& limits) const {
  const Columns scope(names_);
  const Answers answers;
  Meter meter(limits.cost);
  Evaluator evaluator(*program_.compiled_, scope, answers, meter);
  const Datum result = run(evaluator, columns_, row);
  if (result.is(Kind::failure))
    return fail(to_error(*program_.compiled_, scope, result.as_failure()));
  return to_value(result, meter);
}

}  // namespace swamp::cel
