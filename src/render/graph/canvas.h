#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "render/style.h"

namespace swamp::render::graph {

/// What lines and arrows are made of.
enum class Glyphs : std::uint8_t { unicode, ascii };

/// `text` in ASCII and as wide as before: what was cut off is `~`, what cannot be written `?`.
std::string ascii_only(std::string_view text);

/// How strong a line is.
enum class Weight : std::uint8_t { light, heavy };

/// A sheet of character cells for boxes, lines and text. Lines that meet join; lines that cross do
/// not. What does not lie on the sheet is a bug (asserted).
class Canvas {
 public:
  Canvas(int width, int height, Glyphs glyphs);

  enum class Corners : std::uint8_t { square, round };
  /// The frame of a box; what it encloses stays.
  void box(int x, int y, int width, int height, Corners corners, Weight weight, Ink ink);

  /// A straight line between two cells, both included. Its ends are corners: they join what crosses
  /// there.
  void line(int x1, int y1, int x2, int y2, Weight weight, Ink ink);

  enum class Direction : std::uint8_t { right, down };
  void arrow(int x, int y, Direction direction, Ink ink);
  /// Where a line leaves the frame of a box.
  void exit(int x, int y, Direction direction, Weight weight);

  /// Writes over what is there. The text may not be wider than what is left of its row.
  void text(int x, int y, std::string_view text, Ink ink);

  /// All rows, blanks at their ends cut off.
  std::string to_string(Style style) const;

 private:
  struct Cell {
    std::string glyph = {};  // a text; empty: made of the lines
    std::uint8_t arms = 0;   // up, down, left, right
    std::uint8_t heavy = 0;  // which of the arms
    bool joined = false;     // a line ends or turns here
    bool framed = false;     // of a frame, in square corners
    bool taken = false;      // the second half of a wide character
    Ink ink = Ink::plain;
  };

  Cell& at(int x, int y);
  void extend(int x, int y, std::uint8_t arms, bool joins, Weight weight, Ink ink);
  std::string_view glyph_of(const Cell& cell) const;

  int width_;
  int height_;
  Glyphs glyphs_;
  std::vector<Cell> cells_;
};

}  // namespace swamp::render::graph
