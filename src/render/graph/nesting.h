#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/workflow_graph.h"
#include "render/graph/layout.h"

namespace swamp::render::graph {

/// Which way a graph flows.
enum class Flow : std::uint8_t { right, down };

struct Size {
  int width = 0;
  int height = 0;
};

/// The measures of a medium, in its units.
struct Metrics {
  Spacing right;
  Spacing down;
  int right_port = 0;  // of a box in a graph that flows right: from its top to where lines run
  int port_step = 0;   // and from there to the next port
  int right_foot = 0;  // least room below the last port
  int down_port = 0;   // of a box in a graph that flows down: from its left to where lines run
  int label_gap = 0;   // between words and what is beside them
  int label_height = 0;
  // A job's frame around its steps.
  int left = 0;
  int top = 0;
  int right_side = 0;
  int bottom = 0;
  std::function<int(std::string_view)> width_of;  // of the words on an edge
};

/// How large the nodes want to be.
struct NodeSizes {
  std::vector<Size> steps;      // of each step
  std::vector<int> job_widths;  // of each job: for its title; the frame may be wider
};

struct XY {
  int x = 0;
  int y = 0;
};

struct Area {
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;
};

struct Wire {
  const engine::GraphEdge* edge = nullptr;
  Flow flow = Flow::right;  // of the graph that it belongs to
  std::vector<XY> points;   // from the frame of a node to that of another, over corners
  std::string label;        // printable; empty: success
};

/// Jobs with their steps within, all in one plane.
struct Picture {
  int width = 0;
  int height = 0;
  std::vector<Area> jobs;
  std::vector<Area> steps;
  std::vector<Wire> wires;  // `edge` points into the graph
  bool is_whole = true;     // no edge was left out
};

/// Lays out the steps of each job, then the jobs. A job that flows right and is wider than
/// `widest_job` flows down instead (0: never). `graph` must outlive the picture.
Picture arrange(const engine::WorkflowGraph& graph, const NodeSizes& sizes, const Metrics& metrics,
                Flow jobs, Flow steps, int widest_job);

}  // namespace swamp::render::graph
