#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "render/style.h"

namespace swamp::render {

/// Rows under column titles, each column as wide as its widest cell, two blanks between columns.
class Table {
 public:
  enum class Align : std::uint8_t { left, right };
  struct Column {
    std::string title;
    Align align = Align::left;
  };

  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  /// As many cells as there are columns. A cell may hold painted text, no line ends.
  void add(std::vector<std::string> cells);
  bool empty() const { return rows_.empty(); }

  /// At most `width` columns wide (0: without limit): what does not fit is taken from the widest
  /// left-aligned column.
  std::string to_string(Style style, std::size_t width = 0) const;

 private:
  std::vector<std::size_t> column_widths(std::size_t limit) const;

  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

/// `Key: value` lines with the values under each other. Entries without a value are left out.
class KeyValues {
 public:
  void add(std::string key, std::string value);
  std::string to_string(Style style, std::size_t indent = 0) const;

 private:
  std::vector<std::pair<std::string, std::string>> entries_;
};

}  // namespace swamp::render
