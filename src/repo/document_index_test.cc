#include "repo/document_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "repo/index_file.h"
#include "support/temp_dir.h"

namespace swamp::repo {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;

std::string definition(std::string_view name, int id, std::string_view rest = "") {
  return fmt::format("type: acme/web\nid: 00000000-0000-4000-8000-{:012}\nname: '{}'\n{}", id, name,
                     rest);
}

std::string workflow(std::string_view name, int id, std::string_view rest = "") {
  return fmt::format(
      "id: 00000000-0000-4000-9000-{:012}\nname: {}\n{}jobs: [{{name: j, steps: [{{name: s, task: "
      "{{type: assert, "
      "expr: 'true', message: m}}}}]}}]\n",
      id, name, rest);
}

struct DocumentIndexTest : testing::Test {
  DocumentIndexTest() { dir.write(".swamp.yaml", "swampVersion: 1.0.0\ninitializedAt: x\n"); }

  DocumentIndex open() {
    auto index = DocumentIndex::open(*Repo::open(dir.path()));
    EXPECT_TRUE(index) << index.error().message;
    return *std::move(index);
  }

  /// As if the file had been written long before the index.
  void age(std::string_view name) {
    fs::last_write_time(dir / name, fs::file_time_type::clock::now() - std::chrono::hours(1));
  }
  void write_old(std::string_view name, std::string_view text) {
    dir.write(name, text);
    age(name);
  }

  test::TempDir dir;
};

std::vector<std::string> paths(const std::vector<const DocumentEntry*>& entries) {
  std::vector<std::string> paths;
  for (const auto* entry : entries)
    paths.push_back(entry->path);
  return paths;
}

TEST_F(DocumentIndexTest, DefinitionsAndWorkflowsAreFoundByNameAndById) {
  fs::create_directories(dir / ".swamp");
  dir.write("models/acme/web/site.yaml", definition("site", 1, "tags: {team: infra}\n"));
  dir.write(
      "workflows/workflow-nightly.yaml",
      workflow("nightly", 1,
               "description: all\ntrigger: {schedule: 0 3 * * *}\ninputs: {a: {type: string}}\n"));
  const auto index = open();
  const auto site = index.find_definition("site");
  ASSERT_TRUE(site) << site.error().message;
  EXPECT_EQ((*site)->type, "acme/web");
  EXPECT_THAT((*site)->tags, ElementsAre(std::pair<std::string, std::string>("team", "infra")));
  EXPECT_EQ(*index.find_definition("00000000-0000-4000-8000-000000000001"), *site);
  const auto nightly = *index.find_workflow("nightly");
  EXPECT_EQ(nightly->description, "all");
  EXPECT_EQ(nightly->schedule, "0 3 * * *");
  EXPECT_TRUE(nightly->has_inputs);
  EXPECT_EQ(nightly->job_count, 1U);
  EXPECT_EQ(*index.find_workflow("00000000-0000-4000-9000-000000000001"), nightly);
}

TEST_F(DocumentIndexTest, OnlyChangedFilesAreParsed) {
  fs::create_directories(dir / ".swamp");
  write_old("models/acme/web/a.yaml", definition("a", 1));
  write_old("models/acme/web/b.yaml", definition("b", 2));
  write_old("workflows/workflow-w.yaml", workflow("w", 1));
  EXPECT_EQ(open().parsed(), 3U);
  EXPECT_EQ(open().parsed(), 0U);
  write_old("models/acme/web/b.yaml", definition("bb", 2));
  const auto changed = open();
  EXPECT_EQ(changed.parsed(), 1U);
  EXPECT_TRUE(changed.find_definition("bb"));
  EXPECT_FALSE(changed.find_definition("b"));
  fs::remove(dir / "models/acme/web/a.yaml");
  EXPECT_THAT(paths(open().definitions()), ElementsAre("models/acme/web/b.yaml"));
  EXPECT_EQ(open().parsed(), 0U);
}

TEST_F(DocumentIndexTest, AFileChangedTwiceInOneTickIsSeen) {
  fs::create_directories(dir / ".swamp");
  dir.write("models/acme/web/a.yaml", definition("a1", 1));
  const auto time = fs::last_write_time(dir / "models/acme/web/a.yaml");
  EXPECT_TRUE(open().find_definition("a1"));
  fs::last_write_time(dir / ".swamp/document-index", time);  // however slow this machine is
  dir.write("models/acme/web/a.yaml", definition("a2", 1));  // of the same size
  fs::last_write_time(dir / "models/acme/web/a.yaml", time);
  EXPECT_TRUE(open().find_definition("a2"));
}

TEST_F(DocumentIndexTest, ABrokenIndexIsMadeAnewWithoutAWord) {
  fs::create_directories(dir / ".swamp");
  write_old("models/acme/web/a.yaml", definition("a", 1));
  open();
  const auto good = dir.read(".swamp/document-index");
  for (const std::string_view bad :
       {std::string_view(), std::string_view("junk"), std::string_view(good).substr(0, 40)}) {
    dir.write(".swamp/document-index", bad);
    const auto index = open();
    EXPECT_TRUE(index.find_definition("a"));
    EXPECT_THAT(index.warnings(), IsEmpty());
    EXPECT_EQ(dir.read(".swamp/document-index"), good);
  }
}

TEST_F(DocumentIndexTest, TheIndexCanBeDoneWithout) {
  dir.write("models/acme/web/a.yaml", definition("a", 1));  // there is no folder for the index
  const auto index = open();
  EXPECT_TRUE(index.find_definition("a"));
  EXPECT_FALSE(fs::exists(dir / ".swamp/document-index"));
}

TEST_F(DocumentIndexTest, BrokenFilesAreSkippedWithTheirPlace) {
  fs::create_directories(dir / ".swamp");
  write_old("models/acme/web/a.yaml", definition("a", 1));
  write_old("models/acme/web/bad.yaml", "type: acme/web\nid: 5\nname: bad\n");
  write_old("workflows/workflow-bad.yaml", "a: [\n");
  for (int round = 0; round < 2; ++round) {  // told again by the next command
    const auto index = open();
    EXPECT_THAT(paths(index.definitions()), ElementsAre("models/acme/web/a.yaml"));
    ASSERT_EQ(index.warnings().size(), 2U);
    EXPECT_EQ(index.warnings()[0].where->to_string(), "models/acme/web/bad.yaml:2:5");
    EXPECT_EQ(index.warnings()[1].where->source->name, "workflows/workflow-bad.yaml");
  }
}

TEST_F(DocumentIndexTest, TwoFilesOfOneNameFailThatNameOnly) {
  dir.write("models/acme/web/a.yaml", definition("same", 1));
  dir.write("models/acme/web/b.yaml", definition("same", 2));
  dir.write("models/acme/web/c.yaml", definition("other", 3));
  const auto index = open();
  const auto same = index.find_definition("same");
  ASSERT_FALSE(same);
  EXPECT_EQ(same.error().code, ErrorCode::conflict);
  EXPECT_EQ(same.error().message,
            "the name 'same' is in more than one file: 'models/acme/web/a.yaml', "
            "'models/acme/web/b.yaml'");
  EXPECT_TRUE(index.find_definition("other"));
  EXPECT_EQ((*index.find_definition("00000000-0000-4000-8000-000000000002"))->path,
            "models/acme/web/b.yaml");
}

TEST_F(DocumentIndexTest, DefinitionsThatRunsMadeAreFoundButNotListed) {
  dir.write("models/acme/web/site.yaml", definition("site", 1));
  dir.write(".swamp/auto-definitions/acme/web/made.yaml", definition("made", 2));
  dir.write(".swamp/auto-definitions/acme/web/site.yaml",
            definition("site", 1));  // a shadow of the original's
  const auto index = open();
  EXPECT_EQ((*index.find_definition("made"))->kind, DocumentKind::auto_definition);
  EXPECT_EQ((*index.find_definition("site"))->path, "models/acme/web/site.yaml");
  EXPECT_THAT(paths(index.definitions()), ElementsAre("models/acme/web/site.yaml"));
  EXPECT_EQ(index.definitions(DocumentIndex::AutoMade::shown).size(), 3U);
}

TEST_F(DocumentIndexTest, WhatIsNotThereIsSuggested) {
  dir.write("models/acme/web/site.yaml", definition("site", 1));
  dir.write("workflows/workflow-nightly.yaml", workflow("nightly", 1));
  const auto index = open();
  const auto model = index.find_definition("stie");
  ASSERT_FALSE(model);
  EXPECT_EQ(model.error().name, "model_not_found");
  EXPECT_EQ(model.error().message, "there is no model 'stie'");
  EXPECT_EQ(model.error().hint, "did you mean 'site'?");
  const auto missing = index.find_workflow("something-else");
  EXPECT_EQ(missing.error().name, "workflow_not_found");
  EXPECT_EQ(missing.error().hint, "'swamp workflow search' lists all workflows");
}

TEST_F(DocumentIndexTest, AFileThatIsNotNamedLikeAWorkflowIsToldOf) {
  dir.write("workflows/nightly.yaml", workflow("nightly", 1));
  EXPECT_EQ(
      open().find_workflow("nightly").error().hint,
      "'workflows/nightly.yaml' is passed over: files of workflows are named 'workflow-….yaml'");
}

TEST_F(DocumentIndexTest, OnlyFilesThatAreWorkflowsByNameAreLookedAt) {
  dir.write("workflows/notes.yaml", "a: 1\n");
  dir.write("workflows/workflow-w.txt", "x");
  dir.write("workflows/deep/workflow-w.yaml", workflow("w", 1));
  dir.write("models/.0.tmp", "x");
  const auto index = open();
  EXPECT_THAT(index.workflows(), IsEmpty());
  EXPECT_THAT(index.warnings(), IsEmpty());
}

TEST_F(DocumentIndexTest, LinksAreFollowedWithinTheRepositoryOnly) {
  const test::TempDir outside;
  outside.write("x.yaml", definition("outside", 1));
  dir.write("shared/y.yaml", definition("inside", 2));
  fs::create_directories(dir / "models/acme");
  fs::create_symlink(outside / "x.yaml", dir / "models/acme/x.yaml");
  fs::create_symlink("../../shared/y.yaml", dir / "models/acme/y.yaml");
  const auto index = open();
  EXPECT_TRUE(index.find_definition("inside"));
  EXPECT_FALSE(index.find_definition("outside"));
  ASSERT_EQ(index.warnings().size(), 1U);
  EXPECT_EQ(index.warnings()[0].message,
            "'models/acme/x.yaml' is a link that leads out of the repository");
}

TEST_F(DocumentIndexTest, SearchLooksAtEverythingPeopleKnow) {
  DocumentEntry entry{.name = "Site", .type = "acme/web", .tags = {{"team", "infra"}}};
  for (const auto* query : {"", "sit", "SITE", "acme/w", "team=inf"})
    EXPECT_TRUE(matches(entry, query)) << query;
  EXPECT_FALSE(matches(entry, "prod"));
}

TEST(IndexFileTest, AnIndexComesBackAsItWas) {
  const DocumentEntry full{.kind = DocumentKind::workflow,
                           .path = "workflows/workflow-a.yaml",
                           .identity = {.size = 7, .mtime_ns = -5, .inode = 9},
                           .id = "i",
                           .name = "n",
                           .tags = {{"a", "b"}, {"", std::string(1000, 'x')}},
                           .description = "d",
                           .schedule = "s",
                           .has_trigger = true,
                           .has_inputs = true,
                           .job_count = 3};
  const DocumentEntry broken{.kind = DocumentKind::definition, .path = "p", .broken = true};
  const auto bytes = encode_index({&full, &broken});
  const auto entries = decode_index(bytes);
  ASSERT_TRUE(entries);
  EXPECT_THAT(*entries, ElementsAre(full, broken));
  EXPECT_TRUE(decode_index(encode_index({})));
}

TEST(IndexFileTest, NoDamagedByteIsTakenForAnIndex) {
  const DocumentEntry entry{.path = "models/a.yaml", .id = "i", .name = "n", .tags = {{"a", "b"}}};
  const auto bytes = encode_index({&entry, &entry});
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    auto damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    EXPECT_FALSE(decode_index(damaged)) << at;
    EXPECT_FALSE(decode_index(std::string_view(bytes).substr(0, at))) << at;
  }
}

}  // namespace
}  // namespace swamp::repo
