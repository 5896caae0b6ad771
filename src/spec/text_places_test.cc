#include "spec/text_places.h"

#include <gtest/gtest.h>

#include "spec/document_reader.h"
#include "spec/field.h"
#include "yaml/parse.h"

namespace swamp::spec {
namespace {

/// The text under the caret of the first error of `key: …`, with the line before it.
std::string marked(const std::string& yaml) {
  const auto document = yaml::parse(yaml, "f.yaml");
  EXPECT_TRUE(document) << (document ? "" : document.error().message);
  const Field field = field_of(*document->root().find("key"));
  std::vector<Error> errors = field.check_syntax();
  if (errors.empty()) {
    const auto outcome = field.evaluate(cel::PlainScope(Map{{"here", 1}}), cel::Answers());
    if (outcome) return "no error";
    errors.push_back(outcome.error());
  }
  const SourceSpan& where = *errors.front().where;
  const std::string line(where.source->line(where.line));
  // Columns count characters.
  std::size_t begin = 0;
  for (std::uint32_t column = 1; column < where.column; ++column) {
    do {
      ++begin;
    } while (begin < line.size() && (static_cast<unsigned char>(line[begin]) & 0xC0) == 0x80);
  }
  return std::to_string(where.line) + ":" + line.substr(begin, where.length);
}

TEST(TextPlacesTest, OnOneLine) {
  EXPECT_EQ(marked("key: a ${{ here + nosuch }}\n"), "1:nosuch");
  EXPECT_EQ(marked("key: 'a ${{ here + nosuch }}'\n"), "1:nosuch");
  EXPECT_EQ(marked("key: \"ä ${{ here + nosuch }}\"\n"), "1:nosuch");
}

TEST(TextPlacesTest, BehindEscapes) {
  EXPECT_EQ(marked("key: 'it''s ${{ \"a''b\" + nosuch }}'\n"), "1:nosuch");
  EXPECT_EQ(marked("key: \"\\x41\\u00e4\\t\\\"${{ here + nosuch }}\"\n"), "1:nosuch");
}

TEST(TextPlacesTest, InALiteralBlock) {
  EXPECT_EQ(marked("key: |\n  echo ${{ nosuch }}\n"), "2:nosuch");
  EXPECT_EQ(marked("key: |\n  first\n    indented\n\n  echo ${{ nosuch }}\n"), "5:nosuch");
  EXPECT_EQ(marked("key: |-\n      first\n      ${{ here +\n        nosuch }}\n"), "4:nosuch");
  EXPECT_EQ(marked("key: |2\n    deeper\n  ${{ nosuch }}\n"), "3:nosuch");
}

TEST(TextPlacesTest, InAFoldedBlock) {
  EXPECT_EQ(marked("key: >\n  first\n  second ${{ nosuch }}\n"), "3:nosuch");
  EXPECT_EQ(marked("key: >-\n    first\n\n    second\n    ${{ here +\n    nosuch }}\n"),
            "6:nosuch");
}

TEST(TextPlacesTest, InAPlainOrQuotedTextOfSeveralLines) {
  EXPECT_EQ(marked("key: first\n  second ${{ nosuch }}\n"), "2:nosuch");
  EXPECT_EQ(marked("key: ${{ here +\n     nosuch }}\n"), "2:nosuch");
  EXPECT_EQ(marked("key: 'first\n\n  second ${{ nosuch }}'\n"), "3:nosuch");
  EXPECT_EQ(marked("key: \"first \\\n  second ${{ here + nosuch }}\"\n"), "2:nosuch");
}

TEST(TextPlacesTest, ErrorsOfSyntaxToo) {
  EXPECT_EQ(marked("key: |\n  first\n  ${{ here + ) }}\n"), "3:)");
  EXPECT_EQ(marked("key: >\n  first\n  ${{ here + ) }}\n"), "3:)");
}

TEST(TextPlacesTest, AnErrorElsewhereIsLeftAlone) {
  const auto source = std::make_shared<SourceText>(SourceText{.name = "f.yaml", .text = "a: b\n"});
  const auto other = std::make_shared<SourceText>(SourceText{.name = "g.yaml", .text = "a: b\n"});
  const SourceSpan where{.source = source, .line = 1, .column = 4};
  Error error{.message = "x", .where = SourceSpan{.source = other, .line = 1, .column = 4}};
  EXPECT_EQ(placed_in(error, "b", where).where->to_string(), "g.yaml:1:4");
  error.where = SourceSpan{.source = source, .line = 1, .column = 1};
  EXPECT_EQ(placed_in(error, "b", where).where->to_string(), "f.yaml:1:1");
}

}  // namespace
}  // namespace swamp::spec
