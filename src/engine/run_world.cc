#include "engine/run_world.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <thread>

#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "async/loop.h"
#include "base/suggest.h"
#include "driver/raw/children.h"
#include "driver/raw/raw_environment.h"
#include "engine/recovery.h"
#include "model/builtin/all.h"
#include "os/hash.h"
#include "spec/definition_yaml.h"
#include "spec/workflow_yaml.h"
#include "store/journal.h"
#include "store/journal_folder.h"
#include "yaml/parse.h"

namespace swamp::engine::test {
namespace {

template <class T, class Map>
Result<std::shared_ptr<const T>> find_in(const Map& map, std::string_view name,
                                         std::string_view what) {
  for (const auto& [key, value] : map) {
    if (key == name || value->id == name) return value;
  }
  return fail(ErrorCode::not_found, fmt::format("there is no {} '{}'", what, name));
}

template <class Map>
std::vector<std::string> keys_of(const Map& map) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : map)
    keys.push_back(key);
  return keys;
}

class NoCommands final : public vault::CommandRunner {
 public:
  Task<std::string> run(std::string, std::chrono::milliseconds) override {
    co_return fail(ErrorCode::unavailable, "no commands here");
  }
};

std::string where(const StepPath& path) {
  std::string text;
  for (const std::string& parent : path.parents)
    text += parent + " > ";
  return text + path.job + "/" + path.step;
}

std::string with_parents(const std::vector<std::string>& parents, const std::string& name) {
  std::string text;
  for (const std::string& parent : parents)
    text += parent + " > ";
  return text + name;
}

struct EventText {
  std::string operator()(const RunStarted& e) const {
    return with_parents(e.parents, e.resumed ? "run_resumed" : "run_started");
  }
  std::string operator()(const JobStarted& e) const {
    return with_parents(e.parents, "job_started " + e.job);
  }
  std::string operator()(const JobEnded& e) const {
    return with_parents(e.parents, fmt::format("job_ended {} {}", e.job, to_string(e.status)));
  }
  std::string operator()(const StepStarted& e) const {
    return fmt::format("step_started {}{}", where(e.path),
                       e.attempt > 1 ? fmt::format(" #{}", e.attempt) : "");
  }
  std::string operator()(const MethodResolved& e) const {
    return fmt::format("resolved {} {}.{}", where(e.path), e.model_name, e.method);
  }
  std::string operator()(const MethodOutput&) const { return ""; }
  std::string operator()(const StepNotice& e) const {
    return fmt::format("notice {} {}", where(e.path), e.kind);
  }
  std::string operator()(const StepEnded& e) const {
    return fmt::format("step_ended {} {}{}{}", where(e.path), to_string(e.status),
                       e.reason.empty() ? "" : " (" + e.reason + ")",
                       e.allowed_failure ? " allowed" : "");
  }
  std::string operator()(const AssertChecked& e) const {
    return fmt::format("assert {} {}", where(e.path), e.passed ? "passed" : "failed");
  }
  std::string operator()(const ApprovalRequested& e) const {
    return fmt::format("approval {} {}", where(e.path), e.prompt);
  }
  std::string operator()(const ReportEnded&) const { return ""; }
  std::string operator()(const RunNotice& e) const { return "run_notice " + e.kind; }
  std::string operator()(const RunSuspended& e) const {
    return fmt::format("run_suspended {}/{}", e.job, e.step);
  }
  std::string operator()(const RunEnded& e) const {
    return with_parents(e.parents, fmt::format("run_ended {}", to_string(e.status)));
  }
};

}  // namespace

std::string id_of(const std::string& name) {
  const std::string hex = os::sha256_hex(name);
  return fmt::format("{}-{}-4{}-8{}-{}", hex.substr(0, 8), hex.substr(8, 4), hex.substr(12, 3),
                     hex.substr(15, 3), hex.substr(18, 12));
}

// The directory.

void TextDirectory::add_workflow(const std::string& yaml) {
  auto document = yaml::parse(yaml, "workflow.yaml");
  ASSERT_TRUE(document) << document.error().message;
  auto workflow = spec::decode_workflow(*document);
  ASSERT_TRUE(workflow) << workflow.error().message << " at line "
                        << (workflow.error().where ? workflow.error().where->line : 0);
  workflows_[workflow->name] = std::make_shared<const spec::Workflow>(*workflow);
}

void TextDirectory::add_definition(const std::string& yaml) {
  auto document = yaml::parse(yaml, "model.yaml");
  ASSERT_TRUE(document) << document.error().message;
  auto definition = spec::decode_definition(*document);
  ASSERT_TRUE(definition) << definition.error().message;
  definitions_[definition->name] = std::make_shared<const spec::Definition>(*definition);
}

Result<std::shared_ptr<const spec::TypeShape>> TextDirectory::find_type(
    const spec::TypeName& name) const {
  SWAMP_TRY(const auto type, types_.require(name.normalized));
  auto shape = std::make_shared<spec::TypeShape>();
  shape->name = type->normalized;
  shape->global_arguments = type->global_arguments_schema;
  for (const model::Method& method : type->methods)
    shape->methods.push_back({method.name, method.arguments_schema});
  return std::shared_ptr<const spec::TypeShape>(std::move(shape));
}

Result<std::shared_ptr<const spec::Definition>> TextDirectory::find_definition(
    std::string_view name_or_id) const {
  return find_in<spec::Definition>(definitions_, name_or_id, "model");
}

Result<std::shared_ptr<const spec::Workflow>> TextDirectory::find_workflow(
    std::string_view name_or_id) const {
  return find_in<spec::Workflow>(workflows_, name_or_id, "workflow");
}

std::vector<std::string> TextDirectory::definition_names() const {
  return keys_of(definitions_);
}
std::vector<std::string> TextDirectory::workflow_names() const {
  return keys_of(workflows_);
}

Result<std::shared_ptr<const spec::Definition>> TextDirectory::add_auto_definition(
    spec::Definition definition) {
  ++made_;
  const std::string name = definition.name;
  return definitions_.emplace(name, std::make_shared<const spec::Definition>(std::move(definition)))
      .first->second;
}

Result<std::shared_ptr<const spec::Definition>> TextDirectory::find_evaluated_definition(
    std::string_view name) const {
  return find_definition(name);
}

Result<std::shared_ptr<const spec::Workflow>> TextDirectory::find_evaluated_workflow(
    std::string_view name) const {
  return find_workflow(name);
}

Result<> TextDirectory::save_evaluated_definition(const spec::Definition&) {
  return {};
}

// What was heard.

void Heard::on_event(const RunEvent& event) {
  if (const auto* line = std::get_if<MethodOutput>(&event)) {
    output.push_back(where(line->path) + ": " + line->line);
    on_line(output.back());
  }
  if (const auto* ended = std::get_if<StepEnded>(&event); ended != nullptr && ended->error) {
    errors.emplace(ended->path.job + "/" + ended->path.step, *ended->error);
  }
  add(std::visit(EventText(), event));
}

void Heard::add(std::string line) {
  if (line.empty()) return;
  lines.push_back(std::move(line));
  on_line(lines.back());
}

// The world.

/// The services over the folder, for one use.
struct World::State {
  State(World& world, asio::any_io_executor executor, vault::VaultConfigs configs)
      : pool(2),
        children(executor),
        host(executor, children, pool, {.directory = world.folder_.path().string()}),
        catalog({.file = world.layout_.catalog(), .root = world.layout_.data}),
        artifacts({.root = world.layout_.data,
                   .clock = &system_clock(),
                   .ids = &random_ids(),
                   .catalog = &catalog}),
        outputs(world.layout_),
        runs(world.layout_),
        vaults(std::move(configs), {.repository = world.folder_.path(),
                                    .pool = pool,
                                    .clock = system_clock(),
                                    .commands = commands}),
        locks({.folder = world.folder_ / ".swamp/locks", .data = world.layout_.data}),
        slots(world.slots),
        services{.layout = world.layout_,
                 .artifacts = artifacts,
                 .catalog = catalog,
                 .outputs = outputs,
                 .runs = runs,
                 .vaults = vaults,
                 .directory = world.directory_,
                 .types = world.types_,
                 .environment = host,
                 .locks = locks,
                 .pool = pool,
                 .slots = slots,
                 .clock = system_clock(),
                 .ids = random_ids(),
                 .process_environment = Map{{"HARBOUR", "open"}}} {}

  BlockingPool pool;
  driver::Children children;
  driver::RawEnvironment host;
  NoCommands commands;
  store::Catalog catalog;
  store::ArtifactStore artifacts;
  store::OutputStore outputs;
  store::RunStore runs;
  vault::Vaults vaults;
  MethodLocks locks;
  StepSlots slots;
  EngineServices services;
};

World::World()
    : layout_(store::Layout::in(folder_.path())),
      types_(model::builtin_types()),
      directory_(types_) {}
namespace {

std::size_t count_begun(const store::Layout& layout) {
  std::size_t count = 0;
  const auto journals = store::list_journals(layout.journals);
  for (const store::JournalFile& file : *journals) {
    const auto content = store::read_journal(file.path);
    if (!content) continue;
    for (const Value& record : content->records)
      count += record["kind"] == Value("begun") ? 1 : 0;
  }
  return count;
}

/// The journal's thread may be behind what was heard; what it has not written yet is no matter of
/// these tests.
void wait_for_journals(const store::Layout& layout, const std::vector<std::string>& heard) {
  const auto begun = std::count_if(heard.begin(), heard.end(), [](const std::string& line) {
    return line.starts_with("step_started ");
  });
  for (int tries = 0; tries < 2000 && count_begun(layout) < static_cast<std::size_t>(begun);
       ++tries)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
}

namespace fs = std::filesystem;
using Look = std::map<fs::path, std::pair<std::uintmax_t, fs::file_time_type>>;

/// Size and time of every file; nothing when one went meanwhile.
std::optional<Look> look_over(const fs::path& folder) {
  Look look;
  std::error_code problem;
  fs::recursive_directory_iterator entries(folder, problem);
  for (; !problem && entries != fs::end(entries); entries.increment(problem)) {
    if (entries->is_directory(problem)) continue;
    const auto size = entries->file_size(problem);
    if (problem) break;
    look[entries->path()] = {size, entries->last_write_time(problem)};
  }
  if (problem) return std::nullopt;
  return look;
}

/// Copies what a folder has at one moment: threads of the run may be writing there, so it is done
/// again until nothing changed meanwhile.
void copy_of_a_moment(const fs::path& from, const fs::path& to) {
  while (true) {
    const auto before = look_over(from);
    std::error_code problem;
    if (before) fs::copy(from, to, fs::copy_options::recursive, problem);
    if (before && !problem && look_over(from) == before) return;
    for (const auto& entry : fs::directory_iterator(to))
      fs::remove_all(entry);
  }
}

}  // namespace

World::World(const World& dead)
    : layout_(store::Layout::in(folder_.path())),
      types_(model::builtin_types()),
      directory_(dead.directory_, types_) {
  wait_for_journals(dead.layout_, dead.heard_.lines);
  copy_of_a_moment(dead.folder_.path(), folder_.path());
}

World::~World() = default;

TextDirectory& World::directory() {
  return directory_;
}

void World::add_type(std::shared_ptr<const model::Type> type) {
  ASSERT_TRUE(types_.add(std::move(type)));
}

void World::put_secret(const std::string& key, const std::string& value) {
  secrets_[key] = value;
}

Result<> World::with_services(std::function<Task<>(EngineServices&)> work) {
  struct Use {
    static Task<> run(World* world, std::function<Task<>(EngineServices&)> use) {
      vault::VaultConfigs configs;
      if (!world->secrets_.empty()) {
        configs.vaults.push_back({.id = id_of("vault"), .name = "main", .type = "mock"});
      }
      State state(*world, co_await asio::this_coro::executor, std::move(configs));
      for (const auto& [key, value] : world->secrets_) {
        vault::Secret secret(value);
        SWAMP_CO_CHECK(
            co_await state.vaults.put("main", key, std::move(secret), vault::Caller::vault_put));
      }
      co_return co_await use(state.services);
    }
  };
  return run_loop(Use::run(this, std::move(work)));
}

Result<RunOutcome> World::run(const std::string& yaml, RunOptions options) {
  directory_.add_workflow(fmt::format("id: {}\nname: flow\n{}", id_of("flow"), yaml));
  return run_named("flow", std::move(options));
}

namespace {

Task<> run_into(EngineServices& services, std::shared_ptr<const spec::Workflow> workflow,
                RunOptions options, RunListener& listener, RunControl& control,
                std::optional<Result<RunOutcome>>& outcome) {
  outcome.emplace(
      co_await run_workflow(services, std::move(workflow), std::move(options), listener, control));
  co_return Result<>{};
}

}  // namespace

Result<RunOutcome> World::run_named(const std::string& name, RunOptions options) {
  SWAMP_TRY(const auto workflow, directory_.find_workflow(name));
  options.process_input = driver::Input::empty;
  std::optional<Result<RunOutcome>> outcome;
  heard_.lines.clear();
  heard_.output.clear();
  heard_.errors.clear();
  SWAMP_CHECK(with_services([&](EngineServices& services) {
    return run_into(services, workflow, options, heard_, control_, outcome);
  }));
  return *std::move(outcome);
}

namespace {

template <class T>
Task<> keep(Task<T> task, std::optional<Result<T>>& slot) {
  slot.emplace(co_await std::move(task));
  co_return Result<>{};
}

}  // namespace

Result<RunOutcome> World::resume(const RunOutcome& run, ResumeOptions options) {
  return resume(run.run_id, std::move(options));
}

Result<RunOutcome> World::resume(const std::string& run_id, ResumeOptions options) {
  options.process_input = driver::Input::empty;
  std::optional<Result<RunOutcome>> outcome;
  heard_.lines.clear();
  heard_.output.clear();
  heard_.errors.clear();
  SWAMP_CHECK(with_services([&](EngineServices& services) {
    return keep(resume_workflow(services, current(run_id), options, heard_, control_), outcome);
  }));
  return *std::move(outcome);
}

Result<Decided> World::decide(const RunOutcome& run, const std::string& step, bool approved) {
  std::optional<Result<Decided>> decided;
  const store::ApprovalDecision decision{.approved = approved,
                                         .reason = approved ? "" : "not today",
                                         .decided_by = "ann",
                                         .decided_at = {}};
  SWAMP_CHECK(with_services([&](EngineServices& services) {
    return keep(decide_gate(services, current(run.run_id), step, decision), decided);
  }));
  return *std::move(decided);
}

Result<store::RunRecord> World::cancel(const std::string& run_id) {
  std::optional<Result<store::RunRecord>> record;
  SWAMP_CHECK(with_services([&](EngineServices& services) {
    return keep(cancel_left_run(services, current(run_id), "enough"), record);
  }));
  return *std::move(record);
}

store::RunRecord World::current(const std::string& run_id) const {
  store::RunStore runs(layout_);
  for (const store::RunSummary& run : runs.list().runs) {
    if (run.id != run_id) continue;
    auto record = runs.load(run.workflow_id, run_id);
    EXPECT_TRUE(record);
    if (record) return current_record(layout_, *std::move(record));
  }
  ADD_FAILURE() << "no run " << run_id;
  return {};
}

std::string World::only_run() const {
  const auto runs = store::RunStore(layout_).list().runs;
  EXPECT_EQ(runs.size(), 1U);
  return runs.empty() ? "" : runs.front().id;
}

std::string World::steps(const store::RunRecord& record) {
  std::string text;
  for (const store::JobRecord& job : record.jobs) {
    for (const store::StepRecord& step : job.steps) {
      text += (text.empty() ? "" : ", ") + (job.name == "main" ? "" : job.name + "/") + step.name +
              " " + std::string(store::to_string(step.status));
    }
  }
  return text;
}

std::string World::steps(const RunOutcome& outcome) {
  return steps(outcome.record);
}

store::RunRecord World::saved(const RunOutcome& outcome) const {
  auto record = store::RunStore(layout_).load(outcome.record.workflow_id, outcome.run_id);
  EXPECT_TRUE(record) << (record ? "" : record.error().message);
  return record ? *record : store::RunRecord();
}

}  // namespace swamp::engine::test
