#include "yaml/event_reader.h"

#include <algorithm>
#include <new>

#include "yaml/complaint.h"

namespace swamp::yaml {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool continues_character(char c) {
  return (c & 0xC0) == 0x80;
}

std::string_view view(const char* text) {
  return text != nullptr ? text : std::string_view();
}

}  // namespace

EventReader::EventReader(Source source) : source_(std::move(source)), text_(source_->text) {
  if (text_.starts_with(kByteOrderMark)) skipped_ = kByteOrderMark.size();
  text_.remove_prefix(skipped_);
  if (yaml_parser_initialize(&parser_) == 0) throw std::bad_alloc();
  yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text_.data()),
                               text_.size());
  yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
}

EventReader::~EventReader() {
  yaml_event_delete(&event_);
  yaml_parser_delete(&parser_);
}

Result<void> EventReader::next() {
  yaml_event_delete(&event_);
  if (yaml_parser_parse(&parser_, &event_) != 0) return {};
  if (parser_.error == YAML_MEMORY_ERROR) throw std::bad_alloc();
  return fail(explain());
}

Error EventReader::explain() {
  Position at = parser_.error == YAML_READER_ERROR ? position_of_byte(parser_.problem_offset)
                                                   : position(parser_.problem_mark);
  const std::string_view text = source_->text;
  const char found = at.byte < text.size() ? text[at.byte] : '\0';
  Explanation words = yaml::explain(
      {.context = view(parser_.context), .problem = view(parser_.problem), .found = found});
  if (words.at_context) at = position(parser_.context_mark);
  return Error{.code = ErrorCode::invalid_input,
               .message = std::move(words.message),
               .where = span(at),
               .hint = std::move(words.hint)};
}

SourceSpan EventReader::span(const Position& at, std::uint32_t length) const {
  return {.source = source_, .line = at.line, .column = at.column, .length = length};
}

// Only libyaml's count of characters is used: it takes U+0085, U+2028 and U+2029 for the end of a
// line, which neither YAML 1.2 nor an editor does.
Position EventReader::position(const yaml_mark_t& mark) {
  while (characters_ < mark.index && at_.byte < text_.size()) {
    step_forward();
  }
  while (characters_ > mark.index) {
    step_back();
  }
  return in_source();
}

Position EventReader::position_of_byte(std::size_t byte) {
  while (at_.byte < std::min(byte, text_.size())) {
    step_forward();
  }
  while (at_.byte > byte) {
    step_back();
  }
  return in_source();
}

Position EventReader::in_source() const {
  return {.byte = at_.byte + static_cast<std::uint32_t>(skipped_),
          .line = at_.line,
          .column = at_.column};
}

void EventReader::step_forward() {
  const bool line_ends = text_[at_.byte] == '\n';
  do {
    ++at_.byte;
  } while (at_.byte < text_.size() && continues_character(text_[at_.byte]));
  ++characters_;
  at_.column = line_ends ? 1 : at_.column + 1;
  if (line_ends) ++at_.line;
}

void EventReader::step_back() {
  do {
    --at_.byte;
  } while (continues_character(text_[at_.byte]));
  --characters_;
  if (text_[at_.byte] != '\n') {
    --at_.column;
    return;
  }
  --at_.line;
  const std::size_t before = text_.substr(0, at_.byte).rfind('\n');
  const std::string_view line = text_.substr(before + 1, at_.byte - before - 1);  // npos + 1 is 0
  at_.column = 1 + static_cast<std::uint32_t>(std::count_if(
                       line.begin(), line.end(), [](char c) { return !continues_character(c); }));
}

}  // namespace swamp::yaml
