#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace swamp::render::graph {

// Where the boxes and lines of a graph stand. Pure geometry in whole units, cells or pixels alike,
// along two axes: `along` is the way the graph flows, `across` the other. Whoever draws says which
// of them is x.

/// Where lines enter a box. All that wait under the same condition enter together.
struct Port {
  int offset = 0;  // across, from where the box begins
  int label = 0;   // the room, along, that the words before the box need; 0: there are none
};

struct Box {
  int length = 0;   // along
  int breadth = 0;  // across
  int exit = 0;     // where lines leave: across, from where the box begins
  std::vector<Port> ports = {};
};

/// A line from a box to a port of another. The graph must be acyclic.
struct Link {
  std::size_t from = 0;
  std::size_t to = 0;
  std::size_t port = 0;
};

struct Spacing {
  int gap = 1;           // across, between boxes of a layer
  int clearance = 1;     // across, between lines that have nothing to do with each other
  int stub = 1;          // along, from a box to where lines turn
  int track = 2;         // along, between lines that turn
  int tip = 2;           // along, from where lines turn to the next box
  bool stretch = false;  // boxes of one layer are all as long as the longest
};

struct Point {
  int along = 0;
  int across = 0;
  friend bool operator==(const Point&, const Point&) = default;
};

struct PlacedBox {
  int along = 0;
  int across = 0;
  int length = 0;
  std::size_t layer = 0;
};

struct Layout {
  std::vector<PlacedBox> boxes;
  /// Of each link: from the far side of its box over corners to the near side of the other. Empty
  /// when it was left out (see Layering).
  std::vector<std::vector<Point>> lines;
  std::vector<std::vector<std::size_t>> layers;  // boxes, in their order across
  int length = 0;
  int breadth = 0;
};

/// Lays a graph out in layers. Boxes do not overlap; lines run at right angles, turn only between
/// layers, and share a way only when they come from the same box or enter the same port. Costs
/// about as much as the graph is large.
Layout lay_out(std::span<const Box> boxes, std::span<const Link> links, const Spacing& spacing);

}  // namespace swamp::render::graph
