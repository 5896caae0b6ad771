#include "store/query.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/artifact_store.h"
#include "store/store_fixture.h"
#include "value/json.h"

namespace swamp::store {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class QueryTest : public StoreTest {
 protected:
  Catalog catalog{{.file = folder / "data/_swamp.db", .root = folder / "data"}};
  ArtifactStore store{{.root = folder / "data", .clock = &clock, .ids = &ids, .catalog = &catalog}};

  void add(std::string name, std::string content, Tags tags = {},
           std::string content_type = "application/json") {
    clock.advance(std::chrono::seconds(1));
    Draft made = draft(std::move(name), std::move(content));
    made.content_type = std::move(content_type);
    made.tags.merge(tags);
    write(store, made);
  }

  QueryResult ask(QueryRequest request) {
    const auto query = Query::compile(std::move(request));
    EXPECT_TRUE(query) << message(query);
    if (!query) return {};
    auto result = query->run(catalog);
    EXPECT_TRUE(result) << message(result);
    return result.value_or(QueryResult{});
  }
  /// The names of what matches, newest first.
  std::vector<std::string> names(std::string predicate) {
    std::vector<std::string> found;
    for (const Value& record : ask({.predicate = std::move(predicate)}).results) {
      found.push_back(fmt::format("{}/{}", record["name"].as_string(), record["version"].as_int()));
    }
    return found;
  }
  static std::string error_of(QueryRequest request) {
    const auto query = Query::compile(std::move(request));
    if (query) return "compiles";
    return query.error().message +
           (query.error().hint.empty() ? "" : " (" + query.error().hint + ")");
  }
};

TEST_F(QueryTest, ARecordHasTheFieldsOfTheOriginalInItsOrder) {
  Draft made = draft("result", R"({"n":1})", "r1", "compile");
  write(store, made);
  const auto result = ask({.predicate = "true"});
  ASSERT_EQ(result.results.size(), 1u);
  EXPECT_EQ(
      write_json(result.results[0]),
      R"({"id":"00000000-0000-4000-8000-000000000001","name":"result","version":1,"isLatest":true,)"
      R"("createdAt":"2026-01-02T03:04:05.678Z","namespace":"","attributes":{"n":1},)"
      R"("tags":{"type":"resource","modelName":"web"},"modelName":"web","modelId":"m1",)"
      R"("modelType":"command/shell","specName":"","dataType":"resource","contentType":"application/json",)"
      R"("lifetime":"infinite","ownerType":"model-method","streaming":false,"size":7,"content":{"n":1},)"
      R"("ownerRef":"m1","workflowRunId":"r1","workflowName":"","jobName":"main","stepName":"compile",)"
      R"("source":"","lifecycle":"active"})");
}

TEST_F(QueryTest, AsksMetadataTagsAndAttributes) {
  add("a", R"({"exitCode":0,"host":{"name":"x"}})", {{"env", "prod"}});
  add("b", R"({"exitCode":2,"list":[1,2,3]})", {{"env", "dev"}});
  EXPECT_THAT(names("name == 'a'"), ElementsAre("a/1"));
  EXPECT_THAT(names("tags.env == 'prod'"), ElementsAre("a/1"));
  EXPECT_THAT(names("attributes.exitCode != 0"), ElementsAre("b/1"));
  EXPECT_THAT(names("attributes.host.name == 'x'"), ElementsAre("a/1"));
  EXPECT_THAT(names("has(attributes.list) && attributes.list.exists(x, x == 2)"),
              ElementsAre("b/1"))
      << "a loop variable is no field";
  EXPECT_THAT(names("modelId == 'm1' && version % 2 == 1"), ElementsAre("b/1", "a/1"));
  EXPECT_THAT(names("'list' in attributes || tags.env in ['prod']"), ElementsAre("b/1", "a/1"));
}

TEST_F(QueryTest, OnlyTheLatestUnlessVersionsAreNamed) {
  add("a", "1");
  add("a", "2");
  EXPECT_THAT(names("name == 'a'"), ElementsAre("a/2"));
  EXPECT_THAT(names("name == 'a' && version >= 1"), ElementsAre("a/2", "a/1"));
  EXPECT_THAT(names("!isLatest"), ElementsAre("a/1"));
  EXPECT_THAT(names("name != 'version'"), ElementsAre("a/2")) << "texts do not count";
}

TEST_F(QueryTest, DeletedItemsAreReturnedOnlyWhenLifecycleIsNamed) {
  add("a", "{}");
  add("b", "{}");
  ASSERT_TRUE(store.write_tombstone(key("a"), "delete"));
  EXPECT_THAT(names("true"), ElementsAre("b/1"));
  EXPECT_THAT(names("version > 0"), ElementsAre("b/1"));
  EXPECT_THAT(names("lifecycle == 'deleted'"), ElementsAre("a/2"));
}

TEST_F(QueryTest, SelectMakesValuesAndNullWhereItFails) {
  add("a", R"({"n":1})");
  add("b", "{}");
  const auto result = ask({.predicate = "true", .select = "attributes.n + 1"});
  EXPECT_EQ(result.results, (List{Value(), Value(2)}));
  EXPECT_EQ(ask({.predicate = "name == 'a'", .select = "{'n': name, 'v': version}"}).results,
            (List{Map{{"n", "a"}, {"v", 1}}}));
}

TEST_F(QueryTest, OrdersNewestFirstOrAsAsked) {
  for (const char* name : {"b", "c", "a"})
    add(name, std::string(name[0] == 'c' ? 9 : 2, '1'));
  const auto ordered = [&](std::string order) {
    return ask({.predicate = "true", .select = "name", .order_by = order}).results;
  };
  EXPECT_EQ(ordered(""), (List{"a", "c", "b"}));
  EXPECT_EQ(ordered("name"), (List{"a", "b", "c"}));
  EXPECT_EQ(ordered("name:desc"), (List{"c", "b", "a"}));
  EXPECT_EQ(ordered("size:desc"), (List{"c", "a", "b"})) << "equal ones by name";
  EXPECT_EQ(error_of({.predicate = "true", .order_by = "nmae"}),
            "'nmae' is no field to order by (did you mean 'name'?)");
  EXPECT_EQ(error_of({.predicate = "true", .order_by = "name:up"}),
            "'up' is no direction (write asc or desc)");
  EXPECT_EQ(error_of({.predicate = "true", .order_by = "tags"}),
            "results cannot be ordered by 'tags'");
}

TEST_F(QueryTest, ALimitSaysWhetherThereWasMore) {
  for (const char* name : {"a", "b", "c"})
    add(name, "{}");
  EXPECT_TRUE(ask({.predicate = "true", .limit = 2}).limited);
  EXPECT_EQ(ask({.predicate = "true", .limit = 2}).results.size(), 2u);
  EXPECT_FALSE(ask({.predicate = "true", .limit = 3}).limited) << "an exact fit is all there is";
  EXPECT_EQ(error_of({.predicate = "true", .limit = 0}),
            "a limit of 0 shows nothing (give a limit of at least 1, or none)");
}

TEST_F(QueryTest, NamesAreCheckedOnceWithASuggestion) {
  EXPECT_THAT(error_of({.predicate = "nmae == 'a'"}), HasSubstr("did you mean 'name'?"));
  EXPECT_THAT(error_of({.predicate = "name.startWith('a')"}), HasSubstr("startsWith"));
  EXPECT_THAT(error_of({.predicate = "true", .select = "data.name"}), HasSubstr("data"));
  EXPECT_NE(error_of({.predicate = "name =="}), "compiles");
}

TEST_F(QueryTest, RowsThatCannotBeJudgedAreCountedWithTheFirstCause) {
  add("a", R"({"n":1})");
  add("b", "{}");
  add("c", R"({"n":"text"})");
  for (const char* predicate : {"attributes.n > 0", "attributes.n > 0 && size(name) > 0"}) {
    const auto result = ask({.predicate = predicate});
    EXPECT_EQ(result.results.size(), 1u) << predicate;
    EXPECT_EQ(result.skipped, 2u) << predicate;
    ASSERT_TRUE(result.first_skip);
    EXPECT_NE(result.first_skip->message, "");
  }
}

TEST_F(QueryTest, ContentOfTextsIsReadWhenThePredicateNamesIt) {
  add("log", "first line\nERROR second", {}, "text/plain");
  add("bin", std::string("\x00\xff", 2), {}, "application/octet-stream");
  const auto result = ask({.predicate = "content.contains('ERROR')"});
  ASSERT_EQ(result.results.size(), 1u);
  EXPECT_EQ(result.results[0]["content"].as_string(), "first line\nERROR second");
  EXPECT_EQ(ask({.predicate = "name == 'log'"}).results[0]["content"], Value(""))
      << "else it is not read";
}

TEST_F(QueryTest, LargeAttributesAreReadFromTheFile) {
  add("large", fmt::format(R"({{"n":7,"fill":"{}"}})", std::string(70'000, 'x')));
  EXPECT_THAT(names("attributes.n == 7"), ElementsAre("large/1"));
  EXPECT_THAT(names("attributes.n != 7"), IsEmpty());
}

TEST_F(QueryTest, JsonThatIsNoObjectStaysWhatItIsAndBrokenJsonIsEmpty) {
  add("list", "[1,2]");
  add("broken", "{");
  EXPECT_THAT(names("attributes == [1, 2]"), ElementsAre("list/1"));
  EXPECT_THAT(names("attributes == {}"), ElementsAre("broken/1"));
}

TEST_F(QueryTest, AnEphemeralItemHidesThePersistentOneOfItsName) {
  EphemeralStore own({.folder = folder / "private", .clock = &clock, .ids = &ids});
  RunArtifacts run(store, own);
  add("a", R"({"from":"disk"})");
  add("b", R"({"from":"disk"})");
  Draft made = draft("a", R"({"from":"run"})");
  made.lifetime = "ephemeral";
  clock.advance(std::chrono::seconds(1));
  ASSERT_TRUE(run.write(made));
  const auto query =
      Query::compile({.predicate = "true", .select = "name + ' ' + attributes.from"});
  ASSERT_TRUE(query);
  Catalog* const both[] = {own.catalog(), &catalog};
  EXPECT_EQ(query->run(both)->results, (List{"a run", "b disk"}));
  Catalog* const none[] = {nullptr, &catalog};
  EXPECT_EQ(query->run(none)->results.size(), 2u);
}

TEST_F(QueryTest, TellsWhatSqliteDecides) {
  EXPECT_EQ(Query::compile({.predicate = "name == 'a'"})->pushed_down(),
            "is_latest = 1 AND is_live = 1 AND (plain = 0 OR NOT (NOT (name = ?1)))");
  EXPECT_EQ(Query::compile({.predicate = "name.matches('a+') && version > 0"})->pushed_down(),
            "is_live = 1 AND (plain = 0 OR NOT (0 OR (NOT (version > ?1))))");
  EXPECT_EQ(
      Query::compile({.predicate = "lifecycle != '' && isLatest || size(name) > 1"})->pushed_down(),
      "(plain = 0 OR NOT (((lifecycle = ?1) OR (NOT (is_latest = 1))) AND 0))");
}

}  // namespace
}  // namespace swamp::store
