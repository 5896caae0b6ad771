#include "app/engine_room.h"

#include <charconv>
#include <future>

#include <fmt/format.h>

#include "async/timeout.h"
#include "os/folder_identity.h"
#include "os/limits.h"
#include "store/artifact_store.h"
#include "store/journal_folder.h"

extern char** environ;  // NOLINT(readability-redundant-declaration): POSIX asks for it

namespace swamp::app {
namespace {

/// What `env` is in expressions: the variables of this process.
Value process_environment() {
  Map variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const auto equals = text.find('=');
    if (equals != std::string_view::npos)
      variables.set(std::string(text.substr(0, equals)), text.substr(equals + 1));
  }
  return variables;
}

Result<std::optional<std::uint64_t>> positive_number(const Session& session,
                                                     std::string_view variable) {
  auto text = session.env(variable);
  if (!text || text->empty()) return std::optional<std::uint64_t>();
  std::uint64_t number = 0;
  auto [end, problem] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (problem != std::errc() || end != text->data() + text->size() || number == 0) {
    return fail(ErrorCode::invalid_input,
                fmt::format("{} is '{}', which is no number above zero", variable, *text));
  }
  return std::optional(number);
}

struct MachineLimits {
  std::size_t steps = 1;          // at once: what the variable says, else what the machine bears
  std::uint64_t descriptors = 0;  // that processes get: what we had before we raised ours
};

Result<MachineLimits> machine_limits(const Session& session) {
  SWAMP_TRY(auto wanted, positive_number(session, "SWAMP_MAX_CONCURRENT_STEPS"));
  SWAMP_TRY(auto descriptors, os::raise_descriptor_limit());
  return MachineLimits{
      .steps = wanted ? *wanted : os::processes_at_once(descriptors.now, os::usable_cores()),
      .descriptors = descriptors.inherited};
}

Task<std::string> read_all(driver::Process& process) {
  std::string output;
  while (true) {
    SWAMP_CO_TRY(auto chunk, co_await process.read());
    if (!chunk) break;
    if (chunk->stream == driver::Chunk::Stream::out) output += chunk->bytes;
  }
  SWAMP_CO_TRY(const auto exit, co_await process.wait());
  if (!exit.is_success())
    co_return fail(ErrorCode::unavailable, fmt::format("it exited with code {}", exit.code));
  co_return output;
}

Task<> keep(driver::Process& process, std::string& output) {
  SWAMP_CO_TRY(output, co_await read_all(process));
  co_return Result<>{};
}

}  // namespace

Task<std::string> HostCommands::run(std::string command, std::chrono::milliseconds limit) {
  driver::ProcessSpec spec{.argv = {"sh", "-c", std::move(command)}};
  SWAMP_CO_TRY(auto process, co_await host_.start(std::move(spec)));
  std::string output;
  auto ended = co_await within(limit, keep(*process, output));
  if (!ended) {
    const driver::EndOptions at_once{.grace = std::chrono::milliseconds(500)};
    (void)co_await process->end(at_once);
    co_return fail(std::move(ended).error());
  }
  co_return output;
}

struct EngineRoom::State {
  State(Session& of, asio::any_io_executor executor, const Options& options,
        const MachineLimits& limits, vault::VaultConfigs configs, std::string repository_id)
      : session(of),
        children(executor, limits.descriptors),
        host(executor, children, of.pool(), {.directory = of.options().directory.string()}),
        commands(host),
        vaults(std::move(configs),
               {.repository = of.repo().root(),
                .pool = of.pool(),
                .clock = of.clock(),
                .commands = commands,
                .warn = [&of](const Error& error) { of.warn(error); },
                .default_vault = of.repo().marker().default_vault.value_or("")}),
        directory(of, options.last_evaluated ? RepositoryDirectory::Definitions::last_evaluated
                                             : RepositoryDirectory::Definitions::as_written),
        locks({.folder = of.repo().internal() / "locks",
               .data = of.layout().data,
               .command = options.command}),
        slots(limits.steps),
        services{.layout = of.layout(),
                 .artifacts = of.artifacts(),
                 .catalog = of.catalog(),
                 .outputs = of.outputs(),
                 .runs = of.runs(),
                 .vaults = vaults,
                 .directory = directory,
                 .types = of.types(),
                 .environment = host,
                 .locks = locks,
                 .pool = of.pool(),
                 .slots = slots,
                 .clock = of.clock(),
                 .ids = of.ids(),
                 .process_environment = process_environment(),
                 .repository_marks = {{"SWAMP_REPO_ID", std::move(repository_id)}}} {}

  Session& session;
  driver::Children children;
  driver::RawEnvironment host;
  HostCommands commands;
  vault::Vaults vaults;
  RepositoryDirectory directory;
  engine::MethodLocks locks;
  engine::StepSlots slots;
  engine::EngineServices services;
  std::future<void> retiring;  // waits when it is destroyed
};

EngineRoom::EngineRoom(std::unique_ptr<State> state) : state_(std::move(state)) {}
EngineRoom::~EngineRoom() = default;

Result<std::unique_ptr<EngineRoom>> EngineRoom::open(Session& session,
                                                     asio::any_io_executor executor,
                                                     Options options) {
  SWAMP_TRY(auto configs, vault::read_vault_configs(session.repo().root()));
  SWAMP_TRY(const auto limits, machine_limits(session));
  SWAMP_TRY(auto lock_limit, positive_number(session, "SWAMP_LOCK_TIMEOUT_MS"));
  SWAMP_TRY(auto repository_id, os::folder_identity(session.repo().root()));
  auto state = std::make_unique<State>(session, std::move(executor), options, limits,
                                       std::move(configs), std::move(repository_id));
  if (lock_limit) state->locks.set_limit(std::chrono::milliseconds(*lock_limit));
  if (auto budget = session.env("SWAMP_EPHEMERAL_BUDGET")) {
    if (auto bytes = store::parse_ephemeral_budget(*budget)) {
      state->services.ephemeral_budget = *bytes;
    } else {
      session.warn(bytes.error());
    }
  }
  return std::unique_ptr<EngineRoom>(new EngineRoom(std::move(state)));
}

engine::EngineServices& EngineRoom::services() {
  return state_->services;
}
vault::Vaults& EngineRoom::vaults() {
  return state_->vaults;
}
driver::Environment& EngineRoom::host() {
  return state_->host;
}
RepositoryDirectory& EngineRoom::directory() {
  return state_->directory;
}

void EngineRoom::retire_journals() {
  // A journal that could not go now is seen again by the next command.
  state_->retiring = std::async(std::launch::async, [state = state_.get()] {
    (void)store::retire_journals(state->session.layout().journals, state->session.artifacts());
  });
}

Task<> EngineRoom::end_leftovers(std::string run_id) {
  auto marks = state_->services.repository_marks;
  marks["SWAMP_RUN"] = std::move(run_id);
  const driver::EndOptions options;
  co_return co_await state_->children.end_marked(std::move(marks), driver::Reach::whole_machine,
                                                 options);
}

}  // namespace swamp::app
