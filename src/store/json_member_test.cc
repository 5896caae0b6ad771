#include "store/json_member.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "value/json.h"

namespace swamp::store {
namespace {

using testing::Optional;

const Value kDocument(Map{{"quotes", "say \"hi\""},
                          {"path", "C:\\"},
                          {"both", "\\\\\""},
                          {"braces", List{"}", "]", Map{{"{", "["}}}},
                          {"empty", ""},
                          {"", "no name"},
                          {"a", Map{{"b", Map{{"c", 5}, {"d", Map{}}}}, {"bc", List{}}}},
                          {"é", "ü"},
                          {"flag", true},
                          {"nothing", nullptr},
                          {"number", -1.5e300}});

TEST(JsonMemberTest, IsEachMemberAsItIsWritten) {
  const std::string json = write_json(kDocument);
  for (const auto& [key, value] : kDocument.as_map()) {
    EXPECT_THAT(json_member(json, "$.\"" + key + "\""), Optional(write_json(value))) << key;
  }
  EXPECT_THAT(json_member(json, R"($."a"."b"."c")"), Optional(std::string_view("5")));
  EXPECT_THAT(json_member(json, R"($."a"."bc")"), Optional(std::string_view("[]")));
  EXPECT_THAT(json_member(json, "$"), Optional(json));
}

TEST(JsonMemberTest, IsNothingWhereThereIsNone) {
  const std::string json = write_json(kDocument);
  for (const char* path : {R"($."A")", R"($."quote")", R"($."c")", R"($."a"."c")",
                           R"($."flag"."a")", R"($."braces"."{")", R"($."a"."b"."d"."e")"}) {
    EXPECT_EQ(json_member(json, path), std::nullopt) << path;
  }
  for (const char* text : {"", "{}", "[]", "[{\"a\":1}]", "\"a\"", "5", "null"}) {
    EXPECT_EQ(json_member(text, R"($."a")"), std::nullopt) << text;
  }
}

TEST(JsonMemberTest, ATextThatEndsEarlyIsReadToItsEndOnly) {
  const std::string json = write_json(kDocument);
  for (std::size_t size = 0; size < json.size(); ++size) {
    const std::string torn =
        json.substr(0, size);  // of its own, so that a reader beyond it is seen
    EXPECT_EQ(json_member(torn, R"($."a"."b"."none")"), std::nullopt);
    EXPECT_EQ(json_member(torn, R"($."none")"), std::nullopt);
  }
}

}  // namespace
}  // namespace swamp::store
