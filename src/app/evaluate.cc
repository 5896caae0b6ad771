#include "app/evaluate.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "app/engine_room.h"
#include "async/loop.h"
#include "engine/evaluated_definition.h"
#include "engine/evaluated_workflow.h"
#include "engine/run_family.h"
#include "engine/run_start.h"
#include "spec/definition_fields.h"
#include "spec/definition_yaml.h"

namespace swamp::app {
namespace {

using Definition = std::shared_ptr<const spec::Definition>;

/// The inputs among `given` that somebody declares.
Map declared_by(const spec::InputSchema& schema, const Map& given) {
  Map declared;
  for (const auto& [name, value] : given) {
    if (schema.declares(name)) declared.set(name, value);
  }
  return declared;
}

/// What both commands do in the event loop.
class Evaluating {
 public:
  Evaluating(Session& session, EngineRoom& room)
      : room_(room), family_(room.services(), session.ids().uuid()) {}

  Task<EvaluatedModel> model(Definition definition, Map inputs) {
    const engine::NameContext context = family_.context(nullptr, "", nullptr);
    SWAMP_CO_TRY(auto evaluated,
                 co_await engine::evaluate_alone(definition, std::move(inputs), context));
    EvaluatedModel result{.definition = definition,
                          .had_expressions = evaluated.had_expressions,
                          .path = room_.directory().evaluated_path(*definition).string(),
                          .global_arguments = evaluated.document["globalArguments"],
                          .warnings = std::move(evaluated.warnings)};
    SWAMP_CO_TRY(auto copy, spec::make_definition(evaluated.document));
    SWAMP_CO_CHECK(room_.directory().save_evaluated_definition(copy));
    room_.directory().replace(std::make_shared<const spec::Definition>(std::move(copy)));
    co_return result;
  }

  Task<EvaluatedWorkflow> workflow(FoundWorkflow found, Map inputs) {
    spec::InputNeeds needs{.all = false};
    SWAMP_CO_TRY(Map bound, co_await engine::bind_run_inputs(found.workflow, std::move(inputs),
                                                             family_, std::move(needs)));
    const engine::NameContext context = family_.context(nullptr, "", nullptr);
    SWAMP_CO_TRY(auto evaluated,
                 co_await engine::evaluate_workflow(found.workflow, std::move(bound), context));
    SWAMP_CO_CHECK(
        room_.directory().save_evaluated_workflow(*found.workflow, std::move(evaluated.document)));
    EvaluatedWorkflow result{.had_expressions = evaluated.had_expressions,
                             .for_each_expanded = evaluated.for_each_expanded,
                             .path = room_.directory().evaluated_path(*found.workflow).string(),
                             .expanded = std::move(evaluated.expanded),
                             .warnings = std::move(evaluated.warnings)};
    result.workflow = std::move(found);
    co_return result;
  }

 private:
  EngineRoom& room_;
  engine::RunFamily family_;
};

/// Definitions in an order in which each comes after those that it reads.
class ReadingOrder {
 public:
  explicit ReadingOrder(const std::vector<Definition>& definitions) : definitions_(definitions) {}

  Result<std::vector<Definition>> take() {
    for (const Definition& definition : definitions_)
      SWAMP_CHECK(visit(definition));
    return std::move(ordered_);
  }

 private:
  Result<> visit(const Definition& definition) {
    if (done_.contains(definition->id)) return {};
    const auto begun = std::find(path_.begin(), path_.end(), definition->name);
    if (begun != path_.end()) {
      std::string circle;
      for (auto at = begun; at != path_.end(); ++at)
        circle += *at + " -> ";
      return fail(Error{
          .code = ErrorCode::invalid_input,
          .message = fmt::format("definitions read each other: {}{}", circle, definition->name)});
    }
    path_.push_back(definition->name);
    for (const std::string& name : read_by(*definition)) {
      const auto other =
          std::find_if(definitions_.begin(), definitions_.end(),
                       [&](const Definition& one) { return one->name == name || one->id == name; });
      if (other != definitions_.end() && *other != definition) SWAMP_CHECK(visit(*other));
    }
    path_.pop_back();
    done_.insert(definition->id);
    ordered_.push_back(definition);
    return {};
  }

  static std::set<std::string> read_by(const spec::Definition& definition) {
    std::set<std::string> names;
    spec::visit_fields(definition, [&](const auto&, const spec::Field& field) {
      for (const auto& path : field.references().paths) {
        if (path.size() > 1 && path[0] == "model") names.insert(path[1]);
      }
    });
    return names;
  }

  const std::vector<Definition>& definitions_;
  std::vector<Definition> ordered_;
  std::vector<std::string> path_;
  std::set<std::string> done_;
};

/// One `model evaluate` or `workflow evaluate` on its way.
class EvaluateCommand {
 public:
  EvaluateCommand(Session& session, Map inputs) : session_(session), inputs_(std::move(inputs)) {}

  Task<> models(std::vector<Definition> definitions, bool only_declared) {
    SWAMP_CO_TRY(auto room, co_await open_room());
    Evaluating evaluating(session_, *room);
    for (const Definition& definition : definitions) {
      Map inputs = only_declared ? declared_by(definition->inputs, inputs_) : inputs_;
      SWAMP_CO_TRY(auto evaluated, co_await evaluating.model(definition, std::move(inputs)));
      models_.push_back(std::move(evaluated));
    }
    co_return Result<>{};
  }

  Task<> workflows(std::vector<FoundWorkflow> found, bool only_declared) {
    SWAMP_CO_TRY(auto room, co_await open_room());
    Evaluating evaluating(session_, *room);
    for (const FoundWorkflow& one : found) {
      Map inputs = only_declared ? declared_by(one.workflow->inputs, inputs_) : inputs_;
      SWAMP_CO_TRY(auto evaluated, co_await evaluating.workflow(one, std::move(inputs)));
      workflows_.push_back(std::move(evaluated));
    }
    co_return Result<>{};
  }

  std::vector<EvaluatedModel> take_models() { return std::move(models_); }
  std::vector<EvaluatedWorkflow> take_workflows() { return std::move(workflows_); }

 private:
  Task<std::unique_ptr<EngineRoom>> open_room() {
    const auto executor = co_await asio::this_coro::executor;
    const EngineRoom::Options options{};
    co_return EngineRoom::open(session_, executor, options);
  }

  Session& session_;
  Map inputs_;
  std::vector<EvaluatedModel> models_;
  std::vector<EvaluatedWorkflow> workflows_;
};

}  // namespace

Result<EvaluatedModel> evaluate_model(Session& session, std::string_view model, Map inputs) {
  SWAMP_TRY(auto* documents, session.documents());
  SWAMP_TRY(auto definition, documents->find_definition(model));
  EvaluateCommand command(session, std::move(inputs));
  SWAMP_CHECK(run_loop(command.models({definition}, false)));
  return std::move(command.take_models().front());
}

Result<std::vector<EvaluatedModel>> evaluate_all_models(Session& session, Map inputs) {
  SWAMP_TRY(auto* documents, session.documents());
  std::vector<Definition> definitions;
  for (const auto* entry : documents->index().definitions(repo::DocumentIndex::AutoMade::shown)) {
    SWAMP_TRY(auto definition, documents->find_definition(entry->id));
    definitions.push_back(std::move(definition));
  }
  SWAMP_TRY(auto ordered, ReadingOrder(definitions).take());
  EvaluateCommand command(session, std::move(inputs));
  SWAMP_CHECK(run_loop(command.models(std::move(ordered), true)));
  return command.take_models();
}

Result<EvaluatedWorkflow> evaluate_workflow(Session& session, std::string_view workflow,
                                            Map inputs) {
  SWAMP_TRY(auto found, find_workflow(session, workflow));
  EvaluateCommand command(session, std::move(inputs));
  SWAMP_CHECK(run_loop(command.workflows({std::move(found)}, false)));
  return std::move(command.take_workflows().front());
}

Result<std::vector<EvaluatedWorkflow>> evaluate_all_workflows(Session& session, Map inputs) {
  SWAMP_TRY(auto* documents, session.documents());
  std::vector<FoundWorkflow> found;
  for (const auto* entry : documents->index().workflows()) {
    SWAMP_TRY(auto one, find_workflow(session, entry->id));
    found.push_back(std::move(one));
  }
  EvaluateCommand command(session, std::move(inputs));
  SWAMP_CHECK(run_loop(command.workflows(std::move(found), true)));
  return command.take_workflows();
}

}  // namespace swamp::app
