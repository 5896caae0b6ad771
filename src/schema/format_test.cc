#include "schema/format.h"

#include <gtest/gtest.h>

#include "schema/pattern.h"
#include "schema/uri.h"

namespace swamp::schema {
namespace {

bool fits(std::string_view format, std::string_view text) {
  return find_format(format)->fits(text);
}

TEST(FormatTest, EveryFormatAcceptsItsExample) {
  for (const char* name :
       {"date", "date-time", "duration", "email", "hostname", "idn-email", "idn-hostname", "ipv4",
        "ipv6", "iri", "iri-reference", "json-pointer", "regex", "relative-json-pointer", "time",
        "uri", "uri-reference", "uri-template", "uuid"}) {
    const Format* format = find_format(name);
    ASSERT_NE(format, nullptr) << name;
    EXPECT_TRUE(format->fits(format->example)) << name;
  }
  EXPECT_EQ(find_format("colour"), nullptr);
}

TEST(FormatTest, NoFormatStumblesOverOddTexts) {
  for (const char* name :
       {"date", "date-time", "duration", "email", "hostname", "idn-email", "idn-hostname", "ipv4",
        "ipv6", "json-pointer", "relative-json-pointer", "time", "uri", "uri-template", "uuid"}) {
    for (const std::string_view text :
         {"%", "[", "]", "//[", "a@", "\"@b", "\"\\\"@b", ":", "::1:", "P", "PT", "{", "}", "~",
          "\xFF", "1998-", "12:", "12:30:00+"}) {
      fits(name, text);
    }
  }
  EXPECT_FALSE(fits("ipv6", "1:::2"));
  EXPECT_FALSE(fits("ipv6", ":1::"));
  EXPECT_TRUE(fits("ipv6", "::ffff:192.0.2.1"));
  EXPECT_FALSE(fits("uri", "http://2001:db8::1/x"));
  EXPECT_TRUE(fits("uri", "http://[2001:db8::1]:80/x"));
  EXPECT_FALSE(fits("uri", "relative/path"));
  EXPECT_TRUE(fits("time", "23:59:60Z"));
  EXPECT_FALSE(fits("time", "22:59:60Z"));
  EXPECT_FALSE(fits("duration", "P1Y2D"));
}

TEST(FormatTest, LabelsOfHostNamesFollowIdna) {
  EXPECT_TRUE(fits("idn-hostname", "b\u00fccher.example"));
  EXPECT_TRUE(fits("idn-hostname", "a\u3002b"));
  EXPECT_TRUE(fits("idn-hostname", "l\u00b7l"));
  EXPECT_FALSE(fits("idn-hostname", "a\u00b7l"));
  EXPECT_FALSE(fits("idn-hostname", "\xFF"));
  EXPECT_FALSE(fits("idn-hostname", "example."));
  EXPECT_FALSE(fits("idn-hostname", std::string(40, 'a') + "\u00fc" + std::string(40, 'a')));
  EXPECT_FALSE(fits("hostname", "b\u00fccher.example"));
  EXPECT_TRUE(fits("hostname", "XN--Bcher-KVA.example"));
  EXPECT_FALSE(fits("hostname", "xn--X"));
  EXPECT_FALSE(fits("hostname", std::string_view("a\0b", 3)));
  EXPECT_FALSE(fits("hostname", "a.a." + std::string(250, 'a')));
  EXPECT_TRUE(fits("idn-email", "\u00fc@b\u00fccher.example"));
  EXPECT_FALSE(fits("idn-email", "x@a\u00b7l"));
}

/// What RE2 is given for an expression of ECMA-262.
std::string translated(std::string_view source) {
  const auto result = translate_pattern(source);
  return result ? *result : result.error().message;
}

TEST(PatternTest, WhatBothDialectsKnowStaysAsItIs) {
  for (const char* same : {"^a+b*?(c|d){2,3}$", "[^a-z\\d_-]", "\\bword\\b", "(?:x)",
                           "\\p{L}\\P{Lu}", "\\.\\/\\-", "é"}) {
    EXPECT_EQ(translated(same), same);
  }
}

TEST(PatternTest, WhatTheySayDifferentlyIsTranslated) {
  EXPECT_EQ(translated("(?<year>x)"), "(?P<year>x)");
  EXPECT_EQ(translated("\\u0041\\u{1F600}\\ud83d\\ude00\\x20\\cJ\\0"),
            "\\x{41}\\x{1f600}\\x{1f600}\\x{20}\\x{a}\\x{0}");
  EXPECT_EQ(translated("\\p{Letter}\\p{Script=Greek}"), "\\p{L}\\p{Greek}");
  EXPECT_EQ(translated("[[a]"), "[\\[a]");
  EXPECT_EQ(translated("[\\b]"), "[\\x{8}]");
  EXPECT_EQ(translated("[^][]"), "(?s:.)[^\\x{0}-\\x{10ffff}]");
}

TEST(PatternTest, WhatRe2CannotDoOrEcmaDoesNotKnowIsRefused) {
  EXPECT_EQ(translated("(?<!a)b"),
            "regular expression '(?<!a)b' looks ahead or behind, which RE2 cannot do");
  EXPECT_EQ(translated("(a)\\1"),
            "regular expression '(a)\\1' refers back to a group, which RE2 cannot do");
  EXPECT_EQ(translated("\\k<a>"),
            "regular expression '\\k<a>' refers back to a group, which RE2 cannot do");
  EXPECT_EQ(translated("(?i)a"),
            "regular expression '(?i)a' has a group that ECMA-262 does not know");
  EXPECT_EQ(translated("\\Z"),
            "regular expression '\\Z' has the escape '\\Z', which ECMA-262 does not know");
  EXPECT_EQ(translated("a\\"), "regular expression 'a\\' ends in a backslash");
  EXPECT_EQ(translated("[a"), "regular expression '[a' has a '[' that is never closed");
  EXPECT_EQ(translated("\\u12"),
            "regular expression '\\u12' has an escape with too few hexadecimal digits");
  EXPECT_EQ(
      Pattern::compile("a{2000}").error().message,
      "'a{2000}' is not a regular expression that RE2 can run: invalid repetition size: {2000}");
}

TEST(PatternTest, SpacesDotsAndEndsMeanWhatEcmaSays) {
  EXPECT_TRUE(Pattern::compile("^\\s$")->matches("\xEF\xBB\xBF"));
  EXPECT_FALSE(Pattern::compile("^\\S$")->matches("\xC2\xA0"));
  EXPECT_TRUE(Pattern::compile("^[\\S]$")->matches("x"));
  EXPECT_FALSE(Pattern::compile("^.$")->matches("\xE2\x80\xA8"));
  EXPECT_FALSE(Pattern::compile("^a$")->matches("a\n"));
  EXPECT_TRUE(Pattern::compile("b")->matches("abc"));
}

TEST(UriTest, ReferencesAreResolvedAsRfc3986Does) {
  const Uri base = Uri::split("http://a/b/c/d;p?q");
  const std::pair<const char*, const char*> cases[] = {
      {"g", "http://a/b/c/g"},
      {"./g", "http://a/b/c/g"},
      {"/g", "http://a/g"},
      {"//g", "http://g"},
      {"?y", "http://a/b/c/d;p?y"},
      {"#s", "http://a/b/c/d;p?q#s"},
      {"", "http://a/b/c/d;p?q"},
      {"..", "http://a/b/"},
      {"../..", "http://a/"},
      {"../../../g", "http://a/g"},
      {"./g/.", "http://a/b/c/g/"},
      {"g:h", "g:h"},
      {"g?y/./x", "http://a/b/c/g?y/./x"},
      {"mid/content=5/../6", "http://a/b/c/mid/6"},
  };
  for (const auto& [reference, target] : cases) {
    EXPECT_EQ(base.resolve(Uri::split(reference)).to_string(), target) << reference;
  }
  EXPECT_EQ(percent_decode("a%20b%2"), "a b%2");
}

}  // namespace
}  // namespace swamp::schema
