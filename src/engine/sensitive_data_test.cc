// Fields that a type calls sensitive: kept in a vault, secret wherever they are read.
#include <filesystem>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/run_world.h"
#include "model/method_context.h"
#include "os/file.h"
#include "value/json.h"
#include "vault/reference.h"

namespace swamp::engine {
namespace {

using test::World;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

/// What a user may be called to get at the secrets of others.
constexpr std::string_view kForeign = "${{ vault.get('main', 'unused') }}";

/// Writes a user with a token and a number as `account`.
class KeepAccount final : public model::MethodBody {
 public:
  Task<> run(model::MethodContext& context) const override {
    Value account =
        Map{{"user", kForeign}, {"token", "t0ken-harbour"}, {"deep", Map{{"pin", 471147}}}};
    model::WriteOptions options;
    auto handle = co_await context.write_resource("account", "account", std::move(account),
                                                  std::move(options));
    if (!handle) co_return fail(handle.error());
    co_return Result<>{};
  }
};

std::shared_ptr<const model::Type> keeper() {
  auto schema = parse_json(R"({
    "type": "object",
    "properties": {
      "user": {"type": "string"},
      "token": {"type": "string", "sensitive": true},
      "deep": {"type": "object", "properties": {"pin": {"type": "integer", "sensitive": true}}}
    }
  })");
  auto type = std::make_shared<model::Type>();
  type->raw = type->normalized = "test/keeper";
  type->version = "2026.01.01.1";
  type->resources.push_back({.name = "account", .schema = *std::move(schema)});
  type->methods.push_back({.name = "keep", .body = std::make_shared<KeepAccount>()});
  return type;
}

constexpr std::string_view kKeep = R"yaml(
      - name: keep
        task: {type: model_method, modelType: test/keeper, modelName: kept, methodName: keep}
)yaml";

/// A step `tell` that prints a line `<number>: <length> <value>` for every expression.
std::string tell(const std::vector<std::string>& expressions, std::string_view after = "") {
  std::string script;
  std::string variables;
  for (std::size_t i = 0; i < expressions.size(); ++i) {
    script += fmt::format("printf \"{}: %s <%s>\\n\" \"${{#V{}}}\" \"$V{}\"; ", i, i, i);
    variables += fmt::format("              V{}: {}\n", i,
                             write_json(Value("${{ " + expressions[i] + " }}")));
  }
  return fmt::format(R"yaml(
      - name: tell
{}        task:
          type: model_method
          modelType: command/shell
          methodName: execute
          inputs:
            run: '{}'
            env:
{})yaml",
                     after, script, variables);
}

std::string keep_and_tell(const std::vector<std::string>& expressions) {
  return std::string(kKeep) +
         tell(expressions, "        dependsOn: [{step: keep, condition: {type: succeeded}}]\n");
}

class SensitiveDataTest : public testing::Test {
 protected:
  SensitiveDataTest() {
    world.add_type(keeper());
    world.put_secret("unused", "not of interest");
  }

  /// Runs steps; what `tell` among them printed.
  std::vector<std::string> heard_from(const std::string& steps) {
    world.heard().output.clear();
    const auto outcome = world.run("jobs:\n  - name: main\n    steps:\n" + steps);
    EXPECT_TRUE(outcome) << outcome.error().message;
    return world.heard().output;
  }

  World world;
};

TEST_F(SensitiveDataTest, AReferenceIsASecretInEveryAccessor) {
  const std::vector<std::string> accessors = {
      "data.latest('kept', 'account').attributes.token",
      "data.version('kept', 'account', 1).attributes.token",
      "data.latest('test/keeper', 'account').content.token",
      "data.findBySpec('kept', 'account')[0].attributes.token",
      "data.findByTag('specName', 'account')[0].attributes.token",
      "data.step('keep')[0].attributes.token",
      "model.kept.resource.account.account.attributes.token",
      "data.query('specName == \"account\"')[0].attributes.token",
      "data.query('specName == \"account\"')[0].content.token",
      "data.query('specName == \"account\"', 'attributes.token')[0]",
      "data.query('specName == \"account\"', '{\"t\": content.token}')[0].t",
  };
  std::vector<std::string> secret;
  for (std::size_t i = 0; i < accessors.size(); ++i)
    secret.push_back(fmt::format("main/tell: {}: 13 <***>", i));
  EXPECT_EQ(heard_from(keep_and_tell(accessors)), secret);
}

TEST_F(SensitiveDataTest, ASelectionSeesTheSecretItself) {
  EXPECT_THAT(
      heard_from(keep_and_tell(
          {"string(data.query('name == \"account\"', 'size(attributes.token)')[0])",
           "data.query('name == \"account\"', 'attributes.token + \"!\"')[0]",
           "data.query('name == \"account\"', 'attributes.nothing')[0] == null ? 'null' : ''"})),
      ElementsAre("main/tell: 0: 2 <13>", "main/tell: 1: 14 <***!>", "main/tell: 2: 4 <null>"));
}

TEST_F(SensitiveDataTest, ATextThatLooksLikeAReferenceIsDataWhereTheTypeKeepsNoSecret) {
  const std::vector<std::string> accessors = {
      "data.latest('kept', 'account').attributes.user",
      "data.query('name == \"account\"')[0].attributes.user",
      "data.query('name == \"account\"', 'attributes.user')[0]",
  };
  std::vector<std::string> shown;
  for (std::size_t i = 0; i < accessors.size(); ++i)
    shown.push_back(fmt::format("main/tell: {}: {} <{}>", i, kForeign.size(), kForeign));
  EXPECT_EQ(heard_from(keep_and_tell(accessors)), shown);
}

TEST_F(SensitiveDataTest, AValueThatIsNoTextComesBackWithItsType) {
  EXPECT_THAT(heard_from(keep_and_tell(
                  {"string(data.latest('kept', 'account').attributes.deep.pin + 1)",
                   "string(data.query('name == \"account\"', 'attributes.deep.pin + 1')[0])"})),
              ElementsAre("main/tell: 0: 6 <471148>", "main/tell: 1: 6 <471148>"));
}

TEST_F(SensitiveDataTest, WhatIsNotReadIsNotFetched) {
  heard_from(std::string(kKeep));
  // The vault of these tests forgets what it held.
  EXPECT_THAT(heard_from(tell({"data.query('specName == \"account\"', 'name')[0]"})),
              ElementsAre("main/tell: 0: 7 <account>"));
  EXPECT_THAT(heard_from(tell({"data.query('specName == \"account\"', 'attributes.user')[0]"})),
              ElementsAre());
  EXPECT_THAT(world.heard().errors.at("main/tell").message, HasSubstr("token"));
}

TEST_F(SensitiveDataTest, ALaterRunHidesWhatAnEarlierOneKept) {
  heard_from(std::string(kKeep));
  // The vault of these tests forgets what it held: it is put there again, under the same keys.
  for (const auto& file : std::filesystem::recursive_directory_iterator(world.folder().path())) {
    if (file.path().filename() != "raw") continue;
    const auto account = parse_json(os::read_file(file.path(), 1 << 20).value());
    if (!account || !account->is_map() || !(*account)["token"].is_string()) continue;
    const auto token = vault::parse_reference((*account)["token"].as_string());
    const auto pin = vault::parse_reference((*account)["deep"]["pin"].as_string());
    ASSERT_TRUE(token && pin);
    world.put_secret(token->key, "t0ken-harbour");
    world.put_secret(pin->key, "471147");
  }
  EXPECT_THAT(heard_from(tell({"data.query('name == \"account\"', 'attributes.token')[0]",
                               "string(data.latest('kept', 'account').attributes.deep.pin)"})),
              ElementsAre("main/tell: 0: 13 <***>", "main/tell: 1: 6 <***>"));
}

TEST_F(SensitiveDataTest, WhatIsStoredHoldsTheReferenceAlone) {
  EXPECT_THAT(
      heard_from(keep_and_tell({"data.latest('kept', 'account').attributes.token",
                                "data.query('name == \"account\"', 'attributes')[0].token"})),
      ElementsAre("main/tell: 0: 13 <***>", "main/tell: 1: 13 <***>"));
  for (const auto& file : std::filesystem::recursive_directory_iterator(world.folder().path())) {
    if (!file.is_regular_file()) continue;
    const std::string content = os::read_file(file.path(), 1 << 20).value();
    EXPECT_THAT(content, Not(HasSubstr("t0ken-harbour"))) << file.path();
    EXPECT_THAT(content, Not(HasSubstr("471147"))) << file.path();
  }
}

}  // namespace
}  // namespace swamp::engine
