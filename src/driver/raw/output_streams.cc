#include "driver/raw/output_streams.h"

#include <array>
#include <cerrno>
#include <unistd.h>

#include <boost/asio/posix/stream_descriptor.hpp>

#include "async/event.h"
#include "os/system_error.h"

namespace swamp::driver {
namespace {

constexpr std::size_t kLargestChunk = std::size_t{64} * 1024;

struct Source {
  asio::posix::stream_descriptor pipe;
  Chunk::Stream stream;
  bool is_watched = false;

  void close() {
    boost::system::error_code ignored;
    pipe.close(ignored);
  }
};

}  // namespace

/// Shared with handlers that may still be queued when the object is gone.
struct OutputStreams::State : std::enable_shared_from_this<State> {
  State(const asio::any_io_executor& executor, os::Descriptor out, os::Descriptor err)
      : sources{Source{asio::posix::stream_descriptor(executor, out.release()), Chunk::Stream::out},
                Source{asio::posix::stream_descriptor(executor, err.release()),
                       Chunk::Stream::err}},
        readable(executor) {}

  bool is_open() const { return sources[0].pipe.is_open() || sources[1].pipe.is_open(); }

  /// What one of the pipes holds now. They take turns, so that neither is starved by a flood on the
  /// other.
  Result<std::optional<Chunk>> take() {
    for (std::size_t i = 0; i < sources.size(); ++i) {
      Source& source = sources[(turn + i) % sources.size()];
      if (!source.pipe.is_open()) continue;
      const ssize_t got = os::retry_interrupted(
          [&] { return ::read(source.pipe.native_handle(), buffer.data(), buffer.size()); });
      if (got > 0) {
        turn += i + 1;
        return Chunk{source.stream, std::string(buffer.data(), static_cast<std::size_t>(got))};
      }
      if (got < 0 && errno == EAGAIN) continue;
      if (got < 0) return fail(os::system_error(errno, "read what a process prints"));
      source.close();
    }
    return std::nullopt;
  }

  void watch() {
    readable.reset();
    for (Source& source : sources) {
      if (source.is_watched || !source.pipe.is_open()) continue;
      source.is_watched = true;
      source.pipe.async_wait(asio::posix::stream_descriptor::wait_read,
                             [self = shared_from_this(), &source](boost::system::error_code) {
                               source.is_watched = false;
                               self->readable.set();
                             });
    }
  }

  std::array<Source, 2> sources;
  std::size_t turn = 0;
  Event readable;
  std::array<char, kLargestChunk> buffer;
};

OutputStreams::OutputStreams(asio::any_io_executor executor, os::Descriptor out, os::Descriptor err)
    : state_(std::make_shared<State>(executor, std::move(out), std::move(err))) {}

OutputStreams::~OutputStreams() {
  for (Source& source : state_->sources)
    source.close();
}

Task<std::optional<Chunk>> OutputStreams::next() {
  return next(state_);
}

Task<std::optional<Chunk>> OutputStreams::next(std::shared_ptr<State> state) {
  for (;;) {
    SWAMP_CO_TRY(auto chunk, state->take());
    if (chunk || !state->is_open()) co_return chunk;
    state->watch();
    SWAMP_CO_CHECK(co_await state->readable.wait());
  }
}

}  // namespace swamp::driver
