#include <fmt/format.h>

#include "app/expressions.h"
#include "cli/answer.h"
#include "cli/open_session.h"
#include "cli/run_inputs.h"
#include "cli/usage_error.h"
#include "render/error_text.h"
#include "value/json.h"

namespace swamp::cli {
namespace {

constexpr Argument kExpression[] = {{"expression", "bare CEL, or a text with ${{ }} in it"}};
constexpr Argument kFiles[] = {{"file", "files of conformance vectors", Argument::Need::variadic}};
constexpr Example kEvalExamples[] = {
    {"swamp expr eval '1 + 1'", "2"},
    {"swamp expr eval 'data.latest(\"web\", \"result\").attributes.exitCode'", "what data says"},
    {"swamp expr eval 'inputs.n * 2' --input n:json=21", "with an input"},
};
constexpr Example kCheckExamples[] = {
    {"swamp expr check 'inputs.name.startsWth(\"a\")'", "syntax and names, without evaluating"}};
constexpr Example kConformanceExamples[] = {
    {"swamp expr conformance test/conformance/cel/basic.json", "run a file of vectors"}};

Result<ExitCode> run_eval(const Invocation& invocation, Io& io) {
  SWAMP_TRY(auto session, open_session(invocation, io));
  SWAMP_TRY(auto records, input_records(invocation, io));
  SWAMP_TRY(auto value, app::evaluate_expression(*session, invocation.argument("expression"),
                                                 std::move(records.front())));
  const std::string text =
      value.is_string() ? to_valid_utf8(value.as_string()) : write_json(value, {.indent = 2});
  return answer(invocation, io,
                Map{{"expression", invocation.argument("expression")}, {"value", value}},
                text + "\n");
}

Result<ExitCode> run_check(const Invocation& invocation, Io& io) {
  const auto problems = app::check_expression(invocation.argument("expression"));
  List list;
  std::string text;
  for (const Error& problem : problems) {
    list.push_back(render::error_document(problem));
    text += render::error_text(problem, style_of(invocation, io, Io::Stream::out));
  }
  SWAMP_TRY(auto code, answer(invocation, io,
                              Map{{"expression", invocation.argument("expression")},
                                  {"passed", problems.empty()},
                                  {"problems", std::move(list)}},
                              problems.empty() ? "Nothing is wrong with it.\n" : text));
  return problems.empty() ? code : ExitCode::failure;
}

Result<ExitCode> run_conformance(const Invocation& invocation, Io& io) {
  if (invocation.rest().empty()) {
    return usage_error("at least one file of vectors is needed",
                       "swamp expr conformance test/conformance/cel/basic.json");
  }
  std::size_t passed = 0;
  List failures;
  std::string text;
  for (const std::string& file : invocation.rest()) {
    SWAMP_TRY(auto report, app::run_vector_file(io.directory() / file));
    passed += report.passed;
    for (const cel::VectorFailure& failure : report.failures) {
      text += fmt::format("{}: {}: {}\n  {}\n", file, failure.name, failure.message,
                          failure.expression);
      failures.push_back(Map{{"file", file},
                             {"name", failure.name},
                             {"expression", failure.expression},
                             {"message", failure.message}});
    }
  }
  const std::size_t failed = failures.size();
  text += fmt::format("{} passed, {} failed\n", passed, failed);
  SWAMP_TRY(auto code, answer(invocation, io,
                              Map{{"passed", static_cast<std::int64_t>(passed)},
                                  {"failed", static_cast<std::int64_t>(failed)},
                                  {"failures", std::move(failures)}},
                              text));
  return failed == 0 ? code : ExitCode::failure;
}

}  // namespace

extern constexpr Command kExprEvalCommand = {
    .path = "expr eval",
    .summary = "Evaluate an expression on this repository",
    .arguments = kExpression,
    .shared = Shared::repo | Shared::inputs | Shared::records,
    .examples = kEvalExamples,
    .run = run_eval,
};
extern constexpr Command kExprCheckCommand = {
    .path = "expr check",
    .summary = "Check an expression without evaluating it",
    .arguments = kExpression,
    .examples = kCheckExamples,
    .run = run_check,
};
extern constexpr Command kExprConformanceCommand = {
    .path = "expr conformance",
    .summary = "Run files of conformance vectors",
    .arguments = kFiles,
    .examples = kConformanceExamples,
    .run = run_conformance,
};

}  // namespace swamp::cli
