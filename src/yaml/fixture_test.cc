#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>

#include "support/temp_dir.h"
#include "yaml/parse.h"
#include "yaml/write.h"

namespace swamp::yaml {
namespace {

namespace fs = std::filesystem;

/// The workflows of the fixture were written by hand; all else by the original tool.
bool is_hand_written(const fs::path& file) {
  return file.parent_path().filename() == "workflows";
}

TEST(FixtureTest, FilesOfTheOriginalAreWrittenBackByteForByte) {
  const test::TempDir dir;
  const std::string unpack = "tar -xzf test/data/original-repo.tar.gz -C " + dir.path().string();
  ASSERT_EQ(std::system(unpack.c_str()), 0);

  std::size_t compared = 0;
  for (const auto& file : fs::recursive_directory_iterator(dir.path())) {
    if (file.path().extension() != ".yaml" || is_hand_written(file.path())) continue;
    const std::string name = fs::relative(file.path(), dir.path()).string();
    const std::string original = dir.read(name);
    const auto document = parse(original, name);
    ASSERT_TRUE(document) << name << ": " << document.error().message;
    const bool is_marker = file.path().filename() == ".swamp.yaml";
    EXPECT_EQ(write(document->to_value(), {.quote = is_marker ? '"' : '\''}), original) << name;
    ++compared;
  }
  EXPECT_GT(compared, 100U);
}

}  // namespace
}  // namespace swamp::yaml
