#include "vault/local_encryption/envelope.h"

#include <cstdio>
#include <cstdlib>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/base64.h"
#include "support/temp_dir.h"
#include "value/json.h"

namespace swamp::vault {
namespace {

const EnvelopePlace kPlace{.vault = "prod", .entry = "API_KEY"};

const Secret& material() {
  static const Secret secret(
      "be4020f6-9bed-4c7a-b133-f40e08be839d44248785-8d78-4f38-ad23-07f53da7fb32");
  return secret;
}

std::string code_of(const Error& error) {
  return std::string(to_string(error.code));
}

Result<Secret> reopened(const std::string& text, const EnvelopePlace& place, Binding binding) {
  SWAMP_TRY(const Envelope envelope, parse_envelope(text, "a.enc"));
  return open(envelope, material(), place, binding);
}

TEST(EnvelopeTest, LooksLikeTheOriginalsWithOneMoreKey) {
  const auto envelope = seal(Secret("s3cr3t-value"), material(), kPlace);
  ASSERT_TRUE(envelope) << envelope.error().message;
  EXPECT_EQ(
      write_envelope(*envelope),
      fmt::format(
          "{{\n  \"iv\": \"{}\",\n  \"data\": \"{}\",\n  \"salt\": \"{}\",\n  \"version\": 2,\n"
          "  \"bind\": \"{}\"\n}}",
          base64_encode(envelope->iv), base64_encode(envelope->data), base64_encode(envelope->salt),
          base64_encode(*envelope->bind)));
  EXPECT_EQ(envelope->iv.size(), 12U);
  EXPECT_EQ(envelope->salt.size(), 16U);
  EXPECT_EQ(envelope->data.size(), 12U + 16U);
}

TEST(EnvelopeTest, OpensWhatTheOriginalWrote) {
  const std::string text = R"({
  "iv": "MWM0HoxxjNcbNzlp",
  "data": "EYpkddAQmJuV0Kjf17KgMoFvAziPGWpmzZA7Ng==",
  "salt": "pg2xQCIUe95qI7gGA3nTLg==",
  "version": 2
})";
  const auto opened =
      reopened(text, {.vault = "main-vault", .entry = "API_KEY"}, Binding::optional);
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_EQ(opened->reveal(), "s3cr3t-value");
}

TEST(EnvelopeTest, EverySealingIsDifferent) {
  const auto first = seal(Secret("same"), material(), kPlace);
  const auto second = seal(Secret("same"), material(), kPlace);
  EXPECT_NE(first->iv, second->iv);
  EXPECT_NE(first->salt, second->salt);
  EXPECT_NE(first->data, second->data);
}

TEST(EnvelopeTest, KeepsAnyText) {
  for (const std::string& text : {std::string(), std::string("a\0b", 3),
                                  std::string("line1\nline2 ünï"), std::string(100'000, 'x')}) {
    const auto envelope = seal(Secret(text), material(), kPlace);
    const auto opened = reopened(write_envelope(*envelope), kPlace, Binding::required);
    ASSERT_TRUE(opened) << opened.error().message;
    EXPECT_EQ(opened->reveal(), text);
  }
}

/// The envelope with one bit of the byte `at` of a field changed.
std::string with_flipped_byte(const Envelope& envelope, std::string Envelope::*field,
                              std::size_t at) {
  Envelope changed = envelope;
  (changed.*field)[at] = static_cast<char>((changed.*field)[at] ^ 1);
  return write_envelope(changed);
}

TEST(EnvelopeTest, OneFlippedByteOfAnyFieldIsRefused) {
  const auto envelope = seal(Secret("s3cr3t-value"), material(), kPlace);
  Envelope unbound = *envelope;
  unbound.bind.reset();
  for (const Envelope& subject : {*envelope, unbound}) {
    for (const auto field : {&Envelope::iv, &Envelope::data, &Envelope::salt}) {
      const std::size_t last = (subject.*field).size() - 1;
      for (const std::size_t at : {std::size_t{0}, last}) {
        const auto opened =
            reopened(with_flipped_byte(subject, field, at), kPlace, Binding::optional);
        ASSERT_FALSE(opened);
        EXPECT_EQ(code_of(opened.error()), "denied");
        EXPECT_EQ(opened.error().message, "'API_KEY' of vault 'prod' does not decrypt");
      }
    }
  }
  Envelope changed = *envelope;
  changed.bind->back() = static_cast<char>(changed.bind->back() ^ 1);
  const auto opened = reopened(write_envelope(changed), kPlace, Binding::optional);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().message,
            "'API_KEY' of vault 'prod' was written for another place or changed");
}

TEST(EnvelopeTest, OneChangedCharacterOfTheFileIsRefusedOrMeansNothing) {
  const auto envelope = seal(Secret("abc"), material(), kPlace);
  const std::string text = write_envelope(*envelope);
  // What stands between the texts is JSON's grammar; of the texts every twentieth character keeps
  // the test fast.
  for (std::size_t at = text.find("iv"); at < text.size() - 2; at += 20) {
    std::string changed = text;
    changed[at] = changed[at] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(reopened(changed, kPlace, Binding::required)) << at << ": " << changed;
  }
}

TEST(EnvelopeTest, OneUnderAnotherKeysNameIsRefused) {
  const auto envelope = seal(Secret("s3cr3t-value"), material(), kPlace);
  const std::string text = write_envelope(*envelope);
  for (const EnvelopePlace& place :
       {EnvelopePlace{"prod", "OTHER"}, EnvelopePlace{"test", "API_KEY"},
        EnvelopePlace{"prod", ".annotations/API_KEY"}, EnvelopePlace{"prodA", "PI_KEY"}}) {
    const auto opened = reopened(text, place, Binding::optional);
    ASSERT_FALSE(opened);
    EXPECT_EQ(code_of(opened.error()), "denied");
  }
}

TEST(EnvelopeTest, AVaultThatRequiresBindingRefusesAnEnvelopeWithoutIt) {
  auto envelope = seal(Secret("s3cr3t-value"), material(), kPlace);
  envelope->bind.reset();
  const auto opened = open(*envelope, material(), kPlace, Binding::required);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().message,
            "'API_KEY' of vault 'prod' is not bound to its place, as this vault requires");
  EXPECT_EQ(open(*envelope, material(), kPlace, Binding::optional)->reveal(), "s3cr3t-value");
}

TEST(EnvelopeTest, BindingLaterChangesNothingElse) {
  auto envelope = seal(Secret("s3cr3t-value"), material(), kPlace);
  const std::string bind = *std::exchange(envelope->bind, std::nullopt);
  const auto bound_again = bound(*envelope, material(), kPlace);
  ASSERT_TRUE(bound_again);
  EXPECT_EQ(bound_again->bind, bind);
  EXPECT_EQ(bound_again->data, envelope->data);
  EXPECT_FALSE(bound(*envelope, Secret("another password"), kPlace));
}

TEST(EnvelopeTest, RefusesWhatIsNoEnvelope) {
  const auto message_of = [](std::string_view text) {
    const auto parsed = parse_envelope(text, "a.enc");
    return parsed ? std::string("parsed") : parsed.error().message;
  };
  const std::string iv = R"("iv": "MWM0HoxxjNcbNzlp")";
  const std::string data = R"("data": "EYpkddAQmJuV0Kjf17KgMoFvAziPGWpmzZA7Ng==")";
  const std::string salt = R"("salt": "pg2xQCIUe95qI7gGA3nTLg==")";
  const auto of = [](const std::vector<std::string>& parts) {
    return fmt::format("{{{}}}", fmt::join(parts, ","));
  };
  EXPECT_EQ(message_of(of({iv, data, salt, R"("version": 2)"})), "parsed");
  EXPECT_EQ(message_of(of({iv, data, salt, R"("version": 3)"})),
            "'a.enc' is no envelope of version 2");
  EXPECT_EQ(message_of("[]"), "'a.enc' is no envelope of version 2");
  EXPECT_EQ(message_of(of({iv, salt, R"("version": 2)"})),
            "'a.enc' is no envelope: 'data' is not base64");
  EXPECT_EQ(message_of(of({iv, R"("data": "AAAA")", salt, R"("version": 2)"})),
            "'a.enc' is no envelope: a field has a wrong length");
  EXPECT_EQ(message_of(of({iv, data, R"("salt": "pg2xQCIUe95qI7gGA3nTLh==")", R"("version": 2)"})),
            "'a.enc' is no envelope: 'salt' is not base64")
      << "bits that do not count are not 0";
  EXPECT_EQ(message_of(of({iv, data, salt, R"("version": 2, "bind": null)"})),
            "'a.enc' is no envelope: 'bind' is not base64");
}

/// What a command prints; empty when it fails.
std::optional<std::string> output_of(const std::string& command) {
  FILE* const pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return std::nullopt;
  std::string output;
  char block[4096];
  for (std::size_t got = 0; (got = std::fread(block, 1, sizeof block, pipe)) > 0;)
    output.append(block, got);
  return ::pclose(pipe) == 0 ? std::optional(output) : std::nullopt;
}

class EnvelopePeerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!output_of("node --version 2>/dev/null"))
      GTEST_SKIP() << "there is no node to compare with";
    dir_.write("key", material().reveal());
  }

  std::optional<std::string> peer(const std::string& arguments) const {
    return output_of(fmt::format("cd {} && node {} {}", dir_.path().native(), script_, arguments));
  }

  test::TempDir dir_;
  std::string script_ =
      (std::filesystem::current_path() / "src/vault/local_encryption/envelope_peer.mjs").native();
};

TEST_F(EnvelopePeerTest, AnotherImplementationOpensOurs) {
  const auto envelope = seal(Secret("line1\nline2 ünï"), material(), {"my vault", ".refresh/a b"});
  dir_.write("ours.enc", write_envelope(*envelope));
  EXPECT_EQ(peer("open ours.enc key 'my vault' '.refresh/a b'"), "line1\nline2 ünï");
  EXPECT_EQ(peer("open ours.enc key 'my vault' '.refresh/a' 2>/dev/null"), std::nullopt);
}

TEST_F(EnvelopePeerTest, OursOpensWhatAnotherImplementationWrote) {
  const auto text = peer("seal 'line1 ünï' key");
  ASSERT_TRUE(text);
  const auto opened = reopened(*text, kPlace, Binding::optional);
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_EQ(opened->reveal(), "line1 ünï");
}

}  // namespace
}  // namespace swamp::vault
