#include "render/table.h"

#include <algorithm>
#include <cassert>
#include <numeric>

#include <fmt/format.h>

#include "render/text.h"

namespace swamp::render {
namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kNarrowest = 8;  // no column is cut below this

}  // namespace

void Table::add(std::vector<std::string> cells) {
  assert(cells.size() == columns_.size());
  rows_.push_back(std::move(cells));
}

std::vector<std::size_t> Table::column_widths(std::size_t limit) const {
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    std::size_t width = display_width(columns_[i].title);
    for (const auto& row : rows_)
      width = std::max(width, display_width(row[i]));
    widths.push_back(width);
  }
  const auto total = [&] {
    return std::accumulate(widths.begin(), widths.end(), kGap * (widths.size() - 1));
  };
  while (limit > 0 && total() > limit) {
    std::size_t* widest = nullptr;
    for (std::size_t i = 0; i < widths.size(); ++i) {
      if (columns_[i].align == Align::left && (widest == nullptr || widths[i] > *widest))
        widest = &widths[i];
    }
    if (widest == nullptr || *widest <= kNarrowest) break;
    *widest = std::max(kNarrowest, *widest - std::min(*widest, total() - limit));
  }
  return widths;
}

std::string Table::to_string(Style style, std::size_t width) const {
  if (columns_.empty()) return {};
  const auto widths = column_widths(width);
  const auto line = [&](auto cell_of) {
    std::string text;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const std::string cell = fit(cell_of(i), widths[i]);
      if (i > 0) text.append(kGap, ' ');
      text += columns_[i].align == Align::right ? pad_left(cell, widths[i])
                                                : pad_right(cell, widths[i]);
    }
    text.erase(text.find_last_not_of(' ') + 1);
    return text + "\n";
  };
  std::string out = line([&](std::size_t i) { return style.paint(Ink::bold, columns_[i].title); });
  for (const auto& row : rows_)
    out += line([&](std::size_t i) { return row[i]; });
  return out;
}

void KeyValues::add(std::string key, std::string value) {
  if (!value.empty()) entries_.emplace_back(std::move(key), std::move(value));
}

std::string KeyValues::to_string(Style style, std::size_t indent) const {
  std::size_t width = 0;
  for (const auto& [key, value] : entries_)
    width = std::max(width, display_width(key));
  std::string out;
  for (const auto& [key, value] : entries_) {
    out += fmt::format("{}{} {}\n", std::string(indent, ' '),
                       pad_right(style.paint(Ink::dim, key + ":"), width + 1), value);
  }
  return out;
}

}  // namespace swamp::render
