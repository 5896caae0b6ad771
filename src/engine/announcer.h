#pragma once

#include <cstddef>
#include <deque>

#include "async/event.h"
#include "async/task.h"
#include "engine/run_event.h"
#include "store/journal.h"

namespace swamp::engine {

/// Passes the events of a run, and of the runs nested in it, on to who listens: in their order, and
/// the end of a step only once the disk has it, so that nothing that was told as done is ever done
/// again. What comes meanwhile waits behind it. Used from the event loop's thread.
class Announcer {
 public:
  /// `listener` must outlive it.
  Announcer(asio::any_io_executor executor, RunListener& listener);
  Announcer(const Announcer&) = delete;
  Announcer& operator=(const Announcer&) = delete;

  void tell(RunEvent event);

  /// Tells it once `journal` has its record `sequence` on the disk. The journal must not go before
  /// tell_all() was waited for.
  void tell_once_durable(RunEvent event, store::Journal& journal,
                         store::Journal::Sequence sequence);

  /// Has what waits told. Runs until it is cancelled.
  Task<> serve();

  /// Waits until nothing waits any more. An event whose record could not be written is told all the
  /// same: that the run is not on record is for the end of the run to tell.
  Task<> tell_all();

 private:
  struct Waiting {
    RunEvent event;
    store::Journal* journal = nullptr;  // null: it only waits for those before it
    store::Journal::Sequence sequence = 0;
  };

  /// All that one sync can bring on: up to the last record of the first journal.
  struct Due {
    store::Journal* journal;
    store::Journal::Sequence sequence;
  };
  Due due() const;

  void queue(Waiting waiting);
  Task<> tell_some();
  void tell(Due due, const Result<>& durable);

  RunListener& listener_;
  std::deque<Waiting> waiting_;
  std::size_t bytes_ = 0;  // of output among them
  bool is_record_broken_ = false;
  Event has_waiting_;
};

}  // namespace swamp::engine
