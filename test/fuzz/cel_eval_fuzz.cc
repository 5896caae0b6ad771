// Any expression ends, within its limit, with a value, an error in words or with questions; answers
// bring it further.

#include "cel/template.h"
#include "fuzz/require.h"
#include "value/json.h"

using namespace swamp;  // NOLINT(google-build-using-namespace)
using swamp::test::require;

namespace {

constexpr cel::Limits kLimits{.cost = 20'000};

Map variables() {
  auto origin = std::make_shared<SecretOrigin>();
  origin->expression = "<secret>";
  return {{"a", 5},
          {"b", 2.5},
          {"s", "tacocat é😀"},
          {"n", nullptr},
          {"t", true},
          {"l", List{1, 2.5, "x", nullptr, List{3}}},
          {"m", Map{{"k", "v"}, {"a-b", List{1, 2}}, {"n", nullptr}, {"d", Map{{"x", 1}}}}},
          {"p", Value::secret("hunter2hunter2", origin)}};
}

class FuzzScope final : public cel::Scope {
 public:
  const Value* find_root(std::string_view name) const override { return variables_.find(name); }
  std::size_t asked_root_depth(std::string_view name) const override {
    return name == "model" ? 2 : 0;
  }
  bool is_asked_function(std::string_view name) const override {
    return name == "data.latest" || name == "vault.get";
  }
  std::vector<std::string> names() const override {
    return {"a", "model", "data.latest", "vault.get"};
  }

 private:
  Map variables_ = variables();
};

/// Whether the secret's text is in what may be shown.
bool tells(std::string_view text) {
  return text.find("hunter2hunter2") != std::string_view::npos;
}

Result<Value> answer_to(const cel::Ask& ask) {
  if (ask.arguments.size() > 2) return fail(ErrorCode::not_found, "there is nothing");
  return Value(Map{{"attributes", Map{{"n", 1}}}, {"arguments", Value(ask.arguments)}});
}

void evaluate(std::string_view text, cel::Dialect dialect) {
  static const FuzzScope kScope;
  const auto program = cel::Program::compile(text, dialect);
  if (!program) return;
  (void)program->check_names(kScope);
  cel::Answers answers;
  for (int round = 0; round < 8; ++round) {
    auto outcome = program->evaluate(kScope, answers, kLimits);
    if (!outcome) {
      require(!outcome.error().message.empty() && outcome.error().where.has_value(),
              "an error has words and a place");
      require(tells(text) || (!tells(outcome.error().message) && !tells(outcome.error().hint)),
              "an error tells no secret");
      return;
    }
    if (const auto* value = std::get_if<Value>(&*outcome)) {
      (void)write_json(redacted(*value));
      return;
    }
    auto& asks = std::get<std::vector<cel::Ask>>(*outcome);
    require(!asks.empty(), "what is not known yet asks something");
    for (cel::Ask& ask : asks) {
      require(answers.find(ask) == nullptr, "what was answered is not asked again");
      auto answer = answer_to(ask);
      answers.add(std::move(ask), std::move(answer));
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  evaluate(text, cel::Dialect::strict);
  evaluate(text, cel::Dialect::swamp);
  static const FuzzScope kScope;
  if (const auto compiled = cel::Template::compile(text, cel::Dialect::swamp)) {
    (void)compiled->evaluate(kScope, cel::Answers(), kLimits);
  }
  return 0;
}
