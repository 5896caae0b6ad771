#include <algorithm>
#include <compare>
#include <optional>

#include <fmt/format.h>

#include "schema/evaluation.h"
#include "schema/keyword_maker.h"
#include "schema/words.h"

namespace swamp::schema {
namespace {

using Nodes = std::vector<const Node*>;

class AllOf final : public Keyword {
 public:
  explicit AllOf(Nodes nodes) : nodes_(std::move(nodes)) {}

  bool check(Evaluation& evaluation, const Value& value, Seen& seen) const override {
    bool fit = true;
    for (const Node* node : nodes_) {
      fit = evaluation.fits(*node, value, seen) && fit;
      if (!fit && !evaluation.wants_problems()) return false;
    }
    return fit;
  }

 private:
  Nodes nodes_;
};

MadeKeyword make_all_of(const KeywordSite& site) {
  SWAMP_TRY(Nodes nodes, site.list_of_schemas());
  return std::make_unique<AllOf>(std::move(nodes));
}

// That a value fits none of several schemas is best told by what is wrong with the one that was
// most likely meant.

std::string_view keyword_of(const Problem& problem) {
  return std::string_view(problem.schema).substr(problem.schema.rfind('/') + 1);
}

bool is_about_type(const Problem& problem, const std::string& instance) {
  return problem.instance == instance && keyword_of(problem) == "type";
}

/// How far a value is from a schema: wrong in kind, then wrong in a fixed value (as a discriminator
/// has), then by the number of problems.
struct Distance {
  bool wrong_kind = false;
  bool wrong_constant = false;
  std::size_t problems = 0;

  friend auto operator<=>(const Distance&, const Distance&) = default;
};

Distance distance_of(const std::vector<Problem>& problems, const std::string& instance) {
  Distance distance = {.problems = problems.size()};
  for (const Problem& problem : problems) {
    if (is_about_type(problem, instance)) distance.wrong_kind = true;
    if (keyword_of(problem) == "const" || keyword_of(problem) == "enum")
      distance.wrong_constant = true;
  }
  return distance;
}

constexpr std::string_view kExpected = "expected ";
constexpr std::string_view kFound = ", found ";

/// `expected a string or a list, found null`, when a wrong type is all that is wrong everywhere.
std::optional<std::string> join_types(const std::vector<std::vector<Problem>>& branches,
                                      const std::string& instance) {
  std::vector<std::string> expected;
  std::string found;
  for (const auto& problems : branches) {
    if (problems.empty() || !is_about_type(problems[0], instance)) return std::nullopt;
    const std::string& message = problems[0].message;
    const std::size_t middle = message.find(kFound);
    std::string words = message.substr(kExpected.size(), middle - kExpected.size());
    if (std::find(expected.begin(), expected.end(), words) == expected.end())
      expected.push_back(std::move(words));
    found = message.substr(middle);
  }
  return fmt::format("{}{}{}", kExpected, joined_by_or(expected), found);
}

void tell_none_fits(Evaluation& evaluation, const Keyword& keyword, const Nodes& nodes,
                    const Value& value) {
  std::vector<std::vector<Problem>> branches;
  for (const Node* node : nodes) {
    branches.push_back(evaluation.problems_of(*node, value));
  }
  const std::string instance = evaluation.instance();
  if (auto message = join_types(branches, instance))
    return evaluation.add_problem(keyword, *std::move(message));
  std::vector<Distance> distances;
  for (const auto& problems : branches) {
    distances.push_back(distance_of(problems, instance));
  }
  const auto nearest = std::min_element(distances.begin(), distances.end());
  auto& problems = branches[static_cast<std::size_t>(nearest - distances.begin())];
  const auto is_rival = [&](const Distance& other) {
    return other.wrong_kind == nearest->wrong_kind &&
           other.wrong_constant == nearest->wrong_constant;
  };
  const auto rivals = std::count_if(distances.begin(), distances.end(), is_rival);
  if (nodes.size() == 1 || (rivals == 1 && !nearest->wrong_constant)) {
    for (Problem& problem : problems) {
      evaluation.add_problem(std::move(problem));
    }
    return;
  }
  std::string message = fmt::format("fits none of {} alternatives", nodes.size());
  if (!problems.empty()) message += fmt::format("; the nearest: {}", problems.front().message);
  evaluation.add_problem(keyword, std::move(message));
}

class AnyOf final : public Keyword {
 public:
  explicit AnyOf(Nodes nodes) : nodes_(std::move(nodes)) {}

  bool check(Evaluation& evaluation, const Value& value, Seen& seen) const override {
    bool fit = false;
    for (const Node* node : nodes_) {
      fit = evaluation.fits_quietly(*node, value, seen) || fit;
      if (fit && !evaluation.tracks_seen()) return true;
    }
    if (!fit && evaluation.wants_problems()) tell_none_fits(evaluation, *this, nodes_, value);
    return fit;
  }

 private:
  Nodes nodes_;
};

MadeKeyword make_any_of(const KeywordSite& site) {
  SWAMP_TRY(Nodes nodes, site.list_of_schemas());
  return std::make_unique<AnyOf>(std::move(nodes));
}

class OneOf final : public Keyword {
 public:
  explicit OneOf(Nodes nodes) : nodes_(std::move(nodes)) {}

  bool check(Evaluation& evaluation, const Value& value, Seen& seen) const override {
    std::optional<std::size_t> fitting;
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      if (!evaluation.fits_quietly(*nodes_[i], value, seen)) continue;
      if (fitting) {
        return evaluation.fail(*this, [&] {
          return fmt::format("fits more than one of {} alternatives: number {} and number {}",
                             nodes_.size(), *fitting + 1, i + 1);
        });
      }
      fitting = i;
    }
    if (!fitting && evaluation.wants_problems()) tell_none_fits(evaluation, *this, nodes_, value);
    return fitting.has_value();
  }

 private:
  Nodes nodes_;
};

MadeKeyword make_one_of(const KeywordSite& site) {
  SWAMP_TRY(Nodes nodes, site.list_of_schemas());
  return std::make_unique<OneOf>(std::move(nodes));
}

class Not final : public Keyword {
 public:
  explicit Not(const Node& node) : node_(node) {}

  bool check(Evaluation& evaluation, const Value& value, Seen&) const override {
    Seen ignored;
    if (!evaluation.fits_quietly(node_, value, ignored)) return true;
    return evaluation.fail(*this, [&] {
      return fmt::format("{} is one of the values that are not allowed", shown(value));
    });
  }

 private:
  const Node& node_;
};

MadeKeyword make_not(const KeywordSite& site) {
  SWAMP_TRY(const Node* node, site.child());
  return std::make_unique<Not>(*node);
}

/// `if` with `then` and `else`.
class Condition final : public Keyword {
 public:
  Condition(const Node& condition, const Node* then_node, const Node* else_node)
      : condition_(condition), then_(then_node), else_(else_node) {}

  bool check(Evaluation& evaluation, const Value& value, Seen& seen) const override {
    const Node* next = evaluation.fits_quietly(condition_, value, seen) ? then_ : else_;
    return next == nullptr || evaluation.fits(*next, value, seen);
  }

 private:
  const Node& condition_;
  const Node* then_;
  const Node* else_;
};

MadeKeyword make_condition(const KeywordSite& site) {
  SWAMP_TRY(const Node* condition, site.child());
  const auto branch = [&](std::string_view keyword) -> Result<const Node*> {
    if (!site.schema().contains(keyword)) return nullptr;
    return site.at(keyword).child();
  };
  SWAMP_TRY(const Node* then_node, branch("then"));
  SWAMP_TRY(const Node* else_node, branch("else"));
  return std::make_unique<Condition>(*condition, then_node, else_node);
}

constexpr KeywordMaker kApplicators[] = {
    {"allOf", make_all_of}, {"anyOf", make_any_of}, {"oneOf", make_one_of},
    {"not", make_not},      {"if", make_condition},
};

}  // namespace

std::span<const KeywordMaker> applicator_keywords() {
  return kApplicators;
}

}  // namespace swamp::schema
