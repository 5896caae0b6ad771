#pragma once

#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "cel/lexer.h"
#include "cel/tree.h"

namespace swamp::cel {

/// The value of a literal as written, quotes and prefixes included. `kind` is one of the literal
/// kinds; the fault counts from the beginning of `text`.
tl::expected<Literal, Fault> read_literal(TokenKind kind, std::string_view text);

}  // namespace swamp::cel
