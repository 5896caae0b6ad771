#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include <gtest/gtest.h>

#include "cel/vectors.h"

namespace swamp::cel {
namespace {

/// A vector that fails, and the reason why it should.
struct Exception {
  std::string name;
  std::string reason;
};

SourceText read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream content;
  content << file.rdbuf();
  return {.name = path.string(), .text = content.str()};
}

/// Runs all files of a folder; the vectors that fail must be exactly those on the list.
std::size_t expect_only(const std::filesystem::path& folder,
                        const std::vector<Exception>& exceptions) {
  std::map<std::string, std::string> expected;
  for (const Exception& exception : exceptions) {
    expected.emplace(exception.name, exception.reason);
  }
  std::size_t passed = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    auto report = run_vectors(read(entry.path()));
    if (!report) {
      ADD_FAILURE() << entry.path() << ": " << report.error().message;
      continue;
    }
    passed += report->passed;
    for (const VectorFailure& failure : report->failures) {
      if (expected.erase(failure.name) > 0) continue;
      ADD_FAILURE() << failure.name << ": " << failure.expression << ": " << failure.message;
    }
  }
  for (const auto& [name, reason] : expected) {
    ADD_FAILURE() << name << " passes now: take it off the list";
  }
  return passed;
}

TEST(ConformanceTest, StrictCelIsAsItsSpecificationSays) {
  EXPECT_EQ(expect_only("test/conformance/cel", {}), 1300U);
}

TEST(ConformanceTest, TheDialectGivesWhatFilesInTheWildExpect) {
  EXPECT_EQ(expect_only("test/conformance/dialect", {}), 431U);
}

}  // namespace
}  // namespace swamp::cel
