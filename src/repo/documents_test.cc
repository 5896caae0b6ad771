#include "repo/documents.h"

#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "spec/definition_yaml.h"
#include "spec/workflow_yaml.h"
#include "support/temp_dir.h"
#include "value/value.h"

namespace swamp::repo {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;

std::string id_of(int number) {
  return fmt::format("00000000-0000-4000-8000-{:012}", number);
}

spec::Definition definition(std::string_view name, int id, std::string_view type = "acme/web") {
  return *spec::make_definition(spec::new_definition_document(type, "", id_of(id), name));
}

spec::Workflow workflow(std::string_view name, int id) {
  return *spec::make_workflow(spec::new_workflow_document(id_of(id), name));
}

struct DocumentsTest : testing::Test {
  DocumentsTest() {
    dir.write(".swamp.yaml", "swampVersion: 1.0.0\ninitializedAt: x\n");
    fs::create_directories(dir / ".swamp");
    repo.emplace(*Repo::open(dir.path()));
    documents.emplace(*Documents::open(*repo));
  }

  test::TempDir dir;
  std::optional<Repo> repo;
  std::optional<Documents> documents;
};

TEST_F(DocumentsTest, WhatIsSavedIsFoundAtOnceAndByTheNextCommand) {
  EXPECT_EQ(*documents->save_definition(definition("site", 1)), "models/acme/web/site.yaml");
  EXPECT_EQ(*documents->save_workflow(workflow("nightly", 2)), "workflows/workflow-nightly.yaml");
  EXPECT_EQ((*documents->find_definition("site"))->id, id_of(1));
  EXPECT_EQ((*documents->find_workflow(id_of(2)))->name, "nightly");
  auto next = *Documents::open(*repo);
  EXPECT_EQ((*next.find_definition(id_of(1)))->name, "site");
  EXPECT_EQ((*next.find_workflow("nightly"))->id, id_of(2));
}

TEST_F(DocumentsTest, AFileIsReadOnce) {
  ASSERT_TRUE(documents->save_definition(definition("site", 1)));
  EXPECT_EQ(documents->find_definition("site")->get(), documents->find_definition(id_of(1))->get());
}

TEST_F(DocumentsTest, WhatTheIndexHadToReadIsNotReadAgain) {
  ASSERT_TRUE(documents->save_workflow(workflow("nightly", 2)));
  fs::remove(repo->document_index());
  auto next = *Documents::open(*repo);
  fs::remove(dir / "workflows/workflow-nightly.yaml");
  EXPECT_EQ((*next.find_workflow("nightly"))->id, id_of(2));
}

TEST_F(DocumentsTest, ANameIsTakenOnce) {
  ASSERT_TRUE(documents->save_definition(definition("site", 1)));
  const auto taken = documents->save_definition(definition("site", 2, "acme/other"));
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code, ErrorCode::conflict);
  EXPECT_EQ(taken.error().message, "a model 'site' already exists: 'models/acme/web/site.yaml'");
  EXPECT_TRUE(documents->save_definition(definition("site", 1)));  // itself
  EXPECT_FALSE(documents->add_auto_definition(definition("site", 3)));
  ASSERT_TRUE(documents->add_auto_definition(definition("made", 4)));
  EXPECT_TRUE(
      documents->save_definition(definition("made", 5)));  // what a person writes goes before
}

TEST_F(DocumentsTest, OfTwoProcessesThatMakeADefinitionTheQuickerHasMadeIt) {
  auto slower = *Documents::open(*repo);
  ASSERT_TRUE(documents->add_auto_definition(definition("made", 4)));
  const auto theirs = slower.add_auto_definition(definition("made", 6));
  ASSERT_TRUE(theirs);
  EXPECT_EQ((*theirs)->id, id_of(4));
  EXPECT_EQ((*slower.find_definition("made"))->id, id_of(4));
}

TEST_F(DocumentsTest, ADefinitionMovesWithItsName) {
  dir.write(fmt::format("models/acme/web/{}.yaml", id_of(1)),
            spec::encode_definition(definition("site", 1)));
  documents.emplace(*Documents::open(*repo));
  EXPECT_EQ(*documents->save_definition(definition("site", 1)), "models/acme/web/site.yaml");
  EXPECT_FALSE(fs::exists(dir / fmt::format("models/acme/web/{}.yaml", id_of(1))));
  EXPECT_EQ(*documents->save_definition(definition("site2", 1, "acme/other")),
            "models/acme/other/site2.yaml");
  EXPECT_FALSE(fs::exists(dir / "models/acme/web"));
  EXPECT_FALSE(documents->find_definition("site"));
  EXPECT_EQ(documents->index().definitions().size(), 1U);
}

TEST_F(DocumentsTest, NamesThatCannotBeFilesAreStoredByTheirId) {
  EXPECT_EQ(*documents->save_definition(definition("@acme/site", 1)),
            fmt::format("models/acme/web/{}.yaml", id_of(1)));
  EXPECT_TRUE(documents->find_definition("@acme/site"));
}

TEST_F(DocumentsTest, EmptyFoldersOfTypesGoWithTheirLastDefinition) {
  ASSERT_TRUE(documents->save_definition(definition("a", 1, "@acme/web/site")));
  ASSERT_TRUE(documents->save_definition(definition("b", 2, "@acme/web")));
  ASSERT_TRUE(documents->remove(**documents->index().find_definition("a")));
  EXPECT_FALSE(fs::exists(dir / "models/@acme/web/site"));
  EXPECT_TRUE(fs::exists(dir / "models/@acme/web/b.yaml"));
  ASSERT_TRUE(documents->remove(**documents->index().find_definition("b")));
  EXPECT_TRUE(fs::is_empty(dir / "models"));
  EXPECT_FALSE(documents->find_definition("b"));
}

TEST_F(DocumentsTest, APersonsTextIsKeptAsItIs) {
  ASSERT_TRUE(documents->save_workflow(workflow("nightly", 2)));
  const auto text = fmt::format(
      "# every night\nname: daily\nid: {}\njobs:\n- {{name: j, steps: [{{name: s, task: {{type: "
      "assert, "
      "expr: 'true', message: m}}}}]}}\n",
      id_of(2));
  EXPECT_EQ(*documents->replace_text(**documents->index().find_workflow("nightly"), text),
            "workflows/workflow-daily.yaml");
  EXPECT_EQ(dir.read("workflows/workflow-daily.yaml"), text);
  EXPECT_FALSE(fs::exists(dir / "workflows/workflow-nightly.yaml"));
  EXPECT_TRUE(documents->find_workflow("daily"));
}

TEST_F(DocumentsTest, ABadTextReplacesNothing) {
  ASSERT_TRUE(documents->save_definition(definition("site", 1)));
  const auto before = dir.read("models/acme/web/site.yaml");
  const auto entry = **documents->index().find_definition("site");
  EXPECT_EQ(documents->replace_text(entry, "type: acme/web\nid: 5\nname: site\n")
                .error()
                .where->to_string(),
            "models/acme/web/site.yaml:2:5");
  EXPECT_EQ(
      documents->replace_text(entry, fmt::format("type: acme/web\nid: {}\nname: site\n", id_of(9)))
          .error()
          .message,
      fmt::format("the id of 'site' must stay '{}', not become '{}'", id_of(1), id_of(9)));
  EXPECT_EQ(dir.read("models/acme/web/site.yaml"), before);
}

TEST_F(DocumentsTest, AFolderThatLeadsOutIsNotWrittenInto) {
  const test::TempDir outside;
  fs::create_directories(dir / "models");
  fs::create_directory_symlink(outside.path(), dir / "models/acme");
  const auto saved = documents->save_definition(definition("site", 1));
  ASSERT_FALSE(saved);
  EXPECT_EQ(saved.error().code, ErrorCode::denied);
  EXPECT_TRUE(fs::is_empty(outside.path()));
}

TEST(FixtureTest, ARepositoryOfTheOriginalIsReadWhole) {
  const test::TempDir dir;
  const std::string unpack = "tar -xzf test/data/original-repo.tar.gz -C " + dir.path().string();
  ASSERT_EQ(std::system(unpack.c_str()), 0);
  const auto repo = *Repo::open(dir / "repo");
  auto documents = *Documents::open(repo);
  EXPECT_TRUE(documents.index().warnings().empty());
  std::vector<std::string> names;
  for (const auto* entry : documents.index().definitions(DocumentIndex::AutoMade::shown)) {
    const auto definition = documents.find_definition(entry->name);
    ASSERT_TRUE(definition) << definition.error().message;
    EXPECT_TRUE((*definition)->unknown_keys.empty());
    names.push_back((*definition)->name);
  }
  EXPECT_THAT(names, testing::UnorderedElementsAre("greeter", "maker-a", "maker-b", "maker-x",
                                                   "keeper", "gate-before"));
  names.clear();
  for (const auto* entry : documents.index().workflows())
    names.push_back((*documents.find_workflow(entry->id))->name);
  EXPECT_THAT(names, ElementsAre("gated", "outer", "tour"));
}

TEST(FixtureTest, DefinitionsOfTheOriginalAreWrittenBackByteForByte) {
  const test::TempDir dir;
  const std::string unpack = "tar -xzf test/data/original-repo.tar.gz -C " + dir.path().string();
  ASSERT_EQ(std::system(unpack.c_str()), 0);
  const auto repo = *Repo::open(dir / "repo");
  auto documents = *Documents::open(repo);
  for (const auto* name : {"maker-a", "keeper", "gate-before"}) {
    const auto& entry = **documents.index().find_definition(name);
    EXPECT_EQ(spec::encode_definition(**documents.find_definition(name)),
              dir.read("repo/" + entry.path));
  }
}

}  // namespace
}  // namespace swamp::repo
