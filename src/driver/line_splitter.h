#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "driver/environment.h"

namespace swamp::driver {

/// A line that a process printed, without its newline. The text is valid during the call that hands
/// it over.
struct Line {
  Chunk::Stream stream = Chunk::Stream::out;
  std::string_view text;
  bool is_whole = true;  // false: the line was too long, and goes on in the next of this stream
};

/// Turns chunks into lines, each stream by itself.
///
/// A line ends at `\n`; everything else is left as it is, `\r` and bytes that are not UTF-8 too. A
/// line longer than the limit is handed over in pieces of at most that many bytes, none of which
/// ends within a character of UTF-8.
class LineSplitter {
 public:
  using Sink = std::function<void(const Line&)>;
  static constexpr std::size_t kLongestLine = std::size_t{64} * 1024;

  /// `longest` is at least 4: no character is longer.
  explicit LineSplitter(std::size_t longest = kLongestLine) : longest_(longest) {}

  void feed(const Chunk& chunk, const Sink& sink);

  /// Hands over what came after the last newline of each stream.
  void finish(const Sink& sink);

 private:
  std::string& rest_of(Chunk::Stream stream) { return stream == Chunk::Stream::out ? out_ : err_; }

  std::size_t longest_;
  std::string out_;  // the line that has begun on each stream
  std::string err_;
};

}  // namespace swamp::driver
