#include "schema/evaluation.h"

#include <utility>

#include <fmt/format.h>

namespace swamp::schema {
namespace {

constexpr std::size_t kMaxDepth = 2000;
constexpr std::size_t kMaxProblems = 1000;  // nobody reads more

}  // namespace

bool Evaluation::run(const Value& value) {
  Seen seen;
  const bool fit = fits(*program_.root, value, seen);
  if (stopped_.empty()) return fit;
  if (wants_problems()) problems_->push_back({.message = stopped_});
  return false;
}

bool Evaluation::fits(const Node& node, const Value& value, Seen& seen) {
  if (!stopped_.empty()) return false;
  if (++steps_ > program_.max_steps)
    return stop(fmt::format("takes more than {} steps to check", program_.max_steps));
  if (nodes_.size() == kMaxDepth)
    return stop(
        fmt::format("is nested deeper than its schema can be followed ({} steps)", kMaxDepth));
  if (is_running(node, value))
    return stop(fmt::format("schema '{}' refers to itself without an end", node.location));
  nodes_.push_back(&node);
  values_.push_back(&value);
  bool fit = false;
  if (tracks_seen()) {
    Seen own;
    fit = check_keywords(node, value, own);
    if (fit) seen.merge(own);
  } else {
    fit = check_keywords(node, value, seen);
  }
  nodes_.pop_back();
  values_.pop_back();
  return fit && stopped_.empty();
}

bool Evaluation::check_keywords(const Node& node, const Value& value, Seen& seen) {
  if (node.refuses_all) {
    if (wants_problems())
      add_problem(
          {.instance = instance(), .schema = node.location, .message = "nothing is allowed here"});
    return false;
  }
  bool fit = true;
  for (const auto& keyword : node.keywords) {
    fit = keyword->check(*this, value, seen) && fit;
    if (!fit && !wants_problems()) return false;
  }
  return fit;
}

/// Whether we came here from the same schema and value without going into the value: then we would
/// again.
bool Evaluation::is_running(const Node& node, const Value& value) const {
  for (std::size_t i = nodes_.size(); i > 0 && values_[i - 1] == &value; --i) {
    if (nodes_[i - 1] == &node) return true;
  }
  return false;
}

bool Evaluation::stop(std::string message) {
  stopped_ = std::move(message);
  return false;
}

bool Evaluation::fits_member(const Node& node, const Value& value, Step step) {
  path_.push_back(step);
  Seen seen;
  const bool fit = fits(node, value, seen);
  path_.pop_back();
  return fit;
}

bool Evaluation::fits_property(const Node& node, const Value& value, std::string_view name) {
  return fits_member(node, value, {.name = name});
}

bool Evaluation::fits_item(const Node& node, const Value& value, std::size_t index) {
  return fits_member(node, value, {.index = index, .is_item = true});
}

bool Evaluation::fits_quietly(const Node& node, const Value& value, Seen& seen) {
  auto* const problems = std::exchange(problems_, nullptr);
  const bool fit = fits(node, value, seen);
  problems_ = problems;
  return fit;
}

std::vector<Problem> Evaluation::problems_of(const Node& node, const Value& value) {
  std::vector<Problem> found;
  Seen seen;
  auto* const problems = std::exchange(problems_, &found);
  fits(node, value, seen);
  problems_ = problems;
  return found;
}

void Evaluation::add_problem(const Keyword& keyword, std::string message, std::string hint) {
  add_problem({.instance = instance(),
               .schema = fmt::format("{}/{}", nodes_.back()->location, keyword.keyword_name()),
               .message = std::move(message),
               .hint = std::move(hint)});
}

void Evaluation::add_problem(Problem problem) {
  if (problems_->size() < kMaxProblems) problems_->push_back(std::move(problem));
}

std::string Evaluation::instance() const {
  std::string pointer;
  for (const Step& step : path_) {
    pointer += '/';
    pointer += step.is_item ? std::to_string(step.index) : pointer_step(step.name);
  }
  return pointer;
}

}  // namespace swamp::schema
