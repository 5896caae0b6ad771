#include "value/json.h"

#include <gtest/gtest.h>

namespace swamp {
namespace {

TEST(JsonTest, ADocumentIsReadAndWrittenBack) {
  const std::string text =
      R"({"a":[1,-2,18446744073709551615,0.5,true,false,null,"x\n"],"b":{},"c":[]})";
  auto value = parse_json(text);
  ASSERT_TRUE(value) << value.error().message;
  EXPECT_EQ(write_json(*value), text);
}

}  // namespace
}  // namespace swamp
