#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace swamp::render {

/// The few ways in which text may stand out.
enum class Ink : std::uint8_t { plain, bold, dim, red, green, yellow, cyan, error };

/// Whether text stands out at all: terminals yes, pipes and `--no-color` no.
class Style {
 public:
  Style() = default;
  explicit Style(bool colour) : colour_(colour) {}

  bool has_colour() const { return colour_; }

  /// `text` in this ink; unchanged without colour or when there is nothing to paint.
  std::string paint(Ink ink, std::string_view text) const;

 private:
  bool colour_ = false;
};

}  // namespace swamp::render
