#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace swamp::cel {

// Names that the dialect takes from the text before the lexer does: their characters are no tokens.

/// A name in a text, [begin, end).
struct LooseName {
  std::string_view name;
  std::size_t begin = 0;
  std::size_t end = 0;
  bool is_quoted = false;  // in back quotes, which `name` is without
};

/// The model's name in `model.my-model.resource`, when `at` is right behind `model`: it has a
/// hyphen, and one of the members that models have follows.
std::optional<LooseName> hyphenated_model(std::string_view text, std::size_t at);

/// An argument of vault.get that needs no quotes, read from `at` on: `my-vault`, `op/team.key`, ``
/// `any thing` ``. It stands alone up to the next comma or parenthesis. Digits alone are no name.
std::optional<LooseName> bare_argument(std::string_view text, std::size_t at);

}  // namespace swamp::cel
