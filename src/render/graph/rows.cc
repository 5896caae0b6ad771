#include "render/graph/rows.h"

#include <algorithm>
#include <optional>
#include <set>
#include <vector>

#include <fmt/format.h>

#include "render/graph/labels.h"
#include "render/text.h"

namespace swamp::render::graph {
namespace {

constexpr std::size_t kMostLanes = 12;
constexpr std::size_t kWidestName = 32;
constexpr std::size_t kMostRounds = 20;
constexpr std::size_t kLeastText = 12;  // room for words that lanes leave

/// The nodes so that each comes after those that it waits for, else in their own order.
std::vector<std::size_t> in_running_order(std::size_t count,
                                          const std::vector<std::vector<std::size_t>>& unlocks) {
  std::vector<std::size_t> open(count);
  for (const auto& unlocked : unlocks) {
    for (const std::size_t node : unlocked)
      ++open[node];
  }
  std::set<std::size_t> ready;
  for (std::size_t node = 0; node < count; ++node) {
    if (open[node] == 0) ready.insert(node);
  }
  std::vector<std::size_t> order;
  while (!ready.empty()) {
    const std::size_t node = *ready.begin();
    ready.erase(ready.begin());
    order.push_back(node);
    for (const std::size_t next : unlocks[node]) {
      if (--open[next] == 0) ready.insert(next);
    }
  }
  return order;
}

/// Edges by the node they lead to, and nodes by what they unlock.
struct Neighbours {
  std::vector<std::vector<const engine::GraphEdge*>> into;
  std::vector<std::vector<std::size_t>> unlocks;

  Neighbours(std::size_t count, const std::vector<engine::GraphEdge>& edges)
      : into(count), unlocks(count) {
    for (const engine::GraphEdge& edge : edges) {
      into[edge.to].push_back(&edge);
      unlocks[edge.from].push_back(edge.to);
    }
  }
};

/// A line in front of the rows: it comes from a step and runs down to those that wait for it.
struct Lane {
  std::size_t from = 0;   // the step
  std::size_t open = 0;   // edges that have not arrived yet
  std::size_t began = 0;  // the row of the step
  std::size_t drawn = 0;  // up to this row
};

/// The rows of one job: which step, or which of its rounds, and the words beside it.
struct TextRow {
  std::size_t step = 0;
  bool is_first = true;  // of its step
  Mark mark = {};
  std::string name;
  std::string outcome = {};
  std::vector<std::string> words = {};  // the task, then remarks
  bool bold = false;
};

class JobRows {
 public:
  JobRows(const engine::WorkflowGraph& graph, const Neighbours& steps, std::size_t job,
          const std::vector<std::size_t>& order, const TextOptions& options)
      : graph_(graph), steps_(steps), options_(options) {
    const std::size_t room = options.width > kLeastText ? options.width - kLeastText : 0;
    most_lanes_ = std::min(kMostLanes, room / 2);
    for (const std::size_t step : order) {
      if (graph.steps[step].job == job) add_rows(step);
    }
  }

  std::string draw() {
    assign_lanes();
    const int height = static_cast<int>(rows_.size());
    Canvas canvas(static_cast<int>(options_.width), height, options_.glyphs);
    for (const Stroke& stroke : strokes_) {
      const Weight weight = stroke.critical ? Weight::heavy : Weight::light;
      const Ink ink = stroke.critical ? Ink::yellow : Ink::plain;
      const int from = x_of(stroke.from_lane);
      canvas.line(from, static_cast<int>(stroke.from_row), from, static_cast<int>(stroke.to_row),
                  weight, ink);
      if (stroke.to_lane != stroke.from_lane) {
        canvas.line(from, static_cast<int>(stroke.to_row), x_of(stroke.to_lane),
                    static_cast<int>(stroke.to_row), weight, ink);
      }
    }
    for (std::size_t row = 0; row < rows_.size(); ++row)
      write_words(canvas, row);
    return canvas.to_string(options_.style);
  }

 private:
  /// A piece of a line: down a lane, then over to the step it leads to.
  struct Stroke {
    std::size_t from_lane = 0;
    std::size_t to_lane = 0;
    std::size_t from_row = 0;
    std::size_t to_row = 0;
    bool critical = false;
  };

  static int x_of(std::size_t lane) { return 1 + 2 * static_cast<int>(lane); }

  void add_rows(std::size_t step) {
    const StepLabel label = label_of(graph_.steps[step], options_.all_rounds ? 0 : kMostRounds);
    const auto& state = graph_.steps[step].state;
    TextRow first{.step = step,
                  .mark = label.mark,
                  .name = label.name,
                  .outcome = label.outcome,
                  .bold = state && state->critical};
    if (!label.task.empty()) first.words.push_back(label.task);
    first.words.insert(first.words.end(), label.remarks.begin(), label.remarks.end());
    rows_.push_back(std::move(first));
    for (const RoundLabel& round : label.rounds) {
      rows_.push_back({.step = step,
                       .is_first = false,
                       .mark = round.mark,
                       .name = round.name,
                       .outcome = round.outcome,
                       .bold = round.state.critical});
    }
    if (!label.other_rounds.empty())
      rows_.push_back({.step = step, .is_first = false, .name = label.other_rounds});
  }

  // Lanes.

  void assign_lanes() {
    marks_.resize(rows_.size());
    for (std::size_t row = 0; row < rows_.size(); ++row) {
      if (rows_[row].is_first) arrive(row);
    }
    width_ = std::max<std::size_t>(lanes_.size(), 1);
    for (const std::size_t lane : marks_)
      width_ = std::max(width_, lane + 1);
  }

  /// Leads the lines of what the step waits for to its row, and opens a lane for what waits for it.
  void arrive(std::size_t row) {
    const std::size_t step = rows_[row].step;
    std::vector<std::pair<std::size_t, const engine::GraphEdge*>> arriving;  // lanes
    for (const engine::GraphEdge* edge : steps_.into[step]) {
      if (const auto lane = lane_from(edge->from)) {
        arriving.emplace_back(*lane, edge);
        if (!label_of(*edge).empty()) tell(row, *edge, "when");
      } else {
        tell(row, *edge, "after");
      }
    }
    std::optional<std::size_t> place;
    for (const auto& [lane, edge] : arriving) {
      if (lanes_[lane]->open == 1 && (!place || lane < *place)) place = lane;
    }
    if (!place) place = free_lane();
    marks_[row] = place.value_or(most_lanes_);
    for (const auto& [lane, edge] : arriving) {
      strokes_.push_back({.from_lane = lane,
                          .to_lane = marks_[row],
                          .from_row = edge->critical ? lanes_[lane]->began : lanes_[lane]->drawn,
                          .to_row = row,
                          .critical = edge->critical});
      lanes_[lane]->drawn = row;
      if (--lanes_[lane]->open == 0) lanes_[lane].reset();
    }
    const auto& unlocks = steps_.unlocks[step];
    if (unlocks.empty() || !place) return;
    if (*place == lanes_.size()) lanes_.emplace_back();
    lanes_[*place] = Lane{.from = step, .open = unlocks.size(), .began = row, .drawn = row};
  }

  std::optional<std::size_t> lane_from(std::size_t step) const {
    for (std::size_t lane = 0; lane < lanes_.size(); ++lane) {
      if (lanes_[lane] && lanes_[lane]->from == step) return lane;
    }
    return std::nullopt;
  }

  /// The first lane that nothing runs in; one past the last while there may be more.
  std::optional<std::size_t> free_lane() const {
    for (std::size_t lane = 0; lane < lanes_.size(); ++lane) {
      if (!lanes_[lane]) return lane;
    }
    if (lanes_.size() < most_lanes_) return lanes_.size();
    return std::nullopt;
  }

  void tell(std::size_t row, const engine::GraphEdge& edge, std::string_view how) {
    const std::string label = label_of(edge);
    const std::string name = printable(graph_.steps[edge.from].name);
    if (how == "when") {
      rows_[row].words.push_back(fmt::format("when {} {}", name, label));
    } else {
      rows_[row].words.push_back(label.empty() ? fmt::format("after {}", name)
                                               : fmt::format("after {} ({})", name, label));
    }
  }

  // Words.

  std::size_t widest_name() {
    if (name_width_ == 0) {
      for (const TextRow& row : rows_) {
        const std::size_t indent = row.is_first ? 0 : 2;
        name_width_ =
            std::max(name_width_, std::min(display_width(row.name) + indent, kWidestName));
        outcome_width_ = std::max(outcome_width_, display_width(row.outcome));
      }
    }
    return name_width_;
  }

  void write_words(Canvas& canvas, std::size_t row) {
    const TextRow& text = rows_[row];
    const std::size_t names = widest_name();
    const int y = static_cast<int>(row);
    const bool has_state = graph_.run.has_value();
    const std::string sign(options_.glyphs == Glyphs::ascii ? text.mark.plain : text.mark.sign);
    std::size_t x = 1 + 2 * width_;
    if (text.is_first) {
      const std::string dot = options_.glyphs == Glyphs::ascii ? "o" : "●";
      canvas.text(x_of(marks_[row]), y, has_state && !sign.empty() ? sign : dot, text.mark.ink);
    } else {
      x += 2;
      if (!sign.empty() && x + 2 < options_.width) {
        canvas.text(static_cast<int>(x), y, sign, text.mark.ink);
        x += 2;
      }
    }
    const std::size_t start = 1 + 2 * width_;
    const auto put = [&](std::string_view words, Ink ink) {
      if (x >= options_.width) return;
      const std::string fitting = fit(words, options_.width - x);
      canvas.text(static_cast<int>(x), y, fitting, ink);
      x += display_width(fitting);
    };
    const bool has_more = !text.outcome.empty() || !text.words.empty();
    put(has_more ? fit(text.name, kWidestName) : text.name, text.bold ? Ink::bold : Ink::plain);
    if (!has_more) return;
    x = std::max(x, start + names + (text.is_first ? 0 : 2)) + 2;
    put(pad_left(text.outcome, outcome_width_), Ink::dim);
    if (outcome_width_ > 0) x += 2;
    for (std::size_t i = 0; i < text.words.size(); ++i) {
      if (i > 0) put(options_.glyphs == Glyphs::ascii ? ", " : " · ", Ink::dim);
      put(text.words[i], i == 0 ? Ink::dim : Ink::yellow);
    }
  }

  const engine::WorkflowGraph& graph_;
  const Neighbours& steps_;
  const TextOptions& options_;
  std::size_t most_lanes_ = kMostLanes;
  std::vector<TextRow> rows_;
  std::vector<std::size_t> marks_;  // lane of each row's sign
  std::vector<std::optional<Lane>> lanes_;
  std::vector<Stroke> strokes_;
  std::size_t width_ = 1;  // in lanes
  std::size_t name_width_ = 0;
  std::size_t outcome_width_ = 0;
};

/// The line above the rows of a job.
std::string heading(const engine::WorkflowGraph& graph, const Neighbours& jobs, std::size_t index,
                    const TextOptions& options) {
  const engine::GraphJob& job = graph.jobs[index];
  std::string waits;
  for (const engine::GraphEdge* edge : jobs.into[index]) {
    const std::string label = label_of(*edge);
    waits += (waits.empty() ? "after " : ", ") + printable(graph.jobs[edge->from].name);
    if (!label.empty()) waits += " (" + label + ")";
  }
  std::vector<std::string> parts;
  if (job.state) {
    const std::string outcome = outcome_of(*job.state);
    parts.push_back(outcome.empty() ? std::string(mark_of(&*job.state).name) : outcome);
  }
  if (!waits.empty()) parts.push_back(waits);
  for (std::string& remark : remarks_of(job))
    parts.push_back(std::move(remark));
  std::string rest;
  const std::string dot = options.glyphs == Glyphs::ascii ? ", " : " · ";
  for (const std::string& part : parts)
    rest += (rest.empty() ? "" : dot) + part;
  const Mark mark = mark_of(job.state ? &*job.state : nullptr);
  const std::string_view sign = options.glyphs == Glyphs::ascii ? mark.plain : mark.sign;
  const std::size_t sign_width = sign.empty() ? 0 : display_width(sign) + 1;
  const std::string name = fit(printable(job.name), options.width - sign_width);
  std::string line = sign.empty() ? "" : options.style.paint(mark.ink, sign) + " ";
  line += options.style.paint(Ink::bold, name);
  const std::size_t used = sign_width + display_width(name);
  if (!rest.empty() && used + 2 < options.width)
    line += "  " + options.style.paint(Ink::dim, fit(rest, options.width - used - 2));
  return line + "\n";
}

}  // namespace

std::string draw_rows(const engine::WorkflowGraph& graph, const TextOptions& options) {
  const Neighbours jobs(graph.jobs.size(), graph.job_edges);
  const Neighbours steps(graph.steps.size(), graph.step_edges);
  std::vector<std::vector<std::size_t>> of_job(graph.jobs.size());
  for (const std::size_t step : in_running_order(graph.steps.size(), steps.unlocks))
    of_job[graph.steps[step].job].push_back(step);
  std::string out;
  for (const std::size_t job : in_running_order(graph.jobs.size(), jobs.unlocks)) {
    if (!out.empty()) out += "\n";
    out += heading(graph, jobs, job, options);
    if (!of_job[job].empty()) out += JobRows(graph, steps, job, of_job[job], options).draw();
  }
  return out;
}

}  // namespace swamp::render::graph
