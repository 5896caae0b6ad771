#include "app/expressions.h"

#include "app/engine_room.h"
#include "async/loop.h"
#include "engine/evaluation.h"
#include "os/file.h"
#include "spec/expression_names.h"
#include "spec/field.h"

namespace swamp::app {
namespace {

constexpr std::size_t kVectorLimit = 256U << 20;

/// The text as a source of its own, so that an error shows it with a caret.
SourceSpan place_of(std::string_view text) {
  return {.source = std::make_shared<const SourceText>(
              SourceText{.name = "<expression>", .text = std::string(text)})};
}

Task<> evaluate_in(Session& session, std::string text, Map inputs, Value& result) {
  const auto executor = co_await asio::this_coro::executor;
  const EngineRoom::Options options{.command = "swamp expr eval"};
  SWAMP_CO_TRY(auto room, EngineRoom::open(session, executor, options));
  vault::Redactor redactor;
  engine::Scope scope;
  scope.set("env", room->services().process_environment).set("inputs", std::move(inputs));
  engine::NameContext context{
      .services = room->services(), .artifacts = session.artifacts(), .redactor = redactor};
  engine::Evaluation evaluation(std::move(scope), std::move(context));
  if (cel::Template::has_expression(text)) {
    auto field = spec::Field::written(Value(text), place_of(text));
    SWAMP_CO_TRY(result, co_await evaluation.value_of(std::move(field)));
  } else {
    spec::Expression expression(text, place_of(text));
    SWAMP_CO_TRY(result, co_await evaluation.value_of(std::move(expression)));
  }
  result = redacted(result);
  co_return Result<>{};
}

}  // namespace

Result<Value> evaluate_expression(Session& session, std::string_view text, Map inputs) {
  Value result;
  SWAMP_CHECK(run_loop(evaluate_in(session, std::string(text), std::move(inputs), result)));
  return result;
}

std::vector<Error> check_expression(std::string_view text) {
  const spec::KnownNames names(spec::ExpressionPlace::workflow);
  const SourceSpan where = place_of(text);
  if (cel::Template::has_expression(text)) {
    const auto field = spec::Field::written(Value(std::string(text)), where);
    auto problems = field.check_syntax();
    for (Error& problem : field.check_names(names)) {
      problems.push_back(std::move(problem));
    }
    return problems;
  }
  auto program = cel::Program::compile(text, cel::Dialect::swamp, &where);
  if (!program) return {std::move(program).error()};
  return program->check_names(names);
}

Result<cel::VectorReport> run_vector_file(const std::filesystem::path& path) {
  SWAMP_TRY(auto text, os::read_file(path, kVectorLimit));
  return cel::run_vectors(SourceText{.name = path.string(), .text = std::move(text)});
}

}  // namespace swamp::app
