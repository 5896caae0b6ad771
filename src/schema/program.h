#pragma once

#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "schema/documents.h"
#include "value/value.h"

namespace swamp::schema {

class Evaluation;
class Seen;

/// What one keyword of a schema asks of a value.
class Keyword {
 public:
  virtual ~Keyword() = default;

  /// Whether `value` has it. Tells `evaluation` what is wrong, and `seen` which parts of the value
  /// it looked at.
  virtual bool check(Evaluation& evaluation, const Value& value, Seen& seen) const = 0;

  std::string_view keyword_name() const { return keyword_name_; }

 private:
  friend class Compiler;
  std::string_view keyword_name_;
};

/// A schema (an object or a boolean), compiled. Nodes refer to each other, also in circles.
struct Node {
  std::string location;  // see Problem::schema
  const Resource* resource = nullptr;
  bool refuses_all = false;  // the schema `false`
  std::vector<std::unique_ptr<Keyword>> keywords = {};
};

/// A compiled schema with everything that it refers to. Never changed once it is compiled.
struct Program {
  Documents documents;
  std::deque<Node> nodes;
  const Node* root = nullptr;
  std::size_t max_steps = 0;
  bool tracks_seen = false;  // `unevaluated…` is in it somewhere
};

}  // namespace swamp::schema
