// A repository that the original wrote: read whole, written back to the letter.
#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "os/file.h"
#include "store/artifact_tree.h"
#include "store/output_record.h"
#include "store/query.h"
#include "store/run_index.h"
#include "store/run_record.h"
#include "store/store_fixture.h"
#include "yaml/parse.h"
#include "yaml/write.h"

namespace swamp::store {
namespace {

namespace fs = std::filesystem;

using namespace test;
using testing::IsEmpty;
using testing::SizeIs;

class FixtureTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto unpack =
        fmt::format("tar -xzf test/data/original-repo.tar.gz -C '{}'", folder.path().string());
    ASSERT_EQ(std::system(unpack.c_str()), 0);
    for (const auto& entry : fs::recursive_directory_iterator(folder.path())) {
      if (entry.path().filename() == ".swamp.yaml") layout = Layout::in(entry.path().parent_path());
    }
    ASSERT_FALSE(layout.repository.empty());
  }

  std::vector<fs::path> files(const fs::path& below, std::string_view begin, std::string_view end) {
    std::vector<fs::path> found;
    for (const auto& entry : fs::recursive_directory_iterator(below)) {
      const auto name = entry.path().filename().string();
      if (name.starts_with(begin) && name.ends_with(end)) found.push_back(entry.path());
    }
    EXPECT_FALSE(found.empty());
    return found;
  }

  TempDir folder;
  FakeClock clock;
  CountingIds ids;
  Layout layout;
};

template <class Record>
std::string rewritten(const fs::path& path) {
  const auto document = yaml::parse(os::read_file(path).value(), path.string());
  const auto record = Record::from_value(document->to_value());
  return record ? yaml::write(record->to_value()) : record.error().message;
}

TEST_F(FixtureTest, MetadataIsWrittenBackToTheLetter) {
  for (const auto& path : files(layout.data, "metadata", ".yaml")) {
    EXPECT_EQ(rewritten<Metadata>(path), os::read_file(path)) << path;
  }
}

TEST_F(FixtureTest, OutputRecordsAreWrittenBackToTheLetter) {
  for (const auto& path : files(layout.outputs, "", ".yaml")) {
    EXPECT_EQ(rewritten<OutputRecord>(path), os::read_file(path)) << path;
  }
}

TEST_F(FixtureTest, RunRecordsAreWrittenBackToTheLetter) {
  for (const auto& path : files(layout.workflow_runs, "workflow-run-", ".yaml")) {
    EXPECT_EQ(rewritten<RunRecord>(path), os::read_file(path)) << path;
  }
}

TEST_F(FixtureTest, IndexesOfRunsAreWrittenBackToTheLetter) {
  for (const auto& path : files(layout.workflow_runs, ".runs-index", ".json")) {
    const auto index = RunIndex::from_json(os::read_file(path).value());
    ASSERT_TRUE(index) << message(index);
    EXPECT_EQ(index->to_json(), os::read_file(path)) << path;
  }
}

TEST_F(FixtureTest, SummariesOfRunsAreWhatTheOriginalWrote) {
  for (const auto& path : files(layout.workflow_runs, "workflow-run-", ".yaml")) {
    const auto document = yaml::parse(os::read_file(path).value(), path.string());
    auto record = RunRecord::from_value(document->to_value()).value();
    const auto before = record.to_value();
    summarize(record);
    EXPECT_EQ(record.to_value(), before) << path;
  }
}

TEST_F(FixtureTest, EveryArtifactPassesItsChecksum) {
  ArtifactStore store({.root = layout.data, .clock = &clock, .ids = &ids});
  const auto found = list_artifacts(layout.data);
  EXPECT_THAT(found.warnings, IsEmpty());
  EXPECT_THAT(found.items, SizeIs(files(layout.data, "metadata", ".yaml").size()));
  for (const Artifact& artifact : found.items) {
    EXPECT_EQ(store.verify(artifact), ArtifactStore::Check::good) << artifact.key.name;
    EXPECT_EQ(artifact.metadata.name, artifact.key.name);
  }
}

TEST_F(FixtureTest, LatestIsWhatTheMarkersSay) {
  const ArtifactStore store({.root = layout.data, .clock = &clock, .ids = &ids});
  for (const Artifact& artifact : list_latest(layout.data).items) {
    const auto name_folder =
        layout.data / artifact.key.type / artifact.key.model_id / artifact.key.name;
    EXPECT_EQ(marked_version(name_folder), artifact.metadata.version) << name_folder;
    EXPECT_EQ(store.latest(artifact.key), artifact);
  }
}

TEST_F(FixtureTest, RunsAndOutputsAreListed) {
  const RunStore runs(layout);
  const auto listing = runs.list();
  EXPECT_THAT(listing.warnings, IsEmpty());
  EXPECT_THAT(listing.runs, SizeIs(6));
  EXPECT_EQ(runs.find("dc7dec01")->status, RunStatus::suspended);
  const OutputStore outputs(layout);
  EXPECT_THAT(outputs.list().warnings, IsEmpty());
  EXPECT_EQ(outputs.find("c56b7990")->record.provenance.step_name, "before");
}

TEST_F(FixtureTest, DataIsQueriedWithOneLatestVersionPerNameAndStepOfARun) {
  Catalog catalog(
      {.file = layout.catalog(), .root = layout.data, .original = layout.original_catalog()});
  const auto query = Query::compile(
      {.predicate = "modelName == 'greeter' && specName == 'result' && attributes.exitCode == 0",
       .select = "[name, version]"});
  ASSERT_TRUE(query) << message(query);
  EXPECT_EQ(query->run(catalog)->results, (List{Value(List{"result", 6})}));
  EXPECT_TRUE(fs::exists(layout.original_catalog())) << "the original's catalogue is left alone";
}

TEST_F(FixtureTest, OurVersionsGoOnWithTheOriginals) {
  ArtifactStore store({.root = layout.data, .clock = &clock, .ids = &ids});
  for (const Artifact& last : list_latest(layout.data).items) {
    Draft next{
        .key = last.key, .content = "{}", .tags = last.metadata.tags, .owner = last.metadata.owner};
    const auto written = store.write(next);
    ASSERT_TRUE(written) << message(written);
    EXPECT_EQ(written->metadata.version, last.metadata.version + 1);
  }
}

}  // namespace
}  // namespace swamp::store
