#include "render/graph/layering.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace swamp::render::graph {
namespace {

constexpr int kSweeps = 4;

/// How many places in layers edges may pass through, for a graph of this size.
std::size_t most_passing(std::size_t nodes) {
  return 20 * nodes + 200;
}

using Layers = std::vector<std::vector<std::size_t>>;

class Builder {
 public:
  Builder(std::size_t nodes, std::span<const Edge> edges)
      : edges_(edges), layer_of_(layers_of(nodes, edges)), reach_(nodes) {
    for (std::size_t node = 0; node < nodes; ++node)
      add({.node = node, .layer = layer_of_[node]});
    result_.paths.resize(edges.size());
  }

  Layering build() {
    std::vector<std::vector<std::size_t>> passing(layer_of_.size());  // of each node, by layer
    for (const std::size_t edge : kept_edges())
      lead(edge, passing[edges_[edge].from]);
    return std::move(result_);
  }

 private:
  std::size_t span_of(std::size_t edge) const {
    return layer_of_[edges_[edge].to] - layer_of_[edges_[edge].from];
  }

  std::size_t add(Item item) {
    if (result_.layers.size() <= item.layer) result_.layers.resize(item.layer + 1);
    result_.layers[item.layer].push_back(result_.items.size());
    result_.items.push_back(std::move(item));
    return result_.items.size() - 1;
  }

  /// All edges, in their order, but for the longest when together they would take too many places.
  std::vector<std::size_t> kept_edges() {
    std::vector<std::size_t> shortest_first(edges_.size());
    std::iota(shortest_first.begin(), shortest_first.end(), 0);
    std::stable_sort(shortest_first.begin(), shortest_first.end(),
                     [&](std::size_t a, std::size_t b) { return span_of(a) < span_of(b); });
    std::size_t left = most_passing(layer_of_.size());
    std::vector<std::size_t> kept;
    for (const std::size_t edge : shortest_first) {
      std::size_t& reach = reach_[edges_[edge].from];
      const std::size_t places = span_of(edge) - 1;
      const std::size_t more = places > reach ? places - reach : 0;
      if (more > left) break;
      left -= more;
      reach = std::max(reach, places);
      kept.push_back(edge);
    }
    std::sort(kept.begin(), kept.end());
    return kept;
  }

  /// `passing` holds the places that edges of this node have taken already, one a layer.
  void lead(std::size_t edge, std::vector<std::size_t>& passing) {
    const auto [from, to] = edges_[edge];
    std::vector<std::size_t>& path = result_.paths[edge];
    path.push_back(from);
    for (std::size_t i = 0; i + 1 < span_of(edge); ++i) {
      if (i == passing.size()) {
        const std::size_t layer = layer_of_[from] + 1 + i;
        passing.push_back(add({.node = from, .passes = true, .layer = layer}));
        connect(path.back(), passing.back());
      }
      path.push_back(passing[i]);
    }
    connect(path.back(), to);
    path.push_back(to);
  }

  void connect(std::size_t from, std::size_t to) {
    std::vector<std::size_t>& after = result_.items[from].after;
    if (std::find(after.begin(), after.end(), to) != after.end()) return;
    after.push_back(to);
    result_.items[to].before.push_back(from);
  }

  std::span<const Edge> edges_;
  std::vector<std::size_t> layer_of_;
  std::vector<std::size_t> reach_;  // places that the edges of each node pass through
  Layering result_;
};

/// Crossings between neighbouring layers: pairs of edges in reverse order, counted with a tree of
/// sums (Barth, Jünger, Mutzel 2002).
class CrossingCount {
 public:
  explicit CrossingCount(const std::vector<Item>& items) : items_(items), places_(items.size()) {}

  std::size_t of(const Layers& layers) {
    for (const auto& layer : layers) {
      for (std::size_t i = 0; i < layer.size(); ++i)
        places_[layer[i]] = i;
    }
    std::size_t count = 0;
    for (std::size_t i = 0; i + 1 < layers.size(); ++i)
      count += between(layers[i], layers[i + 1].size());
    return count;
  }

 private:
  std::size_t between(const std::vector<std::size_t>& layer, std::size_t next_size) {
    sums_.assign(next_size + 1, 0);
    std::size_t seen = 0;
    std::size_t count = 0;
    for (const std::size_t item : layer) {
      for (const std::size_t next : items_[item].after)
        count += seen - sum_up_to(places_[next]);
      for (const std::size_t next : items_[item].after) {
        add_at(places_[next]);
        ++seen;
      }
    }
    return count;
  }

  std::size_t sum_up_to(std::size_t place) const {
    std::size_t sum = 0;
    for (std::size_t i = place + 1; i > 0; i &= i - 1)
      sum += sums_[i];
    return sum;
  }
  void add_at(std::size_t place) {
    for (std::size_t i = place + 1; i < sums_.size(); i += i & (~i + 1))
      ++sums_[i];
  }

  const std::vector<Item>& items_;
  std::vector<std::size_t> places_;
  std::vector<std::size_t> sums_;
};

class Sweeper {
 public:
  Sweeper(const std::vector<Item>& items, Layers layers)
      : items_(items), layers_(std::move(layers)), places_(items.size()) {
    for (const auto& layer : layers_)
      note_places(layer);
  }

  const Layers& layers() const { return layers_; }

  void sweep_down() {
    for (std::size_t i = 1; i < layers_.size(); ++i)
      sort(layers_[i], &Item::before);
  }
  void sweep_up() {
    for (std::size_t i = layers_.size(); i-- > 1;)
      sort(layers_[i - 1], &Item::after);
  }

 private:
  void sort(std::vector<std::size_t>& layer, std::vector<std::size_t> Item::*neighbours) {
    std::vector<std::pair<double, std::size_t>> keyed;
    keyed.reserve(layer.size());
    for (const std::size_t item : layer) {
      const auto& near = items_[item].*neighbours;
      double key = static_cast<double>(places_[item]);
      if (!near.empty()) {
        key = 0;
        for (const std::size_t one : near)
          key += static_cast<double>(places_[one]);
        key /= static_cast<double>(near.size());
      }
      keyed.emplace_back(key, item);
    }
    std::stable_sort(keyed.begin(), keyed.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    for (std::size_t i = 0; i < keyed.size(); ++i)
      layer[i] = keyed[i].second;
    note_places(layer);
  }

  void note_places(const std::vector<std::size_t>& layer) {
    for (std::size_t i = 0; i < layer.size(); ++i)
      places_[layer[i]] = i;
  }

  const std::vector<Item>& items_;
  Layers layers_;
  std::vector<std::size_t> places_;
};

/// What passes through stands where the node it comes from would stand by its index.
void order_by_index(const std::vector<Item>& items, Layers& layers) {
  for (auto& layer : layers) {
    std::stable_sort(layer.begin(), layer.end(),
                     [&](std::size_t a, std::size_t b) { return items[a].node < items[b].node; });
  }
}

}  // namespace

std::vector<std::size_t> layers_of(std::size_t nodes, std::span<const Edge> edges) {
  std::vector<std::size_t> layer(nodes);
  std::vector<std::size_t> open(nodes);
  std::vector<std::vector<std::size_t>> unlocks(nodes);
  for (const auto& [from, to] : edges) {
    ++open[to];
    unlocks[from].push_back(to);
  }
  std::vector<std::size_t> ready;
  for (std::size_t node = 0; node < nodes; ++node) {
    if (open[node] == 0) ready.push_back(node);
  }
  for (std::size_t next = 0; next < ready.size(); ++next) {
    const std::size_t node = ready[next];
    for (const std::size_t to : unlocks[node]) {
      layer[to] = std::max(layer[to], layer[node] + 1);
      if (--open[to] == 0) ready.push_back(to);
    }
  }
  return layer;
}

Layering order_layers(std::size_t nodes, std::span<const Edge> edges) {
  Layering layering = Builder(nodes, edges).build();
  order_by_index(layering.items, layering.layers);
  CrossingCount crossings(layering.items);
  std::size_t fewest = crossings.of(layering.layers);
  Sweeper sweeper(layering.items, layering.layers);
  for (int i = 0; i < kSweeps && fewest > 0; ++i) {
    for (const auto sweep : {&Sweeper::sweep_down, &Sweeper::sweep_up}) {
      (sweeper.*sweep)();
      const std::size_t count = crossings.of(sweeper.layers());
      if (count >= fewest) continue;
      fewest = count;
      layering.layers = sweeper.layers();
    }
  }
  return layering;
}

}  // namespace swamp::render::graph
