#include "render/graph/nesting.h"

#include <algorithm>
#include <utility>

#include "render/graph/ports.h"

namespace swamp::render::graph {
namespace {

/// The jobs, or the steps of one job, laid out by themselves.
struct Laid {
  Flow flow = Flow::right;
  Layout layout;
  std::vector<Size> sizes;  // grown where ports need it
  Size size;

  XY turned(Point point) const {
    return flow == Flow::right ? XY{point.along, point.across} : XY{point.across, point.along};
  }
  Area area_of(std::size_t box) const {
    const PlacedBox& placed = layout.boxes[box];
    const XY at = turned({placed.along, placed.across});
    const int width = flow == Flow::right ? placed.length : sizes[box].width;
    return {.x = at.x, .y = at.y, .width = width, .height = sizes[box].height};
  }
};

class Arranger {
 public:
  Arranger(const engine::WorkflowGraph& graph, const NodeSizes& sizes, const Metrics& metrics)
      : graph_(graph), sizes_(sizes), metrics_(metrics) {}

  Picture arrange(Flow outer, Flow inner, int widest_job) {
    const Ported jobs = ports_of_jobs(graph_);
    const std::vector<Ported> steps = ports_of_steps(graph_);
    std::vector<Laid> laid;
    std::vector<Size> frames;
    for (std::size_t job = 0; job < graph_.jobs.size(); ++job) {
      Laid one = lay_steps(job, inner, steps[job]);
      if (widest_job > 0 && inner == Flow::right && frame_of(job, one).width > widest_job)
        one = lay_steps(job, Flow::down, steps[job]);
      frames.push_back(frame_of(job, one));
      laid.push_back(std::move(one));
    }
    const Laid all = lay(outer, std::move(frames), jobs);
    picture_.width = all.size.width;
    picture_.height = all.size.height;
    picture_.steps.resize(graph_.steps.size());
    for (std::size_t job = 0; job < graph_.jobs.size(); ++job) {
      const Area frame = all.area_of(job);
      picture_.jobs.push_back(frame);
      const XY origin{frame.x + metrics_.left, frame.y + metrics_.top};
      for (std::size_t i = 0; i < graph_.jobs[job].steps.size(); ++i) {
        Area area = laid[job].area_of(i);
        area.x += origin.x;
        area.y += origin.y;
        picture_.steps[graph_.jobs[job].steps[i]] = area;
      }
      add_wires(laid[job], steps[job], origin);
    }
    add_wires(all, jobs, {0, 0});
    return std::move(picture_);
  }

 private:
  Laid lay_steps(std::size_t job, Flow flow, const Ported& ported) const {
    std::vector<Size> sizes;
    for (const std::size_t step : graph_.jobs[job].steps)
      sizes.push_back(sizes_.steps[step]);
    return lay(flow, std::move(sizes), ported);
  }

  Size frame_of(std::size_t job, const Laid& laid) const {
    return {.width = std::max(laid.size.width + metrics_.left + metrics_.right_side,
                              sizes_.job_widths[job]),
            .height = laid.size.height + metrics_.top + metrics_.bottom};
  }

  Laid lay(Flow flow, std::vector<Size> sizes, const Ported& ported) const {
    Laid laid{.flow = flow, .sizes = std::move(sizes)};
    std::vector<Box> boxes;
    for (std::size_t i = 0; i < laid.sizes.size(); ++i)
      boxes.push_back(box_of(flow, laid.sizes[i], ported.nodes[i]));
    std::vector<Link> links;
    for (const PortedEdge& edge : ported.edges)
      links.push_back({.from = edge.from, .to = edge.to, .port = edge.port});
    laid.layout = lay_out(boxes, links, flow == Flow::right ? metrics_.right : metrics_.down);
    const XY end = laid.turned({laid.layout.length, laid.layout.breadth});
    laid.size = {.width = end.x, .height = end.y};
    return laid;
  }

  /// The box with its ports; `size` grows where they need it.
  Box box_of(Flow flow, Size& size, const NodePorts& ports) const {
    Box box;
    if (flow == Flow::right) {
      int offset = metrics_.right_port;
      for (const std::string& label : ports.labels) {
        const int room = label.empty() ? 0 : metrics_.width_of(label) + metrics_.label_gap;
        box.ports.push_back({.offset = offset, .label = room});
        size.height = std::max(size.height, offset + metrics_.right_foot);
        offset += metrics_.port_step;
      }
      box.length = size.width;
      box.breadth = size.height;
      box.exit = metrics_.right_port;
      return box;
    }
    int offset = metrics_.down_port;
    size.width = std::max(size.width, 2 * metrics_.down_port);
    for (const std::string& label : ports.labels) {
      box.ports.push_back({.offset = offset, .label = label.empty() ? 0 : metrics_.label_height});
      offset += (label.empty() ? 0 : metrics_.width_of(label)) + 3 * metrics_.label_gap;
      size.width = std::max(size.width, offset);
    }
    box.length = size.height;
    box.breadth = size.width;
    box.exit = metrics_.down_port;
    return box;
  }

  void add_wires(const Laid& laid, const Ported& ported, XY origin) {
    for (std::size_t i = 0; i < ported.edges.size(); ++i) {
      const PortedEdge& edge = ported.edges[i];
      const auto& line = laid.layout.lines[i];
      picture_.is_whole = picture_.is_whole && !line.empty();
      if (line.empty()) continue;
      Wire wire{
          .edge = edge.edge, .flow = laid.flow, .label = ported.nodes[edge.to].labels[edge.port]};
      for (const Point point : line) {
        const XY at = laid.turned(point);
        wire.points.push_back({origin.x + at.x, origin.y + at.y});
      }
      picture_.wires.push_back(std::move(wire));
    }
  }

  const engine::WorkflowGraph& graph_;
  const NodeSizes& sizes_;
  const Metrics& metrics_;
  Picture picture_;
};

}  // namespace

Picture arrange(const engine::WorkflowGraph& graph, const NodeSizes& sizes, const Metrics& metrics,
                Flow jobs, Flow steps, int widest_job) {
  return Arranger(graph, sizes, metrics).arrange(jobs, steps, widest_job);
}

}  // namespace swamp::render::graph
