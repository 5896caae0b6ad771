#include "render/graph/boxes.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "render/graph/labels.h"
#include "render/graph/nesting.h"
#include "render/text.h"

namespace swamp::render::graph {
namespace {

constexpr std::size_t kWidestText = 34;  // in a box
constexpr std::size_t kMostRounds = 8;

int width_of(std::string_view text) {
  return static_cast<int>(display_width(text));
}

/// In character cells.
const Metrics kCells = {
    .right = {.gap = 0, .clearance = 1, .stub = 1, .track = 2, .tip = 2, .stretch = true},
    .down = {.gap = 2, .clearance = 2, .stub = 0, .track = 1, .tip = 1},
    .right_port = 1,
    .port_step = 1,
    .right_foot = 2,
    .down_port = 3,
    .label_gap = 1,
    .label_height = 1,
    .left = 2,
    .top = 1,
    .right_side = 2,
    .bottom = 1,
    .width_of = width_of,
};

/// A row in a box: a text, and another at its right end.
struct Row {
  std::string text;
  Ink ink = Ink::plain;
  std::string sign = {};  // in front
  Ink sign_ink = Ink::plain;
  std::string right = {};

  int width() const {
    const int left = (sign.empty() ? 0 : width_of(sign) + 1) + width_of(text);
    return left + (right.empty() ? 0 : 2 + width_of(right));
  }
};

std::string sign_of(const Mark& mark, Glyphs glyphs) {
  return std::string(glyphs == Glyphs::ascii ? mark.plain : mark.sign);
}

std::vector<Row> rows_of(const StepLabel& label, Glyphs glyphs) {
  std::vector<Row> rows;
  rows.push_back({.text = fit(label.name, kWidestText),
                  .ink = Ink::bold,
                  .sign = sign_of(label.mark, glyphs),
                  .sign_ink = label.mark.ink,
                  .right = label.outcome});
  if (!label.task.empty()) rows.push_back({.text = fit(label.task, kWidestText), .ink = Ink::dim});
  for (const std::string& remark : label.remarks)
    rows.push_back({.text = fit(remark, kWidestText), .ink = Ink::yellow});
  for (const RoundLabel& round : label.rounds) {
    rows.push_back({.text = fit(round.name, kWidestText),
                    .ink = round.state.critical ? Ink::bold : Ink::plain,
                    .sign = sign_of(round.mark, glyphs),
                    .sign_ink = round.mark.ink,
                    .right = round.outcome});
  }
  if (!label.other_rounds.empty())
    rows.push_back({.text = fit(label.other_rounds, kWidestText), .ink = Ink::dim});
  return rows;
}

/// The title of a job, for the upper side of its frame.
struct Title {
  std::string sign;
  Ink ink = Ink::plain;
  std::string text;
  std::string outcome;

  int width() const {
    return width_of(text) + (sign.empty() ? 0 : width_of(sign) + 1) +
           (outcome.empty() ? 0 : width_of(outcome) + 3) + 6;
  }
};

Title title_of(const engine::GraphJob& job, Glyphs glyphs) {
  const Mark mark = mark_of(job.state ? &*job.state : nullptr);
  Title title{.sign = sign_of(mark, glyphs),
              .ink = mark.ink,
              .text = fit(printable(job.name), kWidestText),
              .outcome = job.state ? outcome_of(*job.state) : std::string()};
  for (const std::string& remark : remarks_of(job))
    title.text += ", " + remark;
  return title;
}

class BoxDrawing {
 public:
  BoxDrawing(const engine::WorkflowGraph& graph, const TextOptions& options)
      : graph_(graph), options_(options) {
    const std::size_t most = options.all_rounds ? 0 : kMostRounds;
    for (const engine::GraphStep& step : graph.steps) {
      rows_.push_back(rows_of(label_of(step, most), options.glyphs));
      Size size{.height = static_cast<int>(rows_.back().size()) + 2};
      for (const Row& row : rows_.back())
        size.width = std::max(size.width, row.width() + 4);
      sizes_.steps.push_back(size);
    }
    for (const engine::GraphJob& job : graph.jobs) {
      titles_.push_back(title_of(job, options.glyphs));
      sizes_.job_widths.push_back(titles_.back().width());
    }
  }

  /// The lowest picture that is not too wide.
  std::optional<std::string> draw() const {
    const int width = static_cast<int>(options_.width);
    std::optional<Picture> best;
    for (const Flow jobs : {Flow::right, Flow::down}) {
      for (const Flow steps : {Flow::right, Flow::down}) {
        Picture picture = arrange(graph_, sizes_, kCells, jobs, steps, width);
        const bool fits = picture.is_whole && picture.width <= width;
        if (fits && (!best || picture.height < best->height)) best = std::move(picture);
      }
    }
    if (!best) return std::nullopt;
    return paint(*best);
  }

 private:
  std::string paint(const Picture& picture) const {
    Canvas canvas(picture.width, picture.height, options_.glyphs);
    for (std::size_t job = 0; job < graph_.jobs.size(); ++job)
      paint_frame(canvas, titles_[job], picture.jobs[job]);
    for (std::size_t step = 0; step < graph_.steps.size(); ++step)
      paint_step(canvas, step, picture.steps[step]);
    // Lines of the critical path last: they go over those that they share a way with.
    for (const bool critical : {false, true}) {
      for (const Wire& wire : picture.wires) {
        if (wire.edge->critical == critical) paint_line(canvas, wire);
      }
    }
    for (const Wire& wire : picture.wires)
      paint_tip(canvas, wire);
    return canvas.to_string(options_.style);
  }

  static void paint_frame(Canvas& canvas, const Title& title, const Area& area) {
    canvas.box(area.x, area.y, area.width, area.height, Canvas::Corners::round, Weight::light,
               Ink::dim);
    int x = area.x + 2;
    canvas.text(x++, area.y, " ", Ink::plain);
    if (!title.sign.empty()) {
      canvas.text(x, area.y, title.sign + " ", title.ink);
      x += width_of(title.sign) + 1;
    }
    canvas.text(x, area.y, title.text + " ", Ink::bold);
    if (title.outcome.empty()) return;
    const std::string outcome = " " + title.outcome + " ";
    canvas.text(area.x + area.width - 2 - width_of(outcome), area.y, outcome, Ink::dim);
  }

  void paint_step(Canvas& canvas, std::size_t step, const Area& area) const {
    const auto& state = graph_.steps[step].state;
    canvas.box(area.x, area.y, area.width, area.height, Canvas::Corners::square,
               state && state->critical ? Weight::heavy : Weight::light,
               mark_of(state ? &*state : nullptr).ink);
    int y = area.y;
    for (const Row& row : rows_[step]) {
      ++y;
      int x = area.x + 2;
      if (!row.sign.empty()) {
        canvas.text(x, y, row.sign, row.sign_ink);
        x += width_of(row.sign) + 1;
      }
      canvas.text(x, y, row.text, row.ink);
      if (!row.right.empty())
        canvas.text(area.x + area.width - 2 - width_of(row.right), y, row.right, Ink::dim);
    }
  }

  static Canvas::Direction direction_of(const Wire& wire) {
    return wire.flow == Flow::right ? Canvas::Direction::right : Canvas::Direction::down;
  }

  /// One cell back against the flow.
  static XY before(const Wire& wire, XY point) {
    return wire.flow == Flow::right ? XY{point.x - 1, point.y} : XY{point.x, point.y - 1};
  }

  static void paint_line(Canvas& canvas, const Wire& wire) {
    const Weight weight = wire.edge->critical ? Weight::heavy : Weight::light;
    const Ink ink = wire.edge->critical ? Ink::yellow : Ink::plain;
    std::vector<XY> points = wire.points;
    points.front() = before(wire, points.front());  // the frame that it leaves
    points.back() = before(wire, points.back());    // the last cell before the other
    canvas.exit(points.front().x, points.front().y, direction_of(wire), weight);
    for (std::size_t i = 0; i + 1 < points.size(); ++i)
      canvas.line(points[i].x, points[i].y, points[i + 1].x, points[i + 1].y, weight, ink);
  }

  static void paint_tip(Canvas& canvas, const Wire& wire) {
    const XY tip = before(wire, wire.points.back());
    canvas.arrow(tip.x, tip.y, direction_of(wire), wire.edge->critical ? Ink::yellow : Ink::plain);
    if (wire.label.empty()) return;
    if (wire.flow == Flow::right) {
      canvas.text(tip.x - 1 - width_of(wire.label), tip.y, wire.label, Ink::cyan);
    } else {
      canvas.text(tip.x + 2, tip.y - 1, wire.label, Ink::cyan);
    }
  }

  const engine::WorkflowGraph& graph_;
  const TextOptions& options_;
  std::vector<std::vector<Row>> rows_;  // of each step
  std::vector<Title> titles_;           // of each job
  NodeSizes sizes_;
};

}  // namespace

std::optional<std::string> draw_boxes(const engine::WorkflowGraph& graph,
                                      const TextOptions& options) {
  return BoxDrawing(graph, options).draw();
}

}  // namespace swamp::render::graph
