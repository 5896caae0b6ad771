#include "schema/schema.h"

#include <fmt/format.h>

#include "schema/compiler.h"
#include "schema/evaluation.h"

namespace swamp::schema {

Result<Schema> Schema::compile(const Value& schema, const Options& options) {
  auto program = std::make_shared<Program>();
  program->max_steps = options.max_steps;
  SWAMP_CHECK(Compiler(*program, options).compile(schema));
  return Schema(std::move(program));
}

std::vector<Problem> Schema::validate(const Value& value) const {
  std::vector<Problem> problems;
  Evaluation(*program_, &problems).run(value);
  return problems;
}

bool Schema::accepts(const Value& value) const {
  return Evaluation(*program_, nullptr).run(value);
}

namespace {

/// `steps[0].name` for `/steps/0/name`.
std::string readable(std::string_view pointer) {
  std::string path;
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    const std::size_t end = std::min(pointer.find('/'), pointer.size());
    const std::string_view step = pointer.substr(0, end);
    pointer.remove_prefix(end);
    if (!step.empty() && step.find_first_not_of("0123456789") == std::string_view::npos) {
      path += fmt::format("[{}]", step);
    } else {
      path.append(path.empty() ? "" : ".").append(step);
    }
  }
  return path;
}

Error one_error(const Problem& problem, std::string_view what) {
  const std::string path = readable(problem.instance);
  return Error{.code = ErrorCode::invalid_input,
               .message = path.empty() ? fmt::format("{}: {}", what, problem.message)
                                       : fmt::format("{} at '{}': {}", what, path, problem.message),
               .hint = problem.hint};
}

}  // namespace

Error to_error(const std::vector<Problem>& problems, std::string_view what) {
  Error error = one_error(problems.front(), what);
  for (std::size_t i = 1; i < problems.size(); ++i) {
    error.also.push_back(one_error(problems[i], what));
  }
  return error;
}

}  // namespace swamp::schema
