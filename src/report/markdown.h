#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace swamp::report {

/// A document made of blocks with an empty line between them and no line end at its end.
class Markdown {
 public:
  void add(std::string_view block);
  void add_json(std::string_view json);
  /// The first row is the head.
  void add_table(const std::vector<std::vector<std::string>>& rows);

  std::string take() && { return std::move(text_); }

 private:
  std::string text_;
};

std::string bold(std::string_view text);
std::string code(std::string_view text);

}  // namespace swamp::report
