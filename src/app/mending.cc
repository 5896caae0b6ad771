#include "app/mending.h"

#include <algorithm>

#include <fmt/format.h>

#include "async/loop.h"
#include "engine/mending.h"
#include "os/directory.h"
#include "os/file.h"
#include "store/journal_folder.h"

namespace swamp::app {
namespace {

struct Journals {
  bool any_open = false;  // or nobody has looked since the machine started
  std::size_t ended = 0;
};

Result<Journals> look_at_journals(Session& session) {
  SWAMP_TRY(const auto files, store::list_journals(session.layout().journals));
  Journals journals{.any_open = !store::is_looked_after(session.layout().journals)};
  for (const store::JournalFile& file : files) {
    journals.any_open |= file.state == store::JournalState::open;
    journals.ended += file.state == store::JournalState::ended ? 1 : 0;
  }
  return journals;
}

/// Files of the repository's own folders that never got their names.
Result<> remove_temporary_files(const repo::Repo& repo) {
  for (const auto& folder : {repo.internal(), repo.workflows_evaluated()}) {
    SWAMP_CHECK(os::remove_temporary_files(folder));
  }
  return {};
}

/// `is_news`: nobody knows yet that the process of this run had died.
void tell(const Session& session, const engine::MendedRun& run, bool is_news) {
  const std::string what = run.name.empty() ? fmt::format("run '{}'", run.run_id)
                                            : fmt::format("run '{}' of '{}'", run.run_id, run.name);
  if (run.had_died && is_news) {
    Error told{.code = ErrorCode::unavailable,
               .message = fmt::format("the process of {} had died", what)};
    if (run.restored > 0)
      told.message += fmt::format("; data that was lost is there again ({})", run.restored);
    if (run.can_resume) {
      told.hint =
          fmt::format("go on with it: swamp workflow resume {} --run {}", run.name, run.run_id);
    }
    session.warn(told);
  }
  for (Error loss : run.losses) {
    session.warn(std::move(loss).while_doing(fmt::format("looking after {}", what)));
  }
}

Task<> mend_alone(Session& session, std::size_t& count) {
  const auto executor = co_await asio::this_coro::executor;
  const EngineRoom::Options options{};
  SWAMP_CO_TRY(auto room, EngineRoom::open(session, executor, options));
  SWAMP_CO_TRY(count, co_await mend_left_runs(session, *room));
  co_return Result<>{};
}

}  // namespace

Task<std::size_t> mend_left_runs(Session& session, EngineRoom& room, std::string_view at_hand) {
  SWAMP_CO_TRY(const Journals journals, look_at_journals(session));
  std::size_t count = 0;
  if (journals.any_open) {
    engine::EndLeftovers end_leftovers = [&room](std::string run_id) {
      return room.end_leftovers(std::move(run_id));
    };
    SWAMP_CO_TRY(const auto mended,
                 co_await engine::mend_left_runs(room.services(), std::move(end_leftovers)));
    for (const engine::MendedRun& run : mended) {
      tell(session, run, run.run_id != at_hand && run.within.empty());
      count += run.had_died ? 1 : 0;
    }
    if (!mended.empty()) SWAMP_CO_CHECK(remove_temporary_files(session.repo()));
  }
  if (journals.ended >= store::kEndedJournalsKept) room.retire_journals();
  co_return count;
}

Result<std::size_t> mend_left_runs(Session& session) {
  SWAMP_TRY(Journals journals, look_at_journals(session));
  std::size_t count = 0;
  if (journals.any_open) {
    SWAMP_CHECK(run_loop(mend_alone(session, count)));
    SWAMP_TRY(journals, look_at_journals(session));  // some have ended with that
  }
  // What is removed next must not come back because a journal still names it.
  if (journals.ended > 0)
    SWAMP_CHECK(store::retire_journals(session.layout().journals, session.artifacts()));
  return count;
}

}  // namespace swamp::app
