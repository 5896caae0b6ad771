#include "engine/earlier_writers.h"

#include <algorithm>
#include <array>
#include <span>

#include <fmt/format.h>

namespace swamp::engine {
namespace {

/// Questions about the data of one model, which is their first argument.
constexpr std::array<std::string_view, 5> kOfOneModel = {
    "data.latest", "data.version", "data.listVersions", "data.findBySpec", "file.contents"};
/// Questions about whatever there is.
constexpr std::array<std::string_view, 3> kOfAll = {"data.query", "data.findByTag", "hashFiles"};

bool is_among(std::span<const std::string_view> names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// What of the steps of a plan a question is about.
enum class About : std::uint8_t { nothing, one_model, all, runs };

About about(const cel::Ask& ask) {
  if (is_among(kOfOneModel, ask.name)) return About::one_model;
  if (is_among(kOfAll, ask.name)) return About::all;
  if (ask.name != "model" && ask.name != "workflow") return About::nothing;
  const Value kind = ask.arguments.size() < 2 ? Value() : ask.arguments[1];
  const bool is_written =
      kind == Value("definition") || kind == Value("input") || kind == Value("inputs");
  if (is_written) return About::nothing;
  return ask.name == "model" ? About::one_model : About::runs;
}

std::string when_run(const std::vector<std::string>& steps) {
  constexpr std::size_t kMost = 3;
  std::string names;
  const std::size_t shown = std::min(steps.size(), kMost);
  for (std::size_t i = 0; i < shown; ++i)
    names += fmt::format("{}'{}'", i == 0 ? "" : ", ", steps[i]);
  if (steps.size() > kMost) names += fmt::format(" and {} more", steps.size() - kMost);
  return fmt::format("when {} {} run", names, steps.size() == 1 ? "has" : "have");
}

}  // namespace

Task<EarlierWriters> EarlierWriters::make(const Plan& plan, Foresight names) {
  EarlierWriters writers(plan);
  for (const PlannedStep& planned : plan.steps()) {
    Writer writer;
    const auto* call = std::get_if<spec::ModelMethodTask>(&planned.step->task);
    const auto* assertion = std::get_if<spec::AssertTask>(&planned.step->task);
    if (call != nullptr) {
      writer.writes = true;
      for (const spec::Field& field : {call->model, call->model_type, call->model_name}) {
        if (!field) continue;
        SWAMP_CO_TRY(const Foreseen seen, co_await names.foresee(field));
        if (seen.is_known() && seen.value.is_string()) {
          writer.names.push_back(seen.value.as_string());
        } else {
          writer.anything = true;
        }
      }
      writer.ephemeral = !call->model && !call->model_name;
    }
    const bool calls_in_guard =
        planned.step->guard &&
        planned.step->guard.references().functions.count("model.method") != 0;
    const bool calls_in_assert =
        assertion != nullptr && assertion->expr.program() &&
        assertion->expr.program()->references().functions.count("model.method") != 0;
    if (std::holds_alternative<spec::WorkflowTask>(planned.step->task) || calls_in_guard ||
        calls_in_assert) {
      writer.writes = true;
      writer.anything = true;
    }
    writers.writers_.push_back(std::move(writer));
  }
  co_return writers;
}

std::optional<NotYet> EarlierWriters::look(StepId asking, const cel::Ask& ask,
                                           const std::set<StepId>& without) const {
  const auto text = [&](std::size_t index) {
    const bool has = index < ask.arguments.size() && ask.arguments[index].is_string();
    return has ? ask.arguments[index].as_string() : std::string();
  };
  if (ask.name == "model.method") return NotYet{.when = "when the step calls the method"};
  if (ask.name == "data.step") return NotYet{.when = when_run({text(0)})};
  const About what = about(ask);
  if (what == About::nothing) return std::nullopt;
  const std::vector<bool> later = later_than(asking);
  std::vector<std::string> steps;
  for (std::size_t i = 0; i < writers_.size(); ++i) {
    const StepId id(i);
    if (later[i] || without.count(id) != 0 || !writers_[i].writes) continue;
    const PlannedStep& planned = plan_->steps()[i];
    const bool runs_workflow = std::holds_alternative<spec::WorkflowTask>(planned.step->task);
    const bool matters = what == About::all || writers_[i].anything ||
                         (what == About::one_model && writers_[i].may_mean(text(0)));
    if (what == About::runs ? !runs_workflow : !matters) continue;
    steps.push_back((*plan_)[planned.job].job->name + "/" + planned.step->name.text());
  }
  if (steps.empty()) return std::nullopt;
  return NotYet{.when = when_run(steps)};
}

bool EarlierWriters::Writer::may_mean(const std::string& name) const {
  if (std::find(names.begin(), names.end(), name) != names.end()) return true;
  if (!ephemeral) return false;
  // The name of an ephemeral instance begins with the last part of its type.
  return std::any_of(names.begin(), names.end(), [&](const std::string& type) {
    return name.starts_with(type.substr(type.rfind('/') + 1) + "-");
  });
}

/// The step itself, and what waits for it in its job or in jobs that wait for its job.
std::vector<bool> EarlierWriters::later_than(StepId step) const {
  std::vector<bool> later(plan_->steps().size());
  std::vector<StepId> open = {step};
  later[step.index()] = true;
  while (!open.empty()) {
    const StepId id = open.back();
    open.pop_back();
    for (const StepId next : (*plan_)[id].unlocks) {
      if (later[next.index()]) continue;
      later[next.index()] = true;
      open.push_back(next);
    }
  }
  std::vector<bool> seen(plan_->jobs().size());
  std::vector<JobId> jobs = {(*plan_)[step].job};
  while (!jobs.empty()) {
    const JobId job = jobs.back();
    jobs.pop_back();
    for (const JobId next : (*plan_)[job].unlocks) {
      if (seen[next.index()]) continue;
      seen[next.index()] = true;
      jobs.push_back(next);
      const PlannedJob& planned = (*plan_)[next];
      for (std::size_t i = 0; i < planned.step_count; ++i)
        later[planned.first_step.index() + i] = true;
    }
  }
  return later;
}

}  // namespace swamp::engine
