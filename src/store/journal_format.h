#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace swamp::store {

// A journal as bytes; every number is little-endian:
//
//   journal = "SWAMPJ1\n" *frame
//   frame   = length crc payload
//   length  = 4 bytes    ; of the payload, 1 to 256 MiB
//   crc     = 4 bytes    ; CRC-32C of length and payload
//   payload = a JSON document, a map with a text "kind"
//
// Two kinds are the format's own: "journal-opened" {"boot": id} begins each time that a process
// takes the file, and "journal-sealed" is the last frame of a run that has ended. Reading stops at
// the first frame that is not whole: what follows it was never promised to anyone.

inline constexpr std::string_view kJournalMagic = "SWAMPJ1\n";
inline constexpr std::size_t kFrameHeader = 8;
inline constexpr std::size_t kMaxPayload = std::size_t{256} << 20;

/// Appends one frame to `out`.
void append_frame(std::string& out, std::string_view payload);

/// Takes frame after frame off bytes that begin after the magic.
class FrameReader {
 public:
  explicit FrameReader(std::string_view bytes) : rest_(bytes), total_(bytes.size()) {}

  /// The next payload; empty at the end and at the first frame that is not whole.
  std::optional<std::string_view> next();

  /// Bytes of the frames taken so far.
  std::size_t taken() const { return total_ - rest_.size(); }
  /// Whether bytes are left that are no frame; to be asked after next() found nothing.
  bool torn() const { return !rest_.empty(); }

 private:
  std::string_view rest_;
  std::size_t total_;
};

}  // namespace swamp::store
