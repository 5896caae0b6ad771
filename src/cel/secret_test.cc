#include <gtest/gtest.h>

#include "cel/template.h"
#include "cel/testing.h"

namespace swamp::cel {
namespace {

Map variables() {
  auto origin = std::make_shared<SecretOrigin>();
  origin->expression = "${{ vault.get('v', 'k') }}";
  origin->vault = "v";
  origin->key = "k";
  auto other = std::make_shared<SecretOrigin>();
  other->expression = "${{ vault.get('v', 'json') }}";
  return {{"pw", Value::secret("hunter2", origin)},
          {"doc", Value::secret(R"({"user": "bob", "pins": [12, null]})", other)},
          {"plain", "x"},
          {"map", Map{{"pw", Value::secret("hunter2", origin)}}}};
}

/// The value with every secret in it shown as `<text>`, or the error.
std::string shown(const Value& value) {
  const Value marked = [&] {
    const auto mark = [](const Value& item, const auto& self) -> Value {
      if (item.is_secret()) return "<" + item.as_string() + ">";
      if (item.is_list()) {
        List items;
        for (const Value& inner : item.as_list()) {
          items.push_back(self(inner, self));
        }
        return items;
      }
      if (!item.is_map()) return item;
      Map entries;
      for (const auto& [key, inner] : item.as_map()) {
        entries.set(key, self(inner, self));
      }
      return entries;
    };
    return mark(value, mark);
  }();
  return write_json(marked);
}

std::string eval(std::string_view text) {
  auto program = Program::compile(text, Dialect::swamp);
  if (!program) return program.error().message;
  auto outcome = program->evaluate(PlainScope(variables()), Answers());
  return outcome ? shown(std::get<Value>(*outcome)) : "error: " + testing::shown(outcome.error());
}

TEST(SecretTest, WhatIsComputedFromASecretIsSecret) {
  for (const auto& [text, wanted] : std::vector<std::pair<std::string, std::string>>{
           {"pw", "\"<hunter2>\""},
           {"'a' + pw", "\"<ahunter2>\""},
           {"'a' + pw + plain + plain", "\"<ahunter2xx>\""},
           {"pw.substring(1, 3)", "\"<un>\""},
           {"pw.charAt(0)", "\"<h>\""},
           {"pw.upperAscii()", "\"<HUNTER2>\""},
           {"pw.lowerAscii()", "\"<hunter2>\""},
           {"pw.reverse()", "\"<2retnuh>\""},
           {"pw.trim()", "\"<hunter2>\""},
           {"pw.replace('h', 'H')", "\"<Hunter2>\""},
           {"plain.replace('x', pw)", "\"<hunter2>\""},
           {"pw.split('t')", R"(["<hun>","<er2>"])"},
           {"['a', pw].join('-')", "\"<a-hunter2>\""},
           {"['a', 'b'].join(pw)", "\"<ahunter2b>\""},
           {"'%s'.format([[pw]])", "\"<[hunter2]>\""},
           {"'%x'.format([pw])", "\"<68756e74657232>\""},
           {"pw.format([])", "\"<hunter2>\""},
           {"strings.quote(pw)", "\"<\\\"hunter2\\\">\""},
           {"base64.encode(bytes(pw))", "\"<aHVudGVyMg==>\""},
           {"base64.encode(pw)", "\"<aHVudGVyMg==>\""},
           {"bytes(pw)", "\"<aHVudGVyMg==>\""},
           {"bytes(pw) + b'x'", "\"<aHVudGVyMng=>\""},
           {"bytes(pw).hex()", "\"<68756e74657232>\""},
           {"bytes(pw).string()", "\"<hunter2>\""},
           {"string(bytes(pw))", "\"<hunter2>\""},
           {"base64.decode(base64.encode(pw)).string()", "\"<hunter2>\""},
           {"string(pw)", "\"<hunter2>\""},
           {"{'a': [pw]}", R"({"a":["<hunter2>"]})"},
           {"[pw].map(x, x + '!')", R"(["<hunter2!>"])"},
           {"optional.of(pw)", "\"<hunter2>\""},
           {"map.map(k, map[k])", R"(["<hunter2>"])"},
           {"bytes(doc).json()", R"({"user":"<bob>","pins":["<12>",null]})"},
           {"plain == 'x' ? pw : plain", "\"<hunter2>\""},
           {"regex.extract(pw, 'h(.)')", "\"<u>\""},
           {"regex.extractAll(pw, '[a-t]')", R"(["<h>","<n>","<t>","<e>","<r>"])"},
           {"regex.replace(pw, 'h', 'H')", "\"<Hunter2>\""},
           {"regex.replace(plain, 'x', pw)", "\"<hunter2>\""},
           {"[pw, 'a'].sort()", R"(["a","<hunter2>"])"},
           {"[pw, 'a'].sortBy(x, size(x)).first()", "\"a\""},
       }) {
    EXPECT_EQ(eval(text), wanted) << text;
  }
}

TEST(SecretTest, QuestionsAboutASecretSeeItAndHaveAPlainAnswer) {
  EXPECT_EQ(eval("[size(pw), pw == 'hunter2', pw.matches('^h'), pw.startsWith('h'), pw in "
                 "['hunter2'], pw < 'i']"),
            "[7,true,true,true,true,true]");
}

TEST(SecretTest, WhatCouldNotBeMarkedIsRefused) {
  EXPECT_EQ(eval("int(pw)"),
            "error: 'int' cannot keep its result secret @1:1 «int»  what is computed from a secret "
            "stays a text");
  EXPECT_EQ(eval("timestamp(pw)"),
            "error: 'timestamp' cannot keep its result secret @1:1 «timestamp»  what is computed "
            "from a secret stays a text");
  EXPECT_EQ(eval("bytes(pw).at(0)"),
            "error: 'at' cannot keep its result secret @1:11 «at»  what is computed from a secret "
            "stays a text");
  EXPECT_EQ(eval("{pw: 1}"), "error: a secret cannot be the key of a map @1:2 «pw»");
  EXPECT_EQ(eval("[1].transformMapEntry(i, v, {'a' + pw: v})"),
            "error: a secret cannot be the key of a map @1:30 «'a' + pw»");
}

TEST(SecretTest, NoMessageTellsASecret) {
  for (const char* text :
       {"map[pw]", "ip.isCanonical(pw)", "'x'.matches(pw + '(')", "timestamp(0).getDate(pw)",
        "(pw + '%q').format([1])", "bytes(pw).json()", "base64.decode(pw + '!')",
        "pw.substring(99)", "cidr('10.0.0.0/8').containsIP(pw)", "pw + 1", "[pw].join(1)",
        "duration(pw)", "pw.x", "pw[0]"}) {
    const std::string message = eval(text);
    EXPECT_EQ(message.substr(0, 7), "error: ") << text << ": " << message;
    EXPECT_EQ(message.find("hunter2"), std::string::npos) << text << ": " << message;
  }
}

std::string origin_of(const Value& value) {
  const auto& origin = value.secret_origin();
  return origin == nullptr ? "plain" : origin->expression + " " + origin->vault + "/" + origin->key;
}

TEST(SecretTest, ADerivedSecretIsNoLongerExactlyTheVaultsKey) {
  auto program = Program::compile("pw + '!'", Dialect::swamp);
  ASSERT_TRUE(program);
  auto outcome = program->evaluate(PlainScope(variables()), Answers());
  ASSERT_TRUE(outcome);
  EXPECT_EQ(origin_of(std::get<Value>(*outcome)), "${{ vault.get('v', 'k') }} /");
}

TEST(SecretTest, ATemplateShowsItselfInPlaceOfTheSecret) {
  const auto filled = [](std::string_view text) {
    auto compiled = Template::compile(text, Dialect::swamp);
    return std::get<Value>(*compiled->evaluate(PlainScope(variables()), Answers()));
  };
  EXPECT_EQ(origin_of(filled("${{ pw }}")), "${{ pw }} v/k");
  EXPECT_EQ(origin_of(filled("${{ pw + '!' }}")), "${{ pw + '!' }} /");
  const Value joined = filled("user:${{ pw }}@${{ plain }}");
  EXPECT_EQ(origin_of(joined), "user:${{ pw }}@${{ plain }} /");
  EXPECT_EQ(joined.as_string(), "user:hunter2@x");
  EXPECT_EQ(origin_of(filled("a ${{ plain }}")), "plain");
  EXPECT_EQ(filled("all: ${{ map }}").as_string(), "all: {\n  \"pw\": \"hunter2\"\n}");
  EXPECT_EQ(origin_of(filled("all: ${{ map }}")), "all: ${{ map }} /");
  EXPECT_EQ(origin_of(filled("${{ map }}")["pw"]), "${{ vault.get('v', 'k') }} v/k");
}

/// The text with its secret bytes between marks.
std::string with_marks(const Value& value) {
  std::string out;
  std::size_t done = 0;
  for (const SecretOrigin::Range& range : value.secret_origin()->ranges) {
    out += value.as_string().substr(done, range.begin - done) + "<" +
           value.as_string().substr(range.begin, range.end - range.begin) + ">";
    done = range.end;
  }
  return out + value.as_string().substr(done);
}

TEST(SecretTest, ATextKnowsWhichOfItsBytesAreSecret) {
  const auto filled = [](std::string_view text, Map more = {}) {
    Map all = variables();
    for (const auto& [name, value] : more)
      all.set(name, value);
    auto compiled = Template::compile(text, Dialect::swamp);
    return std::get<Value>(*compiled->evaluate(PlainScope(all), Answers()));
  };
  EXPECT_EQ(with_marks(filled("curl -u ${{ pw }} ${{ plain }} ${{ pw }}")),
            "curl -u <hunter2> x <hunter2>");
  EXPECT_EQ(with_marks(filled("${{ 'curl -u ' + pw }}")), "curl -u <hunter2>");
  EXPECT_EQ(with_marks(filled("${{ 'a' + pw + plain + pw + 'b' }}")), "a<hunter2>x<hunter2>b");
  EXPECT_EQ(with_marks(filled("${{ 'curl -u %s %x %s'.format([pw, pw, plain]) }}")),
            "curl -u <hunter2> <68756e74657232> x");
  EXPECT_EQ(with_marks(filled("${{ ['curl', pw, plain].join(' ') }}")), "curl <hunter2> x");
  EXPECT_EQ(with_marks(filled("é ${{ map }}!")), "é <{\n  \"pw\": \"hunter2\"\n}>!");
  const Value command = filled("echo ${{ pw }} |");
  EXPECT_EQ(with_marks(filled("${{ command }}", {{"command", command}})), "echo <hunter2> |");
  EXPECT_EQ(with_marks(filled("${{ command + ' wc ' }}${{ pw }}", {{"command", command}})),
            "echo <hunter2> | wc <hunter2>");
  EXPECT_EQ(with_marks(filled("${{ command.reverse() }}", {{"command", command}})),
            "| 2retnuh ohce")
      << "which bytes are secret is not known: all are";
}

}  // namespace
}  // namespace swamp::cel
