#include <algorithm>

#include "yaml/tree.h"

// Where the bytes of a scalar's text lie in the source. Nothing of this is kept while parsing: a
// place inside a scalar is wanted only for an error, and can be found again by reading the scalar
// once more.

namespace swamp::yaml {
namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

/// Walks a plain or quoted scalar, which may go over several lines, beside its text.
class FlowWalker {
 public:
  FlowWalker(std::string_view source, std::size_t begin, Style style)
      : source_(source), at_(begin), style_(style) {
    if (style != Style::plain) ++at_;
  }

  std::size_t find(std::size_t offset) {
    while (at_ < source_.size()) {
      const std::size_t start = at_;
      const std::size_t made = step();
      if (made > offset) {
        // Blanks between words are several bytes of text at once; the rest is one character.
        return std::min(start + (copied_ ? offset : 0), source_.size());
      }
      offset -= made;
    }
    return source_.size();
  }

 private:
  /// Moves over one unit of the source; how many bytes of text it stands for.
  std::size_t step() {
    copied_ = false;
    const char c = source_[at_];
    if (is_blank(c) || c == '\n' || c == '\r') return white_space();
    if (c == '\\' && style_ == Style::double_quoted) return escape();
    const bool doubled = c == '\'' && style_ == Style::single_quoted;
    at_ += doubled ? 2 : 1;
    return 1;
  }

  /// Blanks and line breaks: one break is a blank, each further one a break; blanks around them are
  /// nothing.
  std::size_t white_space() {
    const std::size_t start = at_;
    const std::size_t breaks = skip_white_space();
    if (breaks > 0) return std::max<std::size_t>(1, breaks - 1);
    copied_ = true;
    return at_ - start;
  }

  std::size_t skip_white_space() {
    std::size_t breaks = 0;
    for (; at_ < source_.size(); ++at_) {
      const char c = source_[at_];
      if (c == '\n') {
        ++breaks;
      } else if (!is_blank(c) && c != '\r') {
        break;
      }
    }
    return breaks;
  }

  std::size_t escape() {
    const char name = at_ + 1 < source_.size() ? source_[at_ + 1] : ' ';
    at_ += 2;
    switch (name) {
      case 'x':
        return code_point(2);
      case 'u':
        return code_point(4);
      case 'U':
        return code_point(8);
      case 'N':
      case '_':
        return 2;
      case 'L':
      case 'P':
        return 3;
      case '\r':
      case '\n':
        --at_;
        return skip_white_space() - 1;
      default:
        return 1;
    }
  }

  std::size_t code_point(std::size_t digits) {
    const std::string hex(source_.substr(std::min(at_, source_.size()), digits));
    at_ += digits;
    const unsigned long code = std::strtoul(hex.c_str(), nullptr, 16);
    return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }

  std::string_view source_;
  std::size_t at_;
  Style style_;
  bool copied_ = false;
};

/// The line of the source that starts at `start`, without its break.
std::string_view line_at(std::string_view source, std::size_t start) {
  auto line = source.substr(start, source.find('\n', start) - start);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::size_t next_line(std::string_view source, std::size_t at) {
  const std::size_t end = source.find('\n', at);
  return end == std::string_view::npos ? source.size() : end + 1;
}

/// Every line of a literal's text is the end of a line of the source.
std::size_t find_in_literal(std::string_view source, std::size_t begin, std::string_view text,
                            std::size_t offset) {
  std::size_t start = next_line(source, begin);
  std::size_t text_line = 0;
  for (std::size_t end = text.find('\n'); end < offset; end = text.find('\n', text_line)) {
    text_line = end + 1;
    start = next_line(source, start);
  }
  const std::string_view line = line_at(source, start);
  const auto wanted = text.substr(text_line, text.find('\n', text_line) - text_line);
  if (!line.ends_with(wanted)) return start;
  return start + (line.size() - wanted.size()) + (offset - text_line);
}

/// Finds the lines of the source one after the other in the text; between them lie only blanks and
/// breaks.
std::size_t find_in_folded(std::string_view source, const Content& scalar, std::string_view text,
                           std::size_t offset) {
  std::size_t in_text = 0;
  for (std::size_t start = next_line(source, scalar.begin.byte); start < scalar.end;
       start = next_line(source, start)) {
    std::string_view line = line_at(source, start);
    const std::size_t indent = std::min(line.find_first_not_of(' '), line.size());
    line.remove_prefix(indent);
    if (line.empty()) continue;
    while (in_text < text.size() && (text[in_text] == ' ' || text[in_text] == '\n')) {
      ++in_text;
    }
    if (!text.substr(in_text).starts_with(line)) break;
    if (offset < in_text + line.size())
      return start + indent + (std::max(offset, in_text) - in_text);
    in_text += line.size();
  }
  return scalar.begin.byte;
}

}  // namespace

std::size_t find_in_source(const Content& scalar, std::size_t offset) {
  const std::string_view source = scalar.tree->source->text;
  const std::string& text = Tree::node(&scalar).text();
  switch (scalar.style) {
    case Style::literal:
      return find_in_literal(source, scalar.begin.byte, text, offset);
    case Style::folded:
      return find_in_folded(source, scalar, text, offset);
    default:
      return std::min<std::size_t>(FlowWalker(source, scalar.begin.byte, scalar.style).find(offset),
                                   scalar.end);
  }
}

}  // namespace swamp::yaml
