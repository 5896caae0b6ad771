#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "render/error_text.h"
#include "render/json_document.h"
#include "render/table.h"
#include "render/text.h"
#include "render/time_text.h"
#include "value/json.h"

namespace swamp::render {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

SourceSpan place(std::string text, std::uint32_t line, std::uint32_t column, std::uint32_t length) {
  auto source = std::make_shared<SourceText>(
      SourceText{.name = "workflows/workflow-release.yaml", .text = std::move(text)});
  return {.source = source, .line = line, .column = column, .length = length};
}

TEST(ErrorTextTest, ShowsTheLineTheCauseAndWhatToTry) {
  const Error error{
      .code = ErrorCode::invalid_input,
      .message = "step 'deploy' depends on 'biuld', which job 'release' does not have",
      .where = place("steps:\n  - step: biuld\n", 2, 11, 5),
      .notes = {"reading workflow 'release'"},
      .hint = "did you mean 'build'?"};
  EXPECT_EQ(error_text(error, Style()),
            "error: step 'deploy' depends on 'biuld', which job 'release' does not have\n"
            "  --> workflows/workflow-release.yaml:2:11\n"
            "  |\n"
            "2 |   - step: biuld\n"
            "  |           ^^^^^\n"
            "  while reading workflow 'release'\n"
            "help: did you mean 'build'?\n");
}

TEST(ErrorTextTest, FurtherProblemsOfTheDocumentFollow) {
  Error error{.code = ErrorCode::invalid_input,
              .message = "unknown key 'stpes'",
              .hint = "did you mean 'steps'?"};
  error.also.push_back({.code = ErrorCode::invalid_input, .message = "job 'a' has no steps"});
  EXPECT_EQ(error_text(error, Style()),
            "error: unknown key 'stpes'\n"
            "help: did you mean 'steps'?\n"
            "\n"
            "error: job 'a' has no steps\n");
}

TEST(ErrorTextTest, ThousandsOfProblemsAreCountedNotListed) {
  Error error{.message = "first"};
  error.also.assign(5000, Error{.message = "again"});
  const std::string text = error_text(error, Style());
  EXPECT_TRUE(text.ends_with("\n… and 4980 more problems\n")) << text;
}

TEST(ErrorTextTest, TheCaretStandsUnderWideCharacters) {
  const Error error{.message = "bad", .where = place("名前: x", 1, 5, 1)};
  EXPECT_EQ(error_text(error, Style()),
            "error: bad\n"
            "  --> workflows/workflow-release.yaml:1:5\n"
            "  |\n"
            "1 | 名前: x\n"
            "  |       ^\n");
}

TEST(ErrorTextTest, OfAVeryLongLineOnlyTheNeighbourhoodIsShown) {
  const Error error{.message = "bad", .where = place(std::string(500'000, 'a'), 1, 200'000, 3)};
  const std::string text = error_text(error, Style());
  EXPECT_LT(text.size(), 500U);
  EXPECT_THAT(text, ::testing::HasSubstr("| …aaa"));
  EXPECT_THAT(text, ::testing::HasSubstr("^^^\n"));
}

TEST(ErrorTextTest, APlaceBeyondTheTextHasNoExcerpt) {
  const Error error{.message = "ends too early", .where = place("a\n", 9, 1, 1)};
  EXPECT_EQ(error_text(error, Style()),
            "error: ends too early\n  --> workflows/workflow-release.yaml:9:1\n");
}

TEST(ErrorTextTest, NothingFromAFileCanSteerTheTerminal) {
  const Error error{.message = "unknown key 'a\x1b[2J\x07'"};
  EXPECT_EQ(error_text(error, Style()), "error: unknown key 'a\\x07'\n");
}

TEST(ErrorDocumentTest, AllFieldsAreAlwaysThere) {
  EXPECT_EQ(
      write_json(error_document({.code = ErrorCode::not_found, .message = "no workflow 'x'"})),
      R"({"error":"no workflow 'x'","code":"not_found","kind":"not_found","where":null,"notes":null,"hint":null,"details":null})");
}

TEST(ErrorDocumentTest, CarriesThePlaceAndTheDropInCode) {
  Error error{.code = ErrorCode::not_found,
              .message = "no model 'x'",
              .where = place("a: x\n", 1, 4, 1),
              .notes = {"planning the run"},
              .hint = "try y",
              .name = "model_not_found"};
  error.also.push_back({.code = ErrorCode::invalid_input, .message = "b"});
  EXPECT_EQ(
      write_json(error_document(error)),
      R"({"error":"no model 'x'","code":"model_not_found","kind":"not_found",)"
      R"("where":{"file":"workflows/workflow-release.yaml","line":1,"column":4,"length":1},)"
      R"("notes":["planning the run"],"hint":"try y","details":[)"
      R"({"error":"b","code":"invalid_input","kind":"invalid_input","where":null,"notes":null,"hint":null,"details":null}]})");
}

TEST(TextTest, WidthCountsColumns) {
  EXPECT_EQ(display_width("abc"), 3U);
  EXPECT_EQ(display_width("日本"), 4U);
  EXPECT_EQ(display_width("e\u0301"), 1U);
  EXPECT_EQ(display_width("\x1b[31mred\x1b[0m"), 3U);
  EXPECT_EQ(display_width("\xff"), 1U);
}

TEST(TextTest, FittingKeepsWholeCharacters) {
  EXPECT_EQ(fit("harbour", 7), "harbour");
  EXPECT_EQ(fit("harbour", 4), "har…");
  EXPECT_EQ(fit("日本語", 4), "日…");
  EXPECT_EQ(fit("harbour", 0), "");
}

TEST(TextTest, PrintableTextSetsNoTerminal) {
  EXPECT_EQ(printable("a\tb"), "a b");
  EXPECT_EQ(printable("a\x1b]0;title\x07"
                      "b"),
            "ab");
  EXPECT_EQ(printable("a\x1b[1;31mb\x1b[0m"), "ab");
  EXPECT_EQ(printable("\x01\x7f"), "\\x01\\x7f");
  EXPECT_EQ(printable("\xc3("), "\uFFFD(");
}

TEST(TextTest, WhereOnlyAsciiCanBeShownSymbolsBecomeSomethingAlikeOfTheSameWidth) {
  EXPECT_EQ(ascii_only("a │ ✓ done · 漢字 é \xff"), "a | + done - ???? ? ?");
  EXPECT_EQ(ascii_only("\x1b[31mred\x1b[0m"), "\x1b[31mred\x1b[0m");
}

TEST(TextTest, WhenIsSaidAsPeopleSayIt) {
  const Timestamp now = *parse_iso8601("2026-01-10T12:00:00.000Z");
  EXPECT_EQ(when_text(now - 12s, now), "12s ago");
  EXPECT_EQ(when_text(now - 59min, now), "59m ago");
  EXPECT_EQ(when_text(now - 23h, now), "23h ago");
  EXPECT_EQ(when_text(now - 6 * 24h, now), "6d ago");
  EXPECT_EQ(when_text(now - 7 * 24h, now), "2026-01-03");
  EXPECT_EQ(when_text(now + 1h, now), "2026-01-10");
  EXPECT_EQ(moment_text(now - 5min, now), "2026-01-10 11:55:00 UTC, 5m ago");
  EXPECT_EQ(moment_text(now - 9 * 24h, now), "2026-01-01 12:00:00 UTC");
}

TEST(TextTest, WrappingBreaksAtBlanks) {
  EXPECT_THAT(wrap("one two three", 7), ElementsAre("one two", "three"));
  EXPECT_THAT(wrap("incomprehensible a", 5), ElementsAre("incomprehensible", "a"));
  EXPECT_THAT(wrap("", 5), ElementsAre());
}

TEST(TableTest, ColumnsAreAsWideAsTheirWidestCell) {
  Table table({{"NAME"}, {"SIZE", Table::Align::right}, {"WHERE"}});
  table.add({"a", "12", "x"});
  table.add({"harbour", "3", "yy"});
  EXPECT_EQ(table.to_string(Style()),
            "NAME     SIZE  WHERE\n"
            "a          12  x\n"
            "harbour     3  yy\n");
}

TEST(TableTest, ANarrowTerminalCutsTheWidestColumn) {
  Table table({{"NAME"}, {"TEXT"}});
  table.add({"a", "a very long description of nothing"});
  EXPECT_EQ(table.to_string(Style(), 20),
            "NAME  TEXT\n"
            "a     a very long d…\n");
}

TEST(KeyValuesTest, ValuesStandUnderEachOtherAndEmptyOnesAreLeftOut) {
  KeyValues lines;
  lines.add("Name", "web");
  lines.add("Version", "");
  lines.add("Type version", "2026.01.01.1");
  EXPECT_EQ(lines.to_string(Style()),
            "Name:         web\n"
            "Type version: 2026.01.01.1\n");
}

TEST(JsonDocumentTest, IsIndentedAndEndsWithALineEnd) {
  EXPECT_EQ(json_document(Map{{"a", 1}, {"b", List{}}}), "{\n  \"a\": 1,\n  \"b\": []\n}\n");
  EXPECT_EQ(json_line(Map{{"a", 1}}), "{\"a\":1}\n");
}

TEST(JsonDocumentTest, ShowsASecretAsItsExpression) {
  auto origin =
      std::make_shared<SecretOrigin>(SecretOrigin{.expression = "${{ vault.get('v', 'k') }}"});
  EXPECT_EQ(json_line(Map{{"a", Value::secret("hunter2", origin)}}),
            "{\"a\":\"${{ vault.get('v', 'k') }}\"}\n");
}

TEST(JsonDocumentTest, AbsentKeysAreLeftOut) {
  EXPECT_EQ(write_json(without_nulls(Map{{"a", 1}, {"b", Value()}, {"c", false}})),
            R"({"a":1,"c":false})");
}

}  // namespace
}  // namespace swamp::render
