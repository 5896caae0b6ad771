#pragma once

#include <string_view>

#include <tl/expected.hpp>

#include "cel/lexer.h"
#include "cel/program.h"
#include "cel/tree.h"

namespace swamp::cel {

/// Reads an expression.
///
///   expression  = or ["?" expression ":" expression]
///   or          = and {"||" and}
///   and         = relation {"&&" relation}
///   relation    = sum {("<" | "<=" | ">" | ">=" | "==" | "!=" | "in") sum}
///   sum         = product {("+" | "-") product}
///   product     = unary {("*" | "/" | "%") unary}
///   unary       = member | "!" unary | "-" unary
///   member      = primary {"." ["?"] selector ["(" [arguments] ")"] | "[" ["?"] expression "]"}
///   primary     = ["."] name ["(" [arguments] ")"] | "(" expression ")" | list | map | literal
///   list        = "[" [["?"] expression {"," ["?"] expression} [","]] "]"
///   map         = "{" [entry {"," entry} [","]] "}"      entry = ["?"] expression ":" expression
///
/// The dialect adds hyphenated model names (`model.my-model.resource`) and bare names in vault.get.
/// `text` must be UTF-8. Time and memory are linear in its size.
tl::expected<Tree, Fault> parse(std::string_view text, Dialect dialect);

}  // namespace swamp::cel
