#include "cel/loose_names.h"

#include <algorithm>

#include "cel/lexer.h"

namespace swamp::cel {

namespace {

/// The members of a model behind which files in the wild write hyphenated names.
constexpr std::string_view kModelMembers[] = {"input", "resource", "file", "execution",
                                              "definition"};

bool is_bare_part(char c) {
  return is_name_part(c) || std::string_view("-./:@").find(c) != std::string_view::npos;
}

}  // namespace

std::optional<LooseName> hyphenated_model(std::string_view text, std::size_t at) {
  const std::size_t begin = at + 1;
  if (at >= text.size() || text[at] != '.') return std::nullopt;
  std::size_t end = begin;
  while (end < text.size() && (is_name_part(text[end]) || (text[end] == '-' && end > begin))) {
    ++end;
  }
  const std::string_view name = text.substr(begin, end - begin);
  if (name.find('-') == std::string_view::npos || end >= text.size() || text[end] != '.')
    return std::nullopt;
  std::size_t member_end = end + 1;
  while (member_end < text.size() && is_name_part(text[member_end])) {
    ++member_end;
  }
  const std::string_view member = text.substr(end + 1, member_end - end - 1);
  const bool is_member = std::find(std::begin(kModelMembers), std::end(kModelMembers), member) !=
                         std::end(kModelMembers);
  if (!is_member) return std::nullopt;
  return LooseName{.name = name, .begin = begin, .end = end};
}

std::optional<LooseName> bare_argument(std::string_view text, std::size_t at) {
  const auto skip_blanks = [&](std::size_t from) {
    return std::min(text.find_first_not_of(" \t\r\n", from), text.size());
  };
  LooseName found{.begin = skip_blanks(at)};
  found.end = found.begin;
  found.is_quoted = found.begin < text.size() && text[found.begin] == '`';
  if (found.is_quoted) {
    const std::size_t close = text.find('`', found.begin + 1);
    if (close == std::string_view::npos) return std::nullopt;
    found.name = text.substr(found.begin + 1, close - found.begin - 1);
    found.end = close + 1;
  } else {
    if (found.begin < text.size() && !is_name_part(text[found.begin])) return std::nullopt;
    while (found.end < text.size() && is_bare_part(text[found.end])) {
      ++found.end;
    }
    found.name = text.substr(found.begin, found.end - found.begin);
    if (std::none_of(found.name.begin(), found.name.end(), is_name_start)) return std::nullopt;
  }
  const std::size_t after = skip_blanks(found.end);
  if (after >= text.size() || (text[after] != ',' && text[after] != ')')) return std::nullopt;
  return found;
}

}  // namespace swamp::cel
