#include "vault/redactor.h"

#include <algorithm>
#include <random>
#include <thread>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "value/json.h"
#include "vault/secret_forms.h"
#include "vault/secret_matcher.h"

namespace swamp::vault {
namespace {

std::string base64(std::string_view bytes) {
  std::string out((bytes.size() + 2) / 3 * 4, '\0');
  std::vector<unsigned char> block(out.size() + 1);
  EVP_EncodeBlock(block.data(), reinterpret_cast<const unsigned char*>(bytes.data()),
                  static_cast<int>(bytes.size()));
  std::copy_n(block.begin(), out.size(), out.begin());
  return out;
}

std::string url_safe(std::string text) {
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  return text;
}

std::string hex(std::string_view bytes, bool upper) {
  std::string out;
  for (const unsigned char c : bytes)
    out += upper ? fmt::format("{:02X}", c) : fmt::format("{:02x}", c);
  return out;
}

std::string percent(std::string_view bytes, std::string_view kept, bool upper) {
  std::string out;
  for (const char c : bytes) {
    const bool keep = std::isalnum(static_cast<unsigned char>(c)) != 0 || kept.find(c) != kept.npos;
    out += keep ? std::string(1, c) : "%" + hex(std::string_view(&c, 1), upper);
  }
  return out;
}

std::string json_escaped(std::string_view text) {
  const std::string quoted = write_json(Value(text));
  return quoted.substr(1, quoted.size() - 2);
}

/// Letters and digits, the same for the same seed.
std::string letters(std::size_t size, unsigned seed) {
  constexpr std::string_view kLetters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  std::mt19937 random(seed);
  std::string text(size, ' ');
  for (char& c : text)
    c = kLetters[random() % kLetters.size()];
  return text;
}

std::unique_ptr<Redactor> redactor_of(const std::vector<std::string>& secrets) {
  auto redactor = std::make_unique<Redactor>();
  for (const std::string& secret : secrets)
    redactor->add(Secret(secret));
  return redactor;
}

std::string masked(const std::vector<std::string>& secrets, std::string_view text) {
  return redactor_of(secrets)->mask(text);
}

std::string fed(StreamRedactor& stream, const std::vector<std::string>& chunks) {
  std::string out;
  for (const std::string& chunk : chunks)
    out += stream.feed(chunk);
  return out + stream.finish();
}

TEST(RedactorTest, PutsStarsInThePlaceOfASecret) {
  EXPECT_EQ(masked({"hunter2"}, "pw=hunter2; again hunter2."), "pw=***; again ***.");
  EXPECT_EQ(masked({"hunter2"}, "hunter2hunter2"), "******");
  EXPECT_EQ(masked({"hunter2"}, "hunter1"), "hunter1");
  EXPECT_EQ(masked({}, "hunter2"), "hunter2");
}

TEST(RedactorTest, TheLongestSecretWins) {
  EXPECT_EQ(masked({"abc", "abcdef"}, "abcdef abc"), "*** ***");
  EXPECT_EQ(masked({"bcd", "abcdef"}, "abcdef abcd"), "*** a***");
}

TEST(RedactorTest, OverlappingSecretsBecomeOneMask) {
  EXPECT_EQ(masked({"abcd", "cdef"}, "xabcdefx"), "x***x");
  EXPECT_EQ(masked({"aaa"}, "baaaaab"), "b***b");
}

TEST(RedactorTest, TextsShorterThanThreeCharactersAreNotMasked) {
  EXPECT_EQ(masked({"", "a", "ab", "\n\n"}, "a ab \n\n"), "a ab \n\n");
  EXPECT_EQ(masked({"äöü"}, "äöü"), "***");
  EXPECT_EQ(masked({"äö"}, "äöü"), "äöü");
  EXPECT_EQ(masked({"😀😀"}, "[😀😀]"), "[***]") << "each counts as two UTF-16 units";
}

TEST(RedactorTest, ASecretWithManyLinesIsFoundAsAWhole) {
  EXPECT_EQ(masked({"line1\nline2 ünï"}, "a line1\nline2 ünï b"), "a *** b");
  EXPECT_EQ(masked({"line1\nline2"}, "line1\r\nline2"), "***");
  EXPECT_EQ(masked({"line1\r\nline2"}, "line1\nline2"), "***");
}

TEST(RedactorTest, ALineOfASecretIsFoundAloneWhenItIsLongEnough) {
  const std::string secret = "-----BEGIN-----\n  {\nfirst/line=\n\tsecond \"line\"\n}\n";
  EXPECT_EQ(masked({secret}, "> first/line=\n> \tsecond \"line\"\n> {"), "> ***\n> \t***\n> {");
  EXPECT_EQ(masked({secret}, R"(["second \"line\"","first\/line="])"), R"(["***","***"])");
  EXPECT_EQ(masked({"1234567\nabc"}, "1234567"), "1234567") << "too short to mean this secret";
}

TEST(RedactorTest, FinalLineEndsOfASecretDoNotMatter) {
  EXPECT_EQ(masked({"hunter2\n"}, "echo hunter2\nhunter2"), "echo ***\n***");
  EXPECT_EQ(masked({"hunter2\r\n"}, "<hunter2>"), "<***>");
}

TEST(RedactorTest, FindsTheJsonFormOfASecret) {
  const std::string secret = "pa\"ss\\w/örd\n\t<x>&\x01";
  EXPECT_EQ(masked({secret}, write_json(Value(Map{{"key", secret}}))), R"({"key":"***"})");
  EXPECT_EQ(masked({secret}, R"("pa\"ss\\w\/örd\n\t<x>&\u0001")"), R"("***")") << "PHP";
  EXPECT_EQ(masked({secret}, R"("pa\"ss\\w/\u00f6rd\n\t<x>&\u0001")"), R"("***")") << "Python";
  EXPECT_EQ(masked({secret}, R"("pa\"ss\\w/\u00F6rd\n\t<x>&\u0001")"), R"("***")") << "Java";
  EXPECT_EQ(masked({secret}, R"("pa\"ss\\w/örd\n\t\u003cx\u003e\u0026\u0001")"), R"("***")")
      << "Go";
  EXPECT_EQ(masked({"key😀"}, R"(key\ud83d\ude00)"), "***");
  EXPECT_EQ(masked({secret}, write_json(Value(write_json(Value(Map{{"key", secret}}))))),
            R"("{\"key\":\"***\"}")")
      << "a document within another";
  EXPECT_EQ(masked({"key\"ü"}, R"("{\"k\": \"key\\\"\\u00fc\"}")"), R"("{\"k\": \"***\"}")");
}

TEST(RedactorTest, FindsTheUrlFormsOfASecret) {
  const std::string secret = "p@ss w/örd!~";
  for (const char* form :
       {"p%40ss%20w%2F%C3%B6rd%21~", "p%40ss%20w%2f%c3%b6rd%21~", "p%40ss+w%2F%C3%B6rd%21%7E",
        "p%40ss%20w%2F%C3%B6rd!~", "p@ss%20w/%C3%B6rd!~", "p%40ss%20w/%C3%B6rd%21~"}) {
    EXPECT_EQ(masked({secret}, fmt::format("?k={}&", form)), "?k=***&") << form;
  }
}

TEST(RedactorTest, FindsASecretInHex) {
  EXPECT_EQ(masked({"kéy!"}, "0x6bc3a97921, 6BC3A97921"), "0x***, ***");
}

TEST(RedactorTest, FindsASecretInBase64WhereverItStarts) {
  const std::string secret = "?~?>s3cr3t?~?>";
  for (const std::string before : {"", "u", "us", "use", "user"}) {
    for (const std::string after : {"", "x", "xy", "xyz"}) {
      const std::string whole = base64(before + secret + after);
      const std::size_t first = (before.size() * 8 + 5) / 6;
      const std::size_t end = (before.size() + secret.size()) * 8 / 6;
      for (const std::string& text : {whole, url_safe(whole)}) {
        const std::string out = masked({secret}, text);
        EXPECT_EQ(out.find(text.substr(first, end - first)), std::string::npos)
            << before << " " << after;
        EXPECT_EQ(out.substr(0, first), text.substr(0, first));
        EXPECT_NE(out.find("***"), std::string::npos);
      }
    }
  }
}

TEST(RedactorTest, NothingOfAPlainBase64RemainsNotEvenItsPadding) {
  EXPECT_EQ(masked({"s3cr3t-value"}, base64("s3cr3t-value")), "***");
  EXPECT_EQ(masked({"s3cr3t-valu"}, base64("s3cr3t-valu")), "***");
  EXPECT_EQ(masked({"s3cr3t-val"}, base64("s3cr3t-val")), "***");
  EXPECT_EQ(masked({"s3cr3t-val"}, "czNjcjN0LXZhbA"), "***");
}

std::string in_lines(const std::string& text, std::size_t width, const std::string& line_end) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); at += width)
    out += text.substr(at, width) + line_end;
  return out;
}

TEST(RedactorTest, FindsWhatAnEncoderHasBrokenIntoLines) {
  const std::string secret = letters(200, 1);
  const std::string before = letters(50, 2);
  for (const std::string line_end : {"\n", "\r\n", "\n    ", "\n\t"}) {
    for (const std::size_t width : {60U, 64U, 76U}) {
      const std::string out = masked({secret}, in_lines(base64(secret), width, line_end) + "end");
      EXPECT_EQ(out, "***" + line_end + "end");
      EXPECT_EQ(masked({secret}, in_lines(hex(secret, false), width, line_end)), "***" + line_end);
      const std::string within = base64(before + secret + before);
      const std::string rest = masked({secret}, in_lines(within, width, line_end));
      const std::size_t first = (before.size() * 8 + 5) / 6;
      EXPECT_EQ(rest.substr(0, first), in_lines(within, width, line_end).substr(0, first));
      EXPECT_EQ(rest.find(within.substr(first + width, 8)), std::string::npos);
    }
  }
  EXPECT_EQ(masked({"s3cr3t-value"}, "czNjcjN0\nLXZhbHVl"), "czNjcjN0\nLXZhbHVl")
      << "no encoder makes such short lines";
}

TEST(RedactorTest, FindsALongSecretWholeAndEncoded) {
  const std::string secret = letters(100'000, 3);
  EXPECT_EQ(masked({secret}, "a" + secret + "b"), "a***b");
  EXPECT_EQ(masked({secret}, hex(secret, true)), "***");
  EXPECT_EQ(masked({secret}, url_safe(base64(secret))), "***");
  EXPECT_EQ(masked({secret}, in_lines(base64(secret), 76, "\n")), "***\n");
  std::string other = secret;
  other[90'000] = '!';
  EXPECT_EQ(masked({secret}, other + secret), other + "***");
}

TEST(RedactorTest, FindsALongSecretThatRepeatsItself) {
  const std::string secret(5000, 'a');
  EXPECT_EQ(masked({secret}, "b" + secret + "b"), "b***b");
  EXPECT_EQ(masked({secret}, "b" + secret + secret + "aab"), "b***b");
  EXPECT_EQ(masked({secret}, std::string(4999, 'a')), std::string(4999, 'a'));
}

TEST(RedactorTest, AnEncodedFormWithFewerThanEightFixedCharactersIsLeftAlone) {
  EXPECT_EQ(masked({"abc"}, "abc 616263 YWJj"), "*** 616263 YWJj");
  EXPECT_EQ(masked({"abcd"}, "61626364"), "***");
  EXPECT_EQ(masked({"abcde"}, base64("abcde")), "YWJjZGU=") << "the secret fixes six characters";
  EXPECT_EQ(masked({"abcdef"}, base64("abcdef")), "***");
  EXPECT_EQ(masked({"abcdef"}, base64("xabcdef")), base64("xabcdef")) << "here it fixes seven";
}

TEST(RedactorTest, OnlyStringLeavesOfAValueAreTouched) {
  const auto redactor = redactor_of({"true", "123", "name", "x\"y"});
  const auto document = parse_json(
      R"({"name":"my name","n":123,"ok":true,"list":["a123",{"true":"x\"y"}],"z":null})");
  EXPECT_EQ(write_json(redactor->mask_leaves(*document)),
            R"({"name":"my ***","n":123,"ok":true,"list":["a***",{"true":"***"}],"z":null})");
}

TEST(RedactorTest, ASecretStringIsShownAsItsExpression) {
  const auto origin =
      std::make_shared<SecretOrigin>(SecretOrigin{.expression = "${{ vault.get('v', 'k') }}"});
  const Value value(Map{{"token", Value::secret("hunter2", origin)}});
  EXPECT_EQ(write_json(Redactor().mask_leaves(value)), R"({"token":"${{ vault.get('v', 'k') }}"})");
}

TEST(RedactorTest, RegistersTheLeavesOfSensitiveArguments) {
  Redactor redactor;
  redactor.add_leaves(
      *parse_json(R"({"user":"bob","deep":["token",{"pin":4711}],"ok":true,"n":null})"));
  EXPECT_EQ(redactor.mask("bob user token 4711 true null"), "*** user *** *** true null");
}

TEST(RedactorTest, KnowsWhatAnotherOneKnows) {
  const auto first = redactor_of({"hunter2", "swordfish"});
  Redactor second;
  second.add(Secret("hunter2"));
  second.add_all(*first);
  EXPECT_EQ(second.mask("hunter2 swordfish"), "*** ***");
  EXPECT_EQ(second.generation(), 2U) << "what is known already changes nothing";
}

TEST(RedactorTest, SecretsThatComeOneByOneAreAllFoundAndKeptInFewAutomata) {
  Redactor redactor;
  std::string text;
  for (int i = 0; i < 300; ++i) {
    const std::string secret = fmt::format("secret-{:03}-{}", i, i * 7919);
    redactor.add(Secret(secret));
    text += secret + "\n";
    if (i % 50 == 0) {
      EXPECT_EQ(redactor.mask(secret), "***");
    }
  }
  EXPECT_EQ(redactor.mask(text).find("secret"), std::string::npos);
  for (int i = 0; i < 300; ++i) {
    redactor.add(Secret(fmt::format("later-{}", i)));
    redactor.frozen();
  }
  EXPECT_LE(redactor.frozen()->layers().size(), 10U);
  EXPECT_EQ(redactor.mask("secret-007-55433 later-299 later-0"), "*** *** ***");
}

TEST(RedactorTest, AFrozenSetServesOtherThreadsWhileMoreIsRegistered) {
  Redactor redactor;
  redactor.add(Secret("hunter2"));
  std::string seen;
  std::thread other(
      [&seen, known = redactor.frozen()] { seen = known->mask("hunter2 swordfish"); });
  redactor.add(Secret("swordfish"));
  EXPECT_EQ(redactor.mask("hunter2 swordfish"), "*** ***");
  other.join();
  EXPECT_EQ(seen, "*** swordfish");
}

TEST(StreamRedactorTest, ASecretIsFoundWhereverTheChunksAreCut) {
  const auto redactor = redactor_of({"hunter2\nhunter3"});
  const std::string text = "ab hunter2\nhunter3 cd";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    StreamRedactor stream(*redactor);
    EXPECT_EQ(fed(stream, {text.substr(0, cut), text.substr(cut)}), "ab *** cd") << cut;
  }
  StreamRedactor stream(*redactor);
  std::vector<std::string> bytes;
  for (const char c : text)
    bytes.emplace_back(1, c);
  EXPECT_EQ(fed(stream, bytes), "ab *** cd");
}

TEST(StreamRedactorTest, HoldsBackOnlyWhatMayBeTheBeginningOfASecret) {
  const auto redactor = redactor_of({"hunter2"});
  StreamRedactor stream(*redactor);
  EXPECT_EQ(stream.feed("pw: "), "pw: ");
  EXPECT_EQ(stream.feed("hunt"), "");
  EXPECT_EQ(stream.feed("ing"), "hunting");
  EXPECT_EQ(stream.feed("hunter"), "");
  EXPECT_EQ(stream.feed("2"), "***");
  EXPECT_EQ(stream.feed("hun"), "");
  EXPECT_EQ(stream.finish(), "hun");
}

TEST(StreamRedactorTest, AFinishedLineOfOrdinaryTextWaitsForNothing) {
  const auto redactor = redactor_of({"hunter2-very-secret"});
  StreamRedactor stream(*redactor);
  EXPECT_EQ(stream.feed("deploy\n"), "deploy\n") << "'y' could begin base64";
  EXPECT_EQ(stream.feed("a6\n"), "a6\n") << "'6' could begin hex";
}

TEST(StreamRedactorTest, ALongSecretIsFoundWhereverTheChunksAreCut) {
  const std::string secret = letters(700, 4);
  const auto redactor = redactor_of({secret});
  for (const std::string& form : {secret, in_lines(base64(secret), 76, "\r\n")}) {
    const std::string text = "ab " + form + " cd";
    const std::string wanted = redactor->mask(text);
    EXPECT_EQ(wanted.substr(0, 6), "ab ***");
    EXPECT_LT(wanted.size(), 12U);
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
      StreamRedactor stream(*redactor);
      ASSERT_EQ(fed(stream, {text.substr(0, cut), text.substr(cut)}), wanted) << cut;
    }
    StreamRedactor stream(*redactor);
    std::vector<std::string> bytes;
    for (const char c : text)
      bytes.emplace_back(1, c);
    EXPECT_EQ(fed(stream, bytes), wanted);
  }
}

TEST(StreamRedactorTest, AFindThatGrowsAfterItWasShownStaysOneMask) {
  const auto redactor = redactor_of({"abcd", "cdxx"});
  StreamRedactor stream(*redactor);
  std::string out = stream.feed("-abcd");
  out += stream.feed("xx-");
  out += stream.finish();
  EXPECT_EQ(out, "-***-");
}

TEST(StreamRedactorTest, ASecretRegisteredMeanwhileCountsForWhatIsHeldBackToo) {
  Redactor redactor;
  redactor.add(Secret("hunter2-and-more"));
  StreamRedactor stream(redactor);
  EXPECT_EQ(stream.feed("a hunter"), "a ");
  redactor.add(Secret("hunter2"));
  redactor.add(Secret("swordfish"));
  EXPECT_EQ(stream.feed("2 b "), "*** b ");
  EXPECT_EQ(fed(stream, {"sword", "fish"}), "***");
}

TEST(StreamRedactorTest, AStreamThatRepeatsASecretForEverIsShownAtOnceAndHeldInLittle) {
  const auto redactor = redactor_of({"aaaa"});
  StreamRedactor stream(*redactor);
  EXPECT_EQ(stream.feed(std::string(1000, 'a')), "***");
  for (int i = 0; i < 100; ++i)
    EXPECT_EQ(stream.feed(std::string(1000, 'a')), "");
  EXPECT_EQ(stream.feed("b"), "b");
}

/// What masking means, said in the simplest way.
std::string naively_masked(const std::vector<std::string>& secrets, const std::string& text) {
  std::vector<std::pair<std::size_t, std::size_t>> finds;
  for (const std::string& secret : secrets) {
    const SecretForms forms = forms_of(secret);
    for (const auto* list : {&forms.texts, &forms.encoded}) {
      for (const std::string& form : *list) {
        for (auto at = text.find(form); at != text.npos; at = text.find(form, at + 1))
          finds.emplace_back(at, at + form.size());
      }
    }
  }
  std::sort(finds.begin(), finds.end());
  std::string out;
  std::size_t done = 0;
  for (const auto& [begin, end] : finds) {
    if (begin >= done) {
      out += text.substr(done, begin - done) + "***";
      done = end;
    } else {
      done = std::max(done, end);
    }
  }
  return out + text.substr(done);
}

rc::Gen<std::string> text_over(std::string alphabet, int longest) {
  return rc::gen::mapcat(rc::gen::inRange(0, longest + 1), [alphabet](int size) {
    return rc::gen::container<std::string>(static_cast<std::size_t>(size),
                                           rc::gen::elementOf(alphabet));
  });
}

std::vector<std::string> cut_at_random(const std::string& text) {
  std::vector<std::string> chunks;
  for (std::size_t at = 0; at < text.size();) {
    const auto size = *rc::gen::inRange<std::size_t>(1, 12);
    chunks.push_back(text.substr(at, size));
    at += size;
  }
  return chunks;
}

RC_GTEST_PROP(RedactorProperty, MasksWhatTheSimplestSearchFinds, ()) {
  const auto secrets = *rc::gen::container<std::vector<std::string>>(text_over("ab", 6));
  const auto text = *text_over("ab6Y", 60);
  RC_ASSERT(masked(secrets, text) == naively_masked(secrets, text));
}

/// Texts around the length from which on only a beginning is in the automaton, full of repetitions.
rc::Gen<std::string> periodic_text(int longest) {
  return rc::gen::exec([longest] {
    const auto part = *rc::gen::suchThat(text_over("ab", 70),
                                         [](const std::string& text) { return !text.empty(); });
    std::string text;
    while (static_cast<int>(text.size()) < longest)
      text += part;
    text.resize(static_cast<std::size_t>(*rc::gen::inRange(longest / 2, longest)));
    if (*rc::gen::arbitrary<bool>()) text += *text_over("ab", 5);
    return text;
  });
}

RC_GTEST_PROP(RedactorProperty, LongSecretsAreFoundToo, ()) {
  const std::vector<std::string> secrets = {*periodic_text(520), *periodic_text(520)};
  const auto& one = *rc::gen::elementOf(secrets);
  const std::string text = *periodic_text(600) + one + *periodic_text(300) +
                           *rc::gen::elementOf(secrets) + *text_over("ab", 9);
  const auto redactor = redactor_of(secrets);
  RC_ASSERT(redactor->mask(text) == naively_masked(secrets, text));
  StreamRedactor stream(*redactor);
  RC_ASSERT(fed(stream, cut_at_random(text)) == redactor->mask(text));
}

RC_GTEST_PROP(RedactorProperty, LineEndsInWhatIsEncodedDoNotMatter, ()) {
  const std::string secret = letters(static_cast<std::size_t>(*rc::gen::inRange(8, 400)), 5);
  const std::string line_end = *rc::gen::element<std::string>("\n", "\r\n", "\n  ");
  const auto width = *rc::gen::inRange<std::size_t>(40, 90);
  const std::string text = *text_over("xyz= \n", 99) +
                           in_lines(base64(*text_over("xyz", 9) + secret), width, line_end) +
                           *text_over("xyz", 9);
  const auto redactor = redactor_of({secret});
  const std::string out = redactor->mask(text);
  RC_ASSERT(out.find("***") != std::string::npos);
  StreamRedactor stream(*redactor);
  RC_ASSERT(fed(stream, cut_at_random(text)) == out);
}

RC_GTEST_PROP(RedactorProperty, ChunksDoNotMatter, ()) {
  const auto secrets = *rc::gen::container<std::vector<std::string>>(text_over("ab\n", 6));
  const auto text = *text_over("ab\r\n", 80);
  const auto redactor = redactor_of(secrets);
  StreamRedactor stream(*redactor);
  RC_ASSERT(fed(stream, cut_at_random(text)) == redactor->mask(text));
}

/// `secret` in a form chosen at random, inside something encoded where that is possible; `traces`
/// are the texts that must not be seen afterwards.
std::string planted(const std::string& secret, std::vector<std::string>& traces) {
  const bool upper = *rc::gen::arbitrary<bool>();
  std::string form = secret;
  switch (*rc::gen::inRange(0, 6)) {
    case 0:
      break;
    case 1:
      form = json_escaped(secret);
      break;
    case 2:
      form = percent(secret, *rc::gen::element<std::string>("-_.~", "-_.!~*'()", ""), upper);
      break;
    case 3:
      form = hex(secret, upper);
      break;
    default: {
      const auto before = *text_over("xyz", 5);
      const std::string whole = base64(before + secret + *text_over("xyz", 5));
      const std::size_t first = (before.size() * 8 + 5) / 6;
      const std::size_t end = (before.size() + secret.size()) * 8 / 6;
      form = upper ? whole : url_safe(whole);
      traces.push_back(form.substr(first, end - first));
      return form;
    }
  }
  traces.push_back(form);
  return form;
}

RC_GTEST_PROP(RedactorProperty, ASecretInAnyFormIsNeverSeenAfterwards, ()) {
  const std::string alphabet = "abcdefghijkXYZ0189 /+?&=%\"\\\n<>ü€";
  const auto long_enough = rc::gen::suchThat(text_over(alphabet, 40), [](const std::string& text) {
    return text.size() >= 8 && is_valid_utf8(text) && text.back() != '\n';
  });
  const auto secrets = *rc::gen::container<std::vector<std::string>>(3, long_enough);
  std::string text;
  std::vector<std::string> traces;
  for (int plants = *rc::gen::inRange(1, 8); plants > 0; --plants) {
    text += *text_over(alphabet, 30) + planted(*rc::gen::elementOf(secrets), traces);
  }
  const auto redactor = redactor_of(secrets);
  StreamRedactor stream(*redactor);
  const std::string out = fed(stream, cut_at_random(text));
  for (const std::string& trace : traces)
    RC_ASSERT(out.find(trace) == std::string::npos);
}

RC_GTEST_PROP(RedactorProperty, TextWithoutSecretsIsUntouched, ()) {
  const auto long_enough = rc::gen::suchThat(
      text_over("wxyz789", 30), [](const std::string& text) { return text.size() >= 3; });
  const auto redactor = redactor_of(*rc::gen::container<std::vector<std::string>>(long_enough));
  const auto text = *text_over("abc ,.\n", 300);
  StreamRedactor stream(*redactor);
  RC_ASSERT(fed(stream, cut_at_random(text)) == text);
}

}  // namespace
}  // namespace swamp::vault
