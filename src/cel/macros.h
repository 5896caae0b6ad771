#pragma once

#include <optional>
#include <span>
#include <string_view>

#include <tl/expected.hpp>

#include "cel/lexer.h"
#include "cel/tree_builder.h"

namespace swamp::cel {

/// What a macro looks like.
struct MacroForm {
  std::string_view name;
  Macro macro;
  std::uint8_t variables;  // of its arguments, those that declare a loop variable
  std::uint8_t least_arguments;
  std::uint8_t most_arguments;
  std::string_view type;  // as a call would be written
  std::string_view doc;
  std::string_view example;  // evaluates to true
};

std::span<const MacroForm> macro_forms();

/// Turns a call into the macro it is: empty when it is a plain call. `children` are the call's, its
/// target first.
tl::expected<std::optional<NodeId>, Fault> expand_macro(TreeBuilder& tree, const Node& call,
                                                        std::span<const NodeId> children);

}  // namespace swamp::cel
