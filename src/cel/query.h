#pragma once

#include <span>
#include <string>
#include <vector>

#include "cel/program.h"

namespace swamp::cel {

/// A program over many rows. Its root variables are columns, which are looked up once and for all
/// rows, and there is nothing to ask.
///
/// Immutable and cheap to copy; several threads may use one.
class Query {
 public:
  /// `columns` are all the names that a row has. Fails with invalid_input, naming all of them, for
  /// names and functions that do not exist.
  static Result<Query> bind(const Program& program, std::span<const std::string> columns);

  /// Whether the program reads the column; the values of others may be left null.
  bool reads(std::size_t column) const { return reads_[column]; }

  enum class Match : std::uint8_t { no, yes, failed };

  /// Whether the program gives true for the row; any other value is no. `row` has one value per
  /// column. What failed, and why, is for evaluate() to tell, so that rows that fail cost no more
  /// than others.
  Match matches(std::span<const Value> row, const Limits& limits = {}) const;

  /// What the program gives for the row; see Program::evaluate.
  Result<Value> evaluate(std::span<const Value> row, const Limits& limits = {}) const;

 private:
  explicit Query(const Program& program) : program_(program) {}

  Program program_;
  std::vector<std::uint32_t> columns_;  // by number of the root; kNone for a type's name
  std::vector<bool> reads_;
  std::vector<std::string> names_;
};

}  // namespace swamp::cel
