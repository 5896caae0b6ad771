#include "engine/announcer.h"

#include <algorithm>

#include "async/timeout.h"

namespace swamp::engine {
namespace {

/// Steps that end within this time share a sync. Nobody sees a difference as small as this.
constexpr std::chrono::milliseconds kGather{20};

// A flood of output behind a slow disk must not fill the memory: past these the run waits.
constexpr std::size_t kMostWaiting = 20'000;
constexpr std::size_t kMostBytes = std::size_t{8} << 20;

std::size_t size_of(const RunEvent& event) {
  const auto* output = std::get_if<MethodOutput>(&event);
  return output != nullptr ? output->line.size() : 0;
}

}  // namespace

Announcer::Announcer(asio::any_io_executor executor, RunListener& listener)
    : listener_(listener), has_waiting_(std::move(executor)) {}

void Announcer::tell(RunEvent event) {
  if (waiting_.empty()) {
    listener_.on_event(event);
  } else {
    queue({.event = std::move(event)});
  }
}

void Announcer::tell_once_durable(RunEvent event, store::Journal& journal,
                                  store::Journal::Sequence sequence) {
  queue({.event = std::move(event), .journal = &journal, .sequence = sequence});
}

void Announcer::queue(Waiting waiting) {
  bytes_ += size_of(waiting.event);
  waiting_.push_back(std::move(waiting));
  has_waiting_.set();
  while (waiting_.size() > kMostWaiting || bytes_ > kMostBytes) {
    // The loop waits here, and with it every process that prints.
    const Due next = due();
    tell(next, next.journal->wait_durable(next.sequence));
  }
}

/// The first that waits always waits for a record: what does not is told as soon as it is first.
Announcer::Due Announcer::due() const {
  Due due{.journal = waiting_.front().journal, .sequence = 0};
  for (const Waiting& one : waiting_) {
    if (one.journal == due.journal) due.sequence = std::max(due.sequence, one.sequence);
  }
  return due;
}

void Announcer::tell(Due due, const Result<>& durable) {
  is_record_broken_ |= !durable;
  while (!waiting_.empty()) {
    const Waiting& first = waiting_.front();
    const bool is_told = first.journal == nullptr || is_record_broken_ ||
                         (first.journal == due.journal && first.sequence <= due.sequence);
    if (!is_told) return;
    const RunEvent event = std::move(waiting_.front().event);
    waiting_.pop_front();
    bytes_ -= size_of(event);
    listener_.on_event(event);
  }
  has_waiting_.reset();
}

Task<> Announcer::tell_some() {
  const Due next = due();
  const Result<> durable = co_await next.journal->durable(next.sequence);
  tell(next, durable);
  co_return Result<>{};
}

Task<> Announcer::serve() {
  while (true) {
    SWAMP_CO_CHECK(co_await has_waiting_.wait());
    SWAMP_CO_CHECK(co_await sleep_for(kGather));
    if (waiting_.empty()) continue;
    SWAMP_CO_CHECK(co_await tell_some());
  }
}

Task<> Announcer::tell_all() {
  while (!waiting_.empty())
    SWAMP_CO_CHECK(co_await tell_some());
  co_return Result<>{};
}

}  // namespace swamp::engine
