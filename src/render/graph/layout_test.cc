#include "render/graph/layout.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace swamp::render::graph {
namespace {

constexpr Spacing kSpacing = {.gap = 1, .clearance = 1, .stub = 1, .track = 2, .tip = 2};

/// Boxes of 5 by 3 with one port each.
std::vector<Box> boxes(std::size_t count) {
  return std::vector<Box>(count, {.length = 5, .breadth = 3, .exit = 1, .ports = {{.offset = 1}}});
}

std::string text_of(const Layout& layout) {
  std::string text;
  for (const PlacedBox& box : layout.boxes)
    text += fmt::format("[{},{} in {}] ", box.along, box.across, box.layer);
  for (const auto& line : layout.lines) {
    for (const Point& point : line)
      text += fmt::format("{},{}{}", point.along, point.across, point == line.back() ? " " : "-");
  }
  return text + fmt::format("{}x{}", layout.length, layout.breadth);
}

TEST(LayoutTest, AChainIsAStraightLine) {
  const std::vector<Link> links = {{0, 1}, {1, 2}};
  EXPECT_EQ(text_of(lay_out(boxes(3), links, kSpacing)),
            "[0,0 in 0] [8,0 in 1] [16,0 in 2] 5,1-8,1 13,1-16,1 21x3");
}

TEST(LayoutTest, LinesThatTurnHaveRoomBetweenTheLayers) {
  const std::vector<Link> links = {{0, 1}, {0, 2}};
  EXPECT_EQ(text_of(lay_out(boxes(3), links, kSpacing)),
            "[0,0 in 0] [9,0 in 1] [9,4 in 1] 5,1-9,1 5,1-6,1-6,5-9,5 14x7");
}

TEST(LayoutTest, ALineLeadsAroundTheBoxesBetween) {
  const std::vector<Link> links = {{0, 1}, {1, 2}, {0, 2}};
  EXPECT_EQ(text_of(lay_out(boxes(3), links, kSpacing)),
            "[0,0 in 0] [9,3 in 1] [18,0 in 2] 5,1-6,1-6,4-9,4 14,4-15,4-15,1-18,1 5,1-18,1 23x6");
}

TEST(LayoutTest, WordsBeforeABoxGetTheirRoom) {
  auto labelled = boxes(2);
  labelled[1].ports[0].label = 7;
  const std::vector<Link> links = {{0, 1}};
  EXPECT_EQ(text_of(lay_out(labelled, links, kSpacing)), "[0,0 in 0] [15,0 in 1] 5,1-15,1 20x3");
}

TEST(LayoutTest, ManyLongLinesAreLeftOutBeforeTheyBuryTheOthers) {
  constexpr std::size_t kSteps = 400;
  std::vector<Link> links;
  for (std::size_t i = 0; i + 1 < kSteps; ++i) {
    links.push_back({i, i + 1});
    links.push_back({i, kSteps - 1});
  }
  const Layout layout = lay_out(boxes(kSteps), links, kSpacing);
  std::size_t left_out = 0;
  for (std::size_t i = 0; i < links.size(); ++i) {
    const bool is_short = links[i].to == links[i].from + 1;
    if (layout.lines[i].empty()) ++left_out;
    EXPECT_FALSE(is_short && layout.lines[i].empty());
  }
  EXPECT_GT(left_out, 100u);
  EXPECT_LT(left_out, 399u);
}

// What holds for every acyclic graph.

struct RandomGraph {
  std::vector<Box> boxes;
  std::vector<Link> links;
};

RandomGraph random_graph() {
  RandomGraph graph;
  const auto count = *rc::gen::inRange<std::size_t>(1, 30);
  for (std::size_t i = 0; i < count; ++i) {
    const int ports = *rc::gen::inRange(1, 4);
    Box box{.length = *rc::gen::inRange(3, 9), .breadth = ports + 2, .exit = 1};
    for (int port = 0; port < ports; ++port)
      box.ports.push_back({.offset = 1 + port, .label = *rc::gen::inRange(0, 4)});
    graph.boxes.push_back(std::move(box));
  }
  const auto edges = *rc::gen::inRange<std::size_t>(0, count * 3);
  for (std::size_t i = 0; i < edges && count > 1; ++i) {
    const auto to = *rc::gen::inRange<std::size_t>(1, count);
    const auto from = *rc::gen::inRange<std::size_t>(0, to);
    const auto port = *rc::gen::inRange<std::size_t>(0, graph.boxes[to].ports.size());
    graph.links.push_back({from, to, port});
  }
  return graph;
}

/// The cells of a line: between its corners, ends excluded where the boxes are.
std::set<std::pair<int, int>> cells_of(const std::vector<Point>& line) {
  std::set<std::pair<int, int>> cells;
  for (std::size_t i = 0; i + 1 < line.size(); ++i) {
    const bool is_last = i + 2 == line.size();
    for (int along = std::min(line[i].along, line[i + 1].along);
         along <= std::max(line[i].along, line[i + 1].along); ++along) {
      for (int across = std::min(line[i].across, line[i + 1].across);
           across <= std::max(line[i].across, line[i + 1].across); ++across) {
        if (!is_last || along < line.back().along) cells.emplace(along, across);
      }
    }
  }
  return cells;
}

/// Whether two lines run side by side in one place: cross they may.
bool share_a_way(const std::vector<Point>& a, const std::vector<Point>& b) {
  for (std::size_t i = 0; i + 1 < a.size(); ++i) {
    for (std::size_t k = 0; k + 1 < b.size(); ++k) {
      const bool a_along = a[i].across == a[i + 1].across;
      const bool b_along = b[k].across == b[k + 1].across;
      if (a_along != b_along) continue;
      const auto low = [&](const Point& p, const Point& q) {
        return a_along ? std::min(p.along, q.along) : std::min(p.across, q.across);
      };
      const auto high = [&](const Point& p, const Point& q) {
        return a_along ? std::max(p.along, q.along) : std::max(p.across, q.across);
      };
      const bool same_line = a_along ? a[i].across == b[k].across : a[i].along == b[k].along;
      if (same_line && low(a[i], a[i + 1]) <= high(b[k], b[k + 1]) &&
          low(b[k], b[k + 1]) <= high(a[i], a[i + 1]))
        return true;
    }
  }
  return false;
}

RC_GTEST_PROP(LayoutProperty, BoxesDoNotOverlapAndStandAfterWhatTheyWaitFor, ()) {
  const RandomGraph graph = random_graph();
  const Layout layout = lay_out(graph.boxes, graph.links, kSpacing);
  for (std::size_t i = 0; i < graph.boxes.size(); ++i) {
    const PlacedBox& a = layout.boxes[i];
    RC_ASSERT(a.along >= 0 && a.across >= 0);
    RC_ASSERT(a.along + a.length <= layout.length);
    RC_ASSERT(a.across + graph.boxes[i].breadth <= layout.breadth);
    for (std::size_t k = 0; k < i; ++k) {
      const PlacedBox& b = layout.boxes[k];
      const bool apart_along = a.along + a.length <= b.along || b.along + b.length <= a.along;
      const bool apart_across = a.across + graph.boxes[i].breadth <= b.across ||
                                b.across + graph.boxes[k].breadth <= a.across;
      RC_ASSERT(apart_along || apart_across);
    }
  }
  for (const Link& link : graph.links)
    RC_ASSERT(layout.boxes[link.from].layer < layout.boxes[link.to].layer);
}

RC_GTEST_PROP(LayoutProperty, EveryLineLeadsFromItsBoxToItsPortAndThroughNoOther, ()) {
  const RandomGraph graph = random_graph();
  const Layout layout = lay_out(graph.boxes, graph.links, kSpacing);
  for (std::size_t i = 0; i < graph.links.size(); ++i) {
    const Link& link = graph.links[i];
    const auto& line = layout.lines[i];
    const PlacedBox& from = layout.boxes[link.from];
    const PlacedBox& to = layout.boxes[link.to];
    const Port& port = graph.boxes[link.to].ports[link.port];
    RC_ASSERT(line.size() >= 2);
    RC_ASSERT(line.front() ==
              (Point{from.along + from.length, from.across + graph.boxes[link.from].exit}));
    RC_ASSERT(line.back() == (Point{to.along, to.across + port.offset}));
    for (std::size_t k = 0; k + 1 < line.size(); ++k)
      RC_ASSERT(line[k].along == line[k + 1].along || line[k].across == line[k + 1].across);
    for (const auto& [along, across] : cells_of(line)) {
      for (std::size_t k = 0; k < graph.boxes.size(); ++k) {
        const PlacedBox& box = layout.boxes[k];
        RC_ASSERT(along < box.along || along >= box.along + box.length || across < box.across ||
                  across >= box.across + graph.boxes[k].breadth);
      }
    }
  }
}

RC_GTEST_PROP(LayoutProperty, LinesShareAWayOnlyFromOneBoxOrIntoOnePort, ()) {
  const RandomGraph graph = random_graph();
  const Layout layout = lay_out(graph.boxes, graph.links, kSpacing);
  for (std::size_t i = 0; i < graph.links.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      const Link& a = graph.links[i];
      const Link& b = graph.links[k];
      const bool one_box = a.from == b.from;
      const bool one_port = a.to == b.to && a.port == b.port;
      RC_ASSERT(one_box || one_port || !share_a_way(layout.lines[i], layout.lines[k]));
    }
  }
}

}  // namespace
}  // namespace swamp::render::graph
