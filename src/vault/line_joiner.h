#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace swamp::vault {

/// Takes out of a text the line ends that programs such as base64 and xxd put into what they
/// encode, with the blanks that indent the next line, and knows where they were.
///
/// Such a line end stands directly behind kLeastLine characters of hex, base64 or base64url;
/// ordinary text has none there, so that nothing of it waits for its next line.
class LineJoiner {
 public:
  static constexpr std::size_t kLeastLine = 32;

  /// What may have stood before the text.
  enum class Before : std::uint8_t { nothing, an_encoded_line };

  explicit LineJoiner(Before before = Before::nothing)
      : run_(before == Before::nothing ? 0 : kLeastLine) {}

  /// The chunk without them: a part of it, or of what is kept here until the next call.
  std::string_view feed(std::string_view chunk);

  /// Where a byte of the joined text stands in the text itself. Not to be asked for bytes before
  /// those named in forget_before().
  std::uint64_t place_of(std::uint64_t joined) const;

  void forget_before(std::uint64_t joined);

  ~LineJoiner();
  LineJoiner(LineJoiner&&) noexcept = default;
  LineJoiner& operator=(LineJoiner&&) noexcept = default;

 private:
  /// From the byte `joined` on, so many bytes were taken out in all.
  struct Gap {
    std::uint64_t joined = 0;
    std::uint64_t taken_out = 0;
  };

  std::size_t end_of_gap(std::string_view chunk, std::size_t at);
  void measure_run(std::string_view line);

  std::size_t run_ = 0;          // encoding characters at the end, at most kLeastLine
  std::size_t gap_ = 0;          // bytes of the gap that the text ends with; 0: it ends with none
  std::uint64_t joined_ = 0;     // bytes given
  std::uint64_t taken_out_ = 0;  // bytes left out
  std::vector<Gap> gaps_;
  std::string joined_chunk_;
};

}  // namespace swamp::vault
