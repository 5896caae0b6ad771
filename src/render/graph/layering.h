#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace swamp::render::graph {

/// `to` comes after `from`; both are indexes of nodes.
struct Edge {
  std::size_t from = 0;
  std::size_t to = 0;
};

/// The layer of each node of an acyclic graph: the number of edges on the longest way to it.
std::vector<std::size_t> layers_of(std::size_t nodes, std::span<const Edge> edges);

/// A place in a layer: a node, or what passes through on its way from one to a later layer. All
/// edges of one node that pass through a layer do it together.
struct Item {
  std::size_t node = 0;  // itself, or where the edges that pass through come from
  bool passes = false;
  std::size_t layer = 0;
  std::vector<std::size_t> before = {};  // items of the layer before that lead here
  std::vector<std::size_t> after = {};   // items of the next layer
};

/// A graph cut into steps between neighbouring layers, each layer in an order with few crossings.
struct Layering {
  std::vector<Item> items;                       // those of the nodes first, by their indexes
  std::vector<std::vector<std::size_t>> layers;  // items in their order
  /// For each edge the items that it runs through, both ends included; empty when it was left out,
  /// because such a number of long edges would bury all others.
  std::vector<std::vector<std::size_t>> paths;
};

/// Orders by barycentres, a few sweeps in either direction; without crossings the order of the
/// indexes stays (Sugiyama, Tagawa, Toda 1981).
Layering order_layers(std::size_t nodes, std::span<const Edge> edges);

}  // namespace swamp::render::graph
