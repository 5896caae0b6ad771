#include <set>

#include <gtest/gtest.h>

#include "cel/program.h"
#include "cel/testing.h"

namespace swamp::cel {
namespace {

/// A scope in which `data.*`, `vault.get` and `hashFiles` are asked, and `model.<name>.<kind>`.
class AskingScope final : public Scope {
 public:
  const Value* find_root(std::string_view name) const override { return variables_.find(name); }
  std::size_t asked_root_depth(std::string_view name) const override {
    return name == "model" ? 2 : 0;
  }
  bool is_asked_function(std::string_view name) const override {
    return functions_.count(std::string(name)) != 0;
  }
  std::vector<std::string> names() const override {
    return {"inputs", "model", "data.latest", "data.version", "vault.get", "hashFiles"};
  }

 private:
  Map variables_ = testing::inputs();
  std::set<std::string> functions_ = {"data.latest", "data.version", "vault.get", "hashFiles"};
};

std::string shown(const Ask& ask) {
  return ask.name + write_json(Value(ask.arguments)) + "@" + std::to_string(ask.where.column);
}

/// The questions of each round, and at the end the result. Every question is answered by `answer`.
template <class Answer>
std::string dialogue(std::string_view text, Answer answer) {
  const AskingScope scope;
  auto program = Program::compile(text, Dialect::swamp);
  if (!program) return program.error().message;
  Answers answers;
  std::string log;
  for (int round = 0; round < 20; ++round) {
    auto outcome = program->evaluate(scope, answers);
    if (!outcome) return log + "error: " + testing::shown(outcome.error());
    if (auto* value = std::get_if<Value>(&*outcome)) return log + write_json(*value);
    for (Ask& ask : std::get<std::vector<Ask>>(*outcome)) {
      log += shown(ask) + " ";
      Result<Value> found = answer(ask);
      answers.add(std::move(ask), std::move(found));
    }
    log += "-> ";
  }
  return log + "…";
}

/// Answers with the last argument.
Result<Value> echo(const Ask& ask) {
  return ask.arguments.empty() ? Value() : ask.arguments.back();
}

std::string dialogue(std::string_view text) {
  return dialogue(text, echo);
}

TEST(AskTest, WhatIsNotKnownIsAskedAndEvaluationGoesOn) {
  EXPECT_EQ(dialogue("data.latest('m', 'n') + '!'"), R"(data.latest["m","n"]@6 -> "n!")");
  EXPECT_EQ(dialogue("1 + 2"), "3");
  EXPECT_EQ(dialogue("hashFiles('a')"), R"(hashFiles["a"]@1 -> "a")");
}

TEST(AskTest, QuestionsThatDoNotDependOnEachOtherAreAskedTogether) {
  EXPECT_EQ(dialogue("hashFiles('a') + hashFiles('b')"),
            R"(hashFiles["a"]@1 hashFiles["b"]@18 -> "ab")");
  EXPECT_EQ(dialogue("[hashFiles('a'), {'k': hashFiles('b')}, size(hashFiles('c'))]"),
            R"(hashFiles["a"]@2 hashFiles["b"]@24 hashFiles["c"]@46 -> ["a",{"k":"b"},1])");
  EXPECT_EQ(dialogue("['x', 'y'].map(e, hashFiles(e))"),
            R"(hashFiles["x"]@19 hashFiles["y"]@19 -> ["x","y"])");
  EXPECT_EQ(dialogue("cel.bind(a, hashFiles('a'), a + hashFiles('b'))"),
            R"(hashFiles["a"]@13 hashFiles["b"]@33 -> "ab")");
  EXPECT_EQ(dialogue("hashFiles('a') + 'x' + hashFiles('a')"), R"(hashFiles["a"]@1 -> "axa")");
}

TEST(AskTest, AQuestionInAQuestionComesFirst) {
  EXPECT_EQ(dialogue("hashFiles(hashFiles('a') + 'b')"),
            R"(hashFiles["a"]@11 -> hashFiles["ab"]@1 -> "ab")");
}

TEST(AskTest, WhatMayNotBeNeededIsNotAsked) {
  EXPECT_EQ(dialogue("hashFiles('a') == 'a' || hashFiles('b') == ''"),
            R"(hashFiles["a"]@1 -> true)");
  EXPECT_EQ(dialogue("hashFiles('a') == 'x' && hashFiles('b') == ''"),
            R"(hashFiles["a"]@1 -> false)");
  EXPECT_EQ(dialogue("hashFiles('a') == 'a' ? hashFiles('b') : hashFiles('c')"),
            R"(hashFiles["a"]@1 -> hashFiles["b"]@25 -> "b")");
  EXPECT_EQ(dialogue("true || hashFiles('a') == ''"), "true");
  EXPECT_EQ(dialogue("['a', 'b'].exists(e, hashFiles(e) == 'a')"), R"(hashFiles["a"]@22 -> true)");
  EXPECT_EQ(dialogue("inputs.?s.orValue(hashFiles('a'))"), "\"hi\"");
  EXPECT_EQ(dialogue("inputs.zz + hashFiles('a')"),
            "error: there is no 'zz' in 'inputs' @1:8 «zz»");
}

TEST(AskTest, AnAnswerMayBeAnErrorAndIsAbsorbedAsAny) {
  const auto fails = [](const Ask&) -> Result<Value> {
    return fail(ErrorCode::not_found, "no such data", "write some");
  };
  EXPECT_EQ(dialogue("data.latest('m', 'n').a", fails),
            R"(data.latest["m","n"]@6 -> error: no such data @1:6 «latest»  write some)");
  EXPECT_EQ(dialogue("data.latest('m', 'n').a == 1 || true", fails),
            R"(data.latest["m","n"]@6 -> true)");
}

TEST(AskTest, MembersOfAnAskedRootAreOneQuestion) {
  const auto model = [](const Ask& ask) -> Result<Value> {
    if (ask.arguments.size() == 1) return Value(Map{{"resource", Map{{"a", 2}}}});
    if (ask.arguments[0] == Value("gone"))
      return fail(ErrorCode::not_found, "there is no model 'gone'");
    return Value(Map{{"a", 1}});
  };
  EXPECT_EQ(dialogue("model.web.resource.a", model), R"(model["web","resource"]@11 -> 1)");
  EXPECT_EQ(dialogue("model.my-web.resource.a + model['my-web'].resource.a", model),
            R"(model["my-web","resource"]@14 -> 2)");
  EXPECT_EQ(dialogue("model[inputs.s]['file'].a", model), R"(model["hi","file"]@17 -> 1)");
  EXPECT_EQ(dialogue("cel.bind(m, model.web, m.resource.a)", model), R"(model["web"]@13 -> 2)");
  EXPECT_EQ(dialogue("has(model.gone.resource)", model), R"(model["gone","resource"]@16 -> false)");
  EXPECT_EQ(dialogue("has(model.web.resource.a) && !has(model.web.resource.b)", model),
            R"(model["web","resource"]@15 -> true)");
  EXPECT_EQ(dialogue("model.?gone.?resource.?a.orValue(5)", model),
            R"(model["gone","resource"]@14 -> 5)");
  EXPECT_EQ(dialogue("model.?web.resource.a.orValue(5)", model),
            R"(model["web","resource"]@12 -> 1)");
  EXPECT_EQ(dialogue("model.gone.resource.a", model),
            R"(model["gone","resource"]@12 -> error: there is no model 'gone' @1:12 «resource»)");
}

TEST(AskTest, BareNamesInVaultGetAreTextsUnlessARootIsCalledSo) {
  EXPECT_EQ(dialogue("vault.get(my-vault, api-key)"),
            R"(vault.get["my-vault","api-key"]@7 -> "api-key")");
  EXPECT_EQ(dialogue("vault.get(inputs.s, key)"), R"(vault.get["hi","key"]@7 -> "key")");
  EXPECT_EQ(dialogue("vault.get(team.db, key)"), R"(vault.get["team.db","key"]@7 -> "key")");
  EXPECT_EQ(dialogue("vault.get(inputs-v, key)"), R"(vault.get["inputs-v","key"]@7 -> "key")");
  EXPECT_EQ(dialogue("['a'].map(v, vault.get(v, key))"), R"(vault.get["a","key"]@20 -> ["key"])");
  EXPECT_EQ(dialogue("vault.get('a' + 'b', 'k')"), R"(vault.get["ab","k"]@7 -> "k")");
}

TEST(CheckNamesTest, UnknownNamesAndFunctionsAreToldWithoutEvaluating) {
  const AskingScope scope;
  const auto check = [&](std::string_view text) {
    std::string all;
    for (const Error& error : Program::compile(text, Dialect::swamp)->check_names(scope)) {
      all += testing::shown(error) + "\n";
    }
    return all;
  };
  EXPECT_EQ(
      check(
          "inputs.a + data.latest('m', 'n').x + string(model.web.resource.y) + vault.get(my-v, k)"),
      "");
  EXPECT_EQ(check("[1].map(x, x + inputs.n).exists(y, type(y) == int && google.protobuf.Timestamp "
                  "!= type(y))"),
            "");
  EXPECT_EQ(
      check("inputz.a + data.lastest('m')\n + siz(envv)"),
      "there is no 'inputz' here @1:1 «inputz»  did you mean 'inputs'?\n"
      "there is no function 'data.lastest' @1:17 «lastest»  did you mean 'data.latest'?\n"
      "there is no function 'siz' @2:4 «siz»  did you mean 'size'?\n"
      "there is no 'envv' here @2:8 «envv»  there are data, hashFiles, inputs, model, vault\n");
  EXPECT_EQ(check("inputs.s.trimm()"),
            "there is no function 'trimm' @1:10 «trimm»  did you mean 'trim'?\n");
}

}  // namespace
}  // namespace swamp::cel
