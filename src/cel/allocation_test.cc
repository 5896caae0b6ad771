// Counts what the evaluation of an expression takes from the heap: this program has an operator new
// of its own.

#include <cstdlib>
#include <new>

#include <gtest/gtest.h>

#include "cel/query.h"
#include "cel/testing.h"

namespace {
thread_local std::size_t allocations = 0;
}  // namespace

void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  ++allocations;
  return std::malloc(size == 0 ? 1 : size);
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
void operator delete(void* memory, const std::nothrow_t&) noexcept {
  std::free(memory);
}

namespace swamp::cel {
namespace {

TEST(AllocationTest, ScalarWorkTakesNothingFromTheHeap) {
  const PlainScope scope(testing::inputs());
  const Answers answers;
  for (const char* text :
       {"inputs.n * 2 + 1 > 10 && inputs.f < 2.0", "inputs.s == 'hi' ? inputs.n : 0",
        "inputs.list[1] in [1, 2, 3]",
        "has(inputs.m.k) && inputs.m.k.startsWith('v') && inputs.m['k'].matches('^v')",
        "inputs.list.exists(x, x == 3) && inputs.list.all(i, x, i < x)",
        "size(inputs.s) + inputs.list.size()", "timestamp(0) + duration('1h') > timestamp(5)",
        "cel.bind(a, inputs.n, a * a)"}) {
    const auto program = Program::compile(text, Dialect::swamp);
    ASSERT_TRUE(program) << text;
    const std::size_t before = allocations;
    const auto outcome = program->evaluate(scope, answers);
    const std::size_t after = allocations;
    EXPECT_TRUE(outcome) << text;
    EXPECT_EQ(after - before, 0U) << text;
  }
}

TEST(AllocationTest, ARowThatMatchesOrNotTakesNothingFromTheHeap) {
  const std::vector<std::string> columns = {"name", "tags"};
  const auto query =
      Query::bind(*Program::compile("name == 'a' && tags.env == 'prod'", Dialect::swamp), columns);
  const std::vector<Value> row = {"a", Map{{"env", "prod"}}};
  const std::size_t before = allocations;
  const auto match = query->matches(row);
  const std::size_t after = allocations;
  EXPECT_EQ(match, Query::Match::yes);
  EXPECT_EQ(after - before, 0U);
}

}  // namespace
}  // namespace swamp::cel
