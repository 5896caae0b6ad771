#include "report/markdown.h"

#include <fmt/format.h>

namespace swamp::report {

namespace {

/// A cell is one line, and a bar would end it.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    if (c != '\r') out += c == '\n' ? ' ' : c;
  }
  return out;
}

std::string row(const std::vector<std::string>& cells) {
  std::string line = "|";
  for (const std::string& text : cells)
    line += fmt::format(" {} |", cell(text));
  return line;
}

std::string rule_below(const std::vector<std::string>& head) {
  std::string line = "|";
  for (const std::string& text : head)
    line += fmt::format(" {} |", std::string(text.size(), '-'));
  return line;
}

}  // namespace

void Markdown::add(std::string_view block) {
  if (!text_.empty()) text_ += "\n\n";
  text_ += block;
}

void Markdown::add_json(std::string_view json) {
  add(fmt::format("```json\n{}\n```", json));
}

void Markdown::add_table(const std::vector<std::vector<std::string>>& rows) {
  std::string table = row(rows[0]) + "\n" + rule_below(rows[0]);
  for (std::size_t i = 1; i < rows.size(); ++i)
    table += "\n" + row(rows[i]);
  add(table);
}

std::string bold(std::string_view text) {
  return fmt::format("**{}**", text);
}
std::string code(std::string_view text) {
  return fmt::format("`{}`", text);
}

}  // namespace swamp::report
