#include "spec/definition_yaml.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "spec/test_problems.h"
#include "yaml/parse.h"

namespace swamp::spec {
namespace {

using testing::ElementsAre;

Result<Definition> decode(std::string text, std::string_view folder = {}) {
  auto document = yaml::parse(std::move(text), "d.yaml");
  if (!document) return fail(document.error());
  return decode_definition(*document, folder);
}

std::vector<std::string> problems(std::string text) {
  auto definition = decode(std::move(text));
  if (definition) return {};
  return problems_of(definition.error());
}

constexpr std::string_view kGreeter = R"(type: command/shell
typeVersion: 2026.02.09.1
id: bc6cd9c0-d905-46d4-b0a3-31ec487c400c
name: greeter
version: 1
tags:
  team: infra
inputs:
  properties:
    who:
      type: string
      default: world
globalArguments: {}
methods:
  execute:
    arguments:
      run: 'echo "hello ${{ inputs.who }}"'
)";

TEST(DefinitionYamlTest, ADefinitionIsRead) {
  const auto definition = *decode(std::string(kGreeter));
  EXPECT_EQ(definition.type.normalized, "command/shell");
  EXPECT_EQ(definition.type_version, "2026.02.09.1");
  EXPECT_EQ(definition.id, "bc6cd9c0-d905-46d4-b0a3-31ec487c400c");
  EXPECT_EQ(definition.name, "greeter");
  EXPECT_EQ(definition.tags.value()["team"], Value("infra"));
  EXPECT_TRUE(definition.inputs.has_default("who"));
  EXPECT_TRUE(definition.has_expressions());
  const auto& arguments = definition.arguments_of("execute");
  ASSERT_EQ(arguments.expressions().size(), 1U);
  EXPECT_EQ(arguments.expressions()[0].pointer, "/run");
  EXPECT_EQ(arguments.expressions()[0].where.to_string(), "d.yaml:17:13");
  EXPECT_FALSE(definition.arguments_of("other").is_set());
}

TEST(DefinitionYamlTest, EveryKeyIsRead) {
  const auto definition = decode(R"(type: "@Acme/Web"
id: bc6cd9c0-d905-46d4-b0a3-31ec487c400c
name: w
checks: {require: [a], skip: [b]}
reports: {require: [{name: r, methods: [get]}], skip: [s]}
resources: {result: {lifetime: 30d, garbageCollection: 7d, vaultName: v}}
driver: docker
driverConfig: {image: alpine}
methods: {get: {}}
)");
  ASSERT_TRUE(definition) << definition.error().message;
  EXPECT_EQ(definition->type.normalized, "@acme/web");
  EXPECT_EQ(definition->checks.require, std::vector<std::string>{"a"});
  EXPECT_EQ(definition->reports.require.at(0).methods, std::vector<std::string>{"get"});
  EXPECT_EQ(definition->resources.at(0).policy.garbage_collection, Value("7d"));
  EXPECT_EQ(definition->driver.name, "docker");
  EXPECT_EQ(definition->methods.at(0).name, "get");
  EXPECT_TRUE(definition->unknown_keys.empty());
}

TEST(DefinitionYamlTest, TheFolderNamesTheTypeOfAnOldFile) {
  const std::string text = "id: bc6cd9c0-d905-46d4-b0a3-31ec487c400c\nname: w\ntypeVersion: 3\n";
  const auto definition = *decode(text, "acme/web");
  EXPECT_EQ(definition.type.normalized, "acme/web");
  EXPECT_EQ(definition.type_version, std::nullopt);  // a number says nothing about today's versions
  EXPECT_THAT(problems(text), ElementsAre("1:1 definition 'w' has no 'type'"));
}

TEST(DefinitionYamlTest, UnknownKeysAreKeptAndTold) {
  const auto definition = *decode(std::string(kGreeter) + "colour: red\nmethods2: {}\n");
  std::vector<std::string> told;
  for (const auto& error : definition.unknown_keys)
    told.push_back(problems_of(error).front());
  EXPECT_THAT(
      told,
      ElementsAre(testing::StartsWith(
                      "18:1 definition 'greeter' has no key 'colour' | help: its keys are type,"),
                  testing::StartsWith(
                      "19:1 definition 'greeter' has no key 'methods2' | help: did you mean "
                      "'methods'?; its keys are")));
  EXPECT_THAT(encode_definition(definition), testing::HasSubstr("\ncolour: red\nmethods2: {}\n"));
}

TEST(DefinitionYamlTest, AllProblemsAreToldAtOnce) {
  EXPECT_THAT(
      problems(R"(type: command/shell
id: 5
name: a/b
version: 0
tags: {n: 1}
methods: {execute: {arguments: []}}
inputs: 3
)"),
      ElementsAre("2:5 'id' of definition 'a/b' must be a string, not a number | help: write "
                  "it in quotes: '5'",
                  "3:7 definition name 'a/b' must not hold '/' | help: only a scoped name "
                  "may: '@team/name', of "
                  "lower-case letters, digits, '_' and '-'",
                  "4:10 'version' of definition 'a/b' must be at least 1, not 0",
                  "5:11 'n' in 'tags' of definition 'a/b' must be a string, not a number | "
                  "help: write it in quotes: '1'",
                  "6:32 'arguments' of method 'execute' must be a map, not a list",
                  "7:9 'inputs' of definition 'a/b' must be a map, not a number"));
}

TEST(DefinitionYamlTest, OnlyListedTextsOfAMadeFileAreExpressions) {
  const auto definition = *decode(R"(type: command/shell
id: bc6cd9c0-d905-46d4-b0a3-31ec487c400c
name: made
globalArguments:
  token: ${{ vault.get('v', 'k') }}
  note: ${{ vault.get('prod', 'pw') }}
methods:
  execute: {arguments: {run: "${{ env.X }}"}}
expressions: [/globalArguments/token]
)");
  ASSERT_EQ(definition.global_arguments.expressions().size(), 1U);
  EXPECT_EQ(definition.global_arguments.expressions()[0].pointer, "/token");
  EXPECT_FALSE(definition.arguments_of("execute").has_expressions());
  EXPECT_TRUE(definition.unknown_keys.empty());
}

TEST(DefinitionYamlTest, ADefinitionIsWrittenInTheOriginalsOrder) {
  EXPECT_EQ(encode_definition(*decode(std::string(kGreeter))), R"(type: command/shell
typeVersion: 2026.02.09.1
id: bc6cd9c0-d905-46d4-b0a3-31ec487c400c
name: greeter
version: 1
tags:
  team: infra
globalArguments: {}
methods:
  execute:
    arguments:
      run: 'echo "hello ${{ inputs.who }}"'
inputs:
  properties:
    who:
      type: string
      default: world
)");
}

TEST(DefinitionYamlTest, ANewDefinitionIsTheSmallest) {
  const auto definition = make_definition(new_definition_document(
      "command/shell", "2026.02.09.1", "bc6cd9c0-d905-46d4-b0a3-31ec487c400c", "maker"));
  ASSERT_TRUE(definition) << definition.error().message;
  EXPECT_EQ(encode_definition(*definition), R"(type: command/shell
typeVersion: 2026.02.09.1
id: bc6cd9c0-d905-46d4-b0a3-31ec487c400c
name: maker
version: 1
tags: {}
globalArguments: {}
methods: {}
)");
}

}  // namespace
}  // namespace swamp::spec
