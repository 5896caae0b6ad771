// Whatever the predicate and the data, asking SQLite first gives what evaluating every row gives.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "cel/query.h"
#include "store/artifact_store.h"
#include "store/query.h"
#include "store/query_fields.h"
#include "store/store_fixture.h"
#include "value/json.h"

namespace swamp::store {
namespace {

using namespace test;

/// 0 to `end` - 1, each as likely, however small the case.
rc::Gen<int> below(int end) {
  return rc::gen::resize(rc::kNominalSize, rc::gen::inRange(0, end));
}

// --- data ---

rc::Gen<std::string> text() {
  auto rare = rc::gen::element<std::string>("", "é", "ü", "a\"b", "a\\b", "10", "9", "true", "null",
                                            "{}", "[]", "𝄞", "\xEF\xBF\xBD");
  // Few, so that they meet.
  auto usual = rc::gen::element<std::string>("a", "b", "ab", "B", std::string("a\0b", 3));
  return rc::gen::oneOf(usual, usual, rare);
}

rc::Gen<std::string> member() {
  auto rare = rc::gen::element<std::string>("o", "x y", "a.b", "$", "ä", "q\"q", "b\\b");
  return rc::gen::oneOf(rc::gen::element<std::string>("n", "s"), rare);
}

rc::Gen<std::string> number() {
  auto rare = rc::gen::element<std::string>("-1", "1e3", "9007199254740993", "9223372036854775807",
                                            "18446744073709551615", "1e400", "0.1");
  return rc::gen::oneOf(rc::gen::element<std::string>("0", "1", "5", "5.0", "1.5"), rare);
}

/// A JSON value, as text: numbers of all kinds, nested things.
rc::Gen<std::string> json(int depth) {
  auto leaf = rc::gen::oneOf(number(), rc::gen::element<std::string>("true", "false", "null"));
  auto string =
      rc::gen::map(text(), [](const std::string& content) { return write_json(content); });
  if (depth == 0) return rc::gen::oneOf(leaf, string);
  auto list =
      rc::gen::map(rc::gen::container<std::vector<std::string>>(json(depth - 1)),
                   [](const auto& items) { return fmt::format("[{}]", fmt::join(items, ",")); });
  auto object = rc::gen::map(rc::gen::container<std::vector<std::pair<std::string, std::string>>>(
                                 rc::gen::pair(member(), json(depth - 1))),
                             [](const auto& members) {
                               std::vector<std::string> parts;
                               for (const auto& [name, value] : members)
                                 parts.push_back(write_json(name) + ":" + value);
                               return fmt::format("{{{}}}", fmt::join(parts, ","));
                             });
  return rc::gen::oneOf(leaf, string, list, object, object);
}

/// An object whose members are mostly what predicates ask for.
rc::Gen<std::string> usual_object() {
  return rc::gen::exec([] {
    std::vector<std::string> members;
    const auto add = [&](std::string_view name, const rc::Gen<std::string>& usual) {
      if (*below(5) == 0) return;
      members.push_back(write_json(name) + ":" + (*below(5) == 0 ? *json(1) : *usual));
    };
    const auto string =
        rc::gen::map(text(), [](const std::string& content) { return write_json(content); });
    add("n", number());
    add("s", string);
    add("o", rc::gen::map(number(), [](const std::string& n) { return "{\"n\":" + n + "}"; }));
    add("q\"q", string);
    return fmt::format("{{{}}}", fmt::join(members, ","));
  });
}

rc::Gen<Draft> any_draft() {
  return rc::gen::exec([] {
    Draft made = draft(*rc::gen::element<std::string>("a", "b", "ab", "é"),
                       *below(4) == 0 ? *json(3) : *usual_object(),
                       *rc::gen::element<std::string>("", "r1", "r2"), *text());
    made.content_type =
        *rc::gen::element<std::string>("application/json", "application/json", "text/plain");
    made.streaming = *rc::gen::arbitrary<bool>();
    for (const auto& [name, value] :
         *rc::gen::container<std::vector<std::pair<std::string, std::string>>>(
             rc::gen::pair(member(), text()))) {
      made.tags.set(name, value);
    }
    return made;
  });
}

// --- predicates ---

rc::Gen<std::string> quoted(rc::Gen<std::string> content) {
  return rc::gen::map(std::move(content), [](const std::string& raw) { return write_json(raw); });
}

rc::Gen<std::string> literal() {
  return rc::gen::oneOf(
      quoted(text()),
      rc::gen::element<std::string>("0", "1", "5", "-1", "5.0", "1.5", "0.1", "1000", "true",
                                    "false", "null", "9007199254740993", "1u", "[1]"));
}

rc::Gen<std::string> operand() {
  return rc::gen::exec([]() -> std::string {
    switch (*below(6)) {
      case 0:
        return *rc::gen::element<std::string>("name", "stepName", "dataType", "createdAt",
                                              "workflowRunId", "lifecycle", "ns");
      case 1:
        return *rc::gen::element<std::string>("version", "size");
      case 2:
        return *rc::gen::element<std::string>("isLatest", "streaming");
      case 3:
        return fmt::format("tags[{}]", *quoted(member()));
      case 4:
        return *rc::gen::element<std::string>("attributes.n", "attributes.s", "attributes.o.n",
                                              "attributes.?n", "tags.n");
      default:
        return fmt::format("attributes[{}]", *quoted(member()));
    }
  });
}

/// A comparison of what is most likely of one kind.
rc::Gen<std::string> fitting_comparison() {
  return rc::gen::exec([]() -> std::string {
    const bool is_number = *rc::gen::arbitrary<bool>();
    const auto side = is_number
                          ? *rc::gen::element<std::string>("attributes.n", "attributes.o.n", "size")
                          : *rc::gen::element<std::string>("attributes.s", "attributes[\"q\\\"q\"]",
                                                           "tags.s", "stepName", "name");
    const auto other = is_number
                           ? *rc::gen::element<std::string>("0", "1", "5", "5.0", "1.5", "0.1")
                           : *quoted(text());
    if (!is_number && *below(3) == 0)
      return fmt::format("{}.{}({})", side,
                         *rc::gen::element<std::string>("startsWith", "endsWith", "contains"),
                         other);
    const auto op = *rc::gen::element<std::string>("==", "!=", "<", "<=", ">", ">=");
    return *rc::gen::arbitrary<bool>() ? fmt::format("{} {} {}", side, op, other)
                                       : fmt::format("{} {} {}", other, op, side);
  });
}

rc::Gen<std::string> predicate(int depth) {
  return rc::gen::exec([depth]() -> std::string {
    switch (*below(depth == 0 ? 6 : 9)) {
      case 0:
        return *fitting_comparison();
      case 1: {
        const auto op = *rc::gen::element<std::string>("==", "!=", "<", "<=", ">", ">=");
        return *rc::gen::arbitrary<bool>() ? fmt::format("{} {} {}", *operand(), op, *literal())
                                           : fmt::format("{} {} {}", *literal(), op, *operand());
      }
      case 2:
        return fmt::format("{}.{}({})", *operand(),
                           *rc::gen::element<std::string>("startsWith", "endsWith", "contains"),
                           *quoted(text()));
      case 3:
        return fmt::format(
            "{} in [{}]", *operand(),
            fmt::join(*rc::gen::container<std::vector<std::string>>(literal()), ", "));
      case 4:
        return fmt::format("{} in {}", *quoted(member()),
                           *rc::gen::element<std::string>("tags", "attributes"));
      case 5:
        return *rc::gen::element<std::string>(
            "isLatest", "streaming", "has(attributes.n)", "has(tags.n)", "has(attributes.o.n)",
            "size(name) > 1", "attributes.n", "true", "attributes.n + 1 > 2");
      case 6:
        return fmt::format("!({})", *predicate(depth - 1));
      case 7:
        return fmt::format("({} && {})", *predicate(depth - 1), *predicate(depth - 1));
      default:
        return fmt::format("({} || {} || {})", *predicate(depth - 1), *predicate(depth - 1),
                           *predicate(depth - 1));
    }
  });
}

// --- both ways ---

struct Answer {
  std::vector<std::string> ids;
  std::uint64_t skipped = 0;
  friend bool operator==(const Answer&, const Answer&) = default;
};

/// The fields of a record, as predicates see them.
/// Evaluates the predicate on each of `rows`, newest first.
Answer one_by_one(const std::string& text, const std::vector<CatalogRow>& rows,
                  const ArtifactStore& store) {
  const auto program = cel::Program::compile(text, cel::Dialect::swamp);
  const auto query = cel::Query::bind(*program, query_fields());
  const auto& mentions = program->references();
  Answer answer;
  for (const CatalogRow& row : rows) {
    if (!row.is_latest && !mentions.mentions("version") && !mentions.mentions("isLatest")) continue;
    if (!row.is_live && !mentions.mentions("lifecycle")) continue;
    const auto record = to_record(row.artifact, row.is_latest, store.content(row.artifact).value());
    const auto value = query->evaluate(field_values(record));
    if (!value) ++answer.skipped;
    if (value && value->is_bool() && value->as_bool())
      answer.ids.push_back(row.artifact.metadata.id);
  }
  return answer;
}

Answer by_query(const std::string& text, Catalog& catalog) {
  auto query = Query::compile({.predicate = text, .select = "id"});
  RC_ASSERT(query.has_value());
  const auto result = query->run(catalog);
  RC_ASSERT(result.has_value());
  Answer answer{.skipped = result->skipped};
  for (const Value& id : result->results)
    answer.ids.push_back(id.as_string());
  return answer;
}

class QueryPropertyTest : public StoreTest {
 protected:
  Catalog catalog{{.file = folder / "data/_swamp.db", .root = folder / "data"}};
  ArtifactStore store{{.root = folder / "data", .clock = &clock, .ids = &ids, .catalog = &catalog}};

  std::vector<CatalogRow> newest_first() {
    auto rows = catalog.find({.latest_only = false, .include_deleted = true}).value();
    std::stable_sort(rows.begin(), rows.end(), [](const CatalogRow& a, const CatalogRow& b) {
      const Metadata &left = a.artifact.metadata, &right = b.artifact.metadata;
      if (left.created_at != right.created_at) return left.created_at > right.created_at;
      if (a.artifact.key != b.artifact.key) return a.artifact.key < b.artifact.key;
      return left.version > right.version;
    });
    return rows;
  }
};

TEST_F(QueryPropertyTest, TheResultIsThatOfEvaluatingEveryRow) {
  // Many small cases find more than few large ones.
  const auto drafts = rc::gen::resize(6, rc::gen::container<std::vector<Draft>>(any_draft()));
  const auto predicates =
      rc::gen::resize(30, rc::gen::container<std::vector<std::string>>(predicate(2)));
  EXPECT_TRUE(rc::check([&, this] {
    (void)store.remove_instance({"command/shell", "m1"});
    for (const Draft& made : *drafts) {
      clock.advance(std::chrono::seconds(1));
      RC_ASSERT(store.write(made).has_value());
    }
    if (*below(3) == 0) (void)store.write_tombstone(key("a"), "delete");
    const auto rows = newest_first();
    for (const std::string& asked : *predicates) {
      RC_LOG() << asked << "\n";
      RC_ASSERT(by_query(asked, catalog) == one_by_one(asked, rows, store));
    }
  }));
}

}  // namespace
}  // namespace swamp::store
