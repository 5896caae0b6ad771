#include "engine/dry_run.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include <fmt/format.h>

#include "engine/checks.h"
#include "engine/dry_step.h"
#include "engine/earlier_writers.h"
#include "engine/run_data.h"
#include "engine/run_plan.h"
#include "engine/run_start.h"
#include "engine/run_state.h"
#include "engine/truth.h"
#include "spec/iteration_names.h"

namespace swamp::engine {
namespace {

constexpr std::size_t kDeepestNesting = 10;

using Look = std::function<std::optional<NotYet>(const cel::Ask&)>;

/// The first key of a pointer: `/region/0` -> `region`.
std::string first_key(const std::string& pointer) {
  if (pointer.empty()) return {};
  return pointer.substr(1, pointer.find('/', 1) - 1);
}

/// Values that are known only in part, as something below the root `inputs`: what is unknown is
/// hidden.
Map known_inputs(const Foreseen& inputs, std::vector<Horizon::Hidden>& hidden) {
  Map known;
  if (inputs.value.is_map()) known = inputs.value.as_map();
  for (const Unknown& unknown : inputs.unknown) {
    const std::string key = first_key(unknown.place);
    hidden.push_back({.path = {"inputs"}, .why = unknown.why});
    if (!key.empty()) hidden.back().path.push_back(key);
    known.erase(key);
  }
  return known;
}

/// Foresees one run, and those nested in it.
class RunForeseer {
 public:
  /// `beyond` tells what the runs around this one have not done yet.
  RunForeseer(EngineServices& services, std::shared_ptr<const spec::Workflow> workflow,
              const RunOptions& options, std::vector<std::string> around, Look beyond)
      : services_(services),
        options_(options),
        around_(std::move(around)),
        beyond_(std::move(beyond)),
        context_{.services = services_,
                 .artifacts = services_.artifacts,
                 .redactor = redactor_,
                 .data = &nothing_written_,
                 .fetches_secrets = false} {
    around_.push_back(workflow->id);
    dry_.workflow = std::move(workflow);
  }

  /// Inputs as a run binds them; `given` may be known in part. Fails as bind_run_inputs().
  Task<> bind_inputs(Foreseen given) {
    std::vector<Horizon::Hidden> hidden;
    Map known = known_inputs(given, hidden);
    const spec::Workflow& workflow = *dry_.workflow;
    dry_.inputs = std::move(given);
    if (!workflow.inputs.is_declared()) co_return Result<>{};
    spec::InputSchema schema = workflow.inputs;
    std::vector<Unknown> unknown_defaults;
    if (schema.source().has_expressions()) {
      Foresight foresight = new_foresight(known, hidden, beyond_);
      SWAMP_CO_TRY(Foreseen source, co_await foresight.foresee(schema.source()));
      if (source.error) co_return fail(*std::move(source.error));
      unknown_defaults = std::move(source.unknown);
      SWAMP_CO_TRY(schema, schema.evaluated(std::move(source.value)));
    }
    spec::InputNeeds needs{.all = hidden.empty()};
    for (const std::string& name : schema.required()) {
      if (!is_hidden(hidden, name)) needs.names.push_back(name);
    }
    auto bound = bind_run_inputs(workflow, schema, known, needs);
    if (!bound) {
      // Checked against a schema that is not known itself: the run will tell.
      if (unknown_defaults.empty()) co_return fail(std::move(bound).error());
      add_unknown(unknown_defaults, {});
      co_return Result<>{};
    }
    add_unknown(unknown_defaults, known);
    for (const auto& [name, value] : *bound) {
      if (!is_hidden(hidden, name)) dry_.inputs.value.mutable_map().set(name, value);
    }
    co_return Result<>{};
  }

  /// Fails where the tags of the workflow keep a run from starting.
  Task<> check_tags() {
    std::vector<Horizon::Hidden> hidden;
    Map known = known_inputs(dry_.inputs, hidden);
    Foresight foresight = new_foresight(std::move(known), std::move(hidden), beyond_);
    const spec::Field& tags = dry_.workflow->tags;
    SWAMP_CO_TRY(Foreseen seen, co_await foresight.foresee(tags));
    if (seen.error) co_return fail(*std::move(seen.error));
    for (const Unknown& unknown : seen.unknown) {
      if (!unknown.why.secret) continue;
      co_return fail(Error{
          .code = ErrorCode::invalid_input,
          .message = fmt::format("'{}' of 'tags' may not be a secret", first_key(unknown.place)),
          .where = tags.where()});
    }
    co_return check_tag_texts(seen.value, tags);
  }

  /// To be called after bind_inputs(): names may hold inputs.
  Result<> plan() {
    std::vector<Horizon::Hidden> hidden;
    SWAMP_TRY(Plan made, plan_of_run(dry_.workflow, known_inputs(dry_.inputs, hidden)));
    plan_ = std::make_shared<const Plan>(std::move(made));
    dry_.workflow = plan_->shared_workflow();
    state_.emplace(plan_);
    return {};
  }

  /// To be called after plan().
  Task<DryRun> run() {
    SWAMP_CO_TRY(writers_, co_await EarlierWriters::make(*plan_, names_foresight()));
    note_jobs();
    while (!state_->is_done()) {
      ++dry_.waves;
      SWAMP_CO_CHECK(co_await start_wave());
      if (wave_.empty()) {
        --dry_.waves;
        break;
      }
      end_wave();
    }
    SWAMP_CO_CHECK(co_await add_others());
    co_return std::move(dry_);
  }

 private:
  /// A step that was started, and where it stands among the foreseen ones.
  struct Started {
    StepId step;
    std::size_t place = 0;
  };

  static bool is_hidden(const std::vector<Horizon::Hidden>& hidden, std::string_view name) {
    return std::any_of(hidden.begin(), hidden.end(), [&](const Horizon::Hidden& one) {
      return one.path.size() == 1 || one.path[1] == name;
    });
  }

  /// Defaults that are not known, of inputs that were not given.
  void add_unknown(std::vector<Unknown>& defaults, const Map& given) {
    for (Unknown& unknown : defaults) {
      std::string place = unknown.place;
      if (place.starts_with("/properties/")) place = place.substr(11);
      const std::string name = first_key(place);
      if (given.contains(name)) continue;
      unknown.place = spec::pointer_to("", name);
      dry_.inputs.unknown.push_back(std::move(unknown));
    }
  }

  static Result<> check_tag_texts(const Value& value, const spec::Field& tags) {
    if (value.is_null()) return {};
    const auto misfit = [&](std::string message) {
      return fail(Error{
          .code = ErrorCode::invalid_input, .message = std::move(message), .where = tags.where()});
    };
    if (!value.is_map())
      return misfit(fmt::format("'tags' is to be a map, not {}", kind_name(value)));
    for (const auto& [name, text] : value.as_map()) {
      if (text.is_map() || text.is_list())
        return misfit(fmt::format("'{}' of 'tags' is to be a text, not {}", name, kind_name(text)));
    }
    return {};
  }

  Foresight new_foresight(Map inputs, std::vector<Horizon::Hidden> hidden, Look look) const {
    Scope scope;
    scope.set("inputs", std::move(inputs)).set("env", services_.process_environment);
    Horizon horizon{.hidden = std::move(hidden), .look = std::move(look)};
    if (!horizon.look) horizon.look = [](const cel::Ask&) { return std::optional<NotYet>(); };
    return Foresight(std::move(scope), std::move(horizon), context_);
  }

  /// What the expressions of a step see.
  Foresight step_foresight(StepId planned, Value self) const {
    std::vector<Horizon::Hidden> hidden;
    Map inputs = known_inputs(dry_.inputs, hidden);
    const NotYet started{.when = "when the run has started"};
    hidden.push_back({.path = {"run"}, .why = started});
    hidden.push_back({.path = {"workflowRunId"}, .why = started});
    auto look = [this, planned](const cel::Ask& ask) -> std::optional<NotYet> {
      if (auto not_yet = writers_->look(planned, ask, skipped_)) return not_yet;
      return beyond_ ? beyond_(ask) : std::nullopt;
    };
    Foresight foresight = new_foresight(std::move(inputs), std::move(hidden), std::move(look));
    foresight.scope().set("self", std::move(self));
    return foresight;
  }

  /// For the names of models: what has to be asked for is not known.
  Foresight names_foresight() const {
    std::vector<Horizon::Hidden> hidden;
    Map inputs = known_inputs(dry_.inputs, hidden);
    for (const char* root : {"run", "workflowRunId", "self"})
      hidden.push_back({.path = {root}, .why = {}});
    return new_foresight(std::move(inputs), std::move(hidden),
                         [](const cel::Ask&) { return std::optional<NotYet>(NotYet{}); });
  }

  void note_jobs() {
    for (const PlannedJob& job : plan_->jobs()) {
      DryJob& noted = dry_.jobs.emplace_back(DryJob{.name = job.job->name});
      for (const Need<JobId>& need : job.needs)
        noted.needs.push_back({(*plan_)[need.upstream].job->name, need.condition});
    }
  }

  // Waves.

  Task<> start_wave() {
    wave_.clear();
    while (true) {
      const std::size_t most = std::max<std::size_t>(services_.slots.free(), 1);
      const auto ready = state_->take_ready(most > wave_.size() ? most - wave_.size() : 0);
      if (ready.empty()) co_return Result<>{};
      for (const StepToStart next : ready) {
        const bool expands = next.action == StepToStart::Action::expand;
        auto started = expands ? expand(next.step) : start(next.step);
        SWAMP_CO_CHECK(co_await std::move(started));
      }
    }
  }

  void end_wave() {
    for (const Started& started : wave_) {
      const DryStep& step = dry_.steps[started.place];
      StepEnding ending;
      if (step.course == DryStep::Course::fails) ending.status = NodeStatus::failed;
      if (step.course == DryStep::Course::skipped) {
        ending = {.status = NodeStatus::skipped, .reason = step.reason};
      }
      ending.allowed = step.allowed_failure;
      if (must_end_.count(started.step) != 0 && step.course == DryStep::Course::runs)
        ending = {.status = NodeStatus::failed, .reason = "cancelled"};
      state_->end(started.step, std::move(ending));
      for (const Effect& effect : state_->take_effects()) {
        if (const auto* must = std::get_if<StepMustEnd>(&effect)) must_end_.insert(must->step);
      }
    }
  }

  DryStep new_step(StepId id) const {
    const PlannedStep& planned = state_->planned(id);
    DryStep step{.job = (*plan_)[planned.job].job->name,
                 .name = state_->name(id),
                 .task = std::string(spec::type_name(planned.step->task)),
                 .wave = dry_.waves,
                 .allowed_failure = planned.step->allow_failure};
    if (state_->is_iteration(id)) step.for_each_template = planned.step->name.text();
    for (const Need<StepId>& need : planned.needs)
      step.needs.push_back({(*plan_)[need.upstream].step->name.text(), need.condition});
    return step;
  }

  Task<> start(StepId id) {
    state_->begin(id);
    const auto hidden_list = unknown_lists_.find(state_->template_of(id));
    DryStep step = new_step(id);
    Value self = empty_self();
    if (state_->is_iteration(id)) {
      if (hidden_list != unknown_lists_.end()) {
        // It stands for all rounds, whatever they will be.
        step.name = step.for_each_template;
        step.for_each_template.clear();
      } else {
        const List& items = items_.at(state_->template_of(id));
        const std::string& item = state_->planned(id).step->for_each->item;
        self.mutable_map().set(item, items[state_->iteration_index(id)]);
      }
    }
    Foresight foresight = step_foresight(state_->template_of(id), std::move(self));
    if (hidden_list != unknown_lists_.end()) {
      step.fields.push_back(hidden_list->second);
      hide_item(*state_->planned(id).step, hidden_list->second, foresight);
    }
    SWAMP_CO_CHECK(co_await foresee_step(state_->template_of(id), foresight, step));
    add(id, std::move(step));
    co_return Result<>{};
  }

  void add(StepId id, DryStep step) {
    known_.insert(state_->template_of(id));
    if (step.course == DryStep::Course::skipped && !state_->is_iteration(id)) skipped_.insert(id);
    wave_.push_back({.step = id, .place = dry_.steps.size()});
    dry_.steps.push_back(std::move(step));
  }

  static void hide_item(const spec::Step& step, const DryField& list, Foresight& foresight) {
    foresight.horizon().hidden.push_back(
        {.path = {"self", step.for_each->item}, .why = list.seen.unknown.front().why});
  }

  Task<> expand(StepId id) {
    const spec::Step& step = *state_->planned(id).step;
    Foresight foresight = step_foresight(id, empty_self());
    DryField list{.key = "forEach"};
    SWAMP_CO_TRY(list.seen, co_await foresight.foresee(step.for_each->in));
    std::vector<std::string> names;
    std::optional<Error> error = list.seen.error;
    if (!list.seen.unknown.empty() && !error) {
      unknown_lists_.emplace(id, list);
      names.push_back(step.name.text() + "-…");
    } else if (!error) {
      auto rounds = spec::iterations_of(list.seen.value);
      if (rounds) {
        auto named = name_rounds(step, *rounds, foresight);
        SWAMP_CO_TRY(names, co_await std::move(named));
        List& items = items_[id];
        for (const spec::Iteration& round : *rounds)
          items.push_back(round.element);
      } else {
        error = std::move(rounds).error();
      }
    }
    if (!error) {
      const bool is_empty = names.empty();
      auto expanded = state_->expand(id, std::move(names));
      if (expanded && !is_empty) co_return Result<>{};
      if (!expanded) error = std::move(expanded).error();
    }
    DryStep failed_or_empty = new_step(id);
    failed_or_empty.fields.push_back(std::move(list));
    if (!error) {
      known_.insert(id);
      dry_.steps.push_back(std::move(failed_or_empty));
      co_return Result<>{};
    }
    if (!error->where) error->where = step.for_each->in.where();
    failed_or_empty.course = DryStep::Course::fails;
    failed_or_empty.error = std::move(error);
    state_->begin(id);
    add(id, std::move(failed_or_empty));
    co_return Result<>{};
  }

  Task<std::vector<std::string>> name_rounds(const spec::Step& step,
                                             const std::vector<spec::Iteration>& rounds,
                                             Foresight& foresight) {
    std::vector<std::string> names;
    for (const spec::Iteration& round : rounds) {
      std::string name = spec::iteration_name(step.name.text(), round);
      if (step.name.has_expressions()) {
        Map self = empty_self();
        self.set(step.for_each->item, round.element);
        foresight.scope().set("self", std::move(self));
        SWAMP_CO_TRY(const Foreseen seen, co_await foresight.foresee(step.name));
        const auto evaluated = name_in(seen, "name");
        if (seen.is_known() && evaluated) name = *evaluated;
      }
      names.push_back(std::move(name));
    }
    co_return names;
  }

  /// Steps that nothing started: in the order of the file.
  Task<> add_others() {
    for (std::size_t i = 0; i < plan_->steps().size(); ++i) {
      const StepId id(i);
      if (known_.count(id) != 0) continue;
      skipped_.insert(id);
      DryStep step = new_step(id);
      step.wave = 0;
      Foresight foresight = step_foresight(id, empty_self());
      const spec::Step& written = *plan_->steps()[i].step;
      if (written.for_each) {
        DryField list{.key = "forEach"};
        SWAMP_CO_TRY(list.seen, co_await foresight.foresee(written.for_each->in));
        const NotYet later{.when = "when its list is known"};
        foresight.horizon().hidden.push_back(
            {.path = {"self", written.for_each->item}, .why = later});
        step.fields.push_back(std::move(list));
      }
      SWAMP_CO_CHECK(co_await foresee_step(id, foresight, step));
      step.course = DryStep::Course::skipped;
      step.reason = "dependency";
      dry_.steps.push_back(std::move(step));
    }
    co_return Result<>{};
  }

  // One step.

  Task<> foresee_step(StepId planned, Foresight& foresight, DryStep& out) {
    const spec::Step& step = *plan_->steps()[planned.index()].step;
    if (step.guard) {
      SWAMP_CO_TRY(const Foreseen guard, co_await add_field("guard", step.guard, foresight, out));
      if (guard.is_known() && is_truthy(guard.value)) {
        out.course = DryStep::Course::skipped;
        out.reason = "guarded";
        co_return Result<>{};
      }
    }
    if (const auto* call = std::get_if<spec::ModelMethodTask>(&step.task)) {
      SWAMP_CO_CHECK(co_await foresee_call(services_, *call, foresight, out));
    } else if (const auto* nested = std::get_if<spec::WorkflowTask>(&step.task)) {
      SWAMP_CO_CHECK(co_await foresee_nested(planned, *nested, foresight, out));
    } else if (const auto* gate = std::get_if<spec::ApprovalTask>(&step.task)) {
      auto prompt = co_await add_field("prompt", gate->prompt, foresight, out);
      if (!prompt) co_return fail(std::move(prompt).error());
    } else {
      SWAMP_CO_CHECK(co_await foresee_assert(std::get<spec::AssertTask>(step.task),
                                             options_.fail_on, foresight, out));
    }
    if (out.error) out.course = DryStep::Course::fails;
    co_return Result<>{};
  }

  Task<> foresee_nested(StepId planned, const spec::WorkflowTask& task, Foresight& foresight,
                        DryStep& out) {
    SWAMP_CO_TRY(const Foreseen name,
                 co_await add_field("workflowIdOrName", task.workflow, foresight, out));
    SWAMP_CO_TRY(Foreseen inputs, co_await add_field("inputs", task.inputs, foresight, out));
    if (out.error || !name.is_known()) co_return Result<>{};
    auto text = name_in(name, "workflowIdOrName");
    if (!text) {
      out.error = std::move(text).error();
      co_return Result<>{};
    }
    auto nested = find_nested(*text, task);
    if (!nested) {
      out.error = std::move(nested).error();
      co_return Result<>{};
    }
    if (inputs.value.is_null()) inputs.value = Map{};
    Look look = [this, planned](const cel::Ask& ask) -> std::optional<NotYet> {
      if (auto not_yet = writers_->look(planned, ask, skipped_)) return not_yet;
      return beyond_ ? beyond_(ask) : std::nullopt;
    };
    RunForeseer child(services_, *std::move(nested), options_, around_, std::move(look));
    auto bound = co_await child.bind_inputs(std::move(inputs));
    if (bound) bound = co_await child.check_tags();
    if (bound) bound = child.plan();
    if (!bound) {
      if (bound.error().code == ErrorCode::cancelled) co_return fail(std::move(bound).error());
      out.error = std::move(bound).error();
      co_return Result<>{};
    }
    SWAMP_CO_TRY(DryRun run, co_await child.run());
    out.nested = std::make_shared<const DryRun>(std::move(run));
    co_return Result<>{};
  }

  Result<std::shared_ptr<const spec::Workflow>> find_nested(const std::string& name,
                                                            const spec::WorkflowTask& task) const {
    SWAMP_TRY(auto workflow, services_.directory.find_workflow(name));
    if (std::find(around_.begin(), around_.end(), workflow->id) != around_.end()) {
      return fail(
          Error{.code = ErrorCode::invalid_input,
                .message = fmt::format("workflow '{}' would run within itself", workflow->name),
                .where = task.workflow.where()});
    }
    if (around_.size() > kDeepestNesting) {
      return fail(ErrorCode::invalid_input,
                  fmt::format("workflows are nested more than {} deep", kDeepestNesting));
    }
    return workflow;
  }

  EngineServices& services_;
  std::shared_ptr<const Plan> plan_;
  const RunOptions& options_;
  std::vector<std::string> around_;  // ids of the workflows around this one, and its own
  Look beyond_;
  std::optional<RunState> state_;
  RunData nothing_written_;
  vault::Redactor redactor_;
  NameContext context_;
  std::optional<EarlierWriters> writers_;
  std::vector<Started> wave_;
  std::map<StepId, List> items_;              // of forEach steps whose list is known
  std::map<StepId, DryField> unknown_lists_;  // of the others
  std::set<StepId> known_;                    // steps of the plan that have been foreseen
  std::set<StepId> skipped_;                  // and of these, those that write nothing
  std::set<StepId> must_end_;
  DryRun dry_;
};

}  // namespace

Task<DryRun> foresee_run(EngineServices& services, std::shared_ptr<const spec::Workflow> workflow,
                         RunOptions options) {
  SWAMP_CO_CHECK(check_before_run(*workflow, services.directory));
  const std::vector<std::string> none;
  RunForeseer foreseer(services, std::move(workflow), options, none, Look());
  Foreseen inputs{.value = std::move(options.inputs)};
  SWAMP_CO_CHECK(co_await foreseer.bind_inputs(std::move(inputs)));
  SWAMP_CO_CHECK(co_await foreseer.check_tags());
  SWAMP_CO_CHECK(foreseer.plan());
  co_return co_await foreseer.run();
}

}  // namespace swamp::engine
