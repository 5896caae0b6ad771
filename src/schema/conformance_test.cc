#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "schema/schema.h"
#include "value/json.h"

// The public test suite of JSON Schema, draft 2020-12 (see test/conformance/json-schema/LICENSE).

namespace swamp::schema {
namespace {

namespace fs = std::filesystem;

const fs::path kSuite = "test/conformance/json-schema";

/// Cases that are known to fail, each with the reason.
struct KnownFailures {
  std::string_view reason;
  std::vector<std::string> cases;  // file: group: test
};

std::vector<std::string> in(std::string_view group, std::vector<std::string> tests) {
  for (std::string& test : tests) {
    test = std::string(group) + ": " + test;
  }
  return tests;
}

const KnownFailures kKnownFailures[] = {
    {"a schema that says it is of an older draft is read as one of 2020-12",
     in("optional/cross-draft.json: refs to historic drafts are processed as historic drafts",
        {"first item not a string is valid"})},
};

Value read(const fs::path& file) {
  std::stringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  auto value = parse_json(text.str(), file.string());
  EXPECT_TRUE(value) << file << ": " << value.error().message;
  return value ? *std::move(value) : Value();
}

std::vector<fs::path> json_files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

/// What the suite expects to be found at http://localhost:1234.
std::vector<std::pair<std::string, Value>> remote_documents() {
  std::vector<std::pair<std::string, Value>> documents;
  for (const fs::path& file : json_files_in(kSuite / "remotes")) {
    documents.emplace_back(
        "http://localhost:1234/" + fs::relative(file, kSuite / "remotes").string(), read(file));
  }
  return documents;
}

/// Whether `schema` judges a case as the suite does.
bool is_judged_rightly(const Result<Schema>& schema, const Value& test) {
  if (!schema) return false;
  const bool accepted = schema->accepts(test["data"]);
  EXPECT_EQ(accepted, schema->validate(test["data"]).empty());
  return Value(accepted) == test["valid"];
}

TEST(ConformanceTest, EveryCaseOfTheSuiteIsJudgedRightlyButTheKnownOnes) {
  std::set<std::string> known;
  for (const KnownFailures& failures : kKnownFailures) {
    known.insert(failures.cases.begin(), failures.cases.end());
  }
  Options options = {.documents = remote_documents()};
  std::size_t cases = 0;
  for (const fs::path& file : json_files_in(kSuite / "tests")) {
    const std::string name = fs::relative(file, kSuite / "tests").string();
    options.assert_formats =
        name.starts_with("optional/format/") || name == "optional/ecmascript-regex.json";
    const Value groups = read(file);
    for (const Value& group : groups.as_list()) {
      const auto schema = Schema::compile(group["schema"], options);
      for (const Value& test : group["tests"].as_list()) {
        const std::string title =
            name + ": " + group["description"].as_string() + ": " + test["description"].as_string();
        EXPECT_NE(is_judged_rightly(schema, test), known.erase(title) > 0)
            << title << (schema ? "" : ": " + schema.error().message);
        ++cases;
      }
    }
  }
  EXPECT_TRUE(known.empty()) << "not in the suite: " << *known.begin();
  EXPECT_GT(cases, 1700U);
}

}  // namespace
}  // namespace swamp::schema
