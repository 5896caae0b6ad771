#include "cli/run_inputs.h"

#include <fmt/format.h>

#include "cel/program.h"
#include "cli/open_session.h"
#include "cli/usage_error.h"
#include "os/file.h"
#include "spec/inputs.h"

namespace swamp::cli {
namespace {

constexpr std::size_t kInputLimit = 64U << 20;

/// `--input-expr key=<CEL>`: evaluated here, over the variables of this process.
Result<Map> evaluated_inputs(const Invocation& invocation) {
  SWAMP_TRY(auto expressions, parse_input_expressions(invocation.texts("input-expr")));
  Map inputs;
  for (const InputExpression& expression : expressions) {
    SWAMP_TRY(auto program, cel::Program::compile(expression.text, cel::Dialect::swamp));
    const cel::PlainScope nothing(Map{});
    SWAMP_TRY(auto outcome, program.evaluate(nothing, cel::Answers{}));
    Value value = std::get<Value>(std::move(outcome));
    for (auto key = expression.path.rbegin(); key != expression.path.rend(); ++key) {
      value = Map{{*key, std::move(value)}};
    }
    inputs = spec::deep_merge(std::move(inputs), value.as_map());
  }
  return inputs;
}

}  // namespace

Result<Map> given_inputs(const Invocation& invocation, Io& io) {
  const InputContext context = input_context(io);
  Map inputs;
  if (auto path = invocation.text("input-file")) {
    auto text = os::read_file(io.directory() / std::string(*path), kInputLimit);
    if (!text) {
      Error error = std::move(text).error();
      if (error.hint.empty()) error.hint = "'--input-file' counts from the current folder";
      return fail(std::move(error));
    }
    SWAMP_TRY(inputs, parse_input_file(*std::move(text), std::string(*path)));
  }
  SWAMP_TRY(auto arguments, parse_inputs(invocation.texts("arg"), context, "--arg"));
  SWAMP_TRY(auto pairs, parse_inputs(invocation.texts("input"), context, "--input"));
  SWAMP_TRY(auto expressions, evaluated_inputs(invocation));
  inputs = spec::deep_merge(std::move(inputs), arguments);
  inputs = spec::deep_merge(std::move(inputs), pairs);
  return spec::deep_merge(std::move(inputs), expressions);
}

Result<std::vector<Map>> input_records(const Invocation& invocation, Io& io) {
  SWAMP_TRY(auto given, given_inputs(invocation, io));
  if (!invocation.has("stdin") || io.is_terminal(Io::Stream::in))
    return std::vector<Map>{std::move(given)};
  if (invocation.has("input-file"))
    return usage_error("--stdin and --input-file exclude each other");
  SWAMP_TRY(auto text, io.read_input(kInputLimit));
  SWAMP_TRY(auto records, parse_records(text));
  if (records.empty()) return std::vector<Map>{std::move(given)};
  for (Map& record : records) {
    record = spec::deep_merge(std::move(record), given);
  }
  return records;
}

engine::Selection selection_of(const Invocation& invocation) {
  return {.skip_checks = invocation.has("skip-checks"),
          .skip_check = invocation.texts("skip-check"),
          .skip_check_label = invocation.texts("skip-check-label"),
          .skip_reports = invocation.has("skip-reports"),
          .skip_report = invocation.texts("skip-report"),
          .skip_report_label = invocation.texts("skip-report-label"),
          .report = invocation.texts("report"),
          .report_label = invocation.texts("report-label")};
}

std::map<std::string, std::string> trace_of(const Invocation& invocation) {
  std::map<std::string, std::string> trace;
  if (auto parent = invocation.text("traceparent")) trace["TRACEPARENT"] = *parent;
  if (auto state = invocation.text("tracestate")) trace["TRACESTATE"] = *state;
  return trace;
}

}  // namespace swamp::cli
