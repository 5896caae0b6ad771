#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/duration.h"
#include "render/graph/formats.h"
#include "render/graph/labels.h"
#include "render/graph/nesting.h"
#include "render/text.h"
#include "render/xml.h"

namespace swamp::render::graph {
namespace {

constexpr std::size_t kMostRounds = 10;
constexpr std::size_t kWidestText = 40;  // of a line in a box, in characters
constexpr int kMargin = 24;
constexpr int kLine = 17;  // height of a line of text
constexpr int kTitle = 44;
constexpr int kPadding = 12;
constexpr int kSide = 14;  // of a step, for its state

/// How wide a text may be in pixels, whatever the font: nobody can ask which one the reader has.
/// Rounded up from Helvetica and DejaVu, which are the narrowest and the widest that are likely.
int width_of(std::string_view text, double size) {
  constexpr std::string_view kNarrow = "iljtfrI.,:;'|!()[]/\\ ";
  constexpr std::string_view kWide = "mwMW%@";
  double width = 0;
  std::size_t ascii = 0;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0x80) continue;
    ++ascii;
    if (kNarrow.find(c) != std::string_view::npos) {
      width += 0.4;
    } else if (kWide.find(c) != std::string_view::npos) {
      width += 0.98;
    } else {
      width += c >= 'A' && c <= 'Z' ? 0.74 : 0.63;
    }
  }
  std::size_t others = 0;
  for (const char c : text)
    others += (static_cast<unsigned char>(c) & 0xC0U) == 0xC0U ? 1 : 0;
  others = std::max(others, display_width(text) - std::min(ascii, display_width(text)));
  width += 0.8 * static_cast<double>(others);
  return static_cast<int>(width * size) + 1;
}

constexpr double kBold = 1.13;  // how much wider bold letters are

int label_width(std::string_view text) {
  return width_of(text, 11);
}

const Metrics kPixels = {
    .right = {.gap = 18, .clearance = 9, .stub = 14, .track = 10, .tip = 22, .stretch = true},
    .down = {.gap = 28, .clearance = 12, .stub = 12, .track = 10, .tip = 18},
    .right_port = 22,
    .port_step = 18,
    .right_foot = 16,
    .down_port = 28,
    .label_gap = 8,
    .label_height = 16,
    .left = 18,
    .top = 40,
    .right_side = 18,
    .bottom = 18,
    .width_of = label_width,
};

/// The class of what is drawn for a state.
std::string_view class_of(const std::optional<engine::GraphState>& state) {
  if (!state) return "none";
  switch (mark_of(&*state).ink) {
    case Ink::green:
      return "good";
    case Ink::red:
      return "bad";
    case Ink::yellow:
      return "warn";
    case Ink::cyan:
      return "busy";
    default:
      return "idle";
  }
}

constexpr std::string_view kStyle = R"(<style>
text { font-family: "Helvetica Neue", Helvetica, Arial, "Liberation Sans", "DejaVu Sans", sans-serif; font-size: 12px; fill: #1f2328; }
.title { font-size: 18px; font-weight: 600; }
.run, .took, .more { fill: #656d76; }
.job { fill: #f6f8fa; stroke: #d0d7de; }
.jobname { font-size: 13px; font-weight: 600; }
.step { fill: #ffffff; stroke: #8c959f; }
.name { font-weight: 600; }
.task { fill: #656d76; font-size: 11px; }
.remark { fill: #8250df; font-size: 11px; }
.cond { fill: #0550ae; font-size: 11px; }
.edge { fill: none; stroke: #8c959f; stroke-width: 1.5; }
.tip { fill: #8c959f; }
.edge.critical { stroke: #bc4c00; stroke-width: 3; }
.tip.critical { fill: #bc4c00; }
.step.critical { stroke: #bc4c00; stroke-width: 2.5; }
.good { fill: #1a7f37; } .bad { fill: #cf222e; } .warn { fill: #9a6700; } .busy { fill: #0969da; } .idle { fill: #afb8c1; } .none { fill: #8c959f; }
.sign { fill: none; stroke: #ffffff; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
</style>
)";

/// A line of text in a box.
struct TextLine {
  std::string text;
  std::string_view style;
  std::string right = {};
  std::optional<engine::GraphState> state = std::nullopt;  // shown in front

  int width() const {
    const double size = style == "name" ? 12 * kBold : 12;
    return width_of(text, size) + (right.empty() ? 0 : 16 + width_of(right, 12)) + (state ? 18 : 0);
  }
};

class SvgDrawing {
 public:
  explicit SvgDrawing(const engine::WorkflowGraph& graph) : graph_(graph) {
    for (const engine::GraphStep& step : graph.steps) {
      lines_.push_back(lines_of(step));
      Size size{.width = 110, .height = 2 * kPadding - 4};
      for (const TextLine& line : lines_.back()) {
        size.width = std::max(size.width, line.width() + kSide + kPadding);
        size.height += kLine;
      }
      sizes_.steps.push_back(size);
    }
    for (const engine::GraphJob& job : graph.jobs) {
      const std::string outcome = job.state ? outcome_of(*job.state) : std::string();
      sizes_.job_widths.push_back(width_of(title_of(job), 13 * kBold) + width_of(outcome, 12) + 70);
    }
  }

  std::string draw() {
    const Picture picture = best_picture();
    const std::string path = critical_path();
    const int foot = path.empty() ? 0 : 34;
    const int width = std::max({picture.width, width_of(heading(), 18 * kBold) + 30,
                                path.empty() ? 0 : width_of(path, 12)}) +
                      2 * kMargin;
    const int height = picture.height + kTitle + foot + kMargin + kMargin / 2;
    out_ = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" "
        "viewBox=\"0 0 {0} {1}\" role=\"img\">\n<title>{2}</title>\n",
        width, height, escape_xml(heading()));
    out_ += kStyle;
    out_ += "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n";
    text(kMargin, 34, "title", printable(graph_.workflow_name));
    if (const std::string run = run_line(graph_, "·"); !run.empty()) {
      text(kMargin + width_of(printable(graph_.workflow_name), 18 * kBold) + 14, 34, "run", run);
    }
    out_ += fmt::format("<g transform=\"translate({} {})\">\n", kMargin, kTitle + kMargin / 2);
    for (std::size_t job = 0; job < graph_.jobs.size(); ++job)
      draw_job(graph_.jobs[job], picture.jobs[job]);
    for (const bool critical : {false, true}) {
      for (const Wire& wire : picture.wires) {
        if (wire.edge->critical == critical) draw_wire(wire);
      }
    }
    for (std::size_t step = 0; step < graph_.steps.size(); ++step)
      draw_step(step, picture.steps[step]);
    out_ += "</g>\n";
    if (!path.empty()) text(kMargin, height - kMargin + 4, "more", path);
    return out_ + "</svg>\n";
  }

 private:
  static std::vector<TextLine> lines_of(const engine::GraphStep& step) {
    const StepLabel label = label_of(step, kMostRounds);
    std::vector<TextLine> lines;
    lines.push_back({.text = fit(label.name, kWidestText),
                     .style = "name",
                     .right = label.outcome,
                     .state = step.state});
    if (!label.task.empty())
      lines.push_back({.text = fit(label.task, kWidestText), .style = "task"});
    for (const std::string& remark : label.remarks)
      lines.push_back({.text = fit(remark, kWidestText), .style = "remark"});
    for (const RoundLabel& round : label.rounds) {
      lines.push_back({.text = fit(round.name, kWidestText),
                       .style = round.state.critical ? "name" : "round",
                       .right = round.outcome,
                       .state = round.state});
    }
    if (!label.other_rounds.empty())
      lines.push_back({.text = fit(label.other_rounds, kWidestText), .style = "more"});
    return lines;
  }

  std::string heading() const {
    const std::string run = run_line(graph_, "·");
    return printable(graph_.workflow_name) + (run.empty() ? "" : "  " + run);
  }

  static std::string title_of(const engine::GraphJob& job) {
    std::string title = fit(printable(job.name), kWidestText);
    for (const std::string& remark : remarks_of(job))
      title += ", " + remark;
    return title;
  }

  std::string critical_path() const {
    if (graph_.critical_path.empty()) return {};
    return fmt::format("Critical path: {}, {}", count_of(graph_.critical_path.size(), "step"),
                       to_human(length_of(graph_.critical_path)));
  }

  /// The one that fits best on a screen.
  Picture best_picture() const {
    std::optional<Picture> best;
    const auto size_of = [](const Picture& picture) {
      return std::max(picture.width, picture.height * 8 / 5);
    };
    for (const Flow jobs : {Flow::right, Flow::down}) {
      for (const Flow steps : {Flow::right, Flow::down}) {
        Picture picture = arrange(graph_, sizes_, kPixels, jobs, steps, 0);
        if (!best || size_of(picture) < size_of(*best)) best = std::move(picture);
      }
    }
    return *std::move(best);
  }

  void text(int x, int y, std::string_view style, std::string_view words,
            std::string_view anchor = {}) {
    out_ += fmt::format("<text x=\"{}\" y=\"{}\" class=\"{}\"{}>{}</text>\n", x, y, style,
                        anchor.empty() ? "" : fmt::format(" text-anchor=\"{}\"", anchor),
                        escape_xml(words));
  }

  /// A state as a disc with its sign.
  void disc(int x, int y, const std::optional<engine::GraphState>& state) {
    using Status = store::RunStatus;
    if (!state) return;
    out_ +=
        fmt::format("<circle cx=\"{}\" cy=\"{}\" r=\"6.5\" class=\"{}\"/>", x, y, class_of(state));
    std::string_view sign;
    switch (state->status) {
      case Status::succeeded:
        sign = "M-3 0.2 L-0.8 2.6 L3 -2.2";
        break;
      case Status::failed:
      case Status::cancelled:
        sign = state->allowed_failure ? "M0 -3.2 L0 0.6 M0 3 L0 3.1"
                                      : "M-2.4 -2.4 L2.4 2.4 M2.4 -2.4 L-2.4 2.4";
        break;
      case Status::skipped:
        sign = "M-3 0 L3 0";
        break;
      case Status::waiting_approval:
      case Status::suspended:
        sign = "M-1.6 -2.4 L-1.6 2.4 M1.6 -2.4 L1.6 2.4";
        break;
      case Status::running:
        sign = "M-1.4 -2.6 L2.6 0 L-1.4 2.6 Z";
        break;
      case Status::pending:
        break;
    }
    if (!sign.empty()) {
      out_ +=
          fmt::format("<path transform=\"translate({} {})\" d=\"{}\" class=\"sign\"/>", x, y, sign);
    }
    out_ += "\n";
  }

  void draw_job(const engine::GraphJob& job, const Area& area) {
    out_ += fmt::format(
        "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"10\" class=\"job\"/>\n", area.x,
        area.y, area.width, area.height);
    const int shift = job.state ? 18 : 0;
    disc(area.x + kPixels.left + 6, area.y + 20, job.state);
    text(area.x + kPixels.left + shift, area.y + 25, "jobname", title_of(job));
    if (job.state) {
      text(area.x + area.width - kPixels.right_side, area.y + 25, "took", outcome_of(*job.state),
           "end");
    }
  }

  void draw_step(std::size_t index, const Area& area) {
    const engine::GraphStep& step = graph_.steps[index];
    const bool critical = step.state && step.state->critical;
    out_ += fmt::format(
        "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"6\" class=\"step{}\"/>\n", area.x,
        area.y, area.width, area.height, critical ? " critical" : "");
    int y = area.y + kPadding + 11;
    for (const TextLine& line : lines_[index]) {
      int x = area.x + kSide;
      if (line.state) {
        disc(x + 6, y - 4, line.state);
        x += 18;
      }
      text(x, y, line.style, line.text);
      if (!line.right.empty()) text(area.x + area.width - kPadding, y, "took", line.right, "end");
      y += kLine;
    }
  }

  /// Lines turn in small arcs.
  void draw_wire(const Wire& wire) {
    constexpr int kRadius = 5;
    constexpr int kTip = 7;
    const std::string_view critical = wire.edge->critical ? " critical" : "";
    const bool right = wire.flow == Flow::right;
    std::vector<XY> points = wire.points;
    const XY end = points.back();
    (right ? points.back().x : points.back().y) -= kTip - 1;
    std::string path = fmt::format("M{} {}", points.front().x, points.front().y);
    const auto sign = [](int n) { return (n > 0) - (n < 0); };
    for (std::size_t i = 1; i < points.size(); ++i) {
      const XY at = points[i];
      if (i + 1 == points.size()) {
        path += fmt::format(" L{} {}", at.x, at.y);
        break;
      }
      const XY from = points[i - 1];
      const XY to = points[i + 1];
      const int before = std::abs(at.x - from.x) + std::abs(at.y - from.y);
      const int after = std::abs(to.x - at.x) + std::abs(to.y - at.y);
      const int radius = std::min({kRadius, before / 2, after / 2});
      path += fmt::format(" L{} {} Q{} {} {} {}", at.x - sign(at.x - from.x) * radius,
                          at.y - sign(at.y - from.y) * radius, at.x, at.y,
                          at.x + sign(to.x - at.x) * radius, at.y + sign(to.y - at.y) * radius);
    }
    out_ += fmt::format("<path d=\"{}\" class=\"edge{}\"/>", path, critical);
    out_ += right ? fmt::format("<path d=\"M{} {} l-{} -4 v8 z\" class=\"tip{}\"/>\n", end.x, end.y,
                                kTip, critical)
                  : fmt::format("<path d=\"M{} {} l-4 -{} h8 z\" class=\"tip{}\"/>\n", end.x, end.y,
                                kTip, critical);
    if (wire.label.empty()) return;
    if (right) {
      text(end.x - 16, end.y - 4, "cond", wire.label, "end");
    } else {
      text(end.x + 7, end.y - 15, "cond", wire.label);
    }
  }

  const engine::WorkflowGraph& graph_;
  std::vector<std::vector<TextLine>> lines_;
  NodeSizes sizes_;
  std::string out_;
};

}  // namespace

std::string graph_svg(const engine::WorkflowGraph& graph) {
  return SvgDrawing(graph).draw();
}

}  // namespace swamp::render::graph
