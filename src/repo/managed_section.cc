#include "repo/managed_section.h"

#include <fmt/format.h>

namespace swamp::repo {
namespace {

/// Where a line that is `mark` begins, from `from` on; npos when there is none.
std::size_t find_line(std::string_view text, std::string_view mark, std::size_t from = 0) {
  for (auto at = text.find(mark, from); at != text.npos; at = text.find(mark, at + 1)) {
    const auto end = at + mark.size();
    const bool starts = at == 0 || text[at - 1] == '\n';
    const bool ends = end == text.size() || text[end] == '\n' || text[end] == '\r';
    if (starts && ends) return at;
  }
  return std::string_view::npos;
}

std::size_t after_line(std::string_view text, std::size_t at) {
  const auto end = text.find('\n', at);
  return end == text.npos ? text.size() : end + 1;
}

std::string section(const SectionMarks& marks, std::string_view body) {
  return fmt::format("{}\n{}{}\n", marks.begin, body, marks.end);
}

std::string joined(std::string_view first, std::string_view second) {
  if (first.empty() || second.empty()) return fmt::format("{}{}", first, second);
  return fmt::format("{}{}\n{}", first, first.ends_with('\n') ? "" : "\n", second);
}

}  // namespace

Result<std::string> with_section(std::string_view file, const SectionMarks& marks,
                                 std::string_view body, SectionPlace place, std::string_view name) {
  const auto written = section(marks, body);
  const auto begin = find_line(file, marks.begin);
  if (begin == file.npos)
    return place == SectionPlace::top ? joined(written, file) : joined(file, written);
  if (find_line(file, marks.begin, begin + 1) != file.npos) {
    return fail(ErrorCode::conflict, fmt::format("'{}' has two managed sections", name),
                fmt::format("remove one of them, from '{}' to '{}'", marks.begin, marks.end));
  }
  const auto end = find_line(file, marks.end, begin);
  const auto rest = after_line(file, end == file.npos ? begin : end);
  return fmt::format("{}{}{}", file.substr(0, begin), written, file.substr(rest));
}

}  // namespace swamp::repo
