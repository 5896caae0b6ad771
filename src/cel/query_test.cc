#include "cel/query.h"

#include <gtest/gtest.h>

#include "cel/testing.h"

namespace swamp::cel {
namespace {

const std::vector<std::string> kColumns = {"name", "version", "tags", "attributes"};

Query query(std::string_view text) {
  auto bound = Query::bind(*Program::compile(text, Dialect::swamp), kColumns);
  EXPECT_TRUE(bound) << bound.error().message;
  return *bound;
}

std::vector<Value> row(std::string name, int version, Map tags) {
  return {Value(std::move(name)), Value(version), Value(std::move(tags)), Value()};
}

TEST(QueryTest, ARowMatchesWhenTheProgramGivesTrue) {
  const Query predicate = query("name == 'a' && version > 1 && tags.env == 'prod'");
  EXPECT_EQ(predicate.matches(row("a", 2, {{"env", "prod"}})), Query::Match::yes);
  EXPECT_EQ(predicate.matches(row("b", 2, {{"env", "prod"}})), Query::Match::no);
  EXPECT_EQ(predicate.matches(row("a", 2, {})), Query::Match::failed);
  EXPECT_EQ(query("version").matches(row("a", 1, {})), Query::Match::no);
}

TEST(QueryTest, WhyARowFailsIsToldOnDemand) {
  const auto value = query("tags.envv == 'prod'").evaluate(row("a", 1, {{"env", "prod"}}));
  ASSERT_FALSE(value);
  EXPECT_EQ(testing::shown(value.error()),
            "there is no 'envv' in 'tags' @1:6 «envv»  did you mean 'env'?");
}

TEST(QueryTest, AValueIsSelectedFromARow) {
  EXPECT_EQ(*query("{'n': name, 'v': version + 1}").evaluate(row("a", 1, {})),
            Value(Map{{"n", "a"}, {"v", 2}}));
}

TEST(QueryTest, UnknownColumnsAndFunctionsAreToldAtOnce) {
  const auto bound =
      Query::bind(*Program::compile("nam == 'a' || nam2 == siz('a')", Dialect::swamp), kColumns);
  ASSERT_FALSE(bound);
  EXPECT_EQ(testing::shown(bound.error()),
            "there is no 'nam' here @1:1 «nam»  did you mean 'name'?");
  ASSERT_EQ(bound.error().also.size(), 2U);
  EXPECT_EQ(testing::shown(bound.error().also[1]),
            "there is no function 'siz' @1:23 «siz»  did you mean 'size'?");
}

TEST(QueryTest, ANameThatNothingIsNearIsToldWhatThereIs) {
  const auto bound = Query::bind(*Program::compile("data.name", Dialect::swamp), kColumns);
  ASSERT_FALSE(bound);
  EXPECT_EQ(testing::shown(bound.error()),
            "there is no 'data' here @1:1 «data»  there are attributes, name, tags, version");
}

TEST(QueryTest, LoopVariablesAreNoColumnsAndTypesAreNone) {
  const Query predicate = query("tags.exists(x, x == 'env') && type(version) == double");
  EXPECT_EQ(predicate.matches(row("a", 1, {{"env", "prod"}})), Query::Match::yes);
  EXPECT_FALSE(predicate.reads(0));
  EXPECT_TRUE(predicate.reads(1));
  EXPECT_TRUE(predicate.reads(2));
  EXPECT_FALSE(predicate.reads(3));
}

}  // namespace
}  // namespace swamp::cel
