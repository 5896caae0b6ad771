#include "model/builtin/shell_quoting.h"

#include <gtest/gtest.h>

namespace swamp::model {
namespace {

/// A command in which every «x» is a secret.
Value command(std::string_view marked) {
  auto origin = std::make_shared<SecretOrigin>();
  origin->expression = "the template";
  std::string text;
  const std::string_view open = "«";
  const std::string_view close = "»";
  while (!marked.empty()) {
    const auto at = marked.find(open);
    text += marked.substr(0, at);
    if (at == std::string_view::npos) break;
    marked.remove_prefix(at + open.size());
    const auto end = marked.find(close);
    origin->ranges.push_back({text.size(), text.size() + end});
    text += marked.substr(0, end);
    marked.remove_prefix(end + close.size());
  }
  return Value::secret(std::move(text), std::move(origin));
}

std::string script_of(std::string_view marked) {
  auto script = take_out_secrets(command(marked));
  return script ? script->text : "refused: " + script.error().message;
}

TEST(ShellQuotingTest, ACommandWithoutSecretsIsLeftAlone) {
  EXPECT_EQ(take_out_secrets(Value("echo 'a' \"b\""))->text, "echo 'a' \"b\"");
}

TEST(ShellQuotingTest, ABareSecretIsQuoted) {
  EXPECT_EQ(script_of("curl -u «a b» host"), "curl -u \"${__SWAMP_VAULT_0}\" host");
  EXPECT_EQ(take_out_secrets(command("curl -u «a b» host"))->variables.at("__SWAMP_VAULT_0"),
            "a b");
}

TEST(ShellQuotingTest, WithinDoubleQuotesTheReferenceStandsBare) {
  EXPECT_EQ(script_of("echo \"x «s» y\" «t»"),
            "echo \"x ${__SWAMP_VAULT_0} y\" \"${__SWAMP_VAULT_1}\"");
}

TEST(ShellQuotingTest, ASubstitutionWithinDoubleQuotesIsBareAgain) {
  EXPECT_EQ(script_of("echo \"$(printf %s «s»)\""), "echo \"$(printf %s \"${__SWAMP_VAULT_0}\")\"");
}

TEST(ShellQuotingTest, ASecretInSingleQuotesIsRefused) {
  EXPECT_EQ(script_of("echo '«s»'"),
            "refused: a secret stands within single quotes in the command 'the template', where "
            "the shell replaces nothing");
}

TEST(ShellQuotingTest, HereDocumentsAreFollowed) {
  EXPECT_EQ(script_of("cat <<END\nit's «s»\nEND\necho «t»"),
            "cat <<END\nit's ${__SWAMP_VAULT_0}\nEND\necho \"${__SWAMP_VAULT_1}\"");
  EXPECT_EQ(script_of("cat <<'END'\n«s»\nEND\n").substr(0, 8), "refused:");
}

TEST(ShellQuotingTest, QuotesInsideASecretDoNotMislead) {
  EXPECT_EQ(script_of("echo «it's» «x»"), "echo \"${__SWAMP_VAULT_0}\" \"${__SWAMP_VAULT_1}\"");
}

TEST(ShellQuotingTest, AnApostropheInACommentIsNoQuote) {
  EXPECT_EQ(script_of("true # don't\necho «s»"), "true # don't\necho \"${__SWAMP_VAULT_0}\"");
}

}  // namespace
}  // namespace swamp::model
