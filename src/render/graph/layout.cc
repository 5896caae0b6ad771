#include "render/graph/layout.h"

#include <algorithm>
#include <map>
#include <utility>

#include "render/graph/layering.h"

namespace swamp::render::graph {
namespace {

std::vector<Edge> edges_of(std::span<const Link> links) {
  std::vector<Edge> edges;
  edges.reserve(links.size());
  for (const Link& link : links)
    edges.push_back({.from = link.from, .to = link.to});
  return edges;
}

class LayoutMaker {
 public:
  LayoutMaker(std::span<const Box> boxes, std::span<const Link> links, const Spacing& spacing)
      : boxes_(boxes),
        links_(links),
        spacing_(spacing),
        layering_(order_layers(boxes.size(), edges_of(links))),
        across_(layering_.items.size()),
        ports_(layering_.items.size()),
        track_(layering_.items.size()) {}

  Layout make() {
    find_ports();
    for (std::size_t layer = 0; layer < layering_.layers.size(); ++layer) {
      place_across(layer);
      place_along(layer);
    }
    layout_.length = along_;
    for (std::size_t item = 0; item < layering_.items.size(); ++item)
      layout_.breadth = std::max(layout_.breadth, across_[item] + breadth_of(item));
    for (std::size_t box = 0; box < boxes_.size(); ++box)
      layout_.boxes[box].across = across_[box];
    draw_lines();
    return std::move(layout_);
  }

 private:
  /// A way into an item, and the items of the layer before that use it.
  struct Entry {
    int offset = 0;
    int label = 0;
    std::vector<std::size_t> from = {};
  };

  bool passes(std::size_t item) const { return layering_.items[item].passes; }
  int breadth_of(std::size_t item) const { return passes(item) ? 1 : boxes_[item].breadth; }
  int exit_of(std::size_t item) const {
    return across_[item] + (passes(item) ? 0 : boxes_[item].exit);
  }

  void find_ports() {
    layout_.boxes.resize(boxes_.size());
    layout_.lines.resize(links_.size());
    for (std::size_t box = 0; box < boxes_.size(); ++box) {
      for (const Port& port : boxes_[box].ports)
        ports_[box].push_back({.offset = port.offset, .label = port.label});
    }
    for (std::size_t item = boxes_.size(); item < layering_.items.size(); ++item)
      ports_[item].push_back({.from = layering_.items[item].before});
    for (std::size_t link = 0; link < links_.size(); ++link) {
      const auto& path = layering_.paths[link];
      if (path.empty()) continue;
      auto& from = ports_[links_[link].to][links_[link].port].from;
      const std::size_t before = path[path.size() - 2];
      if (std::find(from.begin(), from.end(), before) == from.end()) from.push_back(before);
    }
  }

  // Across: each item where its first line comes straight in, if there is room, else below.

  void place_across(std::size_t layer) {
    exits_.clear();
    if (layer > 0) {
      for (const std::size_t item : layering_.layers[layer - 1]) {
        if (!layering_.items[item].after.empty()) exits_.emplace(exit_of(item), item);
      }
    }
    int free_from = 0;
    for (const std::size_t item : layering_.layers[layer]) {
      across_[item] = clear_of_lines(item, std::max(free_from, straight_place(item)));
      free_from = across_[item] + breadth_of(item) + spacing_.gap;
    }
  }

  int straight_place(std::size_t item) const {
    for (const Entry& entry : ports_[item]) {
      if (entry.from.empty()) continue;
      int nearest = exit_of(entry.from.front());
      for (const std::size_t from : entry.from)
        nearest = std::min(nearest, exit_of(from));
      return nearest - entry.offset;
    }
    return 0;
  }

  /// The first place from `across` on where no line enters on the height of a line that leaves the
  /// layer before for somewhere else.
  int clear_of_lines(std::size_t item, int across) const {
    for (bool moved = true; moved;) {
      moved = false;
      for (const Entry& entry : ports_[item]) {
        const int height = across + entry.offset;
        const auto begin = exits_.upper_bound(height - spacing_.clearance);
        const auto end = exits_.lower_bound(height + spacing_.clearance);
        for (auto exit = begin; exit != end; ++exit) {
          if (exit->first == height && may_go_straight(exit->second, entry)) continue;
          across = exit->first + spacing_.clearance - entry.offset;
          moved = true;
          break;
        }
        if (moved) break;
      }
    }
    return across;
  }

  static bool feeds(std::size_t item, const Entry& entry) {
    return std::find(entry.from.begin(), entry.from.end(), item) != entry.from.end();
  }

  /// Whether the item's line may enter on its own height: where others join it there, it must not
  /// have another line that turns off only behind them.
  bool may_go_straight(std::size_t item, const Entry& entry) const {
    if (!feeds(item, entry)) return false;
    if (entry.from.size() == 1) return true;
    std::ptrdiff_t ways = 0;
    for (const std::size_t after : layering_.items[item].after) {
      ways += std::count_if(ports_[after].begin(), ports_[after].end(),
                            [&](const Entry& each) { return feeds(item, each); });
    }
    return ways == 1;
  }

  // Along: layers one after the other, with room between them for the lines that turn.

  void place_along(std::size_t layer) {
    const auto& items = layering_.layers[layer];
    if (layer > 0) along_ += room_before(layer);
    int length = 0;
    for (const std::size_t item : items) {
      if (!passes(item)) length = std::max(length, boxes_[item].length);
    }
    layout_.layers.emplace_back();
    for (const std::size_t item : items) {
      if (passes(item)) continue;
      layout_.boxes[item] = {.along = along_,
                             .length = spacing_.stretch ? length : boxes_[item].length,
                             .layer = layer};
      layout_.layers.back().push_back(item);
    }
    along_ += length;
    ends_.push_back(along_);
  }

  int room_before(std::size_t layer) {
    int label = 0;
    for (const std::size_t item : layering_.layers[layer]) {
      for (const Entry& entry : ports_[item]) {
        if (!entry.from.empty()) label = std::max(label, entry.label);
      }
    }
    const int tracks = assign_tracks(layer);
    const int turns = tracks == 0 ? 0 : (tracks - 1) * spacing_.track + 1;
    return spacing_.stub + turns + label + spacing_.tip;
  }

  /// Gives each item of the layer before whose lines turn a track of its own for that, or one that
  /// is free on its height (the left edge algorithm). Returns how many tracks there are.
  int assign_tracks(std::size_t layer) {
    std::map<std::size_t, std::pair<int, int>> extents;  // of the lines of an item, across
    for (const std::size_t item : layering_.layers[layer]) {
      for (const Entry& entry : ports_[item]) {
        const int height = across_[item] + entry.offset;
        for (const std::size_t from : entry.from) {
          const int exit = exit_of(from);
          auto& extent = extents.emplace(from, std::pair(exit, exit)).first->second;
          extent.first = std::min(extent.first, height);
          extent.second = std::max(extent.second, height);
        }
      }
    }
    std::vector<std::pair<std::pair<int, int>, std::size_t>> turning;
    for (const auto& [item, extent] : extents) {
      if (extent.first != extent.second) turning.emplace_back(extent, item);
    }
    std::sort(turning.begin(), turning.end());
    std::vector<int> occupied;  // of each track: up to where
    for (const auto& [extent, item] : turning) {
      const int from = extent.first;
      const auto is_free = [&](int end) { return end + spacing_.clearance <= from; };
      auto track = std::find_if(occupied.begin(), occupied.end(), is_free);
      if (track == occupied.end()) track = occupied.insert(occupied.end(), 0);
      *track = extent.second;
      track_[item] = static_cast<int>(track - occupied.begin());
    }
    return static_cast<int>(occupied.size());
  }

  // Lines.

  void draw_lines() {
    for (std::size_t link = 0; link < links_.size(); ++link) {
      const auto& path = layering_.paths[link];
      if (path.empty()) continue;
      std::vector<Point>& line = layout_.lines[link];
      const PlacedBox& from = layout_.boxes[links_[link].from];
      line.push_back({from.along + from.length, exit_of(path.front())});
      for (std::size_t i = 1; i < path.size(); ++i) {
        const bool is_last = i + 1 == path.size();
        const int offset = is_last ? ports_[path[i]][links_[link].port].offset : 0;
        turn(line, path[i - 1], across_[path[i]] + offset);
      }
      line.push_back({layout_.boxes[links_[link].to].along, line.back().across});
    }
  }

  /// Takes the line from an item to a height in the next layer.
  void turn(std::vector<Point>& line, std::size_t from, int height) const {
    const int exit = line.back().across;
    if (exit == height) return;
    const std::size_t layer = layering_.items[from].layer;
    const int along = ends_[layer] + spacing_.stub + track_[from] * spacing_.track;
    line.push_back({along, exit});
    line.push_back({along, height});
  }

  std::span<const Box> boxes_;
  std::span<const Link> links_;
  Spacing spacing_;
  Layering layering_;
  std::vector<int> across_;                // of each item
  std::vector<std::vector<Entry>> ports_;  // of each item
  std::vector<int> track_;                 // of each item whose lines turn
  std::multimap<int, std::size_t> exits_;  // of the layer before: heights of lines that leave
  std::vector<int> ends_;                  // of each layer, along
  int along_ = 0;
  Layout layout_;
};

}  // namespace

Layout lay_out(std::span<const Box> boxes, std::span<const Link> links, const Spacing& spacing) {
  return LayoutMaker(boxes, links, spacing).make();
}

}  // namespace swamp::render::graph
