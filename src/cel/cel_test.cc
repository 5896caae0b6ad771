#include <gtest/gtest.h>

#include "cel/program.h"
#include "cel/template.h"
#include "value/json.h"

namespace swamp::cel {
namespace {

std::string eval(std::string_view text, Map variables = {}) {
  auto program = Program::compile(text, Dialect::swamp);
  if (!program) return program.error().message;
  auto outcome = program->evaluate(PlainScope(std::move(variables)), Answers());
  if (!outcome) return outcome.error().message;
  return write_json(std::get<Value>(*outcome));
}

TEST(CelTest, ItWorks) {
  EXPECT_EQ(eval("1 + 2 * 3"), "7");
  EXPECT_EQ(eval("[1,2,3].filter(x, x > 1).map(y, y * 2)"), "[4,6]");
  EXPECT_EQ(eval("inputs.n / 2", {{"inputs", Map{{"n", 5}}}}), "2.5");
}

}  // namespace
}  // namespace swamp::cel
