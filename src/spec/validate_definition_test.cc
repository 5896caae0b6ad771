#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "spec/test_catalogue.h"
#include "spec/test_problems.h"
#include "spec/validate.h"

namespace swamp::spec {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Definition definition_of(std::string_view type, std::string_view rest) {
  auto document =
      yaml::parse(fmt::format("type: \"{}\"\nid: bc6cd9c0-d905-46d4-b0a3-31ec487c400c\nname: d\n{}",
                              type, rest),
                  "d.yaml");
  EXPECT_TRUE(document) << document.error().message;
  auto definition = decode_definition(*document);
  EXPECT_TRUE(definition) << problems_of(definition.error()).front();
  return definition ? *std::move(definition) : Definition{};
}

std::vector<std::string> told(std::string_view type, std::string_view rest) {
  TestCatalogue catalogue;
  catalogue.add_definition(
      "type: command/shell\nid: 3f1f0f5e-7d0a-4a55-9c3e-0b1c2d3e4f51\nname: web\nmethods: {}\n");
  std::vector<std::string> lines;
  for (const auto& row : validate_definition(definition_of(type, rest), catalogue)) {
    if (!row.error) continue;
    for (const auto& problem : problems_of(*row.error)) {
      lines.push_back(fmt::format("{} {}: {}", row.passed ? "WARN" : "FAIL", row.check, problem));
    }
  }
  return lines;
}

/// Of a shell definition whose command, on line 6, is this.
std::vector<std::string> of_run(std::string_view run) {
  return told("command/shell",
              fmt::format("methods:\n  execute:\n    arguments: {{run: \"{}\"}}\n", run));
}

TEST(ValidateDefinitionTest, TheFiveRowsComeInOrder) {
  std::vector<std::string> rows;
  for (const auto& row :
       validate_definition(definition_of("command/shell", "methods: {}\n"), TestCatalogue())) {
    EXPECT_TRUE(row.passed);
    rows.push_back(row.check);
  }
  EXPECT_THAT(rows, ElementsAre("Definition schema", "Global arguments", "Method arguments",
                                "Expression paths", "Check selection"));
}

TEST(ValidateDefinitionTest, UnknownKeysAndTypesAreErrorsOfTheSchema) {
  EXPECT_THAT(told("no/such", "colour: red\n"),
              ElementsAre("FAIL Definition schema: 3:7 there is no type 'no/such'",
                          testing::StartsWith(
                              "FAIL Definition schema: 4:1 definition 'd' has no key 'colour'")));
}

TEST(ValidateDefinitionTest, GlobalArgumentsAreChecked) {
  EXPECT_THAT(told("@john/pod", "globalArguments: {namespace: x}\n"), IsEmpty());
  EXPECT_THAT(told("@john/pod", "globalArguments: {namespace: '${{ inputs.ns }}'}\n"), IsEmpty());
  EXPECT_THAT(
      told("@john/pod", "globalArguments: {namepsace: 5, context: 7}\n"),
      ElementsAre(
          "FAIL Global arguments: 4:18 type '@john/pod' needs the global argument 'namespace'",
          "FAIL Global arguments: 4:30 type '@john/pod' has no global argument 'namepsace' | help: "
          "did you mean "
          "'namespace'?",
          "FAIL Global arguments: 4:42 global argument 'context' must be a string"));
}

TEST(ValidateDefinitionTest, MethodArgumentsAreChecked) {
  EXPECT_THAT(told("command/shell", "methods: {execute: {arguments: {run: a, timeout: '5'}}}\n"),
              IsEmpty());
  EXPECT_THAT(told("command/shell", "methods: {execute: {arguments: {timeout: x}}, exec: {}}\n"),
              ElementsAre("FAIL Method arguments: 4:11 method 'execute' of type 'command/shell' "
                          "needs the argument 'run'",
                          "FAIL Method arguments: 4:42 argument 'timeout' must be an integer",
                          "FAIL Method arguments: 4:47 type 'command/shell' has no method 'exec' | "
                          "help: its methods are execute"));
}

TEST(ValidateDefinitionTest, SelectedChecksMustExist) {
  EXPECT_THAT(
      told("@john/pod",
           "globalArguments: {namespace: x}\nchecks: {require: [reachable], skip: [qouta]}\n"),
      ElementsAre("FAIL Check selection: 5:9 type '@john/pod' has no check 'qouta' | help: did you "
                  "mean 'quota'?"));
}

TEST(ValidateDefinitionTest, EveryGoodExpressionPasses) {
  for (const auto* run :
       {"echo ${HOME} {{.Names}} $(date)", "${{ size(data.findBySpec('web', 'result')) }}",
        "${{ data.query('name == 1') }}", "${{ workers.connected() }}", "${{ run.id }}",
        "${{ !true }}", "${{ self.globalArguments.x }}",
        "${{ model.web.resource.result.result.attributes.exitCode }}",
        "${{ model.web.file.log.log.path }}", "${{ model.web.definition.name }}",
        "${{ vault.get('v', 'k') }}", "${{ inputs.anything.at.all }}"}) {
    EXPECT_THAT(of_run(run), IsEmpty()) << run;
  }
}

TEST(ValidateDefinitionTest, PathsIntoModelsAreFollowed) {
  EXPECT_THAT(
      of_run("${{ model.wbe.resource.result.main }}"),
      ElementsAre(
          "FAIL Expression paths: 6:33 there is no model 'wbe' | help: did you mean 'web'?"));
  EXPECT_THAT(
      of_run("${{ model.web.resorce.result }}"),
      ElementsAre(
          "FAIL Expression paths: 6:37 a model has no 'resorce' | help: did you mean 'resource'?"));
  EXPECT_THAT(of_run("${{ model.web.resource.reslut.main }}"),
              ElementsAre("FAIL Expression paths: 6:46 type 'command/shell' has no resource "
                          "'reslut' | help: did you mean "
                          "'result'?"));
  EXPECT_THAT(of_run("${{ model.web.resource.result.main.atributes }}"),
              ElementsAre("FAIL Expression paths: 6:58 a resource has no field 'atributes' | help: "
                          "did you mean 'attributes'?"));
  EXPECT_THAT(of_run("${{ model.web.resource.result.main.attributes.exitcode }}"),
              ElementsAre("FAIL Expression paths: 6:69 the attributes of 'result' have no "
                          "'exitcode' | help: did you mean "
                          "'exitCode'?"));
  EXPECT_THAT(
      of_run("${{ model.web.definition.attributes }}"),
      ElementsAre(
          "FAIL Expression paths: 6:48 a definition has no field 'attributes' | help: did you mean "
          "'globalArguments'?"));
  EXPECT_THAT(
      of_run("${{ self.nmae }}"),
      ElementsAre("FAIL Expression paths: 6:32 self has no 'nmae' | help: did you mean 'name'?"));
}

TEST(ValidateDefinitionTest, SyntaxAndNamesAreChecked) {
  const auto syntax = of_run("${{ 1 + }}");
  ASSERT_EQ(syntax.size(), 1U);
  EXPECT_THAT(syntax[0], testing::StartsWith("FAIL Expression paths: 6:"));
  const auto names = of_run("${{ inptus.x }}");
  ASSERT_EQ(names.size(), 1U);
  EXPECT_THAT(names[0], testing::StartsWith("FAIL Expression paths: 6:27 "));
}

TEST(ValidateDefinitionTest, VariablesOfTheEnvironmentAreWarnedOf) {
  EXPECT_THAT(
      of_run("${{ env.HOME }}/${{ env.USER }}"),
      ElementsAre(
          "WARN Environment variables: 3:7 what it does depends on the environment: HOME at "
          "methods.execute.arguments.run, USER at methods.execute.arguments.run"));
}

}  // namespace
}  // namespace swamp::spec
