#include "report/selection.h"

#include <gtest/gtest.h>

namespace swamp::report {
namespace {

/// The built-in reports and three of an extension.
std::vector<ReportType> known() {
  std::vector<ReportType> types = builtin_reports();
  types.push_back({.name = "@a/cost", .scope = Scope::method, .labels = {"money"}});
  types.push_back({.name = "@a/health", .scope = Scope::model});
  types.push_back({.name = "@a/release", .scope = Scope::workflow});
  return types;
}

const std::vector<std::string> kOfType = {"@a/cost", "@a/health", "@a/unknown"};

/// Names in order, required ones with a star.
std::vector<std::string> chosen(Scope scope, const ReportRules& rules = {},
                                const ReportFlags& flags = {}, std::string_view method = "create") {
  const auto of_type = scope == Scope::workflow ? std::vector<std::string>() : kOfType;
  std::vector<std::string> names;
  for (const Choice& choice : select_reports(known(), of_type, scope, method, rules, flags).run) {
    names.push_back(choice.name + (choice.is_required ? "*" : ""));
  }
  return names;
}

using Names = std::vector<std::string>;

TEST(SelectReportsTest, TheScopeDecidesFirst) {
  EXPECT_EQ(chosen(Scope::method), (Names{"@swamp/method-summary", "@a/cost"}));
  EXPECT_EQ(chosen(Scope::model), Names{"@a/health"});
  EXPECT_EQ(chosen(Scope::workflow),
            (Names{"@swamp/workflow-summary", "@swamp/verification-attestation"}));
  EXPECT_EQ(chosen(Scope::workflow, {.require = {{"@a/release"}, {"@a/cost"}}}),
            (Names{"@swamp/workflow-summary", "@swamp/verification-attestation", "@a/release*"}));
}

TEST(SelectReportsTest, SkipOfTheFileWinsOverRequire) {
  EXPECT_EQ(chosen(Scope::method, {.require = {{"@a/cost"}}, .skip = {"@a/cost"}}),
            Names{"@swamp/method-summary"});
}

TEST(SelectReportsTest, ARequirementMayBeForSomeMethodsOnly) {
  const ReportRules rules{.require = {{.name = "@a/cost", .methods = {"delete"}}}};
  EXPECT_EQ(chosen(Scope::method, rules), Names{"@swamp/method-summary"});
  EXPECT_EQ(chosen(Scope::method, rules, {}, "delete"),
            (Names{"@swamp/method-summary", "@a/cost*"}));
}

TEST(SelectReportsTest, NoFlagChangesWhatIsRequired) {
  const ReportRules rules{.require = {{"@a/cost"}}};
  for (const ReportFlags& flags :
       {ReportFlags{.skip_all = true},
        ReportFlags{.skip_names = {"@swamp/method-summary", "@a/cost"}},
        ReportFlags{.skip_labels = {"summary", "money"}}, ReportFlags{.names = {"@a/other"}},
        ReportFlags{.labels = {"other"}}}) {
    EXPECT_EQ(chosen(Scope::method, rules, flags), Names{"@a/cost*"});
  }
}

TEST(SelectReportsTest, SkippingAllStillHonoursSkipAndMethods) {
  EXPECT_EQ(
      chosen(Scope::method, {.require = {{"@a/cost"}}, .skip = {"@a/cost"}}, {.skip_all = true}),
      Names{});
  EXPECT_EQ(chosen(Scope::method, {.require = {{.name = "@a/cost", .methods = {"delete"}}}},
                   {.skip_all = true}),
            Names{});
}

TEST(SelectReportsTest, FlagsChooseByNameAndLabel) {
  EXPECT_EQ(chosen(Scope::method, {}, {.skip_names = {"@a/cost"}}), Names{"@swamp/method-summary"});
  EXPECT_EQ(chosen(Scope::method, {}, {.skip_labels = {"money", "x"}}),
            Names{"@swamp/method-summary"});
  EXPECT_EQ(chosen(Scope::method, {}, {.names = {"@a/cost"}}), Names{"@a/cost"});
  EXPECT_EQ(chosen(Scope::method, {}, {.labels = {"money"}}), Names{"@a/cost"});
  EXPECT_EQ(chosen(Scope::method, {}, {.names = {"@swamp/method-summary"}, .labels = {"money"}}),
            Names{})
      << "both given: both must hit";
  EXPECT_EQ(chosen(Scope::method, {}, {.skip_names = {"@a/cost"}, .names = {"@a/cost"}}), Names{});
}

TEST(SelectReportsTest, ARequiredReportThatNobodyKnowsIsMissingOnce) {
  const ReportRules rules{
      .require = {{"@a/gone"}, {"@a/gone"}, {.name = "@a/later", .methods = {"delete"}}}};
  const auto missing = [&](Scope scope, const ReportRules& with) {
    return select_reports(known(), kOfType, scope, "create", with, {.skip_all = true}).missing;
  };
  EXPECT_EQ(missing(Scope::method, rules), Names{"@a/gone"});
  EXPECT_EQ(missing(Scope::workflow, rules), Names{"@a/gone"});
  EXPECT_EQ(missing(Scope::model, rules), Names{});
  EXPECT_EQ(missing(Scope::method, {.require = {{"@a/gone"}}, .skip = {"@a/gone"}}), Names{});
  EXPECT_EQ(missing(Scope::method, {}), Names{})
      << "an unknown name in a type's list does not matter";
}

TEST(ScopeTest, HasAName) {
  for (const Scope scope : {Scope::method, Scope::model, Scope::workflow})
    EXPECT_EQ(parse_scope(to_string(scope)), scope);
  EXPECT_EQ(parse_scope("step"), std::nullopt);
}

}  // namespace
}  // namespace swamp::report
