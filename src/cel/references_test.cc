#include <gtest/gtest.h>

#include "cel/program.h"
#include "cel/testing.h"

namespace swamp::cel {
namespace {

std::string joined(const auto& words, std::string_view separator) {
  std::string all;
  for (const auto& word : words) {
    if (!all.empty()) all += separator;
    all += word;
  }
  return all;
}

/// `roots | functions | paths | constant calls`
std::string mentioned(std::string_view text) {
  auto program = Program::compile(text, Dialect::swamp);
  if (!program) return program.error().message;
  const References& found = program->references();
  std::vector<std::string> paths, calls;
  for (const auto& path : found.paths) {
    paths.push_back(joined(path, "."));
  }
  for (const auto& call : found.constant_calls) {
    calls.push_back(joined(call, " "));
  }
  return joined(found.roots, " ") + " | " + joined(found.functions, " ") + " | " +
         joined(paths, " ") + " | " + joined(calls, ", ");
}

TEST(ReferencesTest, RootsAndPathsAreReadFromTheTree) {
  EXPECT_EQ(mentioned("inputs.env.name + self['a b'].c"),
            "inputs self |  | inputs.env.name self.a b.c | ");
  EXPECT_EQ(mentioned("'env.x' + r'vault.get(a, b)'"), " |  |  | ");
  EXPECT_EQ(mentioned("inputs[self.x].y"), "inputs self |  | self.x | ");
}

TEST(ReferencesTest, LoopVariablesAndTypesAreNone) {
  EXPECT_EQ(mentioned("inputs.list.map(x, x.y + cel.bind(z, x, z.a))"),
            "inputs |  | inputs.list | ");
  EXPECT_EQ(mentioned("type(inputs.a) == int || type(self) == google.protobuf.Duration"),
            "inputs self | type | inputs.a | ");
  EXPECT_EQ(mentioned("x.map(x, x)"), "x |  |  | ");
}

TEST(ReferencesTest, WhatMayBeMissingIsNoPath) {
  EXPECT_EQ(mentioned("has(inputs.a.b) ? inputs.?c.d : inputs.e[?0]"),
            "inputs |  | inputs.a inputs.e | ");
}

TEST(ReferencesTest, FunctionsHaveTheirFullNames) {
  EXPECT_EQ(mentioned("data.latest('m', 'n').x.trim() + string(math.abs(size(inputs.s)))"),
            "data inputs | data.latest math.abs size string trim | inputs.s | data.latest m n");
  EXPECT_EQ(mentioned("data.version('m', 'n', 3) == data.latest(inputs.m, 'n')"),
            "data inputs | data.latest data.version | inputs.m | data.version m n 3");
}

TEST(ReferencesTest, BareNamesOfVaultGetAreConstants) {
  EXPECT_EQ(mentioned("vault.get(my-vault, api-key)"),
            "vault | vault.get |  | vault.get my-vault api-key");
  EXPECT_EQ(mentioned("vault.get(inputs.v, 'k')"), "inputs vault | vault.get | inputs.v | ");
}

}  // namespace
}  // namespace swamp::cel
