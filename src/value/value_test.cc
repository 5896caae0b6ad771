#include "value/value.h"

#include <gtest/gtest.h>

#include "value/json.h"

namespace swamp {
namespace {

TEST(ValueTest, NumbersOfDifferentKindsAreEqualWhenTheirValueIs) {
  EXPECT_EQ(Value(1), Value(1.0));
  EXPECT_EQ(Value(std::uint64_t{1} << 63), Value(0x1p63));
  EXPECT_FALSE(Value(std::int64_t{9007199254740993}) == Value(9007199254740992.0));
  EXPECT_FALSE(Value(-1) == Value(std::uint64_t{UINT64_MAX}));
}

TEST(ValueTest, ACopyIsNotTouchedByChangesToTheOriginal) {
  Value original(List{1, 2});
  const Value copy = original;
  original.mutable_list().push_back(3);
  EXPECT_EQ(copy, Value(List{1, 2}));
  EXPECT_EQ(original.as_list().size(), 3U);
}

TEST(MapTest, KeysKeepTheirOrderAlsoInALargeMap) {
  Map map;
  for (int i = 0; i < 100; ++i) {
    map.set("key" + std::to_string(99 - i), i);
  }
  map.set("key99", "first");
  EXPECT_EQ(map.begin()->first, "key99");
  EXPECT_EQ(*map.find("key99"), Value("first"));
  EXPECT_EQ(*map.find("key0"), Value(99));
  EXPECT_TRUE(map.erase("key50"));
  EXPECT_FALSE(map.contains("key50"));
  EXPECT_EQ(map.size(), 99U);
}

TEST(MapTest, OfManyEntriesAtOnceTheLastOfEqualKeysWinsInThePlaceOfTheFirst) {
  EXPECT_TRUE(Map::from({}).empty());
  const Map small = Map::from({{"b", 1}, {"a", 2}, {"b", 3}, {"c", 4}, {"b", 5}});
  ASSERT_EQ(small.size(), 3U);
  EXPECT_EQ(*small.begin(), Map::Entry("b", 5));
  EXPECT_EQ(small, (Map{{"a", 2}, {"b", 5}, {"c", 4}}));
  std::vector<Map::Entry> entries;
  for (int i = 0; i < 200; ++i) {
    entries.emplace_back("key" + std::to_string(i % 150), i);
  }
  Map large = Map::from(std::move(entries));
  ASSERT_EQ(large.size(), 150U);
  EXPECT_EQ(large.begin()->second, Value(150));
  EXPECT_EQ(*large.find("key149"), Value(149));
  large.set("key", "new");
  EXPECT_EQ(*large.find("key"), Value("new"));
  EXPECT_EQ(*large.find("key49"), Value(199));
}

TEST(ValueTest, ASecretIsRedactedToItsExpression) {
  auto origin = std::make_shared<SecretOrigin>();
  origin->expression = "${{ vault.get('v', 'k') }}";
  const Value value(Map{{"plain", "x"}, {"list", List{Value::secret("hunter2", origin)}}});
  EXPECT_TRUE(value.holds_secret());
  EXPECT_EQ(redacted(value),
            Value(Map{{"plain", "x"}, {"list", List{"${{ vault.get('v', 'k') }}"}}}));
}

}  // namespace
}  // namespace swamp
