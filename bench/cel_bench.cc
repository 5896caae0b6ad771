// What expressions cost: reading and compiling one, evaluating one, and a predicate over many rows.
// The five are of the kind that workflows are full of.

#include <benchmark/benchmark.h>

#include "cel/program.h"
#include "cel/query.h"
#include "cel/template.h"

namespace {

using namespace swamp;  // NOLINT(google-build-using-namespace)

constexpr const char* kExpressions[] = {
    "inputs.environment == 'production' && inputs.replicas > 1",
    "inputs.name + '-' + inputs.region + '-' + string(inputs.replicas)",
    "inputs.?override.?image.orValue(inputs.registry + '/' + inputs.name)",
    "inputs.hosts.filter(h, h.zone == inputs.region && !h.drained).map(h, h.name)",
    "size(inputs.hosts) > 0 && inputs.hosts.all(h, h.name.startsWith('node-') && "
    "h.name.matches('^node-[0-9]+$'))",
};

Map inputs() {
  List hosts;
  for (int i = 0; i < 8; ++i) {
    hosts.push_back(Map{{"name", "node-" + std::to_string(i)},
                        {"zone", i % 2 == 0 ? "eu-1" : "us-1"},
                        {"drained", i == 4}});
  }
  return {{"inputs", Map{{"environment", "production"},
                         {"replicas", 3},
                         {"name", "api"},
                         {"region", "eu-1"},
                         {"registry", "registry.example.org"},
                         {"hosts", std::move(hosts)}}}};
}

void compile(benchmark::State& state) {
  for (auto _ : state) {
    auto program = cel::Program::compile(kExpressions[state.range(0)], cel::Dialect::swamp);
    benchmark::DoNotOptimize(program);
  }
  state.SetLabel(kExpressions[state.range(0)]);
}

void evaluate(benchmark::State& state) {
  const auto program = cel::Program::compile(kExpressions[state.range(0)], cel::Dialect::swamp);
  const cel::PlainScope scope(inputs());
  const cel::Answers answers;
  for (auto _ : state) {
    auto outcome = program->evaluate(scope, answers);
    benchmark::DoNotOptimize(outcome);
  }
  state.SetLabel(kExpressions[state.range(0)]);
}

void fill_template(benchmark::State& state) {
  const auto text = cel::Template::compile(
      "kubectl -n ${{ inputs.environment }} scale deploy/${{ inputs.name }} --replicas ${{ "
      "inputs.replicas }}",
      cel::Dialect::swamp);
  const cel::PlainScope scope(inputs());
  const cel::Answers answers;
  for (auto _ : state) {
    auto outcome = text->evaluate(scope, answers);
    benchmark::DoNotOptimize(outcome);
  }
}

void query_rows(benchmark::State& state) {
  const std::vector<std::string> columns = {"name", "version", "tags", "attributes"};
  const auto program = cel::Program::compile(
      "attributes.status == 'active' && tags.team == 'ops' && version > 1", cel::Dialect::swamp);
  const auto query = cel::Query::bind(*program, columns);
  std::vector<std::vector<Value>> rows;
  for (int i = 0; i < state.range(0); ++i) {
    rows.push_back({"artifact-" + std::to_string(i), i % 5,
                    Map{{"team", i % 3 == 0 ? "ops" : "dev"}},
                    Map{{"status", i % 2 == 0 ? "active" : "retired"}, {"size", i}}});
  }
  for (auto _ : state) {
    std::size_t count = 0;
    for (const auto& row : rows) {
      count += query->matches(row) == cel::Query::Match::yes ? 1 : 0;
    }
    benchmark::DoNotOptimize(count);
  }
}

void sum_of_a_megabyte(benchmark::State& state) {
  std::string text = "'a'";
  while (text.size() < (1 << 20)) {
    text += " + 'bcd'";
  }
  const cel::PlainScope scope{Map()};
  const cel::Answers answers;
  for (auto _ : state) {
    auto outcome = cel::Program::compile(text, cel::Dialect::swamp)->evaluate(scope, answers);
    benchmark::DoNotOptimize(outcome);
  }
}

BENCHMARK(compile)->DenseRange(0, 4)->Unit(benchmark::kNanosecond);
BENCHMARK(evaluate)->DenseRange(0, 4)->Unit(benchmark::kNanosecond);
BENCHMARK(fill_template)->Unit(benchmark::kNanosecond);
BENCHMARK(query_rows)->Arg(100'000)->Unit(benchmark::kMillisecond);
BENCHMARK(sum_of_a_megabyte)->Unit(benchmark::kMillisecond);

}  // namespace
