#include "render/graph/canvas.h"

#include <algorithm>
#include <cassert>

#include "render/text.h"

namespace swamp::render::graph {
namespace {

constexpr std::uint8_t kUp = 1;
constexpr std::uint8_t kDown = 2;
constexpr std::uint8_t kLeft = 4;
constexpr std::uint8_t kRight = 8;
constexpr std::uint8_t kUpright = kUp | kDown;
constexpr std::uint8_t kLevel = kLeft | kRight;

// By arms: up 1, down 2, left 4, right 8.
constexpr std::array<std::string_view, 16> kSquare = {" ", "│", "│", "│", "─", "┘", "┐", "┤",
                                                      "─", "└", "┌", "├", "─", "┴", "┬", "┼"};
constexpr std::array<std::string_view, 16> kHeavy = {" ", "┃", "┃", "┃", "━", "┛", "┓", "┫",
                                                     "━", "┗", "┏", "┣", "━", "┻", "┳", "╋"};
constexpr std::array<std::string_view, 16> kAscii = {" ", "|", "|", "|", "-", "+", "+", "+",
                                                     "-", "+", "+", "+", "-", "+", "+", "+"};
constexpr std::array<std::string_view, 16> kAsciiHeavy = {" ", "#", "#", "#", "=", "#", "#", "#",
                                                          "=", "#", "#", "#", "=", "#", "#", "#"};

std::string_view rounded(std::uint8_t arms) {
  switch (arms) {
    case kUp | kLeft:
      return "╯";
    case kDown | kLeft:
      return "╮";
    case kUp | kRight:
      return "╰";
    case kDown | kRight:
      return "╭";
    default:
      return kSquare[arms];
  }
}

/// The bytes of the character at the start of `text`.
std::size_t length_of_character(std::string_view text) {
  std::size_t length = 1;
  while (length < text.size() && (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80U)
    ++length;
  return length;
}

}  // namespace

std::string ascii_only(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::string_view character = text.substr(0, length_of_character(text));
    text.remove_prefix(character.size());
    if (character.size() == 1) {
      out += character;
    } else {
      out += character == "…" ? "~" : std::string(display_width(character), '?');
    }
  }
  return out;
}

Canvas::Canvas(int width, int height, Glyphs glyphs)
    : width_(width),
      height_(height),
      glyphs_(glyphs),
      cells_(static_cast<std::size_t>(width) * static_cast<std::size_t>(height)) {}

Canvas::Cell& Canvas::at(int x, int y) {
  assert(x >= 0 && x < width_ && y >= 0 && y < height_);
  return cells_[static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) +
                static_cast<std::size_t>(x)];
}

void Canvas::extend(int x, int y, std::uint8_t arms, bool joins, Weight weight, Ink ink) {
  Cell& cell = at(x, y);
  cell.arms |= arms;
  cell.joined = cell.joined || joins;
  if (weight == Weight::heavy) cell.heavy |= arms;
  if (cell.ink == Ink::plain || weight == Weight::heavy) cell.ink = ink;
}

void Canvas::line(int x1, int y1, int x2, int y2, Weight weight, Ink ink) {
  assert(x1 == x2 || y1 == y2);
  const bool level = y1 == y2;
  const int from = level ? std::min(x1, x2) : std::min(y1, y2);
  const int to = level ? std::max(x1, x2) : std::max(y1, y2);
  for (int i = from; i <= to; ++i) {
    std::uint8_t arms = level ? kLevel : kUpright;
    if (from == to) break;
    if (i == from) arms &= level ? kRight : kDown;
    if (i == to) arms &= level ? kLeft : kUp;
    extend(level ? i : x1, level ? y1 : i, arms, i == from || i == to, weight, ink);
  }
}

void Canvas::box(int x, int y, int width, int height, Corners corners, Weight weight, Ink ink) {
  const int right = x + width - 1;
  const int bottom = y + height - 1;
  line(x, y, right, y, weight, ink);
  line(x, bottom, right, bottom, weight, ink);
  line(x, y, x, bottom, weight, ink);
  line(right, y, right, bottom, weight, ink);
  if (corners == Corners::round) return;
  for (const int cx : {x, right}) {
    for (const int cy : {y, bottom})
      at(cx, cy).framed = true;
  }
}

void Canvas::arrow(int x, int y, Direction direction, Ink ink) {
  const bool right = direction == Direction::right;
  if (glyphs_ == Glyphs::ascii) {
    text(x, y, right ? ">" : "v", ink);
  } else {
    text(x, y, right ? "▶" : "▼", ink);
  }
}

void Canvas::exit(int x, int y, Direction direction, Weight weight) {
  extend(x, y, direction == Direction::right ? kRight : kDown, true, weight, Ink::plain);
}

void Canvas::text(int x, int y, std::string_view text, Ink ink) {
  Cell* last = nullptr;
  while (!text.empty()) {
    const std::string_view character = text.substr(0, length_of_character(text));
    text.remove_prefix(character.size());
    const auto width = static_cast<int>(display_width(character));
    if (width == 0) {  // an accent of the character before
      if (last != nullptr) last->glyph += character;
      continue;
    }
    for (int i = 0; i < width; ++i) {
      Cell& cell = at(x + i, y);
      cell = Cell{.taken = i > 0, .ink = ink};
    }
    last = &at(x, y);
    last->glyph = character;
    x += width;
  }
}

std::string_view Canvas::glyph_of(const Cell& cell) const {
  if (!cell.glyph.empty()) return cell.glyph;
  // Two lines that only cross: the upright one passes in front.
  std::uint8_t arms = cell.arms;
  if (!cell.joined && arms == (kUpright | kLevel)) arms = kUpright;
  const bool heavy = (cell.heavy & arms) != 0;
  if (glyphs_ == Glyphs::ascii) return (heavy ? kAsciiHeavy : kAscii)[arms];
  if (heavy) return kHeavy[arms];
  return cell.framed ? kSquare[arms] : rounded(arms);
}

std::string Canvas::to_string(Style style) const {
  std::string out;
  for (int y = 0; y < height_; ++y) {
    const Cell* row = &cells_[static_cast<std::size_t>(y) * static_cast<std::size_t>(width_)];
    const auto is_blank = [&](int x) { return !row[x].taken && glyph_of(row[x]) == " "; };
    int end = width_;
    while (end > 0 && is_blank(end - 1))
      --end;
    std::string run;
    Ink ink = Ink::plain;
    for (int x = 0; x < end; ++x) {
      if (row[x].taken) continue;
      const Ink next = is_blank(x) ? ink : row[x].ink;
      if (next != ink) {
        out += style.paint(ink, run);
        run.clear();
        ink = next;
      }
      run += glyph_of(row[x]);
    }
    out += style.paint(ink, run) + "\n";
  }
  return out;
}

}  // namespace swamp::render::graph
