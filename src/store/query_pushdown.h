#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "cel/tree.h"

namespace swamp::store {

/// What SQLite can say about a row: three conditions that are 0 or 1, never null. A row for which
/// neither `yes` nor `no` holds is to be evaluated when `unsure` holds, and else is one on which
/// evaluation fails.
struct Verdict {
  std::string yes = "0";
  std::string no = "0";
  std::string unsure = "1";
};

using SqlValue = std::variant<std::string, std::int64_t, double>;

/// A predicate as SQL, as far as SQLite decides with the same meaning.
struct Pushdown {
  Verdict verdict;
  std::vector<SqlValue> parameters;  // ?1, ?2, … of the conditions
  bool decides_anything() const { return verdict.yes != "0" || verdict.no != "0"; }
};

/// Reads the tree of a predicate. Every reading is exact for rows whose column `plain` is 1.
Pushdown push_down(const cel::Tree& tree);

}  // namespace swamp::store
