#include "spec/text_places.h"

#include <algorithm>
#include <optional>

namespace swamp::spec {
namespace {

bool is_white(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool begins_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
}

/// The byte at which a line begins and a column, both from 1, is reached.
std::optional<std::size_t> byte_at(std::string_view text, std::uint32_t line,
                                   std::uint32_t column) {
  std::size_t at = 0;
  for (; line > 1; --line) {
    at = text.find('\n', at);
    if (at == text.npos) return std::nullopt;
    ++at;
  }
  for (; column > 1; --column) {
    if (at >= text.size() || text[at] == '\n') return std::nullopt;
    for (++at; at < text.size() && !begins_character(text[at]);)
      ++at;
  }
  return at;
}

/// Walks a text and the scalar that it was read from side by side. What both have is the same
/// place; blanks and line breaks of the one stand for those of the other, however many they are;
/// and where the scalar has more, that belongs to an escape.
std::size_t byte_in_source(std::string_view text, std::size_t wanted, std::string_view source,
                           std::size_t from) {
  std::size_t in_text = 0;
  std::size_t at = from;
  const auto skip_white = [](std::string_view of, std::size_t& place) {
    while (place < of.size() && is_white(of[place]))
      ++place;
  };
  while (in_text < wanted && at < source.size()) {
    if (is_white(text[in_text]) && is_white(source[at])) {
      const std::size_t begin = in_text;
      skip_white(text, in_text);
      if (in_text > wanted) return at + (wanted - begin);
      skip_white(source, at);
    } else if (text[in_text] == source[at]) {
      ++in_text;
      ++at;
      // `''` stands for one quote.
      const bool is_doubled = source[at - 1] == '\'' && at < source.size() && source[at] == '\'' &&
                              (in_text >= text.size() || text[in_text] != '\'');
      if (is_doubled) ++at;
    } else if (source[at] == '\\' && at + 1 < source.size()) {
      const std::size_t digits = source[at + 1] == 'x'   ? 2
                                 : source[at + 1] == 'u' ? 4
                                 : source[at + 1] == 'U' ? 8
                                                         : 0;
      const bool is_line_end = source[at + 1] == '\n' || source[at + 1] == '\r';
      at = std::min(at + 2 + digits, source.size());
      if (is_line_end) {
        skip_white(source, at);
        continue;  // it stands for nothing
      }
      for (++in_text; in_text < text.size() && !begins_character(text[in_text]);)
        ++in_text;
    } else if (is_white(source[at])) {
      skip_white(source, at);
    } else if (source[at] == '\'') {
      ++at;
    } else {
      break;  // not the scalar that the text was read from
    }
  }
  // The text goes on behind a break that it does not have itself.
  if (in_text == wanted && wanted < text.size() && !is_white(text[wanted])) skip_white(source, at);
  return at;
}

}  // namespace

SourceSpan placed_in(SourceSpan place, std::string_view text, const SourceSpan& where) {
  if (!where.source || place.source != where.source || place.line < where.line) return place;
  const std::uint32_t line = place.line - where.line + 1;
  if (line == 1 && place.column < where.column) return place;
  const std::uint32_t column = line == 1 ? place.column - where.column + 1 : place.column;
  const auto wanted = byte_at(text, line, column);
  const std::string_view source = where.source->text;
  const auto from = byte_at(source, where.line, where.column);
  if (!wanted || !from) return place;
  const std::size_t at = byte_in_source(text, *wanted, source, *from);
  const std::string_view before = source.substr(0, at);
  const std::size_t line_begin = before.rfind('\n') + 1;  // npos + 1 is 0
  const std::string_view rest = source.substr(at, source.find('\n', at) - at);
  const auto characters = [](std::string_view of) {
    return static_cast<std::uint32_t>(std::count_if(of.begin(), of.end(), begins_character));
  };
  place.line = static_cast<std::uint32_t>(std::count(before.begin(), before.end(), '\n') + 1);
  place.column = characters(before.substr(line_begin)) + 1;
  place.length = std::clamp(place.length, 1U, std::max(1U, characters(rest)));
  return place;
}

Error placed_in(Error error, std::string_view text, const SourceSpan& where) {
  for (Error& more : error.also)
    more = placed_in(std::move(more), text, where);
  if (error.where) error.where = placed_in(*std::move(error.where), text, where);
  return error;
}

}  // namespace swamp::spec
