#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/engine_services.h"
#include "engine/run_decisions.h"
#include "engine/run_options.h"
#include "engine/run_workflow.h"
#include "support/temp_dir.h"

// A repository in a temporary folder with everything that runs need, for tests of the engine.
namespace swamp::engine::test {

/// The documents of a test: texts by name.
class TextDirectory final : public Directory {
 public:
  explicit TextDirectory(const model::Registry& types) : types_(types) {}
  /// The documents of another, over these types.
  TextDirectory(const TextDirectory& other, const model::Registry& types)
      : types_(types),
        definitions_(other.definitions_),
        workflows_(other.workflows_),
        made_(other.made_) {}

  void add_workflow(const std::string& yaml);
  void add_definition(const std::string& yaml);
  std::size_t made() const { return made_; }

  Result<std::shared_ptr<const spec::TypeShape>> find_type(
      const spec::TypeName& type) const override;
  Result<std::shared_ptr<const spec::Definition>> find_definition(
      std::string_view name_or_id) const override;
  Result<std::shared_ptr<const spec::Workflow>> find_workflow(
      std::string_view name_or_id) const override;
  std::vector<std::string> definition_names() const override;
  std::vector<std::string> workflow_names() const override;
  std::vector<std::string> driver_names() const override { return {"raw", "docker"}; }
  Result<std::shared_ptr<const spec::Definition>> add_auto_definition(
      spec::Definition definition) override;
  Result<std::shared_ptr<const spec::Definition>> find_evaluated_definition(
      std::string_view name) const override;
  Result<std::shared_ptr<const spec::Workflow>> find_evaluated_workflow(
      std::string_view name) const override;
  Result<> save_evaluated_definition(const spec::Definition& definition) override;

 private:
  const model::Registry& types_;
  std::map<std::string, std::shared_ptr<const spec::Definition>, std::less<>> definitions_;
  std::map<std::string, std::shared_ptr<const spec::Workflow>, std::less<>> workflows_;
  std::size_t made_ = 0;
};

/// What was heard of a run, as texts: `step_started main/a`, `step_ended main/a failed`, …
class Heard final : public RunListener {
 public:
  void on_event(const RunEvent& event) override;

  std::vector<std::string> lines;       // everything but output
  std::vector<std::string> output;      // `main/a: text`
  std::map<std::string, Error> errors;  // of steps that failed, by `job/step`
  std::function<void(const std::string&)> on_line = [](const std::string&) {};

 private:
  void add(std::string line);
};

/// Runs workflows in one repository. Every run uses stores opened anew, as another process would.
class World {
 public:
  World();
  /// As another left its folder at this moment: what a process that died here leaves to the next.
  World(const World& dead);
  ~World();

  TextDirectory& directory();
  const swamp::test::TempDir& folder() const { return folder_; }
  const store::Layout& layout() const { return layout_; }
  Heard& heard() { return heard_; }
  RunControl& control() { return control_; }
  std::size_t slots = 64;

  /// A type besides the built-in ones.
  void add_type(std::shared_ptr<const model::Type> type);

  /// What a vault named `main` gives for a key.
  void put_secret(const std::string& key, const std::string& value);

  /// Adds the workflow (name and id are put in front of the text: `jobs:` is all it needs) and runs
  /// it.
  Result<RunOutcome> run(const std::string& yaml, RunOptions options = {});
  Result<RunOutcome> run_named(const std::string& name, RunOptions options = {});

  /// Goes on with a run, decides about one of its gates, cancels it.
  Result<RunOutcome> resume(const RunOutcome& run, ResumeOptions options = {});
  Result<RunOutcome> resume(const std::string& run_id, ResumeOptions options = {});
  Result<Decided> decide(const RunOutcome& run, const std::string& step, bool approved);
  Result<store::RunRecord> cancel(const std::string& run_id);
  /// The record of a run as it stands, changes of its journal included.
  store::RunRecord current(const std::string& run_id) const;
  /// The only run there is.
  std::string only_run() const;

  /// Runs whatever a test needs the services for.
  Result<> with_services(std::function<Task<>(EngineServices&)> work);

  /// The steps of a record: `a succeeded, b failed, c skipped`; jobs other than `main` in front.
  static std::string steps(const RunOutcome& outcome);
  static std::string steps(const store::RunRecord& record);

  /// The record as the file has it.
  store::RunRecord saved(const RunOutcome& outcome) const;

 private:
  struct State;
  swamp::test::TempDir folder_;
  store::Layout layout_;
  model::Registry types_;
  TextDirectory directory_;
  Heard heard_;
  RunControl control_;
  std::map<std::string, std::string> secrets_;
};

/// A workflow's id made of its name.
std::string id_of(const std::string& name);

}  // namespace swamp::engine::test
