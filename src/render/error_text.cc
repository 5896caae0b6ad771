#include "render/error_text.h"

#include <algorithm>

#include <fmt/format.h>

#include "render/text.h"

namespace swamp::render {
namespace {

// A file can have thousands of problems; nobody reads further, and the JSON form has them all.
constexpr std::size_t kShownProblems = 20;

// Columns of a line that are shown around the place: a minified document is one line of megabytes.
constexpr std::size_t kExcerptBefore = 60;
constexpr std::size_t kExcerptAfter = 60;

/// The byte at which the code point number `column` (from 1) of `line` begins; its end when the
/// line is shorter.
std::size_t byte_of_column(std::string_view line, std::size_t column) {
  std::size_t byte = 0;
  for (std::size_t passed = 1; byte < line.size() && passed < column; ++passed) {
    ++byte;
    while (byte < line.size() && (static_cast<unsigned char>(line[byte]) & 0xC0) == 0x80)
      ++byte;
  }
  return byte;
}

struct Excerpt {
  std::string before;
  std::string marked;
  std::string after;
};

Excerpt cut_excerpt(std::string_view line, const SourceSpan& where) {
  const std::size_t begin = byte_of_column(line, where.column);
  const std::size_t end = byte_of_column(line, std::size_t{where.column} + where.length);
  const std::size_t first_column =
      where.column > kExcerptBefore ? where.column - kExcerptBefore : 1;
  const std::size_t last_column = std::size_t{where.column} +
                                  std::min<std::size_t>(where.length, kExcerptAfter) +
                                  kExcerptAfter;
  const std::size_t first = byte_of_column(line, first_column);
  const std::size_t last = std::max(byte_of_column(line, last_column), begin);
  const std::size_t marked_end = std::min(end, last);
  return {.before = (first > 0 ? "…" : "") + printable(line.substr(first, begin - first)),
          .marked = printable(line.substr(begin, marked_end - begin)),
          .after = printable(line.substr(marked_end, last - marked_end)) +
                   (last < line.size() ? "…" : "")};
}

std::string place_lines(const SourceSpan& where, Style style) {
  std::string out = fmt::format("  {} {}\n", style.paint(Ink::cyan, "-->"), where.to_string());
  const std::string_view line = where.source ? where.source->line(where.line) : std::string_view();
  if (line.empty()) return out;
  const Excerpt excerpt = cut_excerpt(line, where);
  const std::string number = std::to_string(where.line);
  const std::string gutter(number.size(), ' ');
  const std::string bar = style.paint(Ink::cyan, "|");
  const std::string carets(std::max<std::size_t>(1, display_width(excerpt.marked)), '^');
  out += fmt::format("{} {}\n", gutter, bar);
  out += fmt::format("{} {} {}{}{}\n", style.paint(Ink::cyan, number), bar, excerpt.before,
                     excerpt.marked, excerpt.after);
  out += fmt::format("{} {} {}{}\n", gutter, bar, std::string(display_width(excerpt.before), ' '),
                     style.paint(Ink::error, carets));
  return out;
}

/// Continuation lines of a message stand under its first one.
std::string indented(std::string_view text, std::string_view indent) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (!out.empty()) out += fmt::format("\n{}", indent);
    out += printable(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return out;
}

std::string one_problem(const Error& error, std::string_view label, Ink ink, Style style) {
  std::string out = fmt::format("{} {}\n", style.paint(ink, label), indented(error.message, "  "));
  if (error.where) out += place_lines(*error.where, style);
  for (const std::string& note : error.notes)
    out += fmt::format("  while {}\n", indented(note, "    "));
  if (!error.hint.empty())
    out += fmt::format("{} {}\n", style.paint(Ink::cyan, "help:"), indented(error.hint, "  "));
  return out;
}

std::string all_problems(const Error& error, std::string_view label, Ink ink, Style style) {
  std::string out = one_problem(error, label, ink, style);
  const std::size_t shown = std::min(error.also.size(), kShownProblems);
  for (std::size_t i = 0; i < shown; ++i)
    out += "\n" + one_problem(error.also[i], label, ink, style);
  if (shown < error.also.size()) {
    out += fmt::format("\n… and {}\n", count_of(error.also.size() - shown, "more problem"));
  }
  return out;
}

Value text_or_null(const std::string& text) {
  return text.empty() ? Value() : Value(text);
}

Value place_document(const std::optional<SourceSpan>& where) {
  if (!where) return {};
  return Map{{"file", where->source ? Value(where->source->name) : Value()},
             {"line", std::int64_t{where->line}},
             {"column", std::int64_t{where->column}},
             {"length", std::int64_t{where->length}}};
}

Value list_or_null(List list) {
  return list.empty() ? Value() : Value(std::move(list));
}

}  // namespace

std::string error_text(const Error& error, Style style) {
  return all_problems(error, "error:", Ink::error, style);
}

std::string warning_text(const Error& warning, Style style) {
  return all_problems(warning, "warning:", Ink::yellow, style);
}

Value error_document(const Error& error) {
  List details;
  for (const Error& further : error.also)
    details.push_back(error_document(further));
  return Map{{"error", error.message},
             {"code", error.name.empty() ? std::string(to_string(error.code)) : error.name},
             {"kind", std::string(to_string(error.code))},
             {"where", place_document(error.where)},
             {"notes", list_or_null(List(error.notes.begin(), error.notes.end()))},
             {"hint", text_or_null(error.hint)},
             {"details", list_or_null(std::move(details))}};
}

}  // namespace swamp::render
